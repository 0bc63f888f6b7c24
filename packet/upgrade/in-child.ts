/**
 * An upgrade of a stranger's file: it is read and written in a process of its own with a deadline and a memory limit; this one goes to the
 * network for it, and decides where to. Another seal: `seal-in-child.ts`.
 *
 * Before: `countersign packet upgrade`. After: `child.ts` runs `upgradeDocument` or `upgradePacket`.
 */
import { fromBase64, toBase64 } from '../child/base64.ts';
import { runInChild, type Answering, type ChildFailures, type ChildLimits } from '../child/index.ts';
import { PacketError, type PacketErrorCode } from '../errors.ts';
import { fetchTimeStamp } from '../time-stamp/index.ts';
import { downloadFor, isDownload, type AskedDownload } from './asked-download.ts';
import type { Level, UpgradeOptions, UpgradeStep } from './upgrade-document.ts';

/** What crosses the pipe to the child before the file: DER in Base64. */
export interface UpgradeParameters {
  work: 'upgrade';
  to: Level;
  trust: string[];
  tsa: string | null;
  tokens: string[];
  given: { certificates: string[]; crls: string[]; ocsps: string[] };
  online: boolean;
  software: string;
}

/** What the child asks for an upgrade; bytes in Base64. */
export type Question =
  | { ask: 'time-stamp'; sha256: string }
  | AskedDownload;

export interface UpgradeAnswer { kind: 'pdf' | 'packet'; changed: boolean; version: number | null; steps: UpgradeStep[]; notes: string[] }

export interface UpgradedFile extends UpgradeAnswer {
  /** Null where the level was reached already. */
  bytes: Uint8Array | null;
}

export const FAILURES: ChildFailures = {
  refused: (code, message) => new PacketError(code as PacketErrorCode, message),
  late: (seconds) => new PacketError('PDF_TIMEOUT', `To add to this file would take longer than ${seconds} s, the network not counted. It may be made to.`),
  outOfMemory: () => new PacketError('PDF_MEMORY', 'To add to this file would take more memory than is allowed. It may be made to take that much.'),
  broken: (cause) => new PacketError('PDF_BROKEN', 'To add to this file failed in a way that is not foreseen. Nothing was kept.', { cause }),
};

export const LIMITS: ChildLimits = { deadlineMs: 120_000, memoryMb: 2_048 };
/** A file with a few signatures asks a dozen questions. */
const MOST_QUESTIONS = 200;

/**
 * As `upgradeDocument` and `upgradePacket`, whichever the bytes are.
 * @throws PacketError as they, and PDF_TIMEOUT, PDF_MEMORY; PDF_BROKEN where the child died
 */
export async function upgradeInChild(bytes: Uint8Array, options: UpgradeOptions & { software: string }, limits: ChildLimits = LIMITS): Promise<UpgradedFile> {
  const { result, output } = await runInChild<UpgradeParameters, UpgradeAnswer>(new URL('child.ts', import.meta.url), parametersOf(options), bytes, limits, FAILURES, answering(options));
  // times are text on the way
  const steps = result.steps.map((step) => ('time' in step ? { ...step, time: new Date(step.time) } : step));
  return { ...result, steps, bytes: result.changed ? new Uint8Array(output) : null };
}

function parametersOf({ to, trust, tsa, tokens = [], given = {}, online = null, software }: UpgradeOptions & { software: string }): UpgradeParameters {
  const { certificates = [], crls = [], ocsps = [] } = given;
  return {
    work: 'upgrade', to, tsa, software, online: online !== null, trust: trust.map(toBase64), tokens: tokens.map(toBase64),
    given: { certificates: certificates.map(toBase64), crls: crls.map(toBase64), ocsps: ocsps.map(toBase64) },
  };
}

/**
 * The authority is the one that was named, whatever the child asks, and it gets hashes alone; addresses are gone to by the rules of
 * `asked-download.ts`: a parser that was taken over may ask anything.
 */
export function answering({ tsa, tsaDeadlineMs, online = null, signal }: Pick<UpgradeOptions, 'tsa' | 'tsaDeadlineMs' | 'online' | 'signal'>): Answering {
  let asked = 0;
  return async (question) => {
    asked += 1;
    if (asked > MOST_QUESTIONS) throw new PacketError('UPGRADE_REFUSED', `This file wants more than ${MOST_QUESTIONS} questions to be asked of others. It may be made to.`);
    if (isStampQuestion(question) && tsa !== null) {
      return toBase64((await fetchTimeStamp(tsa, fromBase64(question.sha256), { deadlineMs: tsaDeadlineMs, signal })).token);
    }
    if (isDownload(question) && online !== null) return downloadFor(question, { ...online, signal });
    throw notAllowed();
  };
}

export function notAllowed(): PacketError {
  return new PacketError('UPGRADE_REFUSED', 'What reads this file asked for something that was not allowed.');
}

function isStampQuestion(question: unknown): question is Question & { ask: 'time-stamp' } {
  const wanted = question as Partial<Question & { ask: 'time-stamp' }> | null;
  return wanted?.ask === 'time-stamp' && typeof wanted.sha256 === 'string' && fromBase64(wanted.sha256).length === 32;
}
