/**
 * Opens evidence: packet → signed PDF → sealed record → record, with the examiner's private key, and checks on
 * the way whether the parts belong together. Runs in browsers.
 *
 * Before it: whoever kept the packet, for years. After it: `replay.ts`, and the standard forms of `biometrics/forms/`.
 * Does not say whose certificates they are, nor whether they were revoked: `packet/verify` does, with a root to trust.
 */
import { sha256Hex, verifySignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import { openSealedRecord, type OpenedRecord } from '#biometrics/open.ts';
import { digests, readPacket, type Packet } from '#packet/container.ts';
import { PacketError } from '#packet/errors.ts';
import { looksLikePdf, readSignedPdf, signedBytes, type PdfSealedRecord, type SignedPdf } from '#packet/read-signed-pdf.ts';
import { looksLikeZip } from '#packet/zip.ts';
import { ExaminerError } from './errors.ts';
import { readPrivateKey } from './private-key.ts';

/** One thing that was checked. `held` is null where the file given has nothing to check it on. */
export interface Check {
  id: 'seal' | 'device-signature' | 'document' | 'pdf-signature' | 'packet-signature';
  held: boolean | null;
  /** A sentence for a reader who is no engineer. */
  says: string;
}

export interface OpenedPacket {
  kind: 'packet' | 'signed-pdf' | 'sealed-record';
  /** The field it was signed in, and every field of the file that has a sealed record. */
  field: string;
  fields: string[];
  /** DER, as it lay in the PDF. */
  sealedRecord: Uint8Array;
  record: OpenedRecord;
  checks: Check[];
}

interface Evidence { kind: OpenedPacket['kind']; packet: Packet | null; pdf: Uint8Array | null; signed: SignedPdf | null }

/**
 * @param bytes a packet (ASiC-E), a signed PDF, or a bare sealed record (DER)
 * @param key the examiner's private key, PKCS#8 as PEM or DER
 * @param options.field which signature, where the file has several
 * @throws ExaminerError; what is readable but wrong is a check that did not hold, because an examiner may have to see it
 */
export async function openPacket(bytes: Uint8Array, key: Uint8Array, options: { field?: string } = {}): Promise<OpenedPacket> {
  const privateKey = await readPrivateKey(key);
  const evidence = unpack(bytes);
  const { name, bytes: sealedRecord } = evidence.signed === null ? { name: null, bytes } : choose(evidence.signed, options.field);
  const record = await open(sealedRecord, privateKey);
  return {
    kind: evidence.kind,
    field: name ?? record.context.field.name,
    fields: evidence.signed?.sealedRecords.map((sealed) => sealed.name) ?? [record.context.field.name],
    sealedRecord,
    record,
    checks: [
      { id: 'seal', held: true, says: 'The seal opened with this key, and not a bit inside it was changed.' },
      { id: 'device-signature', held: record.signatureValid, says: 'The signing device signed exactly this record.' },
      { id: 'document', held: await sameDocument(evidence, record), says: 'The document in this file is the one the record names.' },
      { id: 'pdf-signature', held: await pdfIntact(evidence, sealedRecord), says: 'The signed PDF was not changed since the station sealed it.' },
      { id: 'packet-signature', held: await packetIntact(evidence), says: 'The packet around it was not changed either.' },
    ],
  };
}

/** The fields whose signatures a file holds, without a key; none for a bare sealed record. @throws ExaminerError `NOT_EVIDENCE` */
export function fieldsOf(bytes: Uint8Array): string[] {
  return unpack(bytes).signed?.sealedRecords.map(({ name }) => name) ?? [];
}

function unpack(bytes: Uint8Array): Evidence {
  try {
    if (looksLikeZip(bytes)) {
      const packet = readPacket(bytes);
      return { kind: 'packet', packet, pdf: packet.signedPdf, signed: readSignedPdf(packet.signedPdf) };
    }
    if (looksLikePdf(bytes)) return { kind: 'signed-pdf', packet: null, pdf: bytes, signed: readSignedPdf(bytes) };
  } catch (error) {
    if (error instanceof PacketError) throw new ExaminerError('NOT_EVIDENCE', error.message, { cause: error });
    throw error;
  }
  if (bytes[0] === 0x30) return { kind: 'sealed-record', packet: null, pdf: null, signed: null };
  throw new ExaminerError('NOT_EVIDENCE', 'neither a packet (.asice) nor a signed PDF nor a sealed record (.der); an envelope (.esdk) from the store is opened with "countersign sync open" first');
}

function choose({ sealedRecords }: SignedPdf, field: string | undefined): PdfSealedRecord {
  const names = sealedRecords.map((sealed) => sealed.name);
  const found = sealedRecords.filter((sealed) => field === undefined || sealed.name === field);
  const [first, second] = found;
  if (first === undefined) {
    throw new ExaminerError('NO_SEALED_RECORD', field === undefined ? 'this PDF has no sealed record: it was not signed with Countersign' : `no sealed record for the field "${field}"; there is one for ${names.join(', ') || 'none'}`);
  }
  if (second !== undefined) throw new ExaminerError('WHICH_FIELD', `several people signed this document; say which signature to open: ${names.join(', ')}`);
  return first;
}

async function open(sealedRecord: Uint8Array, privateKey: Uint8Array): Promise<OpenedRecord> {
  try {
    return await openSealedRecord(sealedRecord, { privateKey });
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new ExaminerError(error.code === 'CMS_NOT_A_RECIPIENT' ? 'NOT_A_RECIPIENT' : 'RECORD_BROKEN', error.message, { cause: error });
  }
}

/** The record names D by hash and length: the first bytes of the signed PDF. */
async function sameDocument({ pdf }: Evidence, { context }: OpenedRecord): Promise<boolean | null> {
  if (pdf === null) return null;
  const { sha256, length } = context.document;
  return pdf.length >= length && await sha256Hex(pdf.subarray(0, length)) === sha256;
}

/** The signature whose revision carries this sealed record, over the bytes it says it covers. */
async function pdfIntact({ pdf, signed }: Evidence, sealedRecord: Uint8Array): Promise<boolean | null> {
  if (pdf === null || signed === null) return null;
  const hash = await sha256Hex(sealedRecord);
  const signature = signed.signatures.find(({ countersign }) => countersign?.sealedRecordSha256 === hash);
  if (signature === undefined || signature.byteRange === null || signature.problems.length > 0) return false;
  return holds(signature.cms, signedBytes(pdf, signature.byteRange));
}

async function packetIntact({ packet }: Evidence): Promise<boolean | null> {
  if (packet === null) return null;
  const found = new Map((await digests(packet.files)).map(({ name, sha256 }) => [name, sha256]));
  return packet.manifest.entries.every(({ name, sha256 }) => found.get(name) === sha256) && holds(packet.signature, packet.manifest.bytes);
}

async function holds(cms: Uint8Array, content: Uint8Array): Promise<boolean> {
  try {
    return (await verifySignedData(cms, content)).valid;
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
}
