/**
 * What the signatures that a loaded document holds still allow: DocMDP of a certification (ISO 32000-2, 12.8.2.2) and FieldMDP
 * (12.8.2.4). Before: `sign-document.ts`, `upgrade/`, `intake/` ask. After: they refuse with a reason, or go on. How a finished file is
 * judged: `read-signed-pdf.ts` and `verify/revisions/`.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } from 'pdf-lib';
import type { FormField } from './document-form.ts';

/** True where the document holds a signature already; only the first may certify. */
export function isSigned(pdf: PDFDocument, fields: readonly FormField[]): boolean {
  return fields.some(({ type, dict }) => type === 'signature' && dict.has(PDFName.of('V'))) || certificationLevel(pdf) !== null;
}

/** DocMDP's P of the certification (table 257), or null where there is none. */
export function certificationLevel(pdf: PDFDocument): number | null {
  const certification = pdf.catalog.lookupMaybe(PDFName.of('Perms'), PDFDict)?.lookupMaybe(PDFName.of('DocMDP'), PDFDict);
  if (certification === undefined) return null;
  const level = transforms(certification).find(({ parameters }) => parameters.has(PDFName.of('P')))?.parameters.lookupMaybe(PDFName.of('P'), PDFNumber);
  return level?.asNumber() ?? 2;
}

/** Which fields lock the one of that name: the names of those whose signature does. */
export function lockingSignatures(fields: readonly FormField[], name: string): string[] {
  const signed = fields.filter(({ type }) => type === 'signature').flatMap((field) => {
    const value = field.dict.lookupMaybe(PDFName.of('V'), PDFDict);
    return value === undefined ? [] : [{ name: field.name, value }];
  });
  return signed.filter(({ value }) => transforms(value).some(({ method, parameters }) => method === 'FieldMDP' && isLocked(parameters, name))).map((field) => field.name);
}

/** Of a signature field lock dictionary, or of FieldMDP's parameters, which are alike (tables 235 and 259). What cannot be read locks all. */
export function isLocked(lock: PDFDict, name: string): boolean {
  const action = lock.lookup(PDFName.of('Action'));
  const list = lock.lookup(PDFName.of('Fields'));
  if (!(action instanceof PDFName) || !(list instanceof PDFArray)) return true;
  const names = Array.from({ length: list.size() }, (_, at) => list.lookup(at)).map((item) => (item instanceof PDFString || item instanceof PDFHexString ? item.decodeText() : ''));
  const listed = names.some((each) => each === name || name.startsWith(`${each}.`));
  if (action.decodeText() === 'Include') return listed;
  return action.decodeText() === 'Exclude' ? !listed : true;
}

function transforms(signature: PDFDict): { method: string; parameters: PDFDict }[] {
  const references = signature.lookupMaybe(PDFName.of('Reference'), PDFArray);
  return Array.from({ length: references?.size() ?? 0 }, (_, at) => references?.lookupMaybe(at, PDFDict)).flatMap((reference) => {
    const method = reference?.lookup(PDFName.of('TransformMethod'));
    const parameters = reference?.lookupMaybe(PDFName.of('TransformParams'), PDFDict);
    return method instanceof PDFName && parameters !== undefined ? [{ method: method.decodeText(), parameters }] : [];
  });
}
