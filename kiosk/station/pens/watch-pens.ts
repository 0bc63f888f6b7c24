/**
 * Follows what is attached and what tablets say of themselves: no document stays where it cannot be signed, the desk is told, pads
 * show nothing of a guest who has gone.
 *
 * Before: `roster.ts`, `guest-messages.ts` (a tablet's hello). After: documents back at the desk, notices, log. A pen that is only
 * read anew (a plug that slipped, a pen process that was started again) has `penGrace` to come back.
 */
import { STATION } from '../audit-log.ts';
import type { Station } from '../station.ts';
import { putBack } from '../station.ts';
import type { AttemptPen } from './attempts.ts';
import { cancelCalibration } from './calibrate.ts';
import type { StartPens } from './roster.ts';
import { penChoice } from './tablet-pens.ts';

/** A guest who clears begins anew at once: then the picture stays. */
const PAD_BLANK_AFTER = 300;

/** Starts reading pens. The station runs without waiting for it. @returns a function that ends it and closes every device */
export function watchPens(station: Station, startPens: StartPens): () => Promise<void> {
  const { roster, attempts, calibrations, calibrating } = station.pens;
  const watch = new PenWatch(station);
  if (calibrations.problem !== null) station.notices.set({ code: 'CALIBRATIONS', severity: 'warning', message: `${calibrations.problem} Pens that had been calibrated must be calibrated again.` });
  roster.onChange(() => watch.look());
  station.events.on('greeted', (tablet) => watch.lookAt(tablet, 0));
  attempts.onFree = (pen) => watch.blank(pen, PAD_BLANK_AFTER);
  void roster.start(startPens).then(() => watch.started());
  return async () => {
    watch.stop();
    for (const tablet of calibrating.keys()) cancelCalibration(station, tablet);
    // a "Done" that came before is being sealed from its attempt's own samples
    await station.inTurn(() => attempts.endAll());
    await roster.stop();
  };
}

class PenWatch {
  readonly #station: Station;
  readonly #said = new Map<string, string>();
  /** Tablets whose pen may still come back. */
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #blanking = new Set<NodeJS.Timeout>();
  /** Pads that show the privacy picture. */
  readonly #blank = new Set<string>();
  #stopped = false;

  constructor(station: Station) {
    this.#station = station;
  }

  started(): void {
    const { roster } = this.#station.pens;
    if (roster.list().length === 0) this.#station.log(roster.state === 'failed' ? 'pens: tablets have the browser’s pen events only' : 'pens: none is attached to this machine');
    this.look();
  }

  look(): void {
    if (this.#stopped) return;
    const { settings, pens } = this.#station;
    for (const { id } of settings.tablets) this.lookAt(id, settings.limits.penGrace);
    const pads = pens.roster.list().filter(({ pen }) => pen.pad !== null && pen.problem === null);
    for (const id of this.#blank) if (!pads.some(({ pen }) => pen.id === id)) this.#blank.delete(id);
    for (const { pen } of pads) if (!this.#blank.has(pen.id)) this.blank({ id: pen.id, name: pen.name, where: 'pad' }, 0);
    this.#station.events.emit('changed');
  }

  /** @param grace how long a pen may be away before the document goes back, ms */
  lookAt(tablet: string, grace: number): void {
    if (this.#stopped) return;
    const { source, name, detail } = penChoice(this.#station, tablet);
    this.#say(tablet, source === null ? `nothing can sign at tablet ${tablet}. ${detail}` : `tablet ${tablet} signs with ${name}. ${detail}`);
    clearTimeout(this.#waiting.get(tablet));
    this.#waiting.delete(tablet);
    const code = `PEN_INSUFFICIENT ${tablet}`;
    if (source !== null) return this.#station.notices.clear(code);
    // the first list may be a moment away
    if (this.#station.pens.roster.state === 'starting') return;
    this.#station.notices.set({ code, severity: 'warning', message: `“${this.#nameOf(tablet)}” gets no documents. ${detail}` });
    if (grace === 0) return this.#takeBack(tablet);
    this.#waiting.set(tablet, setTimeout(() => this.#takeBack(tablet), grace));
  }

  /** Shows the privacy picture on a pad that nobody signs on. */
  blank(pen: AttemptPen, after: number): void {
    if (pen.where !== 'pad' || this.#stopped) return;
    this.#blank.delete(pen.id);
    const timer = setTimeout(() => {
      this.#blanking.delete(timer);
      void this.#showPrivacy(pen);
    }, after);
    this.#blanking.add(timer);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of [...this.#waiting.values(), ...this.#blanking]) clearTimeout(timer);
  }

  async #showPrivacy(pen: AttemptPen): Promise<void> {
    const { attempts, roster } = this.#station.pens;
    try {
      const { padPrivacyScreen } = await import('./pad-screen.ts');
      await attempts.alone(pen.id, async () => {
        // asked for twice while the first was under way: once is enough
        if (this.#stopped || this.#blank.has(pen.id) || attempts.reads(pen.id) || !roster.has(pen.id)) return;
        this.#blank.add(pen.id);
        const source = roster.source(pen.id);
        try {
          await source.open({ samples() { /* nobody signs */ }, ended() { /* then it is off as well */ } });
          if (source.pad !== null) await source.pad.show(padPrivacyScreen(source.pad, { hotel: this.#station.settings.hotel, demo: this.#station.keys.demo }));
        } finally {
          await source.close();
        }
      });
    } catch (error) {
      this.#station.log(`pens: ${pen.name} shows no privacy picture: ${(error as Error).message}`);
    }
  }

  /** Before the guest signs, not at Done. "Try it" needs no pen. */
  #takeBack(tablet: string): void {
    this.#waiting.delete(tablet);
    const { requests, visits, notices, database } = this.#station;
    const request = database.open ? requests.on(tablet) : null;
    if (request === null || request.autopilot || visits.on(tablet)?.completing === true) return;
    if (penChoice(this.#station, tablet).source !== null) return;
    putBack(this.#station, request, STATION, 'pen', 'other');
    notices.happened({ code: `PEN_GONE ${tablet}`, severity: 'warning', message: `No pen is left at “${this.#nameOf(tablet)}” that may sign: its document is back here. Nothing drawn was kept. See to the pen, then send the document again.` });
  }

  #say(tablet: string, line: string): void {
    if (this.#said.get(tablet) === line) return;
    this.#said.set(tablet, line);
    this.#station.log(`pens: ${line}`);
  }

  #nameOf(tablet: string): string {
    return this.#station.settings.tablets.find(({ id }) => id === tablet)?.name ?? tablet;
  }
}
