/**
 * Appends one incremental update to a document (ISO 32000-2, 7.5.6): the given objects, then a
 * cross-reference section of the document's own form (a table after a table, a stream after a stream).
 * The document's bytes are copied, never rewritten: earlier signatures stay valid and D stays a prefix.
 * Before: `stamp.ts` and `pades.ts` make the objects. After: `pades.ts` signs the result.
 */
import { PDFArray, type PDFContext, PDFDict, PDFHexString, PDFName, PDFNumber, type PDFObject, PDFRawStream, PDFRef } from './pdf-lib.ts';
import type { CrossReference } from './cross-reference.ts';
import { PacketError } from './errors.ts';

export interface Increment {
  /** The document, then the update. */
  bytes: Uint8Array;
  /** Where each appended object's own bytes (between `obj` and `endobj`) lie in `bytes`. */
  spans: Map<PDFRef, { start: number; end: number }>;
}

interface Written { ref: PDFRef; offset: number }

/** Keys of a trailer or cross-reference stream that belong to one section only. */
const sectionKeys = ['Prev', 'XRefStm', 'Size', 'Type', 'W', 'Index', 'Filter', 'DecodeParms', 'Length'].map((key) => PDFName.of(key));

/**
 * @param objects references with what they shall hold from now on, new or replaced.
 * @param id 16 bytes, the second half of the new file identifier (14.4).
 * @throws PacketError INCREMENT_FAILED for an encrypted document, whose strings would need encrypting too.
 */
export function appendIncrement(
  document: Uint8Array, crossReference: CrossReference, objects: readonly (readonly [PDFRef, PDFObject])[], id: Uint8Array, context: PDFContext,
): Increment {
  const { trailer, form } = crossReference;
  if (trailer.has(PDFName.of('Encrypt'))) {
    throw new PacketError('INCREMENT_FAILED', 'An encrypted document cannot be signed; intake decrypts it first.');
  }
  const chunks: Uint8Array[] = [document];
  let length = document.length;
  const put = (chunk: Uint8Array): void => { chunks.push(chunk); length += chunk.length; };
  const putText = (text: string): void => put(Buffer.from(text, 'latin1'));

  if (document.at(-1) !== 0x0a) putText('\n');
  const spans: Increment['spans'] = new Map();
  const written: Written[] = [];
  const putObject = (ref: PDFRef, body: Uint8Array): void => {
    written.push({ ref, offset: length });
    putText(`${ref.objectNumber} ${ref.generationNumber} obj\n`);
    spans.set(ref, { start: length, end: length + body.length });
    put(body);
    putText('\nendobj\n');
  };
  const sorted = [...objects].sort(([a], [b]) => a.objectNumber - b.objectNumber);
  for (const [ref, object] of sorted) putObject(ref, serialise(object));

  const highest = Math.max(crossReference.highest, written.at(-1)?.ref.objectNumber ?? 0);
  const dict = nextTrailer(trailer, crossReference.start, id, context);
  const start = length;
  if (form === 'table') {
    dict.set(PDFName.of('Size'), PDFNumber.of(highest + 1));
    putText(`xref\n${table(written)}trailer\n`);
    put(serialise(dict));
  } else {
    const own = PDFRef.of(highest + 1);
    dict.set(PDFName.of('Size'), PDFNumber.of(highest + 2));
    putObject(own, serialise(stream(dict, [...written, { ref: own, offset: start }], context)));
  }
  putText(`\nstartxref\n${start}\n%%EOF\n`);
  return { bytes: Buffer.concat(chunks, length), spans };
}

function serialise(object: PDFObject): Uint8Array {
  const bytes = new Uint8Array(object.sizeInBytes());
  object.copyBytesInto(bytes, 0);
  return bytes;
}

/** 7.5.6: the new trailer has all entries of the one before, changed or not, but for those of the section. */
function nextTrailer(trailer: PDFDict, previous: number, id: Uint8Array, context: PDFContext): PDFDict {
  const next = PDFDict.withContext(context);
  for (const [key, value] of trailer.entries()) if (!sectionKeys.includes(key)) next.set(key, value);
  const changing = PDFHexString.of(Buffer.from(id).toString('hex'));
  const earlier = context.lookup(trailer.get(PDFName.of('ID')));
  const permanent = earlier instanceof PDFArray && earlier.size() > 0 ? earlier.get(0) : changing;
  next.set(PDFName.of('ID'), context.obj([permanent, changing]));
  next.set(PDFName.of('Prev'), PDFNumber.of(previous));
  return next;
}

/** Runs of consecutive object numbers. */
function subsections(written: readonly Written[]): Written[][] {
  const runs: Written[][] = [];
  for (const entry of written) {
    const run = runs.at(-1);
    if (run?.at(-1)?.ref.objectNumber === entry.ref.objectNumber - 1) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function table(written: readonly Written[]): string {
  return subsections(written).map((run) => `${run[0]?.ref.objectNumber} ${run.length}\n` + run.map(({ ref, offset }) =>
    `${String(offset).padStart(10, '0')} ${String(ref.generationNumber).padStart(5, '0')} n \n`).join('')).join('');
}

/** Fields of 1, 5 and 2 bytes: type 1, offset, generation. Not compressed: it is a few entries long. */
function stream(dict: PDFDict, written: readonly Written[], context: PDFContext): PDFObject {
  const data = Buffer.alloc(written.length * 8);
  written.forEach(({ ref, offset }, at) => {
    data.writeUInt8(1, at * 8);
    data.writeUIntBE(offset, at * 8 + 1, 5);
    data.writeUInt16BE(ref.generationNumber, at * 8 + 6);
  });
  dict.set(PDFName.of('Type'), PDFName.of('XRef'));
  dict.set(PDFName.of('W'), context.obj([1, 5, 2]));
  dict.set(PDFName.of('Index'), context.obj(subsections(written).flatMap((run) => [run[0]?.ref.objectNumber ?? 0, run.length])));
  return PDFRawStream.of(dict, data);
}
