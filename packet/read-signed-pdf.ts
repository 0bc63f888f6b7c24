/**
 * What a signed PDF says about its signatures, read from foreign bytes with our own small reader: signature
 * dictionaries (ISO 32000-2 clause 12.8.1), their fields, our `/CSGN_…` entries and the sealed records.
 *
 * Nothing here is verified: hashes and times are what the file claims. But everything on which verification depends
 * is looked at as bytes: `/ByteRange` must leave out exactly the brackets and digits of `/Contents`, and what does
 * not fit stands in `problems`.
 *
 * Before: `packet/sign-document.ts` wrote the file, or a stranger did. After: `verify/`, and the examiner.
 */
import { decodeStream, readObjects, type PdfObject } from './pdf-objects.ts';
import { asCount, asDictionary, asName, asRef, asString, pdfText, type PdfDictionary, type PdfString, type PdfValue } from './pdf-syntax.ts';
import { toHex } from './sha256.ts';

export interface SignedPdf {
  /** Bytes of the whole file. */
  length: number;
  /** Offset behind each `%%EOF`, in order: where each revision ends. */
  revisions: number[];
  /** In the order of the bytes they cover. */
  signatures: PdfSignature[];
  /** One for each signature of ours, in the same order. */
  sealedRecords: PdfSealedRecord[];
}

export interface PdfSignature {
  /** Full name of its field; null for a field without a name. */
  field: string | null;
  /** `ETSI.CAdES.detached`, `adbe.pkcs7.detached`, `ETSI.RFC3161`, … */
  subFilter: string | null;
  /** [0, start of `<`, behind `>`, rest], or null where it is not that. */
  byteRange: [number, number, number, number] | null;
  /** The CMS without the zeros that fill the room kept for it. */
  cms: Uint8Array;
  /** Offset behind the last byte covered; 0 without a usable `/ByteRange`. */
  end: number;
  /** True if nothing follows the bytes covered. */
  wholeFile: boolean;
  /** `/M`, RFC 3339: a claim. */
  claimedTime: string | null;
  /** Offset of its dictionary. */
  place: number;
  /** What may still be changed after it (clauses 12.8.2.2 and 12.8.2.4). */
  permits: Permits;
  /** Our entries, or null in a signature that is not ours. */
  countersign: CountersignEntries | null;
  problems: PdfProblem[];
}

export interface Permits {
  /** P of DocMDP, or of the lock of its field: 1 nothing, 2 filling in and signing, 3 annotations too; null where neither says. What cannot be read is 1. */
  certified: 1 | 2 | 3 | null;
  /** True for a field that FieldMDP locks. */
  locks(field: string): boolean;
}

/** In clear in the signature dictionary; null where missing or of the wrong form. */
export interface CountersignEntries {
  documentSha256: string | null;
  documentLength: number | null;
  requestId: string | null;
  sealedRecordSha256: string | null;
}

export interface PdfSealedRecord {
  /** The name of the field signed. */
  name: string;
  /** DER; empty where the stream is missing or cannot be unpacked. */
  bytes: Uint8Array;
  /** As the dictionary claims them. */
  sha256: string | null;
  documentSha256: string | null;
  documentLength: number | null;
}

export interface PdfProblem {
  code: 'BYTE_RANGE_MALFORMED' | 'BYTE_RANGE_GAP' | 'BYTE_RANGE_BEYOND_FILE' | 'KEY_REPEATED' | 'CONTENTS_MALFORMED' | 'CONTENTS_NOT_CANONICAL';
  message: string;
}

/** A sealed record is a few hundred kilobytes at most; this is a bound for foreign files. */
const SEALED_RECORD_LIMIT = 16 * 1024 * 1024;
/** A hierarchy of field names deeper than this is not followed. */
const FIELD_DEPTH = 16;
/** Revisions beyond this are not listed. */
const REVISIONS = 10_000;

/**
 * @param bytes anything. A file without readable signatures gives an empty list.
 * @throws PacketError SIGNATURE_UNREADABLE only for files built to keep a reader busy.
 */
export function readSignedPdf(bytes: Uint8Array): SignedPdf {
  return readSignedObjects(bytes, readObjects(bytes));
}

/** As `readSignedPdf`, where the objects were read before. */
export function readSignedObjects(bytes: Uint8Array, objects: readonly PdfObject[]): SignedPdf {
  const latest = new Map(objects.map(({ number, value }) => [number, value]));
  const found = signatureDictionaries(objects, latest)
    .map(({ field, dictionary }) => ({ dictionary, signature: readSignature(bytes, field, dictionary, latest) }))
    .sort((a, b) => a.signature.end - b.signature.end);
  return {
    length: bytes.length,
    revisions: revisionEnds(bytes),
    signatures: found.map(({ signature }) => signature),
    sealedRecords: found.flatMap(({ dictionary, signature }) => readSealedRecord(objects, dictionary, signature)),
  };
}

/** True if the bytes hold `%PDF-` where readers look for it, in the first 1,024 bytes. */
export function looksLikePdf(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-');
}

/** The bytes a signature covers, in one piece. */
export function signedBytes(bytes: Uint8Array, [start, length, second, rest]: readonly [number, number, number, number]): Uint8Array {
  const whole = new Uint8Array(length + rest);
  whole.set(bytes.subarray(start, start + length));
  whole.set(bytes.subarray(second, second + rest), length);
  return whole;
}

/**
 * Every dictionary that any revision's signature field points to: one that a later revision put aside must still
 * verify, or the file was changed under a signature.
 */
function signatureDictionaries(objects: readonly PdfObject[], latest: ReadonlyMap<number, PdfValue>): { field: PdfDictionary; dictionary: PdfDictionary }[] {
  const byNumber = new Map<number, PdfDictionary>();
  const found = new Map<PdfDictionary, PdfDictionary>();
  for (const { value } of objects) {
    const field = asDictionary(value);
    const signature = field?.entries.get('V');
    if (field === null || signature === undefined || inherited(field, 'FT', latest) !== 'Sig') continue;
    const ref = asRef(signature);
    const direct = asDictionary(signature);
    if (ref !== null) byNumber.set(ref.number, field);
    if (direct !== null) found.set(direct, field);
  }
  for (const { number, value } of objects) {
    const dictionary = asDictionary(value);
    const field = byNumber.get(number);
    if (dictionary !== null && field !== undefined) found.set(dictionary, field);
  }
  return Array.from(found, ([dictionary, field]) => ({ field, dictionary }));
}

function parents(field: PdfDictionary, latest: ReadonlyMap<number, PdfValue>): PdfDictionary[] {
  const line: PdfDictionary[] = [];
  for (let at: PdfDictionary | null = field; at !== null && line.length < FIELD_DEPTH;) {
    line.push(at);
    const ref = asRef(at.entries.get('Parent'));
    at = ref === null ? null : asDictionary(latest.get(ref.number));
  }
  return line;
}

function inherited(field: PdfDictionary, key: string, latest: ReadonlyMap<number, PdfValue>): string | null {
  return asName(parents(field, latest).find(({ entries }) => entries.has(key))?.entries.get(key));
}

function fieldName(field: PdfDictionary, latest: ReadonlyMap<number, PdfValue>): string | null {
  const parts = parents(field, latest).map(({ entries }) => asString(resolved(entries.get('T'), latest))).filter((part) => part !== null);
  return parts.length === 0 ? null : parts.map(pdfText).reverse().join('.');
}

function resolved(value: PdfValue | undefined, latest: ReadonlyMap<number, PdfValue>): PdfValue | undefined {
  return latest.get(asRef(value)?.number ?? -1) ?? value;
}

function readSignature(bytes: Uint8Array, field: PdfDictionary, dictionary: PdfDictionary, latest: ReadonlyMap<number, PdfValue>): PdfSignature {
  const { entries } = dictionary;
  const problems: PdfProblem[] = [];
  const contents = asString(entries.get('Contents'));
  const byteRange = readByteRange(entries.get('ByteRange'));
  for (const key of dictionary.duplicates) problems.push({ code: 'KEY_REPEATED', message: `The signature dictionary gives /${key} more than once, so readers may disagree about it.` });
  if (byteRange === null) problems.push({ code: 'BYTE_RANGE_MALFORMED', message: 'The signature\'s /ByteRange is not two stretches of the file, the first from its beginning.' });
  else problems.push(...rangeProblems(bytes, byteRange, contents));
  const { cms, problem } = readContents(bytes, contents);
  if (problem !== null) problems.push(problem);
  const end = byteRange === null ? 0 : byteRange[2] + byteRange[3];
  const modified = asString(entries.get('M'));
  return {
    field: fieldName(field, latest),
    subFilter: asName(entries.get('SubFilter')),
    byteRange,
    cms,
    end,
    wholeFile: end === bytes.length,
    claimedTime: modified === null ? null : pdfDate(pdfText(modified)),
    place: dictionary.start,
    permits: underLock(readPermits(entries.get('Reference'), latest), resolved(field.entries.get('Lock'), latest)),
    countersign: readCountersignEntries(entries),
    problems,
  };
}

/** Signature references (table 256). One that cannot be read counts as the strictest: to accept a change is the dangerous side. */
function readPermits(value: PdfValue | undefined, latest: ReadonlyMap<number, PdfValue>): Permits {
  const resolve = (at: PdfValue | undefined): PdfValue | undefined => resolved(at, latest);
  const list = resolve(value) ?? null;
  if (list === null) return { certified: null, locks: () => false };
  if (typeof list !== 'object' || list.kind !== 'array') return STRICTEST;
  const permits: Permits[] = list.items.map((item) => {
    const reference = asDictionary(resolve(item));
    const parameters = asDictionary(resolve(reference?.entries.get('TransformParams')));
    const method = asName(reference?.entries.get('TransformMethod'));
    if (method === 'DocMDP' && parameters !== null) return { certified: certification(parameters.entries.get('P')), locks: () => false };
    if (method === 'FieldMDP' && parameters !== null) return { certified: null, locks: readLocks(parameters, resolve) };
    return STRICTEST;
  });
  const certified = permits.map((each) => each.certified).filter((level) => level !== null);
  return { certified: certified.length === 0 ? null : Math.min(...certified) as 1 | 2 | 3, locks: (field) => permits.some((each) => each.locks(field)) };
}

/** Table 235: the lock of the field that was signed may grant less than was granted before. */
function underLock(permits: Permits, lock: PdfValue | undefined): Permits {
  const level = asDictionary(lock)?.entries.get('P') ?? null;
  return level === null ? permits : { ...permits, certified: Math.min(permits.certified ?? 3, certification(level)) as 1 | 2 | 3 };
}

const STRICTEST: Permits = { certified: 1, locks: () => true };

/** Table 257: 2 where nothing is said. */
function certification(value: PdfValue | undefined): 1 | 2 | 3 {
  return value === undefined || value === 2 ? 2 : value === 3 ? 3 : 1;
}

/** Table 259. A name locks what lies below it too; where one cannot be read, all is locked. */
function readLocks({ entries }: PdfDictionary, resolve: (value: PdfValue | undefined) => PdfValue | undefined): Permits['locks'] {
  const action = asName(entries.get('Action'));
  const fields = resolve(entries.get('Fields'));
  if (typeof fields !== 'object' || fields?.kind !== 'array') return () => true;
  const names = fields.items.map((item) => asString(resolve(item))).filter((name) => name !== null).map(pdfText);
  if (names.length < fields.items.length) return () => true;
  const listed = (field: string): boolean => names.some((name) => name === field || field.startsWith(`${name}.`));
  if (action === 'Include') return listed;
  return action === 'Exclude' ? (field) => !listed(field) : () => true;
}

/** Exactly four whole numbers, in order and without overlap; anything else lets two readers hash different bytes. */
function readByteRange(value: PdfValue | undefined): PdfSignature['byteRange'] {
  if (typeof value !== 'object' || value?.kind !== 'array' || value.items.length !== 4) return null;
  const [start, length, second, rest] = value.items.map(asCount);
  if (start !== 0 || length == null || second == null || rest == null || second < length) return null;
  return [start, length, second, rest];
}

function rangeProblems(bytes: Uint8Array, [, length, second, rest]: [number, number, number, number], contents: PdfString | null): PdfProblem[] {
  const problems: PdfProblem[] = [];
  if (second + rest > bytes.length) problems.push({ code: 'BYTE_RANGE_BEYOND_FILE', message: 'The signature covers more bytes than the file has: the end of the file is missing.' });
  if (contents === null || contents.start !== length || contents.end !== second) {
    problems.push({ code: 'BYTE_RANGE_GAP', message: 'The stretch that the signature leaves out is not its own /Contents: something else could be hidden there.' });
  }
  return problems;
}

/** DER, then zeros; hex digits without spaces and all of one case, so that no bit in the gap is free. */
function readContents(bytes: Uint8Array, contents: PdfString | null): { cms: Uint8Array; problem: PdfProblem | null } {
  const length = contents === null ? null : derLength(contents.bytes);
  if (contents === null || length === null || length > contents.bytes.length) {
    return { cms: new Uint8Array(), problem: { code: 'CONTENTS_MALFORMED', message: 'The signature\'s /Contents holds no CMS.' } };
  }
  const cms = contents.bytes.subarray(0, length);
  const digits = new TextDecoder('latin1').decode(bytes.subarray(contents.start + 1, contents.end - 1));
  const canonical = contents.hex && /^([0-9a-f]*|[0-9A-F]*)$/.test(digits) && digits.length % 2 === 0;
  const filled = contents.bytes.subarray(length).every((byte) => byte === 0);
  return { cms, problem: canonical && filled ? null : { code: 'CONTENTS_NOT_CANONICAL', message: 'The room kept for the signature holds something beside it.' } };
}

/** Length of the DER element at the start of the bytes, its header included; null if they hold no SEQUENCE in definite form. */
function derLength(bytes: Uint8Array): number | null {
  const first = bytes[1];
  if (bytes[0] !== 0x30 || first === undefined) return null;
  if (first < 0x80) return 2 + first;
  const count = first - 0x80;
  if (count < 1 || count > 4 || bytes.length < 2 + count) return null;
  return bytes.subarray(2, 2 + count).reduce((length, byte) => length * 256 + byte, 0) + 2 + count;
}

function readCountersignEntries(entries: PdfDictionary['entries']): CountersignEntries | null {
  if (![...entries.keys()].some((key) => key.startsWith('CSGN_'))) return null;
  const requestId = asString(entries.get('CSGN_RequestId'));
  return {
    documentSha256: digest(entries.get('CSGN_DocumentSHA256')),
    documentLength: asCount(entries.get('CSGN_DocumentLength')),
    requestId: requestId === null ? null : pdfText(requestId),
    sealedRecordSha256: digest(entries.get('CSGN_SealedRecordSHA256')),
  };
}

/** A SHA-256 as 32 bytes or as 64 hex digits. */
function digest(value: PdfValue | undefined): string | null {
  const string = asString(value);
  if (string === null) return null;
  const hex = string.bytes.length === 32 ? toHex(string.bytes) : pdfText(string).toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? hex : null;
}

/** The record that this signature's revision held: an object written later under the same number is not it. */
function readSealedRecord(objects: readonly PdfObject[], { entries }: PdfDictionary, { field, end, countersign }: PdfSignature): PdfSealedRecord[] {
  if (countersign === null) return [];
  const ref = asRef(entries.get('CSGN_SealedRecord'));
  const object = objects.findLast(({ number, start, stream }) => number === ref?.number && start < end && stream !== null);
  const dictionary = asDictionary(object?.value);
  const bytes = object?.stream == null || dictionary === null ? null : decodeStream(dictionary, object.stream, SEALED_RECORD_LIMIT);
  return [{
    name: field ?? 'unnamed',
    bytes: bytes ?? new Uint8Array(),
    sha256: countersign.sealedRecordSha256,
    documentSha256: countersign.documentSha256,
    documentLength: countersign.documentLength,
  }];
}

/** `D:20260131120000+02'00'` (clause 7.9.4) as RFC 3339, or null for what is no time of day. */
function pdfDate(text: string): string | null {
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d\d)?'?(\d\d)?'?/.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, zone = 'Z', zoneMinutes = '00'] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone === 'Z' ? 'Z' : `${zone}:${zoneMinutes}`}`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function revisionEnds(bytes: Uint8Array): number[] {
  const ends: number[] = [];
  const marker = [0x25, 0x25, 0x45, 0x4f, 0x46];
  for (let at = bytes.indexOf(0x25); at !== -1 && ends.length < REVISIONS; at = bytes.indexOf(0x25, at + 1)) {
    if (marker.every((byte, index) => bytes[at + index] === byte)) ends.push(at + marker.length);
  }
  return ends;
}
