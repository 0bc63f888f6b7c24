/**
 * The signatures and document time-stamps of a PDF as an upgrade finds them, each checked against its bytes: nothing is built upon one
 * that does not hold. Whether anything was slipped in between is `verify`'s to say; an upgrade covers a file, it does not vouch for it.
 * Before: `read-signed-pdf.ts`. After: `upgrade-document.ts`.
 */
import { RecordError } from '#biometrics/errors.ts';
import { verifySignedData } from '#biometrics/cms.ts';
import { PacketError } from '../errors.ts';
import { readSignedPdf, signedBytes, type PdfSignature } from '../read-signed-pdf.ts';
import { provenTime, signatureTimeStamps, verifyTimeStampOver, type TimeStamp } from '../time-stamp/index.ts';
import { isOpen } from './signature-time-stamp.ts';

export interface FoundSignature {
  where: PdfSignature;
  /** Signature value: what its time-stamps are over. */
  value: Uint8Array;
  certificate: Uint8Array;
  /** Nothing later covers its room. */
  open: boolean;
  /** That hold, by an authority that is trusted. */
  timeStamps: TimeStamp[];
  /** Time of the earliest of those, or of the first document time-stamp over it; null where nothing proves one. */
  time: Date | null;
}

export interface FoundSignatures {
  signatures: FoundSignature[];
  /** In the order of the bytes they cover; all of them hold and are trusted. */
  documentTimeStamps: TimeStamp[];
  /** All certificates and revocation lists carried by any of them, DER. */
  certificates: Uint8Array[];
  crls: Uint8Array[];
}

const DETACHED = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'];
const DOCUMENT_TIME_STAMP = 'ETSI.RFC3161';

/**
 * @param trust roots; `others`: certificates that may lie between, DER
 * @throws PacketError `UPGRADE_REFUSED`, `SIGNATURE_UNREADABLE`, `TIME_STAMP_UNREADABLE`, `TIME_STAMP_ALGORITHM`
 */
export async function findSignatures(pdf: Uint8Array, trust: readonly Uint8Array[], others: readonly Uint8Array[], now: Date): Promise<FoundSignatures> {
  const all = readSignedPdf(pdf).signatures;
  const found: FoundSignatures = { signatures: [], documentTimeStamps: [], certificates: [], crls: [] };
  const stamps: { end: number; timeStamp: TimeStamp }[] = [];
  // From the last to the first: a later time-stamp proves that an earlier one existed then.
  for (const where of all.filter(({ subFilter }) => subFilter === DOCUMENT_TIME_STAMP).toReversed()) {
    const timeStamp = await verifyTimeStampOver(where.cms, covered(pdf, where), trust, stamps[0]?.timeStamp.time ?? now, others);
    if (provenTime(timeStamp) === null) throw refused(where, timeStamp.problems[0]?.message ?? 'Its authority is not one you trust.');
    stamps.unshift({ end: where.end, timeStamp });
    found.certificates.push(...timeStamp.certificates);
  }
  found.documentTimeStamps = stamps.map(({ timeStamp }) => timeStamp);
  for (const where of all.filter(({ subFilter }) => subFilter !== DOCUMENT_TIME_STAMP)) {
    const over = stamps.filter(({ end }) => end > where.end).map(({ timeStamp }) => timeStamp.time);
    const { signature, certificates, crls } = await readOne(pdf, where, { trust, others, at: over[0] ?? now });
    found.signatures.push({ ...signature, open: isOpen(where, all), time: earliest([...signature.timeStamps.map(({ time }) => time), ...over]) });
    found.certificates.push(...certificates);
    found.crls.push(...crls);
  }
  if (found.signatures.length === 0) throw new PacketError('UPGRADE_REFUSED', 'This PDF holds no signature that can be read: there is nothing to upgrade.');
  return found;
}

interface Trust { trust: readonly Uint8Array[]; others: readonly Uint8Array[]; at: Date }

async function readOne(pdf: Uint8Array, where: PdfSignature, { trust, others, at }: Trust): Promise<{ signature: Omit<FoundSignature, 'time' | 'open'>; certificates: Uint8Array[]; crls: Uint8Array[] }> {
  if (!DETACHED.includes(where.subFilter ?? '')) throw refused(where, `It is of the kind ${where.subFilter ?? 'unnamed'}, which is not upgraded here.`);
  const content = covered(pdf, where);
  const signed = await readable(where, () => verifySignedData(where.cms, content));
  if (!signed.valid) throw refused(where, `It does not hold: ${signed.problems.join('; ')}.`);
  const timeStamps: TimeStamp[] = [];
  const certificates = [...signed.certificates];
  for (const token of await signatureTimeStamps(signed.unsignedAttributes)) {
    const timeStamp = await verifyTimeStampOver(token, signed.signature, trust, at, [...others, ...signed.certificates]);
    if (provenTime(timeStamp) === null) continue;
    timeStamps.push(timeStamp);
    certificates.push(...timeStamp.certificates);
  }
  return { signature: { where, value: signed.signature, certificate: signed.certificate, timeStamps }, certificates, crls: signed.crls };
}

/** What it covers. @throws PacketError `UPGRADE_REFUSED` where that is not the file but for its own room */
function covered(pdf: Uint8Array, where: PdfSignature): Uint8Array {
  const [problem] = where.problems;
  if (where.byteRange === null || problem !== undefined) throw refused(where, problem?.message ?? 'What it covers cannot be read.');
  return signedBytes(pdf, where.byteRange);
}

async function readable<T>({ field }: PdfSignature, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new PacketError('SIGNATURE_UNREADABLE', `Signature "${field ?? 'unnamed'}" cannot be read: ${cause.message}.`, { cause });
  }
}

function refused({ field, subFilter }: PdfSignature, why: string): PacketError {
  return new PacketError('UPGRADE_REFUSED', `${subFilter === DOCUMENT_TIME_STAMP ? 'Document time-stamp' : 'Signature'} "${field ?? 'unnamed'}" is not built upon. ${why} "countersign verify" says more.`);
}

function earliest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}
