/**
 * Text in PDFs: Latin, Cyrillic, Greek, Arabic and Hebrew (shaped, right to left), Thai, Chinese and Japanese, subset and extractable.
 *
 * Before it: a `PDFDocument` of `pdf-lib`, new or loaded for an incremental update. After it: `stamp.ts` writes the
 * signer's name with it, and `kiosk/sample` the registration card. The way of a line:
 * `runs.ts` (direction and font) → `shape.ts` (glyphs) → `embedded-face.ts` (subset) → `draw-text.ts` (operators).
 */
export { defaultFont, embedFonts, type FontSet } from './font-set.ts';
export { drawText, measureText, textOperators, type TextOptions } from './draw-text.ts';
