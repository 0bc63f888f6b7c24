/**
 * What a later revision may add to what is shown, besides form fields filled in (`filled-fields.ts`): a signature, in a field of its own or in one that was empty
 * (ISO 32000-2, 12.7.5.5). The signature must cover the revision in which it comes, so what its field shows is signed by somebody; a
 * document time-stamp is had by anybody and therefore shows nothing.
 *
 * Before and after: `compare.ts`.
 */
import { asDictionary, asName, asRef, type PdfDictionary, type PdfValue } from '../../pdf-syntax.ts';
import type { PdfSignature } from '../../read-signed-pdf.ts';
import { fullName, hasArea, inherited, isGroup } from './field.ts';
import { NotAllowed, type Revision } from './revision.ts';
import { differingKeys } from './same-value.ts';

export interface Added { signature: PdfSignature; visible: boolean }

/**
 * Keys of a field that is its own widget (tables 166, 191, 226, 234). Missing on purpose: /A and /AA (actions), /Kids and /Parent
 * (values and appearances of others), /OC (shown or not as a reader likes).
 */
const FIELD_KEYS = ['Type', 'Subtype', 'FT', 'T', 'TU', 'V', 'Ff', 'F', 'Rect', 'P', 'AP', 'MK', 'NM', 'M', 'Lock', 'SV', 'DA', 'Border', 'BS', 'StructParent'];

/** @throws NotAllowed, NotComparable for anything but a new signature field that is signed */
export function checkNewField(revision: Revision, item: PdfValue): Added {
  const { before, after } = revision;
  const number = asRef(item)?.number;
  const field = number === undefined || before.object(number) !== null ? null : asDictionary(after.object(number)?.value);
  if (field === null || asName(field.entries.get('FT')) !== 'Sig') throw new NotAllowed('a field or an annotation is added that is no signature');
  const key = [...field.entries.keys()].find((name) => !FIELD_KEYS.includes(name));
  if (key !== undefined || field.duplicates.length > 0) throw new NotAllowed(`a signature field is added that has /${key ?? field.duplicates[0]}`);
  return check(revision, field, field);
}

/**
 * Whether the change is that of an empty signature field that was signed: its value, and its appearance, in itself or in its widget.
 * @throws NotAllowed, NotComparable
 */
export function checkField(revision: Revision, added: Added[], was: PdfDictionary, is: PdfDictionary): boolean {
  const { before, after } = revision;
  const keys = differingKeys(was, is);
  if (asName(inherited(before, was, 'FT')) !== 'Sig') return false;
  if (isGroup(before, was)) return false;
  if (inherited(before, was, 'V') === null && keys.includes('V') && keys.every((key) => key === 'V' || key === 'AP')) {
    const isWidget = asName(was.entries.get('Subtype')) === 'Widget';
    added.push(isWidget ? check(revision, is, is) : { signature: signatureOf(revision, is), visible: false });
    return true;
  }
  const parent = asRef(was.entries.get('Parent'));
  if (asName(was.entries.get('Subtype')) !== 'Widget' || parent === null || was.entries.has('T') || keys.some((key) => key !== 'AP')) return false;
  const [held, holds] = [asDictionary(before.resolve(parent)), asDictionary(after.resolve(parent))];
  if (held === null || holds === null || inherited(before, held, 'V') !== null) return false;
  added.push(check(revision, holds, is));
  return true;
}

function check(revision: Revision, field: PdfDictionary, widget: PdfDictionary): Added {
  const signature = signatureOf(revision, field);
  const visible = hasArea(revision.after.resolve(widget.entries.get('Rect')));
  const name = `"${signature.field ?? 'unnamed'}"`;
  const isTimeStamp = signature.subFilter === 'ETSI.RFC3161';
  if (isTimeStamp && visible) throw new NotAllowed(`document time-stamp ${name} has a place on a page, where it may hide something`);
  return { signature, visible };
}

/** 12.8.2.2, 12.8.2.4. ISO 32000-2 allows document time-stamps under every certification. */
function signatureOf({ after, signatures, earlier }: Revision, field: PdfDictionary): PdfSignature {
  const dictionary = asDictionary(after.resolve(field.entries.get('V')));
  const signature = signatures.find(({ place }) => place === dictionary?.start);
  if (signature === undefined) throw new NotAllowed('a signature field is added or filled without a signature over this revision');
  if (signature.subFilter === 'ETSI.RFC3161') return signature;
  const name = fullName(after, field);
  if (earlier.some(({ permits }) => permits.certified === 1)) throw new NotAllowed(`signature "${name}" is added, and an earlier one certifies that nothing will be`);
  if (earlier.some(({ permits }) => permits.locks(name))) throw new NotAllowed(`signature "${name}" is added in a field that an earlier signature locks`);
  return signature;
}
