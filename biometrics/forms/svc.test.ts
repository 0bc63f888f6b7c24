import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { RecordError } from '../errors.ts';
import { isDown } from '../sample.ts';
import { fromSvc, toSvc } from './svc.ts';

it('reads the columns in the order of the competition', () => {
  const { columns, rows } = fromSvc('2\n2933 5678 31275775 0 1550 710 439\n2933 5678 31275785 1 1480 770 420\n');
  expect(columns.map(({ name }) => name)).toEqual(['x', 'y', 'time', 'tip', 'azimuth', 'altitude', 'pressure']);
  expect(rows[1]).toEqual([2933, 5678, 31_275_785, 1, 1480, 770, 420]);
});

it('carries every raw number as it was, 0 where there was none, and says so', () => {
  fc.assert(fc.property(arbitraryCapture(), (capture) => {
    const { bytes, notCarried } = toSvc(capture);
    const { rows } = fromSvc(new TextDecoder().decode(bytes));
    expect(rows.map(([x, y, , tip, azimuth, altitude, pressure]) => [x, y, tip, azimuth, altitude, pressure]))
      .toEqual(capture.samples.map((sample) => [sample.x, sample.y, Number(isDown(sample)), sample.azimuth ?? 0, sample.altitude ?? 0, sample.pressure ?? 0]));
    if (capture.samples.some(({ pressure }) => pressure === null)) expect(notCarried.join()).toContain('pressure: ');
  }), { numRuns: 60 });
});

it('refuses text cut at any character or with a wrong count, by line, and with its own error', () => {
  const text = '2\n10 20 0 1 30 40 50\n11 21 5 2 31 41 51\n';
  expect(() => fromSvc(text)).toThrow('line 3: the button');
  const good = text.replace(' 5 2 ', ' 5 1 ');
  // A cut inside the last number leaves a number.
  for (let length = 0; length < good.length - 2; length++) expect(() => fromSvc(good.slice(0, length))).toThrow(RecordError);
  expect(() => fromSvc('1\n1 2 3\n')).toThrow('line 2: should be seven numbers');
  expect(() => fromSvc('999999999\n')).toThrow(expect.objectContaining({ code: 'RECORD_LIMIT' }));
});
