/**
 * A screen without a screen: exchanges a one-time address for a session, as a browser does, and keeps the
 * WebSocket open. What a browser would refuse (a wrong Origin, a lost cookie) the station refuses here too.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export class Session<Incoming extends { type: string }, Outgoing> {
  readonly origin: string;
  readonly #cookie: string;
  readonly #socket: WebSocket;
  readonly #seen: Incoming[] = [];
  readonly #waiting = new Set<(message: Incoming) => void>();

  private constructor(origin: string, cookie: string, socket: WebSocket) {
    this.origin = origin;
    this.#cookie = cookie;
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as Incoming));
  }

  /** @param address with its one-time token, as `start --json` prints it. */
  static async open<Incoming extends { type: string }, Outgoing>(address: string, socketPath: string): Promise<Session<Incoming, Outgoing>> {
    const { origin } = new URL(address);
    const entry = await fetch(address, { redirect: 'manual' });
    const cookie = entry.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    if (cookie === '') throw new Error(`${origin} gave no session (${entry.status}). Was the address used before?`);
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${socketPath}`, { headers: { Cookie: cookie }, origin });
    const session = new Session<Incoming, Outgoing>(origin, cookie, socket);
    await once(socket, 'open');
    return session;
  }

  send(message: Outgoing): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** The first message, past or to come, that fits. @throws Error saying what was awaited, after `within` ms. */
  until<Wanted extends Incoming>(what: string, fits: (message: Incoming) => message is Wanted, within?: number): Promise<Wanted>;
  until(what: string, fits: (message: Incoming) => boolean, within?: number): Promise<Incoming>;
  until(what: string, fits: (message: Incoming) => boolean, within = 20_000): Promise<Incoming> {
    const past = this.#seen.findLast(fits);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const look = (message: Incoming) => {
        if (!fits(message)) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(message);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited ${within / 1000} s in vain for: ${what}`));
      }, within);
      this.#waiting.add(look);
    });
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.origin}${path}`, { ...init, headers: { ...init.headers, Cookie: this.#cookie, Origin: this.origin } });
  }

  /** POST of a JSON body. @throws Error with the station's own words if it refuses. */
  async post(path: string, body: unknown): Promise<void> {
    const answer = await this.fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(message: Incoming): void {
    // Only the latest of each type is news: the station always sends its whole state.
    const older = this.#seen.findIndex(({ type }) => type === message.type);
    if (older !== -1) this.#seen.splice(older, 1);
    this.#seen.push(message);
    for (const look of this.#waiting) look(message);
  }
}
