/**
 * A document on its way from the network into the store: unpacked, told by its first bytes, counted, and written
 * at the pace of the store.
 *
 * Before: `http-body.ts` gives the bytes. After: the `JobSink` of the store.
 * It looks at the first 1,024 bytes only; a PDF that is broken further on is for the store to refuse.
 */
import { decompress, type Compression } from './decompress.ts';
import { documentFormat, nothingArrived, notAPdf, PDF, SNIFFED_OCTETS } from './document-format.ts';
import { PrintError } from './errors.ts';
import type { JobInfo, JobSink, JobStore } from './job-store.ts';
import type { Job, Jobs } from './jobs.ts';
import type { PrinterLimits } from './limits.ts';

/**
 * Resolves when the job has ended, or after `answerMs` while the store still works on it; the job's state tells.
 * A document that is no PDF ends the job and resolves.
 *
 * @throws PrintError BUSY, NOT_ACCEPTING: the store's answer; the job waits for its document again.
 *   DOCUMENT_TOO_LARGE, COMPRESSION, CANCELED, IDLE, DISCONNECTED: the job has ended and the sink was aborted
 */
export async function receiveDocument(
  job: Job,
  bytes: AsyncIterable<Uint8Array>,
  compression: Compression,
  service: { store: JobStore; jobs: Jobs; limits: PrinterLimits },
): Promise<void> {
  const { store, jobs, limits } = service;
  jobs.documentArrives(job);
  const pieces = decompress(bytes, compression);
  try {
    const head = await takeHead(pieces, job, limits);
    const format = documentFormat(head);
    const info = jobInfo(job, format.type);
    if (format.type !== PDF) {
      const message = head.length === 0 ? nothingArrived(job.name) : notAPdf(job.name, format.words);
      jobs.abort(job, 'document-format-error', message);
      store.refused?.(info, { state: 'aborted', reason: 'document-format-error', message });
      return;
    }
    const sink = await store.open(info);
    await fill(sink, head, pieces, job, limits);
    jobs.documentCloses(job);
    const settled = sink.close().then((result) => jobs.settle(job, result), (error: unknown) => storeFailed(job, jobs, error));
    await Promise.race([settled, delay(limits.answerMs)]);
  } catch (error) {
    end(job, jobs, error);
    throw error;
  } finally {
    await pieces.return(undefined);
  }
}

async function takeHead(pieces: AsyncIterator<Uint8Array>, job: Job, limits: PrinterLimits): Promise<Uint8Array> {
  const taken: Uint8Array[] = [];
  let length = 0;
  while (length < SNIFFED_OCTETS) {
    const next = await pieces.next();
    if (next.done === true) break;
    count(job, next.value, limits);
    taken.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(taken);
}

async function fill(sink: JobSink, head: Uint8Array, rest: AsyncIterator<Uint8Array>, job: Job, limits: PrinterLimits): Promise<void> {
  try {
    await sink.write(head);
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      count(job, next.value, limits);
      await sink.write(next.value);
    }
    refuseCancelled(job);
  } catch (error) {
    await sink.abort(error instanceof PrintError ? error.code : 'server-error').catch(() => { /* the first error counts */ });
    throw error;
  }
}

function count(job: Job, piece: Uint8Array, { maxBytes }: PrinterLimits): void {
  refuseCancelled(job);
  job.octets += piece.length;
  if (job.octets > maxBytes) throw new PrintError('DOCUMENT_TOO_LARGE', tooLarge(job.name, maxBytes));
}

function refuseCancelled(job: Job): void {
  if (job.state === 'canceled') throw new PrintError('CANCELED', 'The job was cancelled while its document arrived.');
}

/** What the end of the stream means for the job. Thrown on by the caller, so that the client is answered too. */
function end(job: Job, jobs: Jobs, error: unknown): void {
  switch (error instanceof PrintError ? error.code : null) {
    case 'BUSY':
    case 'NOT_ACCEPTING': return jobs.awaitDocument(job);
    case 'DOCUMENT_TOO_LARGE': return jobs.abort(job, 'document-too-large', (error as PrintError).message);
    case 'COMPRESSION': return jobs.abort(job, 'compression-error', (error as PrintError).message);
    case 'CANCELED': return;
    case 'IDLE':
    case 'DISCONNECTED':
      return jobs.abort(job, 'server-error', 'The connection broke before the whole document had arrived. Print it again.');
    default: return storeFailed(job, jobs, error);
  }
}

function storeFailed(job: Job, jobs: Jobs, error: unknown): void {
  const said = error instanceof PrintError ? error.message : 'The station could not keep the document. Print it again; if it happens twice, restart the station.';
  jobs.abort(job, 'server-error', said);
}

function tooLarge(name: string, maxBytes: number): string {
  const megabytes = Math.round(maxBytes / 1024 / 102.4) / 10;
  return `"${name}" is larger than this printer takes: the limit is ${megabytes} MB (${maxBytes} bytes). Print fewer pages.`;
}

function jobInfo({ id, printer, name, user, claimedFormat, client }: Job, format: string): JobInfo {
  return { id, printer, name, user, format, claimedFormat, client, copies: 1 };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms).unref(); });
}
