/**
 * `verify` for bytes of strangers: in a process of its own with a deadline and a memory limit, since a reader of PDFs
 * can always be made to work for ever. With `--online` this process goes to the network for it, and decides where to.
 *
 * Before: `countersign verify` and the page "is this document genuine?". After: `child.ts` runs `verify`.
 */
import { toBase64 } from '../child/base64.ts';
import { runInChild, type Answering, type ChildFailures, type ChildLimits } from '../child/index.ts';
import { PacketError, type PacketErrorCode } from '../errors.ts';
import { downloadFor, isDownload } from '../upgrade/asked-download.ts';
import type { SightedRecord } from './against.ts';
import { MOST_EXCHANGES, MOST_MS, type OnlineOptions } from './online.ts';
import type { VerifyOptions, VerifyResult } from './result.ts';

/** What crosses the pipe to the child before the file itself: DER in base64, the time in RFC 3339. */
export interface VerifyParameters {
  /** `list`: the sealed records, to be held against others. */
  work: 'verify' | 'list';
  trust: string[] | null;
  privateKey: string | null;
  certificate: string | null;
  now: string | null;
  devices: string | null;
  revoked: string[];
  certificates: string[];
  online: boolean;
  voids: string[];
  timeStamps: string[];
  timeStampTrust: string[] | null;
  /** How many bytes of the input are the file; behind it the document that a sealed record should name. Null: all, and there is none. */
  fileLength: number | null;
}

const FAILURES: ChildFailures = {
  refused: (code, message) => new PacketError(code as PacketErrorCode, message),
  late: (seconds) => new PacketError('PDF_TIMEOUT', `To verify this file would take longer than ${seconds} s; nothing is shown about it. No file of ours takes that long: it may be made to.`),
  outOfMemory: () => new PacketError('PDF_MEMORY', 'To verify this file would take more memory than is allowed; nothing is shown about it. It may be made to take that much.'),
  broken: (cause) => new PacketError('PDF_BROKEN', 'To verify this file failed in a way that is not foreseen; nothing is shown about it.', { cause }),
};

/** A PDF of 200 MB in a packet stands in memory several times while it is hashed. */
export const VERIFY_LIMITS: ChildLimits = { deadlineMs: 60_000, memoryMb: 2048 };

/**
 * As `verify`.
 * @throws PacketError as it, and PDF_TIMEOUT, PDF_MEMORY; PDF_BROKEN where the child died.
 */
export async function verifyInChild(bytes: Uint8Array, options: VerifyOptions, limits: ChildLimits = VERIFY_LIMITS): Promise<VerifyResult> {
  const input = options.document === undefined ? bytes : Buffer.concat([bytes, options.document]);
  const { result } = await runInChild<VerifyParameters, VerifyResult>(
    new URL('child.ts', import.meta.url), parametersOf('verify', options, bytes.length), input, limits, FAILURES, options.online == null ? undefined : answering(options.online));
  return result;
}

/**
 * As `sightedRecords`.
 * @throws PacketError as above, and for what cannot be read.
 */
export async function sightedRecordsInChild(bytes: Uint8Array, options: Pick<VerifyOptions, 'examinerKey'>): Promise<SightedRecord[]> {
  const { result } = await runInChild<VerifyParameters, SightedRecord[]>(new URL('child.ts', import.meta.url), parametersOf('list', options, bytes.length), bytes, VERIFY_LIMITS, FAILURES);
  return result;
}

/** The bounds of `online.ts` are kept here too: a parser that was taken over may ask anything, for ever. */
export function answering(online: OnlineOptions): Answering {
  let asked = 0;
  let signal: AbortSignal | undefined;
  return async (question) => {
    asked += 1;
    signal ??= AbortSignal.timeout(MOST_MS);
    if (asked > MOST_EXCHANGES || !isDownload(question)) throw new PacketError('REVOCATION_AWAY', 'What reads this file asked for more than is allowed');
    try {
      return await downloadFor(question, { ...online, signal });
    } catch (error) {
      if (signal.aborted) throw new PacketError('REVOCATION_AWAY', `All of it took longer than ${MOST_MS / 1000} s`, { cause: error });
      throw error;
    }
  };
}

function parametersOf(work: VerifyParameters['work'], options: VerifyOptions, length: number): VerifyParameters {
  return {
    work,
    trust: options.trust?.map(toBase64) ?? null,
    privateKey: options.examinerKey === undefined ? null : toBase64(options.examinerKey.privateKey),
    certificate: options.examinerKey?.certificate === undefined ? null : toBase64(options.examinerKey.certificate),
    now: options.now?.toISOString() ?? null,
    devices: options.devices === undefined ? null : toBase64(options.devices),
    revoked: (options.revoked ?? []).map(toBase64),
    online: options.online != null,
    voids: (options.voids ?? []).map(toBase64),
    certificates: (options.certificates ?? []).map(toBase64),
    timeStamps: (options.timeStamps ?? []).map(toBase64),
    timeStampTrust: options.timeStampTrust?.map(toBase64) ?? null,
    fileLength: options.document === undefined ? null : length,
  };
}
