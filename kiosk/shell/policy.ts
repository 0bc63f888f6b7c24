/**
 * What a page in the shell may do. Pure decisions, each with its reason; `main.ts` only asks them.
 *
 * The shell shows one page: the guest screen of one station. A guest holds the tablet alone for minutes, so
 * whatever is not needed for signing is refused. Follows Electron's security checklist, points 5, 13, 14 and 17.
 * Not protected from here: keys the operating system keeps to itself (Ctrl+Alt+Del, the Windows key). On
 * Windows the lock is Assigned Access or Shell Launcher; Electron's kiosk mode alone holds nobody.
 */

export interface Decision { allow: boolean; because: string }

const allow = (because: string): Decision => ({ allow: true, because });
const refuse = (because: string): Decision => ({ allow: false, because });

/** The station's own guest pages and nothing else: not even its desk screen. */
export function navigation(target: string, station: string): Decision {
  const url = parse(target);
  if (url === null) return refuse('not an address');
  if (url.username !== '' || url.password !== '') return refuse('an address with a user name imitates another host');
  if (url.origin !== new URL(station).origin) return refuse('another origin than the station');
  if (url.pathname !== '/guest' && !url.pathname.startsWith('/guest/')) return refuse('the shell shows the guest screen only');
  return allow('a guest page of the station');
}

/** A second window would have no way back for the guest. */
export function newWindow(): Decision {
  return refuse('the guest screen opens no windows');
}

/** Electron grants every permission unless told otherwise. */
const PERMISSIONS = new Map([
  ['screen-wake-lock', 'the screen must not go dark while a guest reads'],
  ['fullscreen', 'the guest screen fills the display'],
  ['geolocation', 'the hotel may want the place of the tablet in the trail; where it does not, the station\'s Permissions-Policy forbids it'],
]);

export function permission(name: string, requester: string, station: string): Decision {
  const reason = PERMISSIONS.get(name);
  if (reason === undefined) return refuse(`"${name}" is not needed for signing`);
  return navigation(requester, station).allow ? allow(reason) : refuse('asked by something that is not the guest screen');
}

/** A message counts only from the top frame of the guest screen: an embedded frame could be anything. */
export function ipcSender(sender: { url: string; isMainFrame: boolean } | null, station: string): Decision {
  if (sender === null) return refuse('its frame is gone');
  if (!sender.isMainFrame) return refuse('not the top frame');
  return navigation(sender.url, station);
}

export interface KeyPress { key: string; control: boolean; alt: boolean; meta: boolean }

/** Keys that leave, reload, zoom, print or inspect. Typing, Tab, Enter and arrows stay: the screen is keyboard-usable. */
export function keyPress({ key, control, alt, meta }: KeyPress): Decision {
  if (/^F\d+$/.test(key)) return refuse('function keys reload, inspect and leave full screen');
  if (alt || meta) return refuse('window management belongs to staff');
  if (control && !['a', 'c', 'v', 'x', 'z'].includes(key.toLowerCase())) return refuse('a browser shortcut');
  return allow('needed to read and sign by keyboard');
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
