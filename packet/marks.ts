/**
 * What the smaller fields show: the day, a tick, or nothing yet.
 * Before: `filled-field.ts`. After: its widgets.
 */
import { lineTo, moveTo, type PDFContext, type PDFRef, LineCapStyle, LineJoinStyle, setLineCap, setLineJoin, setLineWidth, setStrokingColor, stroke } from './pdf-lib.ts';
import { Appearance, boxPath, inkColour, margin, type Place } from './appearance.ts';
import type { FontSet } from './text/index.ts';

/** Points; a date is no larger than the print around it. */
const largestText = 12;

/** Nothing, on white ground where letters stand under the field. */
export function drawNothing(context: PDFContext, place: Place): PDFRef {
  return new Appearance(context, place).register();
}

/** One line of text on the field's ground. @throws PacketError NO_GLYPH; nothing is registered for the form then */
export function drawLine(context: PDFContext, fonts: FontSet, text: string, place: Place): PDFRef {
  const appearance = new Appearance(context, place);
  const { width, height } = appearance.size;
  const size = Math.min(largestText, height * 0.7);
  appearance.text(fonts, text, { x: margin, y: (height - size * 0.72) / 2, size, colour: inkColour, maxWidth: width - 2 * margin });
  return appearance.register();
}

/** A tick of two lines, or none. A tag stands where no box is printed: then the box is drawn, too. */
export function drawCheck(context: PDFContext, checked: boolean, place: Place): PDFRef {
  const appearance = new Appearance(context, place);
  const { width, height } = appearance.size;
  const edge = Math.min(width, height, 2 * largestText) - 2;
  const box = place.ground ? { x: 1, y: (height - edge) / 2 } : { x: (width - edge) / 2, y: (height - edge) / 2 };
  const at = (x: number, y: number): [number, number] => [Math.round((box.x + x * edge) * 100) / 100, Math.round((box.y + y * edge) * 100) / 100];
  const pen = [setStrokingColor(inkColour), setLineCap(LineCapStyle.Round), setLineJoin(LineJoinStyle.Round)];
  if (place.ground) appearance.draw(...pen, setLineWidth(0.75), ...boxPath({ ...box, width: edge, height: edge }), stroke());
  if (checked) appearance.draw(...pen, setLineWidth(Math.max(1, edge / 9)), moveTo(...at(0.2, 0.5)), lineTo(...at(0.42, 0.24)), lineTo(...at(0.82, 0.8)), stroke());
  return appearance.register();
}
