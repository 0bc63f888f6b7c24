/**
 * The `JobStore` behind the printer: collects a job in memory, never on disk in the clear, then hands it to
 * `accept-document.ts`. A refusal goes both to the print client and to the desk.
 *
 * Before: `print-to-tab`. After: `accept-document.ts`.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import { inSlices, letGo, roomFor, SLICE_LENGTH } from '#keys/slices.ts';
import { PacketError, type PacketErrorCode } from '#packet/errors.ts';
import { PrintError } from '#print-to-tab/errors.ts';
import type { AbortReason, JobInfo, JobResult, JobSink, JobStore } from '#print-to-tab/job-store.ts';
import { acceptDocument, NOT_ENROLLED, tooLarge } from './accept-document.ts';
import { isDiskFull } from './database.ts';
import type { Station } from './station.ts';

type Aborted = Extract<JobResult, { state: 'aborted' }>;

const REASONS: Partial<Record<PacketErrorCode, AbortReason>> = {
  NOT_A_PDF: 'document-format-error',
  PDF_BROKEN: 'document-format-error',
  PDF_NO_PAGES: 'document-format-error',
  PDF_ENCRYPTED: 'document-password-error',
  PDF_TOO_LARGE: 'document-too-large',
  PDF_TOO_MANY_PAGES: 'document-too-large',
  PDF_PAGE_SIZE: 'document-format-error',
};

export function jobIntake(station: Station): JobStore {
  const { limits } = station.settings;
  let arriving = 0;
  /** Jobs between the end of their document and their request. */
  const beingTakenIn = new Map<number, AbortController>();

  function refuse(job: JobInfo, result: Aborted): Aborted {
    station.notices.happened({ code: 'JOB_REFUSED', severity: 'warning', message: `“${job.name}” was not accepted. ${result.message}` });
    try {
      station.audit.note({ actor: station.audit.printUser(job.user), action: 'job.refused', details: { tablet: job.printer, reason: result.reason } });
    } catch (error) {
      // a full disk may be why the job was refused
      station.log(`the refusal of print job ${job.id} could not be written to the trail: ${(error as Error).message}`);
    }
    return result;
  }

  async function finish(job: JobInfo, received: () => Promise<Uint8Array<ArrayBuffer>>): Promise<JobResult> {
    const cancelling = new AbortController();
    beingTakenIn.set(job.id, cancelling);
    let bytes = new Uint8Array();
    try {
      bytes = await received();
      await acceptDocument(station, bytes, {
        tablet: job.printer, title: job.name, printedBy: job.user, from: { user: job.user, address: job.client }, autopilot: false, signal: cancelling.signal,
      });
      station.notices.clear('JOB_REFUSED');
      return { state: 'completed' };
    } catch (error) {
      if (cancelling.signal.aborted) return { state: 'aborted', reason: 'server-error', message: 'Cancelled by the print client.' };
      return refuse(job, whyNot(error, station.log));
    } finally {
      beingTakenIn.delete(job.id);
      for await (const slice of inSlices(bytes)) slice.fill(0);
      await letGo(bytes);
    }
  }

  return {
    async open(job): Promise<JobSink> {
      if (!station.settings.tablets.some(({ id }) => id === job.printer)) throw new PrintError('NOT_ACCEPTING', 'This tablet is no longer at this station.');
      if (station.keys.awaiting !== null) throw new PrintError('NOT_ACCEPTING', NOT_ENROLLED);
      if (station.requests.waiting() >= limits.waitingRequests) throw new PrintError('BUSY', `${limits.waitingRequests} documents wait already. Cancel some at the desk, or wait until guests have signed.`);
      const chunks: Uint8Array[] = [];
      let length = 0;
      const forget = () => {
        for (const chunk of chunks.splice(0)) chunk.fill(0);
        arriving -= length;
        length = 0;
      };
      return {
        async write(chunk) {
          if (length + chunk.length > limits.documentBytes) throw new PrintError('DOCUMENT_TOO_LARGE', tooLarge(limits.documentBytes));
          if (arriving + chunk.length > limits.arrivingBytes) throw new PrintError('BUSY', 'Other large documents are arriving. Try again in a moment.');
          chunks.push(chunk.slice());
          length += chunk.length;
          arriving += chunk.length;
        },
        async close() {
          return finish(job, async () => {
            try {
              // overwritten by then, piece by piece
              return await joined(chunks.splice(0), length);
            } finally {
              forget();
            }
          });
        },
        async abort(reason) {
          forget();
          if (reason === 'DOCUMENT_TOO_LARGE') refuse(job, { state: 'aborted', reason: 'document-too-large', message: tooLarge(limits.documentBytes) });
          station.log(`print job ${job.id} for ${job.printer} was broken off: ${reason}`);
        },
      };
    },
    // once it is a request, only the desk cancels it
    async cancel(jobId) {
      beingTakenIn.get(jobId)?.abort();
    },
    refused(job, result) {
      refuse(job, result);
    },
  };
}

/** A large job comes in thousands of pieces: others go on meanwhile. */
async function joined(chunks: readonly Uint8Array[], length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = roomFor(length);
  let [at, given] = [0, 0];
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
    chunk.fill(0);
    if (at - given < SLICE_LENGTH) continue;
    given = at;
    await giveWay();
  }
  return bytes;
}

function whyNot(error: unknown, log: (line: string) => void): Aborted {
  if (error instanceof PacketError) return { state: 'aborted', reason: REASONS[error.code] ?? 'document-unprintable-error', message: error.message };
  if (isDiskFull(error)) return { state: 'aborted', reason: 'server-error', message: 'The station’s disk is full. Nothing was kept; make room, then print again.' };
  log(`a print job failed: ${error instanceof Error ? error.stack : String(error)}`);
  return { state: 'aborted', reason: 'server-error', message: 'The station could not take the document. Its log says why.' };
}
