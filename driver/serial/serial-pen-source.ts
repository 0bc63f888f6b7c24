/**
 * A serial pen as a `PenSource`: what ISDv4 and Topaz have in common. One sample for each pen packet, raw; every packet is kept
 * as it came, what is no pen packet too; nothing is invented.
 *
 * Before it: `SerialLink` and a `SerialPenProtocol`. After it: `PenListener`. The link belongs to the source: it is closed with it.
 *
 * A device that loses its power while its adapter stays plugged in says nothing at all. A pen that stays in range sends all the
 * time, so a silence meanwhile is counted as a stall, and a protocol that can be asked is asked, once: no answer ends the source.
 */
import { MAX_REPORTS } from '#biometrics/limits.ts';
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import { Switch } from '#biometrics/sample.ts';
import { PenError } from '../errors.ts';
import { IntervalLoss } from '../loss/interval-loss.ts';
import type { AttachedPenSource } from '../pens.ts';
import { RowMarker } from '../row-marker.ts';
import { SampleRows } from '../sample-rows.ts';
import type { PenFindings, PenListener } from '../source.ts';
import { LeadBitFramer } from './lead-bit-framer.ts';
import type { SerialLink } from './serial-link.ts';

export interface SerialPenProtocol {
  /** Of any packet, in bytes. */
  readonly maxLength: number;
  /** Lengths that a packet with this first byte may have, ascending. */
  lengths(lead: number): readonly number[];
  /** Writes channels and switches of a pen packet into the row; the row stays unused where it is another packet, or a damaged one. */
  read(packet: Uint8Array, hostTime: number, rows: SampleRows, row: number): 'pen' | 'other' | 'damaged';
  /** Counters of its own, for `PenFindings.anomalies`. */
  counters(): Record<string, number>;
  /** Makes the device send. @throws PenError `PEN_GONE` */
  start(link: SerialLink): Promise<void>;
  /** Makes it stop. @throws PenError `PEN_GONE` */
  stop(link: SerialLink): Promise<void>;
  /** Asks a silent device whether it is there, and makes it send again; null: this protocol cannot ask. @throws PenError `PEN_GONE` */
  answers: ((link: SerialLink) => Promise<boolean>) | null;
}

export interface SerialPenOptions {
  /** Silence of a pen in range that counts as a stall, ms. */
  stallMs?: number;
}

const STALL_MS = 2_000;
const ROWS = 512;

export class SerialPenSource implements AttachedPenSource {
  readonly pad = null;
  readonly #link: SerialLink;
  readonly #protocol: SerialPenProtocol;
  readonly #framer: LeadBitFramer;
  readonly #rows = new SampleRows(ROWS);
  readonly #marker: RowMarker;
  readonly #gaps = new IntervalLoss();
  readonly #stallMs: number;
  readonly #reports: NonNullable<Capture['reports']> = [];
  readonly #before: Uint8Array;
  #beforeLength = 0;
  #info: PenSourceInfo;
  #state: 'new' | 'opening' | 'open' | 'ended' = 'new';
  #listener: PenListener | null = null;
  /** Monotonic ns: zero of `hostTime`. */
  #zero = Infinity;
  #afterLoss = false;
  #inRange = false;
  #down = false;
  /** In the bytes that arrived last. */
  #penHeard = false;
  #complete = true;
  #counts = { brokenPackets: 0, stalls: 0 };
  #silence: NodeJS.Timeout | undefined;

  constructor(link: SerialLink, info: Omit<PenSourceInfo, 'openedAt'>, protocol: SerialPenProtocol, options: SerialPenOptions = {}) {
    this.#link = link;
    this.#protocol = protocol;
    this.#info = { ...info, openedAt: new Date().toISOString() };
    this.#marker = new RowMarker(info.channels);
    this.#stallMs = options.stallMs ?? STALL_MS;
    this.#before = new Uint8Array(protocol.maxLength);
    this.#framer = new LeadBitFramer(protocol.maxLength, (lead) => protocol.lengths(lead), {
      packet: (packet, hostTime) => { this.#packet(packet, hostTime); },
      broken: (packet, hostTime) => { this.#broken(packet, hostTime); },
    });
  }

  get info(): PenSourceInfo {
    return this.#info;
  }

  async open(listener: PenListener): Promise<void> {
    if (this.#state !== 'new') throw new PenError('PEN_ALREADY_OPEN', 'this serial pen was opened before; take a new source');
    this.#state = 'opening';
    this.#listener = listener;
    this.#zero = Number(process.hrtime.bigint());
    this.#info = { ...this.#info, openedAt: new Date().toISOString() };
    this.#link.onEnd((why) => { this.#gone(why); });
    this.#link.onData((bytes, hostTime) => { this.#arrived(bytes, hostTime); });
    try {
      await this.#protocol.start(this.#link);
    } catch (error) {
      await this.#shut();
      throw error;
    }
    // the port may have vanished meanwhile, or been closed
    if (this.#state !== 'opening') {
      await this.#shut();
      throw this.#goneError('it went while it was opened');
    }
    this.#state = 'open';
  }

  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#handOverRest();
      this.#state = 'ended';
      this.#listener!.ended(null);
      await this.#protocol.stop(this.#link).catch(() => undefined);
    }
    await this.#shut();
  }

  findings(): PenFindings {
    const counters = { ...this.#counts, pauses: this.#gaps.pauses, strayBytes: this.#framer.strayBytes, ...this.#protocol.counters() };
    const seen = Object.fromEntries(Object.entries(counters).filter(([, count]) => count > 0));
    return {
      // a packet that arrived damaged is known to be lost; one that never came is guessed from the gap
      losses: { count: this.#counts.brokenPackets + this.#gaps.count, method: this.#gaps.method },
      anomalies: { ...this.#marker.anomalies(), ...seen }, reports: this.#reports, complete: this.#complete,
    };
  }

  #arrived(bytes: Uint8Array, hostTime: number): void {
    // what came before opening belongs to nobody
    if (hostTime < this.#zero || (this.#state !== 'open' && this.#state !== 'opening')) return;
    this.#penHeard = false;
    this.#framer.push(bytes, hostTime - this.#zero);
    // the framer has copied them; the port reads into one buffer as long as it is open
    bytes.fill(0);
    this.#handOver();
    // answers to questions are no sign of the pen
    if (this.#penHeard) this.#watch();
    if (this.#reports.length > MAX_REPORTS) this.#end(new PenError('PEN_OVERFLOW', `More than ${MAX_REPORTS} packets came in one signature; sign again.`));
  }

  #packet(packet: Uint8Array, hostTime: number): void {
    this.#reports.push({ hostTime, bytes: packet.slice() });
    const { length } = this.#rows;
    const read = this.#protocol.read(packet, hostTime, this.#rows, length);
    if (read === 'damaged') this.#lost(hostTime);
    if (read !== 'pen') return;
    this.#penHeard = true;
    this.#rows.marks[length] = 0;
    const repeated = this.#repeated(packet);
    this.#marker.mark(this.#rows, length, repeated, this.#afterLoss);
    this.#inRange = (this.#rows.switches[length]! & Switch.inRange) !== 0;
    this.#down = (this.#rows.switches[length]! & Switch.tip) !== 0;
    this.#gaps.next(hostTime, this.#down, repeated);
    this.#afterLoss = false;
    this.#rows.length++;
    if (this.#rows.length === ROWS) this.#handOver();
  }

  #broken(packet: Uint8Array, hostTime: number): void {
    this.#reports.push({ hostTime, bytes: packet.slice() });
    this.#lost(hostTime);
  }

  #lost(hostTime: number): void {
    this.#counts.brokenPackets++;
    // it did arrive: no gap
    this.#gaps.next(hostTime, this.#down, false);
    this.#afterLoss = true;
  }

  /** Whether the pen packet is the one before, bit for bit; remembers it. */
  #repeated(packet: Uint8Array): boolean {
    let same = packet.length === this.#beforeLength;
    for (let index = 0; index < packet.length; index++) {
      same &&= packet[index] === this.#before[index];
      this.#before[index] = packet[index]!;
    }
    this.#beforeLength = packet.length;
    return same;
  }

  #handOver(): void {
    if (this.#rows.length === 0) return;
    const samples = this.#rows.toSamples();
    this.#rows.clear();
    this.#listener!.samples(samples);
  }

  #handOverRest(): void {
    this.#framer.end();
    this.#handOver();
  }

  #watch(): void {
    clearTimeout(this.#silence);
    if (!this.#inRange || this.#state === 'ended') return;
    this.#silence = setTimeout(() => void this.#stalled(), this.#stallMs);
    this.#silence.unref();
  }

  async #stalled(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#counts.stalls++;
    this.#afterLoss = true;
    const answers = await this.#protocol.answers?.(this.#link).catch(() => false) ?? true;
    if (!answers) this.#gone('it does not answer any more');
  }

  #gone(why: string): void {
    if (this.#state === 'open') this.#end(this.#goneError(why));
    else if (this.#state === 'opening') this.#state = 'ended';
  }

  #end(error: PenError): void {
    this.#handOverRest();
    this.#state = 'ended';
    this.#complete = false;
    this.#listener!.ended(error);
    void this.#shut();
  }

  async #shut(): Promise<void> {
    this.#state = 'ended';
    clearTimeout(this.#silence);
    this.#rows.wipe();
    this.#before.fill(0);
    await this.#link.close();
  }

  #goneError(why: string): PenError {
    return new PenError('PEN_GONE', `The serial pen on ${this.#link.path} is gone (${why}). Plug it in again and sign again.`);
  }
}
