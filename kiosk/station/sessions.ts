/**
 * Sessions of screens: a one-time token in an address is exchanged for a cookie.
 *
 * Tokens live in memory and work once. Cookies are HttpOnly and SameSite=Strict (RFC 6265bis), and only
 * their SHA-256 is kept, in `station.db`, so that screens survive a restart of the station and the
 * database opens no door. Cookies do not know ports (RFC 6265 section 8.5): the port is in the name.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { StationDatabase } from './database.ts';

export type SessionKind = 'guest' | 'desk';
/** `tablet` is null for a desk. */
export interface Session { kind: SessionKind; tablet: string | null }
export interface SessionPair { guest: Session | null; desk: Session | null }

export class Sessions {
  readonly #database: StationDatabase;
  readonly #tokenMs: number;
  readonly #tokens = new Map<string, { session: Session; until: number }>();

  constructor(database: StationDatabase, tokenMs: number) {
    this.#database = database;
    this.#tokenMs = tokenMs;
  }

  /** A token for one guest screen (of one tablet) or one desk screen. 256 bits, URL-safe. */
  mint(session: Session): string {
    this.#forgetOld();
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(hash(token), { session, until: Date.now() + this.#tokenMs });
    return token;
  }

  /** Exchanges a token for a cookie's value. @returns null for a token unknown, used, too old, or of the other kind */
  redeem(token: string, kind: SessionKind): string | null {
    this.#forgetOld();
    const key = hash(token);
    const session = this.#tokens.get(key)?.session;
    if (session?.kind !== kind) return null;
    this.#tokens.delete(key);
    const value = randomBytes(32).toString('base64url');
    this.#database.prepare('INSERT INTO sessions (hash, kind, tablet, created_at) VALUES (?, ?, ?, ?)').run(hash(value), session.kind, session.tablet, new Date().toISOString());
    return value;
  }

  /** The sessions that a `Cookie` header proves. */
  find(cookieHeader: string | undefined, port: number): SessionPair {
    const cookies = parseCookies(cookieHeader ?? '');
    return { guest: this.#session('guest', cookies.get(cookieName('guest', port))), desk: this.#session('desk', cookies.get(cookieName('desk', port))) };
  }

  #session(kind: SessionKind, value: string | undefined): Session | null {
    if (value === undefined) return null;
    const row = this.#database.prepare('SELECT kind, tablet FROM sessions WHERE hash = ? AND kind = ?').get(hash(value), kind) as Session | undefined;
    return row ?? null;
  }

  #forgetOld(): void {
    for (const [key, { until }] of this.#tokens) if (until < Date.now()) this.#tokens.delete(key);
  }
}

/** The `Set-Cookie` header for a session. */
export function sessionCookie(kind: SessionKind, value: string, port: number, secure: boolean): string {
  return `${cookieName(kind, port)}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

function cookieName(kind: SessionKind, port: number): string {
  return `countersign_${kind}_${port}`;
}

function parseCookies(header: string): Map<string, string> {
  return new Map(header.split(';').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  }));
}

/** Looking a hash up in a table gives no timing that helps to guess what was hashed. */
function hash(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
