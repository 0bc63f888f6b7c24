import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryDelay } from './backoff.ts';

it('waits longer after each failure, up to ten minutes, and never the same for two stations', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
    const delay = retryDelay(attempts, () => random);
    expect(delay).toBeGreaterThanOrEqual(500);
    expect(delay).toBeLessThanOrEqual(600_000);
    expect(retryDelay(attempts + 1, () => random)).toBeGreaterThanOrEqual(delay);
  }));
  expect(retryDelay(1, () => 1)).toBe(1_000);
  expect(retryDelay(4, () => 1)).toBe(8_000);
  expect(retryDelay(4, () => 0)).toBe(4_000);
  expect(retryDelay(30, () => 0)).toBe(300_000);
});
