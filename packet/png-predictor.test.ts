import fc from 'fast-check';
import { expect, test } from 'vitest';
import { undoPngPredictor } from './png-predictor.ts';

/** PNG's own definition, forwards: each row filtered with the type given for it. */
function filter(rows: readonly number[][], types: readonly number[]): Uint8Array {
  return Uint8Array.from(rows.flatMap((row, at) => {
    const type = types[at] as number;
    return [type, ...row.map((value, column) => {
      const left = row[column - 1] ?? 0;
      const above = rows[at - 1]?.[column] ?? 0;
      const corner = rows[at - 1]?.[column - 1] ?? 0;
      const estimate = left + above - corner;
      const nearest = [left, above, corner].reduce((best, candidate) => (Math.abs(estimate - candidate) < Math.abs(estimate - best) ? candidate : best));
      return value - ([0, left, above, Math.floor((left + above) / 2), nearest][type] as number);
    })];
  }));
}

test('what PNG filters, it restores, for any mixture of types', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const image = fc.integer({ min: 1, max: 8 }).chain((columns) => fc.array(fc.tuple(fc.array(byte, { minLength: columns, maxLength: columns }), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 12 }));
  fc.assert(fc.property(image, (rows) => {
    const values = rows.map(([row]) => row);
    expect([...undoPngPredictor(filter(values, rows.map(([, type]) => type)), (values[0] as number[]).length)]).toEqual(values.flat());
  }));
});

test('a row that is cut short is dropped', () => {
  expect([...undoPngPredictor(Uint8Array.from([0, 1, 2, 0, 3]), 2)]).toEqual([1, 2]);
});
