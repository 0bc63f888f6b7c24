/**
 * Things the receptionist should know, one of each kind at most; in memory, since they are about now. A notice of how things stand
 * (a full disk) goes when they change. One of what happened (a guest declined) may be put away at the desk, and is forgotten after some
 * hours: it may hold a guest's own words.
 */
import type { StationToDesk } from '#kiosk/protocol/messages.ts';
import { StationError } from './errors.ts';

type Told = Extract<StationToDesk, { type: 'state' }>['notices'][number];
export type Notice = Omit<Told, 'happened'>;

/** The next shift has read it. */
const FORGOTTEN_AFTER_MS = 12 * 3_600_000;

export class Notices {
  /** `at`: wall clock, ms, of what happened; null of how things stand. */
  readonly #notices = new Map<string, Notice & { at: number | null }>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** How things stand, until `clear`. Replaces the notice of the same code. */
  set(notice: Notice): void {
    this.#put(notice, null);
  }

  /** What happened. Replaces the notice of the same code. */
  happened(notice: Notice): void {
    this.#put(notice, Date.now());
  }

  clear(code: string): void {
    if (this.#notices.delete(code)) this.#changed();
  }

  /** The desk has read it; it may be gone already. @throws StationError `NOT_NOW` for one of how things stand */
  putAway(code: string): void {
    if (this.#notices.get(code)?.at === null) throw new StationError('NOT_NOW', 'This notice stays until what it tells of has changed.');
    this.clear(code);
  }

  /** What happened long ago. @param now wall clock, ms */
  forgetOld(now: number): void {
    for (const [code, { at }] of this.#notices) if (at !== null && now - at > FORGOTTEN_AFTER_MS) this.clear(code);
  }

  list(): Told[] {
    return [...this.#notices.values()].map(({ at, ...notice }) => ({ ...notice, happened: at !== null }));
  }

  #put(notice: Notice, at: number | null): void {
    const before = this.#notices.get(notice.code);
    this.#notices.set(notice.code, { ...notice, at });
    if (before?.message !== notice.message || before.severity !== notice.severity) this.#changed();
  }
}
