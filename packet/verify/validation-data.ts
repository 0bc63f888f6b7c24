/**
 * The Document Security Stores of a PDF (ISO 32000-2, 12.8.4.3), of every revision: certificates, revocation lists and OCSP answers that
 * lie in the file. Nothing here is verified: each is only material, and counts as far as whom it is signed by is believed.
 *
 * Before: `packet/pdf-objects.ts`. After: `time-stamps.ts`, `revocation.ts`, `level.ts`. Bounded in number and size.
 */
import { decodeStream, type PdfObject } from '../pdf-objects.ts';
import { asDictionary, asRef, type PdfValue } from '../pdf-syntax.ts';
import { fromCrl, fromOcsp, type Evidence } from '../upgrade/evidence.ts';

/** DER, and where it begins in the file: what is covered by a time-stamp lies before its end. */
export interface Stored { der: Uint8Array; start: number }

export interface ValidationData { certificates: Stored[]; crls: Stored[]; ocsps: Stored[] }

export const NOTHING_STORED: ValidationData = { certificates: [], crls: [], ocsps: [] };

/** Of each kind in one file. */
const MOST = 256;
const LARGEST = 4 * 1024 * 1024;

export function readValidationData(objects: readonly PdfObject[]): ValidationData {
  const latest = new Map(objects.map((object) => [object.number, object]));
  const resolve = (value: PdfValue | undefined): PdfValue | undefined => latest.get(asRef(value)?.number ?? -1)?.value ?? value;
  const places = objects.map(({ value }) => asDictionary(value)?.entries.get('DSS')).filter((value) => value !== undefined);
  // of a store that was replaced in place, what it held before is in the file too, and is found by its number
  const numbers = new Set(places.map((value) => asRef(value)?.number));
  const stores = [...places, ...objects.filter(({ number }) => numbers.has(number)).map(({ value }) => value)].map((value) => asDictionary(resolve(value)) ?? asDictionary(value));
  const listed = (key: string): Stored[] => {
    const found = new Map<number, Stored>();
    for (const store of new Set(stores)) {
      const list = resolve(store?.entries.get(key));
      for (const item of typeof list === 'object' && list?.kind === 'array' ? list.items : []) {
        const object = latest.get(asRef(item)?.number ?? -1);
        const dictionary = asDictionary(object?.value);
        if (object?.stream == null || dictionary === null || found.size >= MOST) continue;
        const der = decodeStream(dictionary, object.stream, LARGEST);
        if (der !== null) found.set(object.number, { der, start: object.start });
      }
    }
    return [...found.values()];
  };
  return { certificates: listed('Certs'), crls: listed('CRLs'), ocsps: listed('OCSPs') };
}

/** Those that lie before an offset. */
export function storedBefore({ certificates, crls, ocsps }: ValidationData, end: number): ValidationData {
  const before = (list: readonly Stored[]): Stored[] => list.filter(({ start }) => start < end);
  return { certificates: before(certificates), crls: before(crls), ocsps: before(ocsps) };
}

/** What the store says of one certificate, as far as its issuer, or a responder of the issuer's, has signed it. */
export function evidenceOn(certificate: Uint8Array, issuer: Uint8Array, { crls, ocsps }: ValidationData): Evidence[] {
  return [...crls.map(({ der }) => fromCrl(der, certificate, issuer)), ...ocsps.map(({ der }) => fromOcsp(der, certificate, issuer))].filter((each) => each !== null);
}
