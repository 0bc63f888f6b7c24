/**
 * Undoes the PNG predictors of Flate and LZW streams (ISO 32000-2, 7.4.4.4; PNG, clause 9), which
 * cross-reference streams nearly always use. One byte per component, one component per pixel: what 7.5.8
 * calls for; not for images.
 */

/**
 * @param data rows of one type byte and `columns` bytes.
 * @returns the rows alone; a last row that is cut short is dropped.
 */
export function undoPngPredictor(data: Uint8Array, columns: number): Uint8Array {
  const rows = Math.floor(data.length / (columns + 1));
  const out = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const type = data[row * (columns + 1)] as number;
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const left = column === 0 ? 0 : out[at - 1] as number;
      const above = row === 0 ? 0 : out[at - columns] as number;
      const corner = row === 0 || column === 0 ? 0 : out[at - columns - 1] as number;
      out[at] = data[row * (columns + 1) + 1 + column] as number + prediction(type, left, above, corner);
    }
  }
  return out;
}

function prediction(type: number, left: number, above: number, corner: number): number {
  switch (type) {
    case 1: return left;
    case 2: return above;
    case 3: return (left + above) >> 1;
    case 4: return paeth(left, above, corner);
    default: return 0;
  }
}

/** The neighbour nearest to left + above - corner; ties go in that order. */
function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove, toCorner] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
