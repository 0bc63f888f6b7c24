/**
 * The guest at a tablet now: what is known only while a document is on it. In memory alone, so that a
 * restart forgets it and the guest reads and agrees again.
 */
import type { Language } from '#kiosk/protocol/consent.ts';

export interface Consent { language: Language; sha256: string; text: string; agreedAt: string }

export interface Visit {
  request: string;
  /** Wall clock, ms, of the last sign of life. */
  lastSign: number;
  consent: Consent | null;
  pageViews: number;
  /** "Done" has arrived and is being made durable: nothing may take the document away now. */
  completing: boolean;
}

interface Tablet {
  connections: number;
  secureContext: boolean | null;
  /** Since when nobody used it. */
  freeSince: number;
  visit: Visit | null;
}

export class Visits {
  readonly #tablets = new Map<string, Tablet>();

  connected(tablet: string): boolean {
    return this.screens(tablet) > 0;
  }

  /** How many screens of this tablet are open. */
  screens(tablet: string): number {
    return this.#tablet(tablet).connections;
  }

  connect(tablet: string): void {
    this.#tablet(tablet).connections++;
  }

  /** @returns true when it was the last screen of this tablet */
  disconnect(tablet: string): boolean {
    return --this.#tablet(tablet).connections === 0;
  }

  greet(tablet: string, secureContext: boolean): void {
    this.#tablet(tablet).secureContext = secureContext;
  }

  secureContext(tablet: string): boolean | null {
    return this.#tablet(tablet).secureContext;
  }

  begin(tablet: string, request: string): void {
    this.#tablet(tablet).visit = { request, lastSign: Date.now(), consent: null, pageViews: 0, completing: false };
  }

  end(tablet: string): void {
    const entry = this.#tablet(tablet);
    entry.visit = null;
    entry.freeSince = Date.now();
  }

  on(tablet: string): Visit | null {
    return this.#tablet(tablet).visit;
  }

  idleMs(tablet: string): number {
    return Date.now() - this.#tablet(tablet).freeSince;
  }

  #tablet(id: string): Tablet {
    let entry = this.#tablets.get(id);
    if (entry === undefined) {
      entry = { connections: 0, secureContext: null, freeSince: Date.now(), visit: null };
      this.#tablets.set(id, entry);
    }
    return entry;
  }
}
