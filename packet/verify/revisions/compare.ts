/**
 * May one revision of a signed PDF follow another? Object by object, with a list of what is allowed: whatever is not named here is
 * taken for an attack. The published ones (shadow attacks, incremental saving, annotations over content, changed fonts and
 * appearances, pages put in or out) each need a change that no rule below allows, and so do those that are not published yet.
 *
 * Allowed: validation data, document time-stamps, further signatures in a field of their own or in an empty one, with the
 * appearance in that field; empty form fields that are filled in under such a signature; and what programs write along with them: XMP
 * metadata, /Version, /Extensions, two dates of the information dictionary. Form fields that change again, new ones, and annotations are
 * refused even where a certification would let them pass.
 *
 * Before: `view.ts`. After: `check.ts` tells the result. Does not judge who signed: what a stranger's own signature shows in its field
 * is as good as the stranger.
 */
import { sameBytes } from '../../manifest.ts';
import type { PdfObject } from '../../pdf-objects.ts';
import { asDictionary, asName, asRef, type PdfDictionary, type PdfValue } from '../../pdf-syntax.ts';
import { filledField, type Filled } from './filled-fields.ts';
import { NotAllowed, NotComparable, type Revision } from './revision.ts';
import { differingKeys, eachReference, sameValue } from './same-value.ts';
import { checkField, checkNewField, type Added } from './signature-fields.ts';
import { dictionaryOf, type PdfView } from './view.ts';

export interface Change { kind: 'validation-data' | 'metadata' | 'signature' | 'document-time-stamp' | 'form-field'; field: string | null; visible: boolean }

interface Pair { number: number; old: PdfObject | null; now: PdfObject }

/** @returns what was added. @throws NotAllowed, NotComparable */
export function compareRevisions(revision: Revision): Change[] {
  const { before, after } = revision;
  if (before.root !== after.root || before.info !== after.info || before.encryption !== after.encryption) {
    throw new NotAllowed('the trailer names another catalog, information dictionary or encryption');
  }
  const pairs = changedObjects(before, after);
  if (after.size < before.size || pairs.some(({ number }) => number >= after.size)) throw new NotAllowed('the trailer counts fewer objects than there are');
  const changed = pairs.filter(({ old, now }) => old !== null && !sameObject(old, now)) as (Pair & { old: PdfObject })[];
  const referrers = referrersOf(before, new Set(pairs.filter(({ old, now }) => old === null || !sameObject(old, now)).map(({ number }) => number)));
  // shadow attack "replace": a reference that led nowhere, to be given its object after signing
  const awaited = pairs.find(({ number, old }) => old === null && (referrers.get(number)?.size ?? 0) > 0);
  if (awaited !== undefined) throw new NotAllowed(`object ${awaited.number}, to which the signed revision refers without having it, is added`);
  const change = new Changes(revision, referrers);
  // the catalog and the form first: they say which fields are new
  for (const each of changed.toSorted((a, b) => rank(before, a.number) - rank(before, b.number))) change.check(each);
  return change.found();
}

function rank({ root }: PdfView, number: number): number {
  return number === root ? 0 : 1;
}

/**
 * Each number that a viewer looks up elsewhere than before must lie in the new bytes, and each object in the new bytes must be in
 * use: else readers that go by the cross-reference and readers that search would differ ("hide", with objects prepared before).
 */
function changedObjects(before: PdfView, after: PdfView): Pair[] {
  const pairs: Pair[] = [];
  for (const [number, place] of after.places) {
    const was = before.places.get(number);
    const isUsed = place.kind !== 'free';
    const wasUsed = was !== undefined && was.kind !== 'free';
    if (!isUsed) {
      if (wasUsed) throw new NotAllowed(`object ${number} is deleted`);
      continue;
    }
    if (samePlace(before, after, number)) continue;
    const now = after.object(number);
    if (now === null || now.start < before.end) throw new NotAllowed(`object ${number} is exchanged for one that was there before, unused`);
    if (place.kind === 'offset' && place.generation !== (was?.kind === 'offset' ? was.generation : 0)) throw new NotAllowed(`object ${number} gets another generation`);
    pairs.push({ number, old: wasUsed ? before.object(number) : null, now });
  }
  for (const number of before.places.keys()) if (!after.places.has(number)) throw new NotAllowed(`object ${number} is deleted`);
  const inUse = new Set(pairs.map(({ now }) => now));
  for (const among of after.objects.values()) {
    const unused = among.find((object) => object.start >= before.end && !inUse.has(object) && asName(asDictionary(object.value)?.entries.get('Type')) !== 'XRef');
    if (unused !== undefined) throw new NotAllowed(`object ${unused.number} is added and not used`);
  }
  return pairs;
}

/** Of what lies in an object stream, that stream must be where it was: exchanged, it would exchange all that it holds. */
function samePlace(before: PdfView, after: PdfView, number: number): boolean {
  const [was, is] = [before.places.get(number), after.places.get(number)];
  if (JSON.stringify(was) !== JSON.stringify(is)) return false;
  return is?.kind !== 'packed' || JSON.stringify(before.places.get(is.stream)) === JSON.stringify(after.places.get(is.stream));
}

function sameObject(old: PdfObject, now: PdfObject): boolean {
  if ((old.stream === null) !== (now.stream === null) || !sameValue(old.value, now.value)) return false;
  return old.stream === null || now.stream === null || sameBytes(old.stream, now.stream);
}

/** Of each wanted number: who refers to it anywhere in the earlier bytes, as `number key`. */
export type Referrers = ReadonlyMap<number, ReadonlySet<string>>;

function referrersOf(view: PdfView, wanted: ReadonlySet<number>): Referrers {
  const found = new Map<number, Set<string>>();
  for (const [number, among] of view.objects) {
    for (const { value } of among) {
      eachReference(value, (to, key) => {
        if (!wanted.has(to)) return;
        const known = found.get(to);
        if (known === undefined) found.set(to, new Set([`${number} ${key}`]));
        else known.add(`${number} ${key}`);
      });
    }
  }
  return found;
}

/** The rules for objects that were there before. */
class Changes {
  readonly #revision: Revision;
  readonly #referrers: Referrers;
  /** New fields, as the form or a page lists them. */
  readonly #added: Added[] = [];
  readonly #filled: Filled[] = [];
  #hasValidationData = false;
  #hasMetadata = false;

  constructor(revision: Revision, referrers: Referrers) {
    this.#revision = revision;
    this.#referrers = referrers;
  }

  check({ number, old, now }: { number: number; old: PdfObject; now: PdfObject }): void {
    const { before, after } = this.#revision;
    const [was, is] = [asDictionary(old.value), asDictionary(now.value)];
    if ((was?.duplicates.length ?? 0) + (is?.duplicates.length ?? 0) > 0) throw new NotAllowed(`object ${number} names a key twice`);
    const form = dictionaryOf(before, before.root).entries.get('AcroForm');
    if (was !== null && is !== null && old.stream === null && now.stream === null) {
      if (number === before.root) this.#catalog(was, is);
      else if (number === before.info) this.#information(was, is);
      else if (number === asRef(form)?.number) this.#form(was, is);
      else if (asName(was.entries.get('Type')) === 'Page') this.#page(number, was, is);
      else if (this.#isValidationData(number)) this.#hasValidationData = true;
      else if (!checkField(this.#revision, this.#added, was, is)) this.#fill(number, was, is);
    } else if (this.#isMetadata(number, old) && this.#isMetadata(number, now)) this.#hasMetadata = true;
    else if (this.#isValidationData(number)) this.#hasValidationData = true;
    else if (this.#listOf(number) !== null) this.#list(before.resolve(old.value), after.resolve(now.value));
    else throw new NotAllowed(`object ${number}${kindOf(was)} is changed`);
  }

  found(): Change[] {
    const { signatures } = this.#revision;
    const unplaced = signatures.find(({ place }) => !this.#added.some((added) => added.signature.place === place));
    if (unplaced !== undefined) throw new NotAllowed(`signature "${unplaced.field ?? 'unnamed'}" has no field of its own that is added or filled`);
    const signed = this.#added.filter(({ signature }, index) => this.#added.findIndex((other) => other.signature.place === signature.place) === index);
    return [
      ...signed.map(({ signature }): Change => ({
        kind: signature.subFilter === 'ETSI.RFC3161' ? 'document-time-stamp' : 'signature', field: signature.field,
        visible: this.#added.some((added) => added.signature.place === signature.place && added.visible),
      })),
      ...[...new Set(this.#filled.map(({ field }) => field))].map((field): Change => (
        { kind: 'form-field', field, visible: this.#filled.some((filled) => filled.field === field && filled.visible) })),
      ...(this.#hasValidationData ? [{ kind: 'validation-data', field: null, visible: false } as const] : []),
      ...(this.#hasMetadata ? [{ kind: 'metadata', field: null, visible: false } as const] : []),
    ];
  }

  /** 7.7.2. /Extensions and /Version declare what a writer used; XMP and DSS show nothing on a page. */
  #fill(number: number, was: PdfDictionary, is: PdfDictionary): void {
    const filled = filledField(this.#revision, was, is);
    if (filled === null) throw new NotAllowed(`object ${number}${kindOf(was)} is changed`);
    this.#filled.push(filled);
  }

  #catalog(was: PdfDictionary, is: PdfDictionary): void {
    const { before, after } = this.#revision;
    for (const key of differingKeys(was, is)) {
      if (key === 'DSS') this.#hasValidationData = true;
      else if (key === 'AcroForm') this.#form(asDictionary(before.resolve(was.entries.get(key))), asDictionary(after.resolve(is.entries.get(key))));
      else if (key === 'Metadata' && this.#isMetadata(null, after.object(asRef(is.entries.get(key))?.number ?? -1))) this.#hasMetadata = true;
      else if (key !== 'Extensions' && key !== 'Version') throw new NotAllowed(`/${key} of the catalog is changed`);
    }
  }

  /** 14.3.3: who wrote the file and when. Title, author and the like are not touched. */
  #information(was: PdfDictionary, is: PdfDictionary): void {
    const key = differingKeys(was, is).find((name) => name !== 'ModDate' && name !== 'Producer');
    if (key !== undefined) throw new NotAllowed(`/${key} of the information dictionary is changed`);
    this.#hasMetadata = true;
  }

  /** 12.7.3. NeedAppearances or XFA would have fields drawn anew. */
  #form(was: PdfDictionary | null, is: PdfDictionary | null): void {
    if (is === null) throw new NotAllowed('the form is taken away');
    const keys = was === null ? [...is.entries.keys()] : differingKeys(was, is);
    for (const key of keys) {
      if (key === 'Fields') this.#list(this.#revision.before.resolve(was?.entries.get(key)), this.#revision.after.resolve(is.entries.get(key)));
      else if (key === 'DR' && was !== null) this.#resources(was.entries.get(key), is.entries.get(key));
      // the defaults of a form that has no field but signatures
      else if (key !== 'SigFlags' && !(was === null && (key === 'DR' || key === 'DA'))) throw new NotAllowed(`/${key} of the form is changed`);
    }
  }

  /** Fonts and the like that fields are drawn with: more of them, none exchanged. Appearances that are there are not drawn anew. */
  #resources(was: PdfValue | undefined, is: PdfValue | undefined): void {
    const { before, after } = this.#revision;
    const [earlier, later] = [asDictionary(before.resolve(was)), asDictionary(after.resolve(is))];
    for (const [kind, value] of earlier?.entries ?? []) {
      const [kept, now] = [asDictionary(before.resolve(value)), asDictionary(after.resolve(later?.entries.get(kind)))];
      const isKept = kept === null || now === null ? sameValue(value, later?.entries.get(kind)) : differingKeys(kept, now).every((name) => !kept.entries.has(name));
      if (!isKept) throw new NotAllowed(`/${kind} of the form's resources is changed`);
    }
  }

  #page(number: number, was: PdfDictionary, is: PdfDictionary): void {
    const key = differingKeys(was, is).find((name) => name !== 'Annots');
    if (key !== undefined) throw new NotAllowed(`/${key} of a page (object ${number}) is changed`);
    this.#list(this.#revision.before.resolve(was.entries.get('Annots')), this.#revision.after.resolve(is.entries.get('Annots')));
  }

  /** All that was listed, in its order, then new signature fields: an order changed draws one annotation over another. */
  #list(was: PdfValue, is: PdfValue): void {
    const earlier = itemsOf(was);
    const later = itemsOf(is);
    if (!earlier.every((item, index) => sameValue(item, later[index]))) throw new NotAllowed('a field or an annotation is taken away or moved');
    for (const item of later.slice(earlier.length)) this.#added.push(checkNewField(this.#revision, item));
  }

  /** A list of the form or of one page, and of nothing else that could take it for something else. */
  #listOf(number: number): string | null {
    const { before } = this.#revision;
    const [only, ...more] = this.#referrers.get(number) ?? [];
    const [holder, key] = only?.split(' ') ?? [];
    if (holder === undefined || more.length > 0) return null;
    const form = dictionaryOf(before, before.root).entries.get('AcroForm');
    if (key === 'Annots' && asName(asDictionary(before.object(Number(holder))?.value)?.entries.get('Type')) === 'Page') return key;
    return key === 'Fields' && Number(holder) === asRef(form)?.number ? key : null;
  }

  #isMetadata(number: number | null, object: PdfObject | null): boolean {
    const entries = asDictionary(object?.value)?.entries;
    const isXmp = object?.stream != null && asName(entries?.get('Type')) === 'Metadata' && asName(entries?.get('Subtype')) === 'XML';
    return isXmp && (number === null || this.#isOnlyFor(number, `${this.#revision.before.root} Metadata`));
  }

  #isOnlyFor(number: number, referrer: string): boolean {
    const found = this.#referrers.get(number);
    return found?.size === 1 && found.has(referrer);
  }

  /** 12.8.4.3: the DSS, its lists and its VRI, as far down as three references, each with one referrer. */
  #isValidationData(number: number, depth = 0): boolean {
    const { before } = this.#revision;
    if (this.#isOnlyFor(number, `${before.root} DSS`)) return true;
    const [only, ...more] = this.#referrers.get(number) ?? referrersOf(before, new Set([number])).get(number) ?? [];
    if (only === undefined || more.length > 0 || depth === 3) return false;
    const holder = Number(only.split(' ')[0]);
    const above = referrersOf(before, new Set([holder])).get(holder);
    if (above?.size === 1 && above.has(`${before.root} DSS`)) return true;
    return holder !== before.root && this.#isValidationData(holder, depth + 1);
  }
}

function itemsOf(value: PdfValue): PdfValue[] {
  if (value === null) return [];
  if (typeof value !== 'object' || value.kind !== 'array') throw new NotComparable('a list of fields or annotations is none');
  return value.items;
}

function kindOf(dictionary: PdfDictionary | null): string {
  const type = asName(dictionary?.entries.get('Type')) ?? asName(dictionary?.entries.get('Subtype'));
  return type === null ? '' : ` (${type})`;
}
