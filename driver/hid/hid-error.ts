/**
 * What node-hid and hidapi say when a device cannot be opened or read, as an error a user can act on.
 *
 * Sources: hidapi 0.15 linux/hid.c and mac/hid.c (texts), windows/hid.c (a device held by the system is opened again without
 * the right to read, so that opening succeeds and only reading fails); Microsoft "Top-level collections opened by Windows for
 * system use" (pens are exclusive); Apple IOReturn.h (0xE00002E2 kIOReturnNotPermitted, 0xE00002C5 kIOReturnExclusiveAccess).
 * Only Linux's texts were seen by us on a device.
 */
import { PenError, type PenErrorCode } from '../errors.ts';

/** The rule that lets the users at this machine read pens; shipped beside the program. */
export const UDEV_RULE = '71-countersign-pens.rules';

export const LINUX_ADVICE =
  `Let this user read pens: sudo cp driver/udev/${UDEV_RULE} /etc/udev/rules.d/ && sudo udevadm control --reload-rules && sudo udevadm trigger, `
  + `then plug the pen in again (in the packaged program the rule is resources/${UDEV_RULE}).`;
export const MAC_ADVICE = 'Allow this program under System Settings, Privacy & Security, Input Monitoring, and start it again.';
export const WINDOWS_ADVICE = 'Nothing has to be done: Windows keeps standard pens for itself, and the guest\'s screen takes this one through Pointer Events.';

/** A device that did not open. `said` is the library's own text. */
export function openingError(name: string, said: string, platform: NodeJS.Platform): PenError {
  const error = (code: PenErrorCode, what: string, advice: string): PenError => new PenError(code, `${name} cannot be opened: ${what} ${advice}`);
  if (platform === 'linux' && /permission denied|operation not permitted/i.test(said)) return error('PEN_FORBIDDEN', 'this user may not read it.', LINUX_ADVICE);
  if (platform === 'darwin' && /0x?e00002e2|not permitted/i.test(said)) return error('PEN_FORBIDDEN', 'macOS does not let this program read input devices.', MAC_ADVICE);
  if (platform === 'darwin' && /0x?e00002c5|exclusive access/i.test(said)) return error('PEN_CLAIMED', 'another program holds it.', 'Close that program.');
  if (platform === 'win32' && /access is denied|being used by another process|0x0*5\b|0x0*20\b/i.test(said)) return error('PEN_CLAIMED', 'Windows or another program holds it.', WINDOWS_ADVICE);
  if (/device or resource busy/i.test(said)) return error('PEN_CLAIMED', 'another program holds it.', 'Close that program.');
  if (/no such (file|device)|not found|no such device/i.test(said)) return error('PEN_GONE', 'it is not there any more.', 'Plug it in again.');
  return error('PEN_SILENT', `the system says "${said}".`, 'Plug it in again.');
}

/** Reading ended. @param heard whether a report had come before */
export function readingError(name: string, said: string, platform: NodeJS.Platform, heard: boolean): PenError {
  // unplugging looks the same, but not on a device that was there a moment ago and never gave a report
  if (platform === 'win32' && !heard) {
    return new PenError('PEN_CLAIMED', `${name} opens and cannot be read: Windows keeps this pen for itself. ${WINDOWS_ADVICE}`);
  }
  return new PenError('PEN_GONE', `${name} is gone (${said}). Plug it in again and sign again.`);
}

/** A feature report or a write that failed. */
export function exchangeError(name: string, said: string): PenError {
  if (/no such device|disconnected|closed|0x?e00002c0|not connected/i.test(said)) return new PenError('PEN_GONE', `${name} is gone (${said}). Plug it in again.`);
  return new PenError('PEN_SILENT', `${name} does not answer (${said}). Plug it in again.`);
}
