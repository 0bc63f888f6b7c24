/**
 * Sends the samples of one source to the station as they come, and keeps what the station is too busy to take.
 *
 * Before it: a source of this process. After it: `BatchMessage`, and `RemoteSource` in the station.
 *
 * The station says which samples it has handed on. As long as few batches are under way each is sent at once (a source hands
 * over once per turn of the event loop); past that, samples wait here and go as one larger batch. What waits is bounded by
 * `MAX_WAITING`; one more ends the source, because nothing may be dropped in silence.
 */
import type { Sample } from '#biometrics/sample.ts';
import { MAX_BATCH, encodeSamples } from '#biometrics/samples.ts';
import type { PenFindings } from '../source.ts';
import type { BatchMessage, FindingsMessage } from './messages.ts';
import { packReports, type PackedReports } from './packed-reports.ts';

/** Batches under way that the station has not taken yet. */
const MOST_UNDER_WAY = 32;
/** Samples that wait here at most. */
const MAX_WAITING = MAX_BATCH;
/** Rows of one message: 132 bytes each, so 2 MiB. */
const MOST_ROWS = 16_384;

export class OutgoingSamples {
  readonly #source: number;
  readonly #findings: () => PenFindings;
  readonly #send: (message: BatchMessage) => void;
  #waiting: Sample[] = [];
  /** Index of the first sample that waits. */
  #first = 0;
  #reportsSent = 0;
  /** Where each batch under way ends. */
  #underWay: number[] = [];

  constructor(source: number, findings: () => PenFindings, send: (message: BatchMessage) => void) {
    this.#source = source;
    this.#findings = findings;
    this.#send = send;
  }

  /** How many came in all. */
  get count(): number {
    return this.#first + this.#waiting.length;
  }

  /** @returns false where more wait than may, and the source has to end */
  add(samples: readonly Sample[]): boolean {
    for (const sample of samples) this.#waiting.push(sample);
    this.#sendWhatMay();
    return this.#waiting.length <= MAX_WAITING;
  }

  /** The station has handed on every sample before `next`. */
  taken(next: number): void {
    this.#underWay = this.#underWay.filter((end) => end > next);
    this.#sendWhatMay();
  }

  /** Sends all that waits, whatever is under way, and the reports that came without a sample after it. */
  flush(): void {
    while (this.#waiting.length > 0) this.#sendBatch();
    const reports = this.#newReports();
    if (reports !== null && reports.lengths.length > 0) this.#dispatch([], reports);
  }

  #sendWhatMay(): void {
    while (this.#waiting.length > 0 && this.#underWay.length < MOST_UNDER_WAY) this.#sendBatch();
  }

  #sendBatch(): void {
    const batch = this.#waiting.length <= MOST_ROWS ? this.#waiting : this.#waiting.slice(0, MOST_ROWS);
    this.#waiting = this.#waiting.length <= MOST_ROWS ? [] : this.#waiting.slice(MOST_ROWS);
    this.#dispatch(batch, this.#newReports());
    this.#first += batch.length;
    this.#underWay.push(this.#first);
  }

  #dispatch(batch: Sample[], reports: PackedReports | null): void {
    const samples = encodeSamples(batch, this.#first);
    this.#send({ type: 'batch', source: this.#source, samples, reports, findings: withoutReports(this.#findings()) });
    // the channel has copied them: what lies about in this process is wiped
    samples.fill(0);
    reports?.bytes.fill(0);
    reports?.times.fill(0);
  }

  #newReports(): PackedReports | null {
    const { reports } = this.#findings();
    if (reports === null) return null;
    const packed = packReports(reports, this.#reportsSent);
    this.#reportsSent = reports.length;
    return packed;
  }
}

export function withoutReports({ losses, anomalies, complete }: PenFindings): FindingsMessage {
  return { losses, anomalies, complete };
}
