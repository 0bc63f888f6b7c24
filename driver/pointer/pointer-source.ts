/**
 * Pen samples from Pointer Events over one element: every sample of `pointerrawupdate` and its coalesced list,
 * none predicted, none counted twice. W3C Pointer Events 3, sections 4.1.3 and 10; `persistentDeviceId` of the
 * Pointer Events that followed it.
 *
 * Before it: the browser. After it: `kiosk/screens/guest`, which draws the samples and sends them with Done.
 * Keeps the contract of `driver/source.ts` without importing it: a browser leaf.
 */
import type { Instrument, Losses, PenSourceInfo } from '#biometrics/capture.ts';
import { Mark, Switch, type Sample } from '#biometrics/sample.ts';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { instrumentOf, marksOf, sampleOf, type PenEvent, type SurfaceBox } from './event-sample.ts';
import { isPalm, type Span } from './palm-filter.ts';
import { pointerSourceInfo } from './source-info.ts';

/** What the source needs of an element. */
export interface PointerElement {
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  setPointerCapture(pointerId: number): void;
  getBoundingClientRect(): SurfaceBox;
}

export interface PointerListener {
  samples(samples: readonly Sample[]): void;
  /** A touch turned out to be a palm: these samples are what is left. */
  removed?(left: readonly Sample[]): void;
  ended(error: null): void;
}

export interface PointerOptions {
  /** `pen`: touch and mouse never ink. `touch`: pen and finger. `any`: all do. The record says which it was. */
  instruments: 'pen' | 'touch' | 'any';
  /** A touch that ended within this many ms before the pen came is a palm. */
  touchBeforePen: number;
  userAgent: string;
  /** Whether the browser gives `pointerrawupdate`. */
  rawUpdate: boolean;
  /** Whether the browser gives `getCoalescedEvents`. */
  coalesced: boolean;
  /** `performance.now()` and the wall clock at the same moment: zero of `hostTime`. */
  openedAt: { timeStamp: number; wallClock: Date };
}

interface Touch { span: Span; pointerId: number; rejected: boolean }

const EVENTS = ['pointerdown', 'pointerrawupdate', 'pointermove', 'pointerup', 'pointercancel', 'pointerleave'] as const;

/** Two reports of a pen on the surface further apart than this are counted as `longGap`, ms. */
const LONG_GAP = 50;

const COUNTED_MARKS = ['outOfRange', 'pressureWithoutTip', 'repeated', 'clockBackwards'] as const;

export class PointerSource {
  readonly #element: PointerElement;
  readonly #options: PointerOptions;
  readonly #box: SurfaceBox;
  #listener: PointerListener | null = null;
  #ended = false;
  #rows: { sample: Sample; touch: Touch | null }[] = [];
  #touches: Touch[] = [];
  /** The last time a pen was in range. */
  #pen: Span | null = null;
  /** The pointer that is inking now. */
  #active: { pointerId: number; instrument: Instrument } | null = null;
  #instruments = new Set<Instrument>();
  /** Pens that touched the surface, where the browser tells them apart. */
  #pens = new Set<number>();
  #touchToMark = false;
  #complete = true;
  #anomalies: Record<string, number> = {};
  #seen = { raw: 0, move: 0 };

  /** The element must not move or change its size while the source is open. */
  constructor(element: PointerElement, options: PointerOptions) {
    this.#element = element;
    this.#options = options;
    this.#box = element.getBoundingClientRect();
  }

  get info(): PenSourceInfo {
    const { userAgent, rawUpdate, coalesced, openedAt } = this.#options;
    const instrument = (['pen', 'touch', 'mouse'] as const).find((kind) => this.#instruments.has(kind)) ?? 'pen';
    const info = pointerSourceInfo(instrument, this.#box, { userAgent, rawUpdate, coalesced, openedAt: openedAt.wallClock.toISOString() });
    if (this.#instruments.size > 1) info.limits.push(`more than one instrument inked: ${[...this.#instruments].join(', ')}`);
    if (this.#pens.size > 1) info.limits.push(`more than one pen inked: the browser tells ${this.#pens.size} apart`);
    return info;
  }

  /** Samples kept so far, palms removed. */
  get samples(): Sample[] {
    return this.#rows.map((row) => row.sample);
  }

  /** True while something is on the surface. */
  get inking(): boolean {
    return this.#active !== null;
  }

  open(listener: PointerListener): Promise<void> {
    this.#listener = listener;
    for (const type of EVENTS) this.#element.addEventListener(type, this.#hear);
    return Promise.resolve();
  }

  close(): Promise<void> {
    for (const type of EVENTS) this.#element.removeEventListener(type, this.#hear);
    if (!this.#ended) {
      this.#ended = true;
      this.#listener?.ended(null);
    }
    return Promise.resolve();
  }

  /** Destroys the samples: they must not outlive a cancelled signature. */
  forget(): void {
    this.#rows = [];
    this.#touches = [];
  }

  findings(): { losses: Losses; anomalies: Record<string, number>; reports: null; complete: boolean } {
    const lost = this.#options.rawUpdate ? Math.max(0, this.#seen.move - this.#seen.raw) : 0;
    return { losses: { count: lost, method: 'unknown' }, anomalies: { ...this.#anomalies }, reports: null, complete: this.#complete };
  }

  // lib.dom types a listener's argument as Event; these six are PointerEvents.
  readonly #hear = (event: Event): void => this.handle(event as unknown as PenEvent);

  /** Takes one event. Public for tests and for hosts that relay events. */
  handle(event: PenEvent): void {
    const instrument = instrumentOf(event);
    const { reports, coalesced } = reportsOf(event);
    if (event.type === 'pointerrawupdate') {
      // a host that said it gives none: its reports come with pointermove
      if (!this.#options.rawUpdate) return;
      this.#seen.raw += reports.length;
    }
    if (event.type === 'pointermove') {
      this.#seen.move += reports.length;
      // The same samples came with pointerrawupdate; here they are only counted against it.
      if (this.#options.rawUpdate) return;
    }
    if (instrument === 'pen') this.#penSeen(event);
    if (event.type === 'pointerleave') return;
    if (event.type === 'pointerdown') this.#down(event, instrument);
    const isActive = this.#active?.pointerId === event.pointerId;
    // An id that is new in each browsing session names no device: it goes into no record, but two of them are two pens.
    if (isActive && instrument === 'pen' && (event.persistentDeviceId ?? 0) !== 0) this.#pens.add(event.persistentDeviceId ?? 0);
    const hovers = instrument === 'pen' && this.#active === null;
    if (event.type === 'pointercancel') this.#cancelled(isActive);
    else if (isActive || hovers) this.#keep(event, reports, coalesced);
    if (event.type === 'pointerup' || event.type === 'pointercancel') this.#up(event, isActive);
  }

  #penSeen(event: PenEvent): void {
    if (event.type === 'pointerleave' || event.type === 'pointercancel') {
      if (this.#pen !== null) this.#pen.to = event.timeStamp;
      return;
    }
    if (this.#pen === null || this.#pen.to !== null) this.#pen = { from: event.timeStamp, to: null };
    this.#rejectPalms();
  }

  #down(event: PenEvent, instrument: Instrument): void {
    if (instrument === 'touch') {
      this.#touches.push({ span: { from: event.timeStamp, to: null }, pointerId: event.pointerId, rejected: false });
      this.#rejectPalms();
      if (this.#touchOf(event.pointerId) === undefined) return;
    }
    if (!this.#mayInk(instrument)) return this.#count(`${instrument}Ignored`);
    if (instrument !== 'pen' && this.#active !== null) return this.#count('secondPointerIgnored');
    this.#active = { pointerId: event.pointerId, instrument };
    this.#instruments.add(instrument);
    this.#element.setPointerCapture(event.pointerId);
  }

  #mayInk(instrument: Instrument): boolean {
    const { instruments } = this.#options;
    return instrument === 'pen' || instruments === 'any' || instruments === instrument;
  }

  #up(event: PenEvent, isActive: boolean): void {
    const touch = this.#touchOf(event.pointerId);
    if (touch !== undefined) touch.span.to = event.timeStamp;
    if (isActive) this.#active = null;
  }

  #cancelled(isActive: boolean): void {
    this.#count('pointercancel');
    if (isActive) this.#complete = false;
  }

  #keep(event: PenEvent, reports: readonly PenEvent[], coalesced: boolean): void {
    // a capture that cannot hold everything is no capture: it is refused at Done, and the guest signs again
    if (this.#rows.length + reports.length > MAX_BATCH) {
      this.#complete = false;
      return this.#count('overflow');
    }
    const touch = this.#touchOf(event.pointerId) ?? null;
    const how = (event.type === 'pointerrawupdate' ? Mark.rawUpdate : 0) | (coalesced ? Mark.coalesced : 0);
    const fresh = reports.map((report) => {
      const sample = sampleOf(report, this.#options.openedAt.timeStamp);
      this.#mark(sample, how);
      this.#rows.push({ sample, touch });
      return sample;
    });
    this.#listener?.samples(fresh);
  }

  #mark(sample: Sample, how: number): void {
    const previous = this.#rows.at(-1)?.sample ?? null;
    sample.marks = how | marksOf(sample, previous, this.#box) | (this.#touchToMark ? Mark.touchRejected : 0);
    this.#touchToMark = false;
    for (const name of COUNTED_MARKS) if ((sample.marks & Mark[name]) !== 0) this.#count(name);
    const onSurface = previous !== null && (previous.switches & sample.switches & Switch.tip) !== 0;
    if (onSurface && sample.hostTime - previous.hostTime > LONG_GAP * 1e6) this.#count('longGap');
  }

  /** Takes every touch that the pen's presence shows to be a palm out of the ink, and counts it. */
  #rejectPalms(): void {
    const pen = this.#pen;
    if (pen === null) return;
    const palms = this.#touches.filter((touch) => !touch.rejected && isPalm(touch.span, pen, this.#options.touchBeforePen));
    if (palms.length === 0) return;
    for (const palm of palms) {
      palm.rejected = true;
      this.#count('touchRejected');
      if (this.#active?.pointerId === palm.pointerId) this.#active = null;
    }
    this.#touchToMark = true;
    const before = this.#rows.length;
    this.#rows = this.#rows.filter((row) => row.touch?.rejected !== true);
    if (!this.#rows.some((row) => row.touch !== null)) this.#instruments.delete('touch');
    if (this.#rows.length < before) this.#listener?.removed?.(this.samples);
  }

  /** The touch that is on the glass with this pointer id and was not rejected. */
  #touchOf(pointerId: number): Touch | undefined {
    return this.#touches.find((touch) => touch.pointerId === pointerId && touch.span.to === null && !touch.rejected);
  }

  #count(name: string): void {
    this.#anomalies[name] = (this.#anomalies[name] ?? 0) + 1;
  }
}

/** Every report behind a move. An empty list stands for the event itself, as in browsers without coalescing. */
function reportsOf(event: PenEvent): { reports: readonly PenEvent[]; coalesced: boolean } {
  const isMove = event.type === 'pointermove' || event.type === 'pointerrawupdate';
  const reports = isMove ? event.getCoalescedEvents?.() ?? [] : [];
  return reports.length > 0 ? { reports, coalesced: true } : { reports: [event], coalesced: false };
}
