/**
 * What it means that a serial port could not be opened, and what to do. The library only gives the system's words
 * (strerror on Linux and macOS, its own short ones on Windows), so they are read here, and nowhere else.
 */
import { PenError } from '../errors.ts';

/** @param there paths of the ports of this machine, to be named where this one is not among them */
export function openingError(path: string, cause: unknown, platform: NodeJS.Platform, there: readonly string[]): PenError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const failed = (code: PenError['code'], message: string): PenError => new PenError(code, `${message} (${said})`, { cause });
  if (/no such (file|device)|file not found|unknown error code 2\b/i.test(said)) {
    const others = there.length === 0 ? 'There is none on this machine.' : `There are ${there.join(', ')}.`;
    return failed('PEN_GONE', `There is no serial port ${path}. ${others} Plug the pen in, or correct the path in the settings.`);
  }
  if (/cannot lock|resource busy|resource temporarily unavailable/i.test(said)) return failed('PEN_CLAIMED', claimed(path));
  // Windows says the same where another program has the port, and does not restrict ports by user
  if (platform === 'win32' && /access (is )?denied/i.test(said)) return failed('PEN_CLAIMED', claimed(path));
  if (/permission denied|operation not permitted|access (is )?denied/i.test(said)) return failed('PEN_FORBIDDEN', forbidden(path, platform));
  if (/inappropriate ioctl|not a typewriter|is a directory/i.test(said)) return failed('PEN_SILENT', `${path} is no serial port. Correct the path in the settings.`);
  return failed('PEN_SILENT', `The serial port ${path} could not be opened`);
}

function claimed(path: string): string {
  return `Another program has the serial port ${path} open. Close it; the vendor's own service may be one.`;
}

function forbidden(path: string, platform: NodeJS.Platform): string {
  const advice = platform === 'linux'
    ? "Add the user to the group 'dialout' (sudo usermod -aG dialout USER; on Arch 'uucp') and log in again."
    : 'Give the user read and write access to it.';
  return `This user may not open the serial port ${path}. ${advice}`;
}
