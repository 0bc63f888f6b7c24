/** Things the receptionist should know, one of each kind at most; in memory, since they are about now. */
import type { StationToDesk } from '#kiosk/protocol/messages.ts';

export type Notice = Extract<StationToDesk, { type: 'state' }>['notices'][number];

export class Notices {
  readonly #notices = new Map<string, Notice>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Replaces the notice of the same code. */
  set(notice: Notice): void {
    const before = this.#notices.get(notice.code);
    if (before?.message === notice.message && before.severity === notice.severity) return;
    this.#notices.set(notice.code, notice);
    this.#changed();
  }

  clear(code: string): void {
    if (this.#notices.delete(code)) this.#changed();
  }

  list(): Notice[] {
    return [...this.#notices.values()];
  }
}
