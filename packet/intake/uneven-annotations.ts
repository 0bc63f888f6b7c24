/**
 * Makes annotations (ISO 32000-2, 12.5) look the same always and everywhere: as the guest's screen shows them. Under a pointer, in print
 * or in another reader an annotation could say something else than what was signed. Of its appearances only the normal one stays (12.5.5),
 * of the looks of a button only those at rest (table 192). What the screen shows is printed, what it does not show is no longer
 * there to be shown elsewhere; nobody's pointer switches it.
 * Works on pdf-lib's model, in the child process. It believes the normal appearance: that it says what the field's value is, is not checked.
 * Before: `every-object.ts`. After: `normalise.ts`.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFObject, PDFString } from '../pdf-lib.ts';
import { annotationLists, keepItems } from './every-object.ts';

/** Flags (table 167). */
const [invisible, hidden, print, noView, toggleNoView] = [1, 2, 4, 32, 256];
/** Of fields (table 229). */
const pushButton = 0x10000;
/** Levels of fields; no form of a hotel has more, and one that bites its tail ends. */
const deepest = 50;
/** Looks at rest (table 192): rotation, colours, caption, icon and how these lie. The others are for a pointer that rests or presses. */
const atRest = new Set(['R', 'BC', 'BG', 'CA', 'I', 'IF', 'TP']);
/** Appearances (table 170) that stay: the normal one, and of boxes in signed documents the one for when they are pressed. */
const [looks, looksOfBoxes] = [new Set(['N']), new Set(['N', 'D'])];
/** Marks on text: pdf.js shows them only with the corners of what they mark, others without. */
const onText = new Set(['Highlight', 'Underline', 'Squiggly', 'StrikeOut']);
/** All others of table 171 that are not removed anyway: only of unknown kinds the flag "invisible" hides anything. */
const known = new Set([...onText, 'Text', 'Link', 'FreeText', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Caret', 'Stamp', 'Ink', 'Popup', 'Widget']);
/** Where there is nothing to print: a place to click, and a window of the reader's own. */
const ofTheScreen = new Set(['Link', 'Popup']);

const name = (text: string): PDFName => PDFName.of(text);
const off = name('Off');
/** In words; other readers than the screen's have shown these boxes otherwise before. */
export const unchosenBoxes = 'written anew: boxes whose look was not chosen';

/**
 * @param signed whether it holds a signature: that an annotation is not printed, an empty box has no look chosen, or a box has one for
 *   when it is pressed, is then left as it is, since what makes, fills in or signs forms often does that.
 * @returns what was changed, in words, each once; nothing where all annotations look the same everywhere.
 */
export function evenAnnotations(pdf: PDFDocument, signed: boolean): string[] {
  const changed = new Set<string>();
  for (const list of annotationLists(pdf)) {
    keepItems(list, (annotation) => {
      if (!(annotation instanceof PDFDict)) return true;
      if (isShownElsewhere(annotation)) {
        changed.add('removed: unseen annotation');
        // A field stays; that it shows nothing is what the screen says.
        if (kindOf(annotation) === 'Widget') annotation.delete(name('AP'));
        return kindOf(annotation) === 'Widget';
      }
      makeEven(annotation, signed && isBox(annotation) ? looksOfBoxes : looks, changed);
      if (isChosen(annotation, signed)) changed.add(unchosenBoxes);
      if (!signed && printToo(annotation)) changed.add('written anew: annotations that are shown and were not printed');
      return true;
    });
  }
  return [...changed];
}

/** @param kept of its appearances */
function makeEven(annotation: PDFDict, kept: ReadonlySet<string>, changed: Set<string>): void {
  const appearances = annotation.lookup(name('AP'));
  if (appearances instanceof PDFDict && keepOnly(appearances, kept)) changed.add('removed: rollover and down appearances');
  const characteristics = annotation.lookup(name('MK'));
  if (characteristics instanceof PDFDict && keepOnly(characteristics, atRest)) changed.add('removed: captions and icons for the pointer');
  if (kindOf(annotation) === 'Popup' && annotation.delete(name('AP'))) changed.add('removed: appearance of a popup annotation');
  const flags = flagsOf(annotation);
  if ((flags & toggleNoView) !== 0) {
    annotation.set(name('F'), PDFNumber.of(flags & ~toggleNoView));
    changed.add('removed: visibility that the pointer switches');
  }
}

/** @returns true where it was shown and not printed */
function printToo(annotation: PDFDict): boolean {
  const flags = flagsOf(annotation);
  if ((flags & (hidden | print | noView)) !== 0 || ofTheScreen.has(kindOf(annotation))) return false;
  annotation.set(name('F'), PDFNumber.of(flags | print));
  return true;
}

/** @returns true where there was anything else */
function keepOnly(dict: PDFDict, kept: ReadonlySet<string>): boolean {
  return dict.keys().filter((key) => !kept.has(key.decodeText())).map((key) => dict.delete(key)).includes(true);
}

/** True where pdf.js shows nothing, and another reader its normal appearance. */
function isShownElsewhere(annotation: PDFDict): boolean {
  const kind = kindOf(annotation);
  const flags = flagsOf(annotation);
  if ((flags & (hidden | noView)) !== 0) return false;
  if (onText.has(kind) && !hasCorners(annotation.lookup(name('QuadPoints')))) return true;
  if ((flags & invisible) !== 0 && !known.has(kind)) return true;
  return isWithoutState(annotation);
}

/** Of lists of corners: many marks may share a long one. */
const judged = new WeakMap<PDFArray, boolean>();

function hasCorners(points: PDFObject | undefined): boolean {
  if (!(points instanceof PDFArray)) return false;
  const known = judged.get(points) ?? (points.size() > 0 && points.size() % 8 === 0 && points.asArray().every((_, at) => points.lookup(at) instanceof PDFNumber));
  judged.set(points, known);
  return known;
}

/** Several appearances, and no name that chooses among them: pdf.js shows none, PDFium that of the value or "Off". */
function isWithoutState(annotation: PDFDict): boolean {
  return statesOf(annotation) !== null && !isBox(annotation);
}

/** Of boxes the screen goes by the value, others show them empty. @returns true where a look had to be chosen */
function isChosen(annotation: PDFDict, signed: boolean): boolean {
  const states = statesOf(annotation);
  if (states === null) return false;
  const value = inherited(annotation, 'V');
  const text = value instanceof PDFName || value instanceof PDFString || value instanceof PDFHexString ? value.decodeText() : '';
  const state = states.keys().find((key) => key.decodeText() === text) ?? off;
  if (signed && state === off) return false;
  annotation.set(name('AS'), state);
  return true;
}

/** The appearances of which none is chosen (`AS`, table 166); null where there is one only, or a choice. */
function statesOf(annotation: PDFDict): PDFDict | null {
  const appearances = annotation.lookup(name('AP'));
  const states = appearances instanceof PDFDict ? appearances.lookup(name('N')) : undefined;
  const chosen = annotation.lookup(name('AS'));
  return states instanceof PDFDict && !(chosen instanceof PDFName && chosen.decodeText() !== '') ? states : null;
}

/** A check box or radio button; a push-button has no state. */
function isBox(annotation: PDFDict): boolean {
  const flags = inherited(annotation, 'Ff');
  return kindOf(annotation) === 'Widget' && inherited(annotation, 'FT') === name('Btn') && ((flags instanceof PDFNumber ? flags.asNumber() : 0) & pushButton) === 0;
}

/** Of a field (12.7.4.1). */
function inherited(field: PDFDict, key: string): PDFObject | undefined {
  let dict: PDFObject | undefined = field;
  for (let level = 0; dict instanceof PDFDict && level < deepest; level++) {
    const value = dict.lookup(name(key));
    if (value !== undefined) return value;
    dict = dict.lookup(name('Parent'));
  }
  return undefined;
}

function kindOf(annotation: PDFDict): string {
  const kind = annotation.lookup(name('Subtype'));
  return kind instanceof PDFName ? kind.decodeText() : '';
}

function flagsOf(annotation: PDFDict): number {
  const flags = annotation.lookup(name('F'));
  return flags instanceof PDFNumber ? flags.asNumber() : 0;
}
