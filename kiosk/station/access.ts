/**
 * Who may ask for what, as pure functions with the reason beside each.
 *
 * Threats: a web page open on the same machine that talks to 127.0.0.1 (cross-site requests, DNS
 * rebinding: RFC 6454 origins, RFC 9110 section 7.2 Host), and a guest at the tablet who tries the desk's
 * addresses. It does not protect from a program running as the same user, nor from a browser profile that
 * holds a guest and a desk session at once: a tablet gets a profile of its own.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { StationErrorCode } from './errors.ts';
import { FRESH_PATH } from './fresh-renderer.ts';

export type Access = { allowed: true } | { allowed: false; code: StationErrorCode; reason: string };

const YES: Access = { allowed: true };

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/** Whether a connection comes from this very machine, by whatever of its own addresses. */
export function isLocal({ remoteAddress, localAddress }: { remoteAddress?: string; localAddress?: string }): boolean {
  const plain = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/, '');
  return isLoopback(plain(remoteAddress)) || (remoteAddress !== undefined && plain(remoteAddress) === plain(localAddress));
}

/** Off this machine, everything a guest signs would pass in the clear, and browsers give no raw pen samples without TLS. */
export function listenAllowed(address: string, tls: boolean): Access {
  if (tls || isLoopback(address)) return YES;
  return { allowed: false, code: 'LISTEN_NEEDS_TLS', reason: `The station listens on ${address} over TLS only; no TLS key is available.` };
}

/** The values of `Host` under which this server answers. */
export function hostsOf(names: readonly string[], port: number): ReadonlySet<string> {
  return new Set(names.map((name) => `${isIPv6(name) ? `[${name}]` : name.toLowerCase()}:${port}`));
}

/** A name that an attacker's DNS points at 127.0.0.1 arrives with that name in `Host`. */
export function hostAllowed(host: string | undefined, own: ReadonlySet<string>): Access {
  if (host !== undefined && own.has(host.toLowerCase())) return YES;
  return { allowed: false, code: 'WRONG_HOST', reason: 'This station does not answer under that host name.' };
}

export interface OriginFacts {
  method: string;
  websocket: boolean;
  origin: string | undefined;
  /** `Sec-Fetch-Site`, where the browser sends it. */
  fetchSite: string | undefined;
}

/**
 * Browsers send `Origin` on every WebSocket and on every request that changes something; there, a missing
 * one is no browser page of ours. On reading it may be missing, but never be another's.
 */
export function originAllowed(facts: OriginFacts, own: ReadonlySet<string>): Access {
  const reading = !facts.websocket && (facts.method === 'GET' || facts.method === 'HEAD');
  if (facts.origin === undefined ? !reading : !own.has(facts.origin)) {
    return { allowed: false, code: 'WRONG_ORIGIN', reason: 'Only this station’s own screens may ask for that.' };
  }
  // A navigation from elsewhere ("cross-site") may open the entry page, but a script of elsewhere must not read.
  if (!reading && facts.fetchSite !== undefined && facts.fetchSite !== 'same-origin') {
    return { allowed: false, code: 'WRONG_ORIGIN', reason: 'Only this station’s own screens may ask for that.' };
  }
  return YES;
}

/** `entry`: exchanges a token for a session. `public`: built screens, which hold no data, and the way to a fresh renderer. */
export type Area = 'guest' | 'desk' | 'entry' | 'public';

/** The two pages that a token opens. */
export function entryOf(path: string): 'guest' | 'desk' | null {
  return /^\/(guest|desk)\/?$/.exec(path)?.[1] as 'guest' | 'desk' | undefined ?? null;
}

export function areaOf(path: string): Area {
  if (entryOf(path) !== null) return 'entry';
  if (path.startsWith('/screens/') || path === FRESH_PATH) return 'public';
  // Everything unknown is the desk's: a new route is closed to guests until someone opens it here.
  return path.startsWith('/guest/') || path === '/ws/guest' ? 'guest' : 'desk';
}

/** A guest session never opens a desk route, whatever else is right about the request. */
export function sessionAllowed(area: Area, has: { guest: boolean; desk: boolean }): Access {
  if (area === 'public' || area === 'entry') return YES;
  if (has[area]) return YES;
  if (has.guest || has.desk) return { allowed: false, code: 'FORBIDDEN', reason: `That needs a ${area} session.` };
  return { allowed: false, code: 'NO_SESSION', reason: 'Open the address with its one-time token first.' };
}

/** Print clients send no `Origin`; a web page that prints to itself does. */
export function printAllowed(host: string | undefined, origin: string | undefined, own: ReadonlySet<string>): Access {
  if (origin !== undefined) return { allowed: false, code: 'WRONG_ORIGIN', reason: 'Web pages cannot print here.' };
  return hostAllowed(host, own);
}
