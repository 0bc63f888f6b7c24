/**
 * Makes annotations (ISO 32000-2, 12.5) look the same always and everywhere: as the guest's screen shows them. Under a pointer, in print
 * or in another reader an annotation could say something else than what was signed. Of its appearances only the normal one stays (12.5.5),
 * of the looks of a button only those at rest (table 192). What the screen shows is printed, what it does not show is no longer
 * there to be shown elsewhere; nobody's pointer switches it.
 * Works on pdf-lib's model, in the child process. It believes the normal appearance: that it says what the field's value is, is not checked.
 * Before: `every-object.ts`. After: `normalise.ts`.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFName, PDFNumber, type PDFObject, PDFStream } from 'pdf-lib';
import { allDicts } from './every-object.ts';

/** Flags (table 167). */
const [invisible, hidden, print, noView, toggleNoView] = [1, 2, 4, 32, 256];
/** Looks at rest (table 192): rotation, colours, caption, icon and how these lie. The others are for a pointer that rests or presses. */
const atRest = new Set(['R', 'BC', 'BG', 'CA', 'I', 'IF', 'TP']);
/** Marks on text: pdf.js shows them only with the corners of what they mark, others without. */
const onText = new Set(['Highlight', 'Underline', 'Squiggly', 'StrikeOut']);
/** All others of table 171 that are not removed anyway: only of unknown kinds the flag "invisible" hides anything. */
const known = new Set([...onText, 'Text', 'Link', 'FreeText', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Caret', 'Stamp', 'Ink', 'Popup', 'Widget']);
/** Where there is nothing to print: a place to click, and a window of the reader's own. */
const ofTheScreen = new Set(['Link', 'Popup']);

const name = (text: string): PDFName => PDFName.of(text);

/**
 * @param signed whether it holds a signature: that an annotation is not printed is then left as it is, since what signs often does that.
 * @returns what was changed, in words, each once; nothing where all annotations look the same everywhere.
 */
export function evenAnnotations(pdf: PDFDocument, signed: boolean): string[] {
  const changed = new Set<string>();
  for (const dict of allDicts(pdf)) {
    const list = dict.lookup(name('Annots'));
    if (!(list instanceof PDFArray)) continue;
    for (let at = list.size() - 1; at >= 0; at--) {
      const annotation = list.lookup(at);
      if (!(annotation instanceof PDFDict)) continue;
      const isWidget = kindOf(annotation) === 'Widget';
      if (!isShownElsewhere(annotation)) {
        makeEven(annotation, changed);
        if (!signed && printToo(annotation)) changed.add('written anew: annotations that are shown and were not printed');
      } else {
        if (isWidget) annotation.delete(name('AP'));
        else list.remove(at);
        changed.add('removed: unseen annotation');
      }
    }
  }
  return [...changed];
}

function makeEven(annotation: PDFDict, changed: Set<string>): void {
  const appearances = annotation.lookup(name('AP'));
  if (appearances instanceof PDFDict && keepOnly(appearances, new Set(['N']))) changed.add('removed: rollover and down appearances');
  const looks = annotation.lookup(name('MK'));
  if (looks instanceof PDFDict && keepOnly(looks, atRest)) changed.add('removed: captions and icons for the pointer');
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

function hasCorners(points: PDFObject | undefined): boolean {
  return points instanceof PDFArray && points.size() > 0 && points.size() % 8 === 0 && points.asArray().every((_, at) => points.lookup(at) instanceof PDFNumber);
}

/** Several appearances, and no name that chooses among them: pdf.js shows none, PDFium that of the value or "Off". Of buttons both go by the value. */
function isWithoutState(annotation: PDFDict): boolean {
  const appearances = annotation.lookup(name('AP'));
  const states = appearances instanceof PDFDict ? appearances.lookup(name('N')) : undefined;
  if (!(states instanceof PDFDict) || states instanceof PDFStream || annotation.lookup(name('AS')) instanceof PDFName) return false;
  return kindOf(annotation) !== 'Widget' || typeOf(annotation) !== 'Btn';
}

/** Of the field, inherited (12.7.4.1). */
function typeOf(field: PDFDict): string {
  const seen = new Set<PDFDict>();
  for (let dict: PDFObject | undefined = field; dict instanceof PDFDict && !seen.has(dict); dict = dict.lookup(name('Parent'))) {
    seen.add(dict);
    const type = dict.lookup(name('FT'));
    if (type instanceof PDFName) return type.decodeText();
  }
  return '';
}

function kindOf(annotation: PDFDict): string {
  const kind = annotation.lookup(name('Subtype'));
  return kind instanceof PDFName ? kind.decodeText() : '';
}

function flagsOf(annotation: PDFDict): number {
  const flags = annotation.lookup(name('F'));
  return flags instanceof PDFNumber ? flags.asNumber() : 0;
}
