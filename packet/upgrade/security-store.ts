/**
 * The Document Security Store (ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2.2): certificates, revocation lists and OCSP answers as streams,
 * in a revision of its own. What stands there already stays, and nothing is stored twice.
 * No VRI dictionary: it is optional, repeats what the arrays hold, and names signatures by SHA-1.
 * Before: `validation-data.ts`. After: a document time-stamp, which covers it: until then nothing protects a store.
 */
import { decodePDFRawStream, PDFArray, PDFDict, type PDFDocument, PDFName, PDFRawStream, PDFRef } from '../pdf-lib.ts';
import { readDocument } from '../revise.ts';
import { reviseSound } from './revise.ts';
import type { ValidationData } from './validation-data.ts';

const KEYS = { certificates: 'Certs', crls: 'CRLs', ocsps: 'OCSPs' } as const;
const kinds = Object.keys(KEYS) as (keyof typeof KEYS)[];

/** What the store holds; nothing verified, and what cannot be read left out. */
export async function readSecurityStore(pdf: Uint8Array): Promise<ValidationData> {
  return readDocument(pdf, (document) => heldIn(storeOf(document)));
}

/**
 * @returns the PDF with a revision more; the same bytes where the store holds all of it already
 * @throws PacketError INCREMENT_FAILED
 */
export async function addToSecurityStore(pdf: Uint8Array, data: ValidationData): Promise<Uint8Array> {
  const { bytes, added } = await reviseSound(pdf, (document) => {
    const { context, catalog } = document;
    const known = storeOf(document);
    const missing = missingFrom(heldIn(known), data);
    const place = catalog.get(PDFName.of('DSS'));
    const store = known ?? context.obj({ Type: 'DSS' });
    if (known === undefined) catalog.set(PDFName.of('DSS'), context.register(store));
    for (const kind of kinds) {
      if (missing[kind].length === 0) continue;
      const streams = missing[kind].map((der) => context.register(context.stream(der)));
      const earlier = store.lookupMaybe(PDFName.of(KEYS[kind]), PDFArray)?.asArray() ?? [];
      store.set(PDFName.of(KEYS[kind]), context.obj([...earlier, ...streams]));
    }
    const touched: PDFRef[] = [known !== undefined && place instanceof PDFRef ? place : context.trailerInfo.Root as PDFRef];
    return { touched, added: kinds.reduce((sum, kind) => sum + missing[kind].length, 0) };
  });
  return added === 0 ? pdf : bytes;
}

function missingFrom(held: ValidationData, data: ValidationData): ValidationData {
  const missing = (kind: keyof ValidationData): Uint8Array[] => data[kind].filter((der) => !held[kind].some((other) => Buffer.compare(other, der) === 0));
  return { certificates: missing('certificates'), crls: missing('crls'), ocsps: missing('ocsps') };
}

function heldIn(store: PDFDict | undefined): ValidationData {
  return { certificates: streams(store, 'certificates'), crls: streams(store, 'crls'), ocsps: streams(store, 'ocsps') };
}

function storeOf({ catalog }: PDFDocument): PDFDict | undefined {
  const store = catalog.lookup(PDFName.of('DSS'));
  return store instanceof PDFDict ? store : undefined;
}

function streams(store: PDFDict | undefined, kind: keyof typeof KEYS): Uint8Array[] {
  const list = store?.lookup(PDFName.of(KEYS[kind]));
  if (!(list instanceof PDFArray)) return [];
  return Array.from({ length: list.size() }, (_, at) => list.lookup(at)).flatMap((stream) => {
    if (!(stream instanceof PDFRawStream)) return [];
    try {
      return [new Uint8Array(decodePDFRawStream(stream).decode())];
    } catch {
      return [];
    }
  });
}
