/**
 * Of the places found in a document that others have signed, those that can still be filled in: what would break their signatures is not
 * offered, so that nobody hears of it with the pen in hand. Before: `fields/` has found them, in its child process. After: the desk.
 */
import { PDFName } from './pdf-lib.ts';
import { DocumentForm, nameFor } from './document-form.ts';
import { PacketError } from './errors.ts';
import type { Field } from './fields/field.ts';
import { emptyFormField, formFieldsOf } from './filled-field.ts';
import { isFinal, isSigned, lockedBy } from './permissions.ts';
import { load } from './revise.ts';
import { emptySignatureField } from './signature-field.ts';

/**
 * @param document as intake returned it
 * @param fields as they were found: at least one of kind `signature`
 * @returns those that are left, in their order; all of them where nobody has signed
 * @throws PacketError PDF_LOCKED where no signature is left
 */
export async function fieldsLeft(document: Uint8Array, fields: readonly Field[]): Promise<Field[]> {
  const form = new DocumentForm(await load(document));
  if (!isSigned(form)) return [...fields];
  const filled = formFieldsOf(fields);
  const left = isFinal(form) ? [] : fields.filter((field) => {
    const found = filled.includes(field) ? emptyFormField(form, field) : emptySignatureField(form, field);
    if (found === null && filled.includes(field)) return false;
    return lockedBy(form, found?.name ?? nameFor(field)) === null;
  });
  if (!left.some(({ kind }) => kind === 'signature')) {
    throw new PacketError('PDF_LOCKED', 'Somebody has signed this PDF already, and that signature has locked every place to sign in it. Ask for a copy without it.');
  }
  return left;
}

/** Full names of the fields that hold a signature: no place to sign any more. */
export async function signedNames(document: Uint8Array): Promise<ReadonlySet<string>> {
  const fields = new DocumentForm(await load(document)).fields();
  return new Set(fields.filter(({ type, dict }) => type === 'signature' && dict.has(PDFName.of('V'))).map(({ name }) => name));
}

/** What the desk should know of it; nothing where all are left. */
export function leftOut(fields: readonly Field[], left: readonly Field[]): string[] {
  const count = fields.length - left.length;
  return count === 0 ? [] : [`Somebody has signed this PDF already: ${count === 1 ? 'one place' : `${count} places`} for initials, dates, ticks or signatures cannot be filled in without breaking that signature, and ${count === 1 ? 'is' : 'are'} left out.`];
}
