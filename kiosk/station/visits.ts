/**
 * The guest at a tablet now: what is known only while a document is on it. In memory alone, so that a
 * restart forgets it and the guest reads and agrees again.
 */
import type { Acceptance } from '#biometrics/context.ts';
import type { Language } from '#kiosk/protocol/consent.ts';
import type { DisplayPlace } from '#kiosk/protocol/messages.ts';

export interface Consent { language: Language; sha256: string; text: string; agreedAt: string }

export interface Visit {
  request: string;
  /** Wall clock, ms, of the last sign of life. */
  lastSign: number;
  consent: Consent | null;
  pageViews: number;
  /** Pages looked at, as the record keeps them: number from 0. */
  pages: { page: number; ms: number }[];
  /** Codes of the signatures refused so far, in order. */
  refusals: string[];
  /** And of the same person's for the signature before, where the desk's choice is carried from it. They stand in the record of that one. */
  refusalsBefore: string[];
  /** The desk takes the next signature of this guest as it is, and why; null: the policy decides. */
  exception: Acceptance['exception'];
  /** "Done" has arrived and is being made durable: nothing may take the document away now. */
  completing: boolean;
  /** A page came anew meanwhile. */
  cameAnew: boolean;
}

/** All that the guest at the tablet was asked to do again. */
export function refusalsOf({ refusals, refusalsBefore }: Pick<Visit, 'refusals' | 'refusalsBefore'>): string[] {
  return [...refusalsBefore, ...refusals];
}

/** What a tablet's page said of itself when it last came. */
export interface Greeting { secureContext: boolean; rawUpdate: boolean; userAgent: string; local: boolean; display: DisplayPlace | null; viewport: { width: number; height: number; devicePixelRatio: number } }

interface Tablet {
  connections: number;
  greeting: Greeting | null;
  /** Since when nobody used it. */
  freeSince: number;
  visit: Visit | null;
}

export class Visits {
  readonly #tablets = new Map<string, Tablet>();
  readonly #over: (tablet: string) => void;

  /** @param over called whenever what a guest did so far is void: at each end, where a screen starts anew, and before a document comes to a tablet */
  constructor(over: (tablet: string) => void) {
    this.#over = over;
  }

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

  greet(tablet: string, greeting: Greeting): void {
    this.#tablet(tablet).greeting = greeting;
  }

  /** Null: it was never here. */
  greeting(tablet: string): Greeting | null {
    return this.#tablet(tablet).greeting;
  }

  /** @param refusals of the same guest, whose page came anew */
  begin(tablet: string, request: string, refusals: string[] = []): void {
    this.#over(tablet);
    this.#tablet(tablet).visit = { request, lastSign: Date.now(), consent: null, pageViews: 0, pages: [], refusals, refusalsBefore: [], exception: null, completing: false, cameAnew: false };
  }

  end(tablet: string): void {
    this.#over(tablet);
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
      entry = { connections: 0, greeting: null, freeSince: Date.now(), visit: null };
      this.#tablets.set(id, entry);
    }
    return entry;
  }
}
