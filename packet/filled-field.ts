/**
 * Places that are filled in along with a signature: further initials, the day, ticks. In the first revision they are made, empty or
 * filled in; a later signing sets value and appearance of what was made then, and nothing else, so that it is filling in a form in the
 * sense of DocMDP's P 2 (ISO 32000-2, table 257).
 *
 * A day is a text field (12.7.5.3): its value is its text. A tick is a check box (12.7.5.2.3) with both of its appearances from the
 * beginning: ticking it names one of them, and draws nothing. Initials are a check box, too: what a check box shows in a state is by
 * definition the appearance stream under that state's name, so no reader draws it anew from the value, as it may do with a text field
 * (12.7.4.3); a push-button has no value that could be filled in (12.7.5.2.2). All are ReadOnly (table 227): nobody types in them.
 * Before: `sign-document.ts`. After: `increment.ts`; `verify/revisions/filled-fields.ts` allows just this.
 */
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFNumber, type PDFObject, PDFString } from './pdf-lib.ts';
import type { InkOutline } from '#biometrics/ink.ts';
import { type Place, placeOf } from './appearance.ts';
import { type DocumentForm, type FieldType, type FormField, nameFor, widgetOf } from './document-form.ts';
import { PacketError } from './errors.ts';
import type { Field } from './fields/field.ts';
import { drawCheck, drawLine, drawNothing } from './marks.ts';
import { drawInitials } from './stamp.ts';
import { defaultFont, type FontSet } from './text/index.ts';

/** What goes into a field along with a signature: ink of initials (as `Stamp.ink`), a day or another line of text, a tick or none. */
export type Filling =
  | { field: Field; ink: readonly InkOutline[] }
  | { field: Field; text: string }
  | { field: Field; checked: boolean };

const readOnly = PDFNumber.of(1);
const off = PDFName.of('Off');
const normal = PDFName.of('N');

export class Fillings {
  readonly #form: DocumentForm;
  readonly #fonts: FontSet;
  readonly #demo: boolean;

  constructor(form: DocumentForm, fonts: FontSet, demo: boolean) {
    this.#form = form;
    this.#fonts = fonts;
    this.#demo = demo;
  }

  /** Makes the empty field, in the first revision. @throws PacketError FIELD_OUTSIDE_PAGE */
  prepare(field: Field): FormField {
    return emptyFormField(this.#form, field) ?? this.#make(field);
  }

  /** @throws PacketError NO_GLYPH, FIELD_OUTSIDE_PAGE, FIELD_NOT_PREPARED */
  fill(filling: Filling, found: FormField): void {
    const { context } = this.#form.pdf;
    const place = this.#placeOf(filling.field);
    if ('checked' in filling) {
      if (filling.checked) this.#turnOn(found);
    } else if ('ink' in filling) {
      const states = widgetOf(found).dict.lookup(PDFName.of('AP'), PDFDict).lookup(normal, PDFDict);
      const shown = context.obj({ Off: states.get(off), Yes: drawInitials(context, this.#fonts, { ink: filling.ink, demo: this.#demo }, place) });
      widgetOf(found).dict.set(PDFName.of('AP'), context.obj({ N: shown }));
      this.#turnOn(found);
    } else {
      widgetOf(found).dict.set(PDFName.of('AP'), context.obj({ N: drawLine(context, this.#fonts, filling.text, place) }));
      this.#set(found, 'V', PDFHexString.fromText(filling.text));
    }
  }

  #make(field: Field): FormField {
    const { context } = this.#form.pdf;
    const place = this.#placeOf(field);
    const entries: Record<string, PDFObject> = { Ff: readOnly };
    if (field.label !== '') entries.TU = PDFHexString.fromText(field.label);
    if (field.kind === 'date') {
      entries.AP = context.obj({ N: drawNothing(context, place) });
      entries.DA = PDFString.of(`/${this.#fontResource()} 10 Tf 0.04 0.1 0.36 rg`);
    } else {
      const isTick = field.kind === 'check';
      entries.AP = context.obj({ N: { Off: isTick ? drawCheck(context, false, place) : drawNothing(context, place), Yes: isTick ? drawCheck(context, true, place) : drawNothing(context, place) } });
      entries.V = off;
      entries.AS = off;
    }
    return this.#form.add(nameFor(field), typeFor(field), this.#form.pageOf(field), field.rect, entries);
  }

  #turnOn(field: FormField): void {
    const widget = widgetOf(field);
    const state = onState(widget.dict);
    if (state === null) throw new PacketError('FIELD_NOT_PREPARED', `The check box "${field.name}" of the document cannot be ticked: it has no picture of a tick.`);
    widget.dict.set(PDFName.of('AS'), state);
    this.#set(field, 'V', state);
  }

  #set(field: FormField, key: string, value: PDFObject): void {
    field.dict.set(PDFName.of(key), value);
    this.#form.touched.add(field.ref);
    this.#form.touched.add(widgetOf(field).ref);
  }

  #placeOf(field: Field): Place {
    return placeOf(field, this.#form.pageOf(field));
  }

  /** 12.7.4.3: the font of the default appearance is one of the form's resources. An embedded one, so that PDF/A stays what it is. */
  #fontResource(): string {
    const { ref, name } = defaultFont(this.#fonts);
    const form = this.#form.dictionary();
    const resources = this.#form.owned(form.dict, form.owner, 'DR');
    const { dict } = this.#form.owned(resources.dict, resources.owner, 'Font');
    for (let number = 1; ; number++) {
      const key = number === 1 ? name : `${name}${number}`;
      const known = dict.get(PDFName.of(key));
      if (known === undefined) dict.set(PDFName.of(key), ref);
      if (known === undefined || known === ref) return key;
    }
  }
}

/** The empty field that is there for this, of the document's own or of an earlier signing's making. */
export function emptyFormField(form: DocumentForm, field: Field): FormField | null {
  const type = typeFor(field);
  const own = field.found === 'acroform' && field.kind !== 'initials' ? form.named(field.name) : null;
  const found = own?.type === type && isSimple(own, type) ? own : form.prepared(nameFor(field), type, field);
  return found !== null && isEmpty(found) ? found : null;
}

/** Every signature, and the first place of each role's initials: those are signed. */
export function signatureFieldsOf(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.kind === 'signature' || (field.kind === 'initials' && field === fields.find(({ kind, role }) => kind === 'initials' && role === field.role)));
}

/** The others, which are filled in along with them. */
export function formFieldsOf(fields: readonly Field[]): Field[] {
  const signatures = signatureFieldsOf(fields);
  return fields.filter((field) => !signatures.includes(field));
}

function typeFor({ kind }: Field): FieldType {
  return kind === 'date' ? 'text' : 'check box';
}

function isEmpty({ dict }: FormField): boolean {
  const value = dict.lookup(PDFName.of('V'));
  return value === undefined || value === off || ((value instanceof PDFString || value instanceof PDFHexString) && value.decodeText() === '');
}

/** One widget only and, of a check box, one that can be ticked. */
function isSimple(field: FormField, type: FieldType): boolean {
  const kids = field.dict.lookupMaybe(PDFName.of('Kids'), PDFArray);
  return (kids?.size() ?? 1) === 1 && (type !== 'check box' || onState(widgetOf(field).dict) !== null);
}

function onState(widget: PDFDict): PDFName | null {
  const states = widget.lookupMaybe(PDFName.of('AP'), PDFDict)?.lookup(normal);
  return states instanceof PDFDict ? states.keys().find((key) => key !== off) ?? null : null;
}
