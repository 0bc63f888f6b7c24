/** The outline of a glyph as path operators, for ink that must not read as text. TrueType curves are quadratic, PDF's are cubic. */
import { appendBezierCurve, closePath, fill, lineTo, moveTo, type PDFOperator } from '../pdf-lib.ts';
import { openFace, type Face } from './face.ts';

/** Filled, in the current colour. `size` in points; origin of the glyph at (x, y). */
export function glyphOutline(face: Face, id: number, size: number, x: number, y: number): PDFOperator[] {
  const font = openFace(face);
  const scale = size / font.unitsPerEm;
  const place = (args: readonly number[]): number[] => args.map((value, at) => (at % 2 === 0 ? x : y) + value * scale);
  let pen: [number, number] = [x, y];
  const operators = font.getGlyph(id).path.commands.map(({ command, args }) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = place(args);
    const [px, py] = pen;
    switch (command) {
      case 'moveTo':
        pen = [a, b];
        return moveTo(a, b);
      case 'lineTo':
        pen = [a, b];
        return lineTo(a, b);
      case 'quadraticCurveTo':
        pen = [c, d];
        return appendBezierCurve(px + (2 / 3) * (a - px), py + (2 / 3) * (b - py), c + (2 / 3) * (a - c), d + (2 / 3) * (b - d), c, d);
      case 'bezierCurveTo':
        pen = [e, f];
        return appendBezierCurve(a, b, c, d, e, f);
      case 'closePath':
        return closePath();
    }
  });
  return [...operators, fill()];
}
