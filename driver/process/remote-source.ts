/**
 * A source of the pen process as the station sees it: the contract of `source.ts` on this side of the channel.
 *
 * Before it: `News` about one source. After it: `PenListener`, and from there the capture.
 *
 * Each batch says which sample is its first. One that does not follow on the last shows that samples are missing, and ends the
 * source with `PEN_OVERFLOW`; so does the end, which says how many there were. When the process dies, the source ends with
 * `PEN_GONE`, incomplete; the samples, reports and findings that had come stay.
 */
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import { MAX_REPORTS } from '#biometrics/limits.ts';
import { decodeSamples } from '#biometrics/samples.ts';
import { PenError } from '../errors.ts';
import type { AttachedPen, AttachedPenSource } from '../pens.ts';
import type { PenFindings, PenListener } from '../source.ts';
import type { BatchMessage, FindingsMessage, News, Order } from './messages.ts';
import { unpackReports } from './packed-reports.ts';
import { RemotePad } from './remote-pad.ts';

export type SourceNews = Extract<News, { source: number }>;

/** How a source reaches the process. */
export interface Line {
  /** @returns false where no process runs */
  send(order: Order): boolean;
  /** Nothing more is to come for this number. */
  forget(source: number): void;
}

export class RemoteSource implements AttachedPenSource {
  readonly pad: RemotePad | null;
  readonly #number: number;
  readonly #pen: AttachedPen;
  readonly #line: Line;
  #info: PenSourceInfo;
  #state: 'new' | 'opening' | 'open' | 'ended' = 'new';
  #listener: PenListener | null = null;
  #opening: PromiseWithResolvers<void> | null = null;
  readonly #closed = Promise.withResolvers<void>();
  #closing = false;
  #next = 0;
  #reports: Capture['reports'] = null;
  #findings: FindingsMessage = { losses: { count: 0, method: 'unknown' }, anomalies: {}, complete: true };

  constructor(number: number, pen: AttachedPen, line: Line) {
    this.#number = number;
    this.#pen = pen;
    this.#line = line;
    this.#info = provisionalInfo(pen);
    this.pad = pen.kind === 'stu-hid' || pen.kind === 'stu-serial' ? new RemotePad(number, pen.pad, (order) => line.send(order)) : null;
  }

  /** Before it is open: what the list says about the device, without channels. */
  get info(): PenSourceInfo {
    return this.#info;
  }

  open(listener: PenListener): Promise<void> {
    if (this.#state !== 'new') return Promise.reject(new PenError('PEN_ALREADY_OPEN', `${this.#pen.name} was opened before with this source; take a new one.`));
    this.#state = 'opening';
    this.#listener = listener;
    this.#opening = Promise.withResolvers();
    if (!this.#line.send({ type: 'open', source: this.#number, pen: this.#pen.id })) this.processGone();
    return this.#opening.promise;
  }

  async close(): Promise<void> {
    if (this.#state === 'new') { this.#state = 'ended'; this.#line.forget(this.#number); }
    if (this.#state === 'ended') return;
    if (!this.#closing) {
      this.#closing = true;
      this.#line.send({ type: 'close', source: this.#number });
    }
    await this.#closed.promise;
  }

  findings(): PenFindings {
    return { ...this.#findings, reports: this.#reports };
  }

  /** News about this source, in the order they were sent. */
  hear(news: SourceNews): void {
    if (this.#state === 'ended') return;
    switch (news.type) {
      case 'opened': this.#opened(news); return;
      case 'refused':
        this.#info = news.info ?? this.#info;
        this.#end(new PenError(news.error.code, news.error.message));
        return;
      case 'batch': this.#batch(news); return;
      case 'ended': this.#ended(news); return;
      case 'closed': this.#end(null); return;
      case 'button': this.pad?.pressed(news.id); return;
      case 'answer': this.pad?.answered(news.call, news.error); return;
    }
  }

  /** The process that read the device is gone. */
  processGone(): void {
    if (this.#state === 'new' || this.#state === 'ended') return;
    this.#findings = { ...this.#findings, complete: false };
    this.#end(new PenError('PEN_GONE', `The process that reads ${this.#pen.name} ended; it is started again. Sign again.`));
  }

  #opened({ info, pad, findings, reports }: Extract<SourceNews, { type: 'opened' }>): void {
    this.#info = info;
    this.#findings = findings;
    if (reports) this.#reports ??= [];
    if (pad !== null) this.pad?.opened(pad);
    this.#state = 'open';
    this.#opening!.resolve();
  }

  #batch({ samples: bytes, reports, findings }: BatchMessage): void {
    const batch = readable(() => decodeSamples(bytes));
    bytes.fill(0);
    if (batch === null || batch.first !== this.#next || !this.#keep(reports)) { this.#missing(); return; }
    const { first, samples } = batch;
    this.#next = first + samples.length;
    this.#findings = findings;
    if (samples.length === 0) return;
    this.#listener!.samples(samples);
    this.#line.send({ type: 'taken', source: this.#number, next: this.#next });
  }

  /** @returns false where reports are missing before these or are none, or more came than a record holds */
  #keep(packed: BatchMessage['reports']): boolean {
    if (packed === null) return true;
    this.#reports ??= [];
    if (packed.first !== this.#reports.length || packed.first + packed.lengths.length > MAX_REPORTS) return false;
    const reports = readable(() => unpackReports(packed));
    packed.bytes.fill(0);
    packed.times.fill(0);
    if (reports === null) return false;
    for (const report of reports) this.#reports.push(report);
    return true;
  }

  #ended({ error, info, findings, samples }: Extract<SourceNews, { type: 'ended' }>): void {
    this.#info = info;
    this.#findings = findings;
    if (samples !== this.#next) this.#missing();
    else this.#end(error === null ? null : new PenError(error.code, error.message));
  }

  #missing(): void {
    this.#line.send({ type: 'close', source: this.#number });
    this.#findings = { ...this.#findings, complete: false };
    this.#end(new PenError('PEN_OVERFLOW', `Samples of ${this.#pen.name} were lost on their way to the station; sign again.`));
  }

  #end(error: PenError | null): void {
    const before = this.#state;
    this.#state = 'ended';
    this.#line.forget(this.#number);
    this.pad?.gone();
    if (before === 'opening') {
      // closed while it was being opened: a promise that is settled must say so
      this.#opening!.reject(error ?? new PenError('PEN_GONE', `${this.#pen.name} was closed while it was being opened.`));
    } else {
      this.#listener?.ended(error);
    }
    this.#closed.resolve();
  }
}

/** Null where the bytes are not what they should be: a process whose native part wrote where it should not. */
function readable<Content>(read: () => Content): Content | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function provisionalInfo({ kind, name, vendorId, productId, serialNumber, bus }: AttachedPen): PenSourceInfo {
  return {
    kind, instrument: 'pen',
    device: { name, vendorId, productId, serialNumber, firmware: null, bus },
    driver: { name: `countersign ${kind}`, version: '' }, host: '', channels: [], deviceClock: null, limits: [], descriptor: null,
    openedAt: new Date().toISOString(),
  };
}
