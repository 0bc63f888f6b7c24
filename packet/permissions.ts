/**
 * What the signatures that a loaded document holds still allow: DocMDP of a certification (ISO 32000-2, 12.8.2.2) and FieldMDP
 * (12.8.2.4). Before: `intake/`, `fields-left.ts` and `sign-document.ts` ask, in this order. After: they refuse with a reason, or go on.
 * How a finished file is judged: `read-signed-pdf.ts` and `verify/revisions/`.
 */
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFNumber, PDFString } from './pdf-lib.ts';
import { type DocumentForm, type FormField, ownName } from './document-form.ts';
import { PacketError } from './errors.ts';

/** True where the document holds a signature already; only the first may certify. */
export function isSigned(form: DocumentForm): boolean {
  return signedFields(form).length > 0 || certification(form) !== null;
}

/** Whether a certification, be it one that the catalog does not name, or the lock of a signed field says that nothing more will come; or what cannot be read. */
export function isFinal(form: DocumentForm): boolean {
  const certified = certification(form);
  const signed = signedFields(form);
  const signatures = [...(certified === null ? [] : [certified]), ...signed.map(({ signature }) => signature)];
  return signatures.some((signature) => transforms(signature).some(({ method, parameters }) => method === 'DocMDP' && forbidsAll(parameters)))
    || signed.some(({ lock }) => lock !== null && forbidsAll(lock));
}

/** P of DocMDP's parameters, or of the lock of a field that is signed (tables 257 and 235). */
export function forbidsAll(parameters: PDFDict): boolean {
  const level = parameters.lookup(PDFName.of('P'));
  return level !== undefined && !(level instanceof PDFNumber && [2, 3].includes(level.asNumber()));
}

function certification({ pdf }: DocumentForm): PDFDict | null {
  return pdf.catalog.lookupMaybe(PDFName.of('Perms'), PDFDict)?.lookupMaybe(PDFName.of('DocMDP'), PDFDict) ?? null;
}

/** The name of the signature that locks a field of that name; null where none does. */
export function lockedBy(form: DocumentForm, name: string): string | null {
  const locking = signedFields(form).find(({ signature }) => transforms(signature).some(({ method, parameters }) => method === 'FieldMDP' && isLocked(parameters, name)));
  return locking?.name ?? null;
}

/** @throws PacketError PDF_LOCKED where the document is final, or one of these fields is locked */
export function checkAllowed(form: DocumentForm, names: readonly string[]): void {
  checkNotFinal(form);
  for (const name of names) {
    const locking = lockedBy(form, name);
    if (locking !== null) throw locked(locking, `the field "${name}"`);
  }
}

/**
 * Whether there can be a further signature at all: in a new field, or in an empty one that is left open.
 * @throws PacketError PDF_LOCKED
 */
export function checkSignable(form: DocumentForm): void {
  checkNotFinal(form);
  const locking = lockedBy(form, ownName('guest'));
  const isFree = ({ type, dict, name }: FormField): boolean => type === 'signature' && !dict.has(PDFName.of('V')) && lockedBy(form, name) === null;
  if (locking !== null && !form.fields().some(isFree)) throw locked(locking, 'all its fields');
}

function checkNotFinal(form: DocumentForm): void {
  if (isFinal(form)) {
    throw new PacketError('PDF_LOCKED', 'This PDF is certified as final, so that no further signature can be added. Ask for an uncertified copy.');
  }
}

function locked(signature: string, what: string): PacketError {
  return new PacketError('PDF_LOCKED', `The signature "${signature}" in this PDF has locked ${what}; to sign there would break it. Ask for a copy without that signature.`);
}

function signedFields(form: DocumentForm): { name: string; signature: PDFDict; lock: PDFDict | null }[] {
  return form.fields().filter(({ type }) => type === 'signature').flatMap(({ dict, name }) => {
    const signature = dict.lookup(PDFName.of('V'));
    return signature instanceof PDFDict ? [{ name, signature, lock: lockOf({ dict }) }] : [];
  });
}

/** The lock that a field itself names, null where there is none. */
export function lockOf({ dict }: Pick<FormField, 'dict'>): PDFDict | null {
  return dict.lookupMaybe(PDFName.of('Lock'), PDFDict) ?? null;
}

/** Of a signature field lock dictionary, or of FieldMDP's parameters, which are alike (tables 235 and 259). What cannot be read locks all. */
export function isLocked(lock: PDFDict, name: string): boolean {
  const action = lock.lookup(PDFName.of('Action'));
  const list = lock.lookup(PDFName.of('Fields'));
  if (!(action instanceof PDFName) || !(list instanceof PDFArray)) return true;
  const items = Array.from({ length: list.size() }, (_, at) => list.lookup(at));
  const names = items.flatMap((item) => (item instanceof PDFString || item instanceof PDFHexString ? [item.decodeText()] : []));
  if (names.length < items.length) return true;
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
