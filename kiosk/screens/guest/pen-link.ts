/**
 * The pen that the station reads, from this page's side: numbers the attempts, says when one begins and ends, and hands
 * on what is heard of the one that is open. What comes for another attempt came too late and is dropped.
 *
 * Before it: `use-station.ts`, the socket. After it: `station-pen.ts`; `use-idle.ts`, because a guest who writes on a
 * pad touches nothing here.
 */
import type { GuestToStation, StationToGuest } from '#kiosk/protocol/messages.ts';
import type { AttemptListener } from './attempt-pen.ts';

type PenBegin = Extract<GuestToStation, { type: 'pen-begin' }>;

interface Attempt { request: string; number: number; listener: AttemptListener }

export class PenLink {
  readonly #lifeListeners = new Set<() => void>();
  #attempts = 0;
  #open: Attempt | null = null;
  #say: (message: GuestToStation) => void = () => {};

  /** What is said before it is connected is lost, as on a socket that is away. */
  connect(say: (message: GuestToStation) => void): void {
    this.#say = say;
  }

  /** @returns the attempt's number, from 1, never used twice on this page */
  begin(begin: Omit<PenBegin, 'type' | 'attempt'>, listener: AttemptListener): number {
    this.end();
    const number = ++this.#attempts;
    this.#open = { request: begin.request, number, listener };
    this.#say({ type: 'pen-begin', ...begin, attempt: number });
    return number;
  }

  /** Ends the attempt that is open, or only the one with this number. */
  end(number?: number): void {
    const open = this.#open;
    if (open === null || (number !== undefined && number !== open.number)) return;
    this.#open = null;
    this.#say({ type: 'pen-end', request: open.request, attempt: open.number });
  }

  /** @returns true where the message was about a pen: nobody else needs it */
  heard(message: StationToGuest): boolean {
    if (message.type !== 'ink' && message.type !== 'pen-lost' && message.type !== 'pad-button') return false;
    const open = this.#open;
    if (message.request !== open?.request || message.attempt !== open.number) return true;
    for (const listener of this.#lifeListeners) listener();
    if (message.type === 'ink') open.listener.drawn(message.points.map((point) => point && { x: point[0], y: point[1], pressure: point[2] }));
    if (message.type === 'pad-button') open.listener.button(message.button);
    if (message.type === 'pen-lost') {
      // the station has ended it
      this.#open = null;
      open.listener.lost(message.why);
    }
    return true;
  }

  /** Calls `listener` whenever the pen does something. @returns a function that ends that */
  readonly onLife = (listener: () => void): (() => void) => {
    this.#lifeListeners.add(listener);
    return () => this.#lifeListeners.delete(listener);
  };
}
