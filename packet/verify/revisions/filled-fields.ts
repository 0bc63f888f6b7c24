/**
 * The other thing that a later revision may add to what is shown: a form field that was empty is filled in, once, in a revision that a
 * signature covers (ISO 32000-2, 12.7.5). The field must have been there, for fields are made in the first revision only. Text fields and
 * check boxes alone; the appearance may come new, but not be one that lay in the signed bytes unseen ("shadow, hide"), unless a check box
 * had it under the name of that state.
 *
 * Before and after: `compare.ts`. Not judged: whether what the field shows is what its value says; its signer answers for both.
 */
import { asDictionary, asName, asRef, asString, type PdfDictionary, type PdfValue } from '../../pdf-syntax.ts';
import { fieldOf, fullName, hasArea, inherited, isGroup } from './field.ts';
import { NotAllowed, type Revision } from './revision.ts';
import { differingKeys, sameValue } from './same-value.ts';

export interface Filled { field: string; visible: boolean }

/** Bits 16 and 17 of /Ff (table 229): radio buttons and push-buttons, which are filled in otherwise or not at all. */
const OTHER_BUTTONS = (1 << 15) | (1 << 16);

/**
 * What was filled in, where the change is that and nothing else: the value of the field, state and appearance of its widget; else null.
 * @throws NotAllowed, NotComparable
 */
export function filledField(revision: Revision, was: PdfDictionary, is: PdfDictionary): Filled | null {
  const { before, after } = revision;
  const [held, holds] = [fieldOf(before, was), fieldOf(after, is)];
  const type = held === null ? null : fillableType(revision, held);
  if (held === null || holds === null || type === null || isGroup(before, held)) return null;
  const value = holds.entries.get('V') ?? null;
  if (!isEmpty(type, inherited(before, held, 'V')) || !isFilled(type, value)) return null;
  const isWidget = asName(was.entries.get('Subtype')) === 'Widget';
  const keys = differingKeys(was, is);
  const allowed = [...(was.entries.has('T') ? ['V'] : []), ...(isWidget ? ['AP'] : []), ...(isWidget && type === 'Btn' ? ['AS'] : [])];
  if (!keys.every((key) => allowed.includes(key))) return null;
  const field = fullName(before, held);
  checkAllowed(revision, field);
  if (isWidget && type === 'Btn' && !sameValue(is.entries.get('AS'), value)) throw new NotAllowed(`check box "${field}" shows another state than it has`);
  if (keys.includes('AP') && !(type === 'Btn' ? isStateAdded(revision, was, is, asName(value) ?? '') : isOnlyNew(revision, is))) {
    throw new NotAllowed(`what form field "${field}" shows is not made for its value alone`);
  }
  // of a field whose widgets stand apart, a viewer may draw the value in any of them
  return { field, visible: !isWidget || hasArea(after.resolve(is.entries.get('Rect'))) };
}

function fillableType({ before }: Revision, field: PdfDictionary): 'Tx' | 'Btn' | null {
  const type = asName(inherited(before, field, 'FT'));
  if (type === 'Tx') return type;
  const flags = inherited(before, field, 'Ff') ?? 0;
  return type === 'Btn' && typeof flags === 'number' && (flags & OTHER_BUTTONS) === 0 ? type : null;
}

function isEmpty(type: 'Tx' | 'Btn', value: PdfValue): boolean {
  return value === null || (type === 'Btn' ? asName(value) === 'Off' : asString(value)?.bytes.length === 0);
}

function isFilled(type: 'Tx' | 'Btn', value: PdfValue): boolean {
  return type === 'Btn' ? asName(value) !== null && asName(value) !== 'Off' : (asString(value)?.bytes.length ?? 0) > 0;
}

/** Somebody answers for it, and nobody has forbidden it (12.8.2.2, 12.8.2.4). A document time-stamp is had by anybody. */
function checkAllowed({ signatures, earlier }: Revision, field: string): void {
  if (!signatures.some(({ subFilter }) => subFilter !== 'ETSI.RFC3161')) throw new NotAllowed(`form field "${field}" is filled in without a signature over this revision`);
  if (earlier.some(({ permits }) => permits.certified === 1)) throw new NotAllowed(`form field "${field}" is filled in, and an earlier signature certifies that nothing will be`);
  if (earlier.some(({ permits }) => permits.locks(field))) throw new NotAllowed(`form field "${field}" is filled in, and an earlier signature locks it`);
}

/** A normal appearance and no other, which is new. */
function isOnlyNew({ before, after }: Revision, widget: PdfDictionary): boolean {
  const appearances = asDictionary(widget.entries.get('AP'));
  return appearances !== null && appearances.duplicates.length === 0 && [...appearances.entries.keys()].every((key) => key === 'N') && isNewStream({ before, after }, appearances.entries.get('N'));
}

/** All states are what they were but for the one that is turned on. */
function isStateAdded({ before, after }: Revision, was: PdfDictionary, is: PdfDictionary, state: string): boolean {
  const [earlier, later] = [asDictionary(before.resolve(was.entries.get('AP'))), asDictionary(is.entries.get('AP'))];
  if (earlier === null || later === null || !differingKeys(earlier, later).every((key) => key === 'N')) return false;
  const [states, now] = [asDictionary(before.resolve(earlier.entries.get('N'))), asDictionary(later.entries.get('N'))];
  if (states === null || now === null || states.duplicates.length + now.duplicates.length + later.duplicates.length > 0) return false;
  return differingKeys(states, now).every((key) => key === state) && isNewStream({ before, after }, now.entries.get(state));
}

function isNewStream({ before, after }: Pick<Revision, 'before' | 'after'>, value: PdfValue | undefined): boolean {
  const number = asRef(value)?.number;
  return number !== undefined && before.object(number) === null && (after.object(number)?.stream ?? null) !== null;
}
