/** Broken descriptors and reports: no crash, no hang, no number outside its type. Millions of them are in `driver/fuzz.long.test.ts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fuzzDescriptors, fuzzReports } from '#fixtures/hid/fuzz.ts';
import { sharedData } from '#fixtures/needs.ts';
import { desktopTablet, laptopPen, plainTablet } from '#fixtures/hid/pens.ts';

const own = [desktopTablet, laptopPen, plainTablet];

test('8,000 mutated descriptors, and reports by those that can still be read', () => {
  const { read, refused, pens, samples } = fuzzDescriptors(own, 8_000, 1);
  // that all kinds are among them: a harness that always breaks everything would test nothing
  for (const kind of [read, refused, pens, samples]) expect(kind).toBeGreaterThan(800);
});

test('mutated descriptors of real devices', (context) => {
  const folder = sharedData(context, 'hid', 'descriptors', 'pen');
  const real = readdirSync(folder).map((name) => Buffer.from(readFileSync(join(folder, name), 'utf8').replaceAll(/\s/g, ''), 'hex'));
  const { read, refused } = fuzzDescriptors(real, 3000, 2);
  expect(Math.min(read, refused)).toBeGreaterThan(300);
});

test.each([['numbered', desktopTablet], ['large', laptopPen], ['without ids', plainTablet]])('100,000 random reports of a pen: %s', (_, descriptor) => {
  const { samples, others } = fuzzReports(descriptor, 100_000, 3);
  expect(samples).toBeGreaterThan(20_000);
  expect(others).toBeGreaterThan(1000);
});
