/**
 * Which words are a label at a signature line, and whose. Composed of a word for "signature" and one for a person, in the
 * languages of `label-words.ts`, several side by side in labels of more than one.
 * Before: `page-text.ts`. After: `labelled-fields.ts`, `acroform-fields.ts`.
 */
import type { Role } from './field.ts';
import { folded } from './folded.ts';
import { andWords, labelWords, placeWords, wholeLabels } from './label-words.ts';

/** `anyone`: the words name nobody. */
export type Signer = Role | 'anyone';

export interface Label {
  signer: Signer;
  /** False: other words stand with it, so that it is a label only where a line says so, too. */
  sure: boolean;
}

/** Of letters beside the words that are known: "X Guest signature, stamp" is a label, a sentence that mentions signing is none. */
const addedLetters = 12;
const addedBesideLine = 40;
const longest = 120;

type Sort = 'sign' | Role | 'small' | 'date';
/** "Hotel guest signature" is the guest's, "accompanying guest" the companion's. */
const byWeight = ['companion', 'guest', 'staff'] as const;
const sorts = ['sign', 'guest', 'companion', 'staff', 'small', 'date'] as const;
const unspaced = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Hangul}]+$/u;
/** A sign of those scripts says about as much as three letters. */
const lettersPerSign = 3;

interface Meaning { language: string; sort: Sort }

const exact = new Map<string, Meaning[]>();
const beginnings: { beginning: string; meaning: Meaning }[] = [];
for (const [language, words] of Object.entries(labelWords)) {
  for (const sort of sorts) {
    for (const word of words[sort].map(folded)) {
      if (word.endsWith('-')) beginnings.push({ beginning: word.slice(0, -1), meaning: { language, sort } });
      else exact.set(word, [...exact.get(word) ?? [], { language, sort }]);
    }
  }
}
const whole = new Set(wholeLabels.map(folded));
for (const word of placeWords.map(folded)) exact.set(word, [...exact.get(word) ?? [], { language: 'any', sort: 'small' }]);
/** Searched inside words, the longest first. */
const unspacedWords = [...exact.keys()].filter((word) => unspaced.test(word)).sort((a, b) => b.length - a.length);

/** @returns null if it is no label. Labels in several languages side by side are split at `/`, `|` and dashes. */
export function labelOf(text: string): Label | null {
  if (isDateOfSigning(text)) return null;
  const sentence = withoutRemarks(folded(text.split(/[.;!?。]\s+/u).at(-1) ?? ''));
  if (sentence.length > longest) return null;
  const parts = sentence.split(/[/|–—•·]|\s-\s/u).map(plain).filter((part) => part !== '');
  const labels = parts.map(partOf).filter((label) => label !== null);
  if (labels.length === 0) return null;
  // A sentence that ends with a word for it is none.
  if (/[.;,]\s*$/u.test(text) && (text.includes('(') || !labels.some(({ sure }) => sure))) return null;
  const signer = labels.find((label) => label.sure && label.signer !== 'anyone') ?? labels.find(({ sure }) => sure) ?? labels[0];
  // A remark may speak of it without being the label: "(parents: signature of both)".
  return signer === undefined ? null : { ...signer, sure: signer.sure && !/^\s*\(/u.test(text) };
}

/** "Date", "Datum / Date", "Date:"; nothing else beside. */
export function isDateLabel(text: string): boolean {
  if (text.length > 40) return false;
  const parts = folded(text).split(/[/|–—,]|\s-\s/u).map(plain).filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => sortsOf(part).has('date') && part !== 'le');
}

/**
 * Whom a part of the name of a form field, or its tooltip, speaks of: "Sig_Guest1", "ReceptionistSignature". Null: nobody. Words of the
 * language in which it says "signature" go first: the host of "HostSignature" is staff, that of "podpis_host" the guest.
 */
export function roleOf(text: string): Role | null {
  const words = plain(folded(text.slice(0, longest).replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[_\d]+/gu, ' '))).split(' ').flatMap(takenApart);
  const meanings = words.flatMap((word, at) => (isAdjective(word, words[at + 1]) ? [] : meaningsOf(word)));
  const languages = new Set(meanings.filter(({ sort }) => sort === 'sign').map(({ language }) => language));
  const role = (some: readonly Meaning[]): Role | null => byWeight.find((role) => some.some(({ sort }) => sort === role)) ?? null;
  return role(meanings.filter(({ language }) => languages.has(language))) ?? role(meanings);
}

/**
 * Staff in German, Spanish and Swedish, one's own in English: an adjective, where an English noun follows: "PersonalSignature",
 * "personal_data". "SignaturePersonal", "PersonalNr" and "PersonalUnterschrift" speak of staff.
 */
function isAdjective(word: string, next: string | undefined): boolean {
  if (word !== 'personal' || next === undefined || /^(?:nr|nummer|kurzel)$/u.test(next)) return false;
  const languages = new Set(meaningsOf(next).map(({ language }) => language));
  return languages.has('en') || !['de', 'es', 'sv'].some((language) => languages.has(language));
}

/**
 * "Signature (of a parent where …)", "Unterschrift(en)"; where all of it stands in brackets, that is the label. "Signature (guest)" and
 * "Guest (signature)" say with them what it is.
 */
function withoutRemarks(text: string): string {
  const rest = text.replaceAll(/\(([^()]*)\)/gu, (_, remark: string) => (isKnown(remark) ? ` ${remark} ` : ' '));
  return /\p{L}/u.test(rest) ? rest : text;
}

function isKnown(remark: string): boolean {
  return remark.length <= longest && plain(remark).split(' ').flatMap(takenApart).every((word) => meaningsOf(word).length > 0);
}

/** "Date signed", "Date of signature": what is asked for is a date. "Date, signature" and "Date and signature" ask for both. */
function isDateOfSigning(text: string): boolean {
  if (text.length > longest || /[,/|&+–—]|\s-\s/u.test(text)) return false;
  const words = plain(folded(text)).split(' ').flatMap(takenApart);
  const sorts = words.map(sortsOf);
  const sign = sorts.findIndex((sort) => sort.has('sign'));
  if (andWords.has(words[sign - 1] ?? '') || /^[וو]/u.test(words[sign] ?? '')) return false;
  const first = sorts.find((sort) => sort.has('date') || sort.has('sign'));
  return sorts.length <= 6 && sorts.some((sort) => sort.has('date')) && sorts.some((sort) => sort.has('sign')) && first?.has('date') === true;
}

/** Letters and single spaces; the apostrophe that belongs to a word stays, in one form, and a French or Italian article before it goes. */
function plain(text: string): string {
  return text.replaceAll(/[’`´]/gu, "'").replaceAll(/[^\p{L}\p{M}']+/gu, ' ').replaceAll(/(?<![\p{L}'])(?:l|d|dell|all|un)'(?=\p{L})/gu, '').trim();
}

function partOf(part: string): Label | null {
  if (whole.has(part)) return { signer: 'anyone', sure: true };
  const words = part.split(' ').flatMap(takenApart).map((word) => ({ word, meanings: meaningsOf(word) }));
  // A compound: "gastunterschrift".
  if (words.length === 1 && /unterschrift$|allkiri$|allekirjoitus$|underskrift$/u.test(part)) words[0]?.meanings.push({ language: 'compound', sort: 'sign' });
  const languages = new Set(words.flatMap(({ meanings }) => meanings.filter(({ sort }) => sort === 'sign').map(({ language }) => language)));
  const other = words.filter(({ meanings }) => meanings.length === 0).reduce((letters, { word }) => letters + word.length * (unspaced.test(word) ? lettersPerSign : 1), 0);
  if (languages.size === 0 || other > addedBesideLine) return null;
  // "Signed at" asks for a place, "the contract signed on" tells something.
  if (/^signed (?:at|on|in)\b/u.test(part) || (/ signed\b/u.test(part) && !part.includes('signature'))) return null;
  // Whose it is must be said in the language of "signature": a "firma" is a company elsewhere.
  const named = new Set(words.flatMap(({ meanings }) => meanings.filter(({ language }) => languages.has(language) || languages.has('compound')).map(({ sort }) => sort)));
  const signer = byWeight.find((role) => named.has(role)) ?? 'anyone';
  return { signer, sure: signer === 'anyone' ? other === 0 : other <= addedLetters };
}

function sortsOf(word: string): ReadonlySet<Sort> {
  return new Set(meaningsOf(word).map(({ sort }) => sort));
}

function meaningsOf(word: string): Meaning[] {
  return [...exact.get(word) ?? [], ...beginnings.filter(({ beginning }) => word.startsWith(beginning)).map(({ meaning }) => meaning)];
}

/** Known words out of one that is written without spaces, the longest first. */
function takenApart(word: string): string[] {
  if (!unspaced.test(word)) return [word];
  const parts: string[] = [];
  let rest = '';
  for (let at = 0; at < word.length;) {
    const known = unspacedWords.find((part) => word.startsWith(part, at));
    if (known === undefined) {
      rest += word[at];
      at++;
      continue;
    }
    if (rest !== '') parts.push(rest);
    rest = '';
    parts.push(known);
    at += known.length;
  }
  if (rest !== '') parts.push(rest);
  return parts;
}
