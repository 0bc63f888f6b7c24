/**
 * The print jobs of a service, in memory: RFC 8011 section 5.3. A restart forgets them; a client then asks for a
 * job that is not there and prints again.
 *
 * Nothing of a document is here, but job names may hold guests' names, so finished jobs are forgotten soon.
 */
import type { AbortReason, JobResult } from './job-store.ts';
import type { PrinterLimits } from './limits.ts';

/** The numbers are the job-state enum, RFC 8011 section 5.3.7. */
export const JOB_STATES = { pending: 3, processing: 5, canceled: 7, aborted: 8, completed: 9 } as const;
export type JobState = keyof typeof JOB_STATES;

export interface Job {
  readonly id: number;
  readonly printer: string;
  readonly name: string;
  readonly user: string;
  readonly client: string;
  claimedFormat: string;
  state: JobState;
  /** job-state-reasons */
  reasons: string[];
  /** job-state-message, in plain words; empty for none. */
  message: string;
  /** `closing`: all bytes are in the store, which has not said yet what became of them. */
  document: 'awaited' | 'arriving' | 'closing' | 'done';
  /** Bytes of the document so far, after decompression. */
  octets: number;
  /** ms since 1970; null: not yet. */
  createdAt: number;
  processingAt: number | null;
  completedAt: number | null;
}

export type NewJob = Pick<Job, 'printer' | 'name' | 'user' | 'client' | 'claimedFormat'>;

export function isFinished(job: Job): boolean {
  return job.completedAt !== null;
}

export class Jobs {
  readonly #limits: PrinterLimits;
  readonly #jobs = new Map<number, Job>();
  readonly #deadlines = new Map<number, NodeJS.Timeout>();
  #lastId = 0;

  constructor(limits: PrinterLimits) {
    this.#limits = limits;
  }

  /** @returns null when `maxJobs` are unfinished */
  create(init: NewJob): Job | null {
    this.#forgetOld();
    if (this.#all().filter((job) => !isFinished(job)).length >= this.#limits.maxJobs) return null;
    this.#lastId += 1;
    const job: Job = {
      ...init, id: this.#lastId, state: 'pending', reasons: ['job-incoming'], message: '', document: 'awaited',
      octets: 0, createdAt: Date.now(), processingAt: null, completedAt: null,
    };
    this.#jobs.set(job.id, job);
    return job;
  }

  /** Oldest first. */
  of(printer: string): Job[] {
    this.#forgetOld();
    return this.#all().filter((job) => job.printer === printer);
  }

  find(printer: string, id: number): Job | null {
    return this.of(printer).find((job) => job.id === id) ?? null;
  }

  /** The job is as if it had never been: the store could not take it now, and the client will come again. */
  forget(job: Job): void {
    this.#stopWaiting(job);
    this.#jobs.delete(job.id);
  }

  /** No document for `idleMs` ends the job: multiple-operation-time-out-action `abort-job`. */
  awaitDocument(job: Job): void {
    if (isFinished(job)) return;
    this.#stopWaiting(job);
    job.document = 'awaited';
    job.octets = 0;
    const abandon = (): void => this.abort(job, 'server-error', 'The computer announced a print job but never sent it. Print it again.');
    this.#deadlines.set(job.id, setTimeout(abandon, this.#limits.idleMs).unref());
  }

  documentArrives(job: Job): void {
    this.#stopWaiting(job);
    job.document = 'arriving';
    job.state = 'processing';
    job.processingAt ??= Date.now();
  }

  documentCloses(job: Job): void {
    job.document = 'closing';
    job.reasons = ['job-interpreting'];
  }

  complete(job: Job): void {
    this.#finish(job, 'completed', ['job-completed-successfully'], '');
  }

  abort(job: Job, reason: AbortReason, message: string): void {
    this.#finish(job, 'aborted', ['aborted-by-system', ...(reason === 'server-error' ? [] : [reason])], message);
  }

  cancel(job: Job): void {
    this.#finish(job, 'canceled', ['job-canceled-by-user'], 'Cancelled from the computer that printed it.');
  }

  settle(job: Job, result: JobResult): void {
    if (result.state === 'completed') this.complete(job);
    else this.abort(job, result.reason, result.message);
  }

  close(): void {
    for (const timer of this.#deadlines.values()) clearTimeout(timer);
    this.#deadlines.clear();
  }

  /** The first end counts: a cancelled job does not complete afterwards. */
  #finish(job: Job, state: JobState, reasons: string[], message: string): void {
    this.#stopWaiting(job);
    if (isFinished(job)) return;
    Object.assign(job, { state, reasons, message, document: 'done', completedAt: Date.now() } satisfies Partial<Job>);
  }

  #stopWaiting(job: Job): void {
    clearTimeout(this.#deadlines.get(job.id));
    this.#deadlines.delete(job.id);
  }

  #all(): Job[] {
    return [...this.#jobs.values()];
  }

  #forgetOld(): void {
    const finished = this.#all().filter(isFinished).sort((a, b) => Number(b.completedAt) - Number(a.completedAt));
    const eldest = Date.now() - this.#limits.historyMs;
    finished.forEach((job, rank) => {
      if (rank >= this.#limits.maxJobs || Number(job.completedAt) < eldest) this.#jobs.delete(job.id);
    });
  }
}
