import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { letGo, roomFor, sha256OfLarge } from './slices.ts';

// the first of this file: what another test left would go with a collection, and count as given back
test('what is let go of is gone, where it is large', async () => {
  const [small, large, view] = [roomFor(1_000), roomFor(20_000_000), Buffer.alloc(20_000_000).subarray(5)];
  // `arrayBuffers` knows what Node’s allocator gave out, and a buffer that can be resized is not from there
  const before = process.memoryUsage().external;
  await letGo(small, large, view, large);
  expect(before - process.memoryUsage().external).toBeGreaterThan(38_000_000);
  // still held here: no collection of the heap took them
  expect([small.length, large.length, view.length]).toEqual([1_000, 0, 0]);
});

test('room for much is zeros and bytes like any others: to fill, to hash, to hand over', async () => {
  const [small, large] = [roomFor(1_000), roomFor(20_000_000)];
  expect([small.length, large.length, large.byteLength === large.buffer.byteLength]).toEqual([1_000, 20_000_000, true]);
  expect([small, large].flatMap((room) => [room[0], room.at(-1)])).toEqual([0, 0, 0, 0]);
  large.fill(7);
  const expected = createHash('sha256').update(Buffer.alloc(20_000_000, 7)).digest('hex');
  expect(await sha256OfLarge(large)).toBe(expected);
  expect(Buffer.from(await crypto.subtle.digest('SHA-256', large)).toString('hex')).toBe(expected);
  const handedOver = structuredClone(large, { transfer: [large.buffer] });
  expect([handedOver.length, large.length]).toEqual([20_000_000, 0]);
  expect(await sha256OfLarge(handedOver)).toBe(expected);
});
