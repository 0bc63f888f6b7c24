/**
 * Brings a signed PDF to a higher PAdES level (ETSI EN 319 142-1 clauses 5 and 6.3), so that it can be verified when its certificates
 * have expired and nobody answers any more:
 *
 *   B-T    a time-stamp over each signature value, in the room of its /Contents: when it existed is proven
 *   B-LT   a /DSS with the chains of signers and authorities, and what is said of their revocation
 *   B-LTA  a document time-stamp over all of it; asked for again, the next one over the last (renewal)
 *
 * No byte that any /ByteRange covers changes. All or nothing: the caller's bytes are never written to, and what fails leaves them as
 * the last good state; trying again begins from there.
 * Before: a signed PDF, ours or not, where the envelope may be opened. After: `countersign packet upgrade`, `verify/`.
 * Does not say whether the file is genuine (`verify` does), and does not mend one that is not.
 */
import { createHash } from 'node:crypto';
import { PacketError } from '../errors.ts';
import { timeStampDictionary } from '../pades.ts';
import { fetchTimeStamp, provenTime, verifyTimeStamp, verifyTimeStampOver, type TimeStamp } from '../time-stamp/index.ts';
import type { Online } from './download.ts';
import { addUnseen } from './revise.ts';
import { addToSecurityStore, readSecurityStore } from './security-store.ts';
import { inRoom, withTimeStamp } from './signature-time-stamp.ts';
import { findSignatures, type FoundSignature, type FoundSignatures } from './signatures.ts';
import { collectValidationData, type Signatory, type ValidationData } from './validation-data.ts';

export const LEVELS = ['B-T', 'B-LT', 'B-LTA'] as const;
export type Level = typeof LEVELS[number];

export interface UpgradeOptions {
  to: Level;
  /** Roots that signers and time-stamp authorities must lead to, DER; at least one. */
  trust: readonly Uint8Array[];
  /** Address of a time-stamp authority, which is asked for each time-stamp that is missing; null: none is asked. */
  tsa: string | null;
  /** For each question to the authority, milliseconds; 10 seconds where not given. */
  tsaDeadlineMs?: number;
  /** Asks the authority in the place of this process: a token over a SHA-256, DER. */
  tsaInstead?: (sha256: Uint8Array) => Promise<Uint8Array>;
  /** Tokens over signature values that were fetched before (DER), as a station does when its network is back. */
  tokens?: readonly Uint8Array[];
  /** Certificates between, revocation lists, OCSP answers that are at hand, DER. */
  given?: Partial<ValidationData>;
  /** Permission to go to the addresses in certificates, and how; null or not given: nothing is fetched. */
  online?: Online | null;
  signal?: AbortSignal;
}

export type UpgradeStep =
  | { step: 'signature-time-stamp' | 'document-time-stamp'; field: string; time: Date; authority: string }
  /** What the new revision holds more than the file before. */
  | { step: 'validation-data'; certificates: number; crls: number; ocsps: number };

export interface UpgradedDocument {
  /** The same bytes as given where the level was reached already. */
  pdf: Uint8Array;
  steps: UpgradeStep[];
  /** Sentences on what is weaker than it could be. */
  notes: string[];
}

/**
 * @throws PacketError `UPGRADE_REFUSED`, `SIGNATURE_UNREADABLE`, `SIGNATURE_TOO_LARGE`, `INCREMENT_FAILED`; of time-stamps those of
 *   `fetchTimeStamp` (`TIME_STAMP_AWAY`: trying again may help); of validation data those of `collectValidationData`; the reason of `signal`
 */
export async function upgradeDocument(signedPdf: Uint8Array, options: UpgradeOptions): Promise<UpgradedDocument> {
  if (options.trust.length === 0) throw new PacketError('UPGRADE_REFUSED', 'Give at least one root that is trusted: nobody could say later whom to believe.');
  const work = new Work(signedPdf, options);
  await work.toT();
  if (options.to !== 'B-T') await work.toLT();
  if (options.to === 'B-LTA') await work.stampDocument();
  if (Buffer.compare(sparing(signedPdf, work), sparing(work.pdf.subarray(0, signedPdf.length), work)) !== 0) {
    throw new PacketError('INCREMENT_FAILED', 'The upgrade would have changed bytes that a signature covers. Nothing was kept.');
  }
  return { pdf: work.pdf, steps: work.steps, notes: [...work.notes, ...unused(options.tokens?.length ?? 0, work)] };
}

/** Whoever gives one should not believe that it is inside. */
function unused(given: number, { used }: Work): string[] {
  const left = given - used.size;
  return left === 0 ? [] : [`${left} of the time-stamps given (--token) ${left === 1 ? 'was' : 'were'} not put in: over no signature here that lacks one, or by an authority that is not trusted.`];
}

/** The bytes without the rooms that were filled, which no signature covers. */
function sparing(pdf: Uint8Array, { rooms }: Work): Uint8Array {
  const rest = Buffer.from(pdf);
  for (const [start, end] of rooms) rest.fill(0, start, end);
  return rest;
}

class Work {
  pdf: Uint8Array;
  readonly steps: UpgradeStep[] = [];
  readonly notes: string[] = [];
  /** Start and end of each /Contents that was filled anew. */
  readonly rooms: [number, number][] = [];
  /** Tokens given that were put in. */
  readonly used = new Set<Uint8Array>();
  readonly #options: UpgradeOptions;
  readonly #now = new Date();

  constructor(pdf: Uint8Array, options: UpgradeOptions) {
    this.pdf = pdf;
    this.#options = options;
  }

  /** EN 319 142-1 table 1: where a later signature covers the room, or it is too small, a document time-stamp serves as well. */
  async toT(): Promise<void> {
    for (const signature of (await this.#find()).signatures) {
      if (signature.timeStamps.length === 0 && signature.open) await this.#stampSignature(signature);
    }
    if ((await this.#find()).signatures.some(({ time }) => time === null)) await this.stampDocument();
  }

  async toLT(): Promise<void> {
    const found = await this.#find();
    const held = await readSecurityStore(this.pdf);
    const { given = {}, trust, online = null, signal } = this.#options;
    const collected = await collectValidationData(signatories(found), {
      trust, now: this.#now, online: online === null ? null : { ...online, signal },
      given: {
        certificates: [...given.certificates ?? [], ...found.certificates, ...held.certificates],
        crls: [...given.crls ?? [], ...found.crls, ...held.crls],
        ocsps: [...given.ocsps ?? [], ...held.ocsps],
      },
    });
    this.notes.push(...collected.notes);
    const before = this.pdf;
    this.pdf = await addToSecurityStore(this.pdf, collected);
    if (this.pdf === before) return;
    const now = await readSecurityStore(this.pdf);
    const more = (kind: keyof ValidationData): number => now[kind].length - held[kind].length;
    this.steps.push({ step: 'validation-data', certificates: more('certificates'), crls: more('crls'), ocsps: more('ocsps') });
  }

  /**
   * A token over the whole file so far proves that everything before it existed then, the validation data too: what a store is renewed
   * with before algorithms or the certificate of the last authority age.
   */
  async stampDocument(): Promise<void> {
    const stamps: TimeStamp[] = [];
    const { bytes, field } = await addUnseen(this.pdf, 'time-stamp', ({ context }) => timeStampDictionary(context), async (sha256) => {
      const { token, timeStamp } = await timeStampOver(sha256, this.#options, this.#now);
      stamps.push(timeStamp);
      return token;
    });
    this.pdf = bytes;
    for (const { time, authority } of stamps) this.steps.push({ step: 'document-time-stamp', field, time, authority });
  }

  async #stampSignature({ where, value }: FoundSignature): Promise<void> {
    const { token, timeStamp } = await this.#given(value) ?? await timeStampOver(new Uint8Array(createHash('sha256').update(value).digest()), this.#options, this.#now);
    const filled = inRoom(this.pdf, where, withTimeStamp(where.cms, token));
    if (filled === null || where.byteRange === null) return;
    this.pdf = filled;
    if (this.#options.tokens?.includes(token) === true) this.used.add(token);
    this.rooms.push([where.byteRange[1], where.byteRange[2]]);
    this.steps.push({ step: 'signature-time-stamp', field: where.field ?? 'unnamed', time: timeStamp.time, authority: timeStamp.authority });
  }

  /** A token that was fetched before. */
  async #given(value: Uint8Array): Promise<{ token: Uint8Array; timeStamp: TimeStamp } | null> {
    for (const token of this.#options.tokens ?? []) {
      const timeStamp = await verifyTimeStampOver(token, value, this.#options.trust, this.#now, this.#others());
      if (provenTime(timeStamp) !== null) return { token, timeStamp };
    }
    return null;
  }

  #others(): readonly Uint8Array[] {
    return this.#options.given?.certificates ?? [];
  }

  #find(): Promise<FoundSignatures> {
    return findSignatures(this.pdf, this.#options.trust, this.#others(), this.#now);
  }
}

/** Asks the authority of the options. @throws PacketError `UPGRADE_REFUSED` where none is named; those of `fetchTimeStamp`; `TIME_STAMP_INVALID` for one that is not trusted */
export async function timeStampOver(sha256: Uint8Array, { tsa, tsaDeadlineMs, tsaInstead, trust, signal, given, tokens = [] }: UpgradeOptions, now = new Date()): Promise<{ token: Uint8Array; timeStamp: TimeStamp }> {
  if (tsa === null) {
    const also = tokens.length === 0 ? '' : ' Those given (--token) do not serve for it: they are over something else, or by an authority that is not trusted.';
    throw new PacketError('UPGRADE_REFUSED', `A time-stamp is needed, and no time-stamp authority was named (--tsa).${also}`);
  }
  const token = tsaInstead === undefined ? (await fetchTimeStamp(tsa, sha256, { deadlineMs: tsaDeadlineMs, signal })).token : await tsaInstead(sha256);
  const timeStamp = await verifyTimeStamp(token, sha256, trust, now, given?.certificates ?? []);
  if (provenTime(timeStamp) === null) throw new PacketError('TIME_STAMP_INVALID', timeStamp.problems[0]?.message ?? 'The time-stamp authority is not one that is trusted.');
  return { token, timeStamp };
}

/** Everybody whose certificate a verifier will have to believe, with the time that is proven for what it signed. */
function signatories({ signatures, documentTimeStamps }: FoundSignatures): Signatory[] {
  const stamps = [...signatures.flatMap(({ timeStamps }) => timeStamps), ...documentTimeStamps];
  return [
    ...signatures.flatMap(({ certificate, time }) => time === null ? [] : [{ certificate, time }]),
    ...stamps.map(({ certificate, time }) => ({ certificate, time })),
  ];
}
