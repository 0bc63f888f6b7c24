/**
 * A million mutated descriptors and ten million random reports: no crash, no hang, no number outside its type
 * (`fixtures/hid/declared-types.ts`). A failure names its seed and its descriptor.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fuzzDescriptors, fuzzReports } from '#fixtures/hid/fuzz.ts';
import { desktopTablet, laptopPen, plainTablet } from '#fixtures/hid/pens.ts';
import { sharedData } from '#fixtures/needs.ts';

const own = [desktopTablet, laptopPen, plainTablet];
const HOUR = 3_600_000;

test('a million mutated descriptors', { timeout: HOUR }, () => {
  let read = 0;
  for (let seed = 100; seed < 110; seed++) read += fuzzDescriptors(own, 100_000, seed).read;
  expect(read).toBeGreaterThan(100_000);
});

test.each([['numbered', desktopTablet, 4_000_000], ['large', laptopPen, 3_000_000], ['without ids', plainTablet, 3_000_000]])(
  'random reports of a pen: %s', { timeout: HOUR }, (_, descriptor, count) => {
    const { samples, others } = fuzzReports(descriptor, count, 200);
    expect(samples + others).toBe(count);
    expect(samples).toBeGreaterThan(count / 5);
  });

test('200,000 mutated descriptors of real devices, and a million random reports of theirs', { timeout: HOUR }, (context) => {
  const folder = sharedData(context, 'hid', 'descriptors', 'pen');
  const real = readdirSync(folder).map((name) => Buffer.from(readFileSync(join(folder, name), 'utf8').replaceAll(/\s/g, ''), 'hex'));
  expect(fuzzDescriptors(real, 200_000, 300).read).toBeGreaterThan(20_000);
  for (const [nth, descriptor] of real.entries()) fuzzReports(descriptor, Math.ceil(1_000_000 / real.length), 400 + nth);
});
