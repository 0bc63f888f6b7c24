import { expect, test } from 'vitest';
import { isPalm } from './palm-filter.ts';
import { PenPresence } from './pen-presence.ts';

const pen = { from: 10_000, to: 12_000 };

test.each([
  ['lies down just before the pen and stays', { from: 9_700, to: null }, true],
  ['was lifted 499 ms before the pen', { from: 9_000, to: 9_501 }, true],
  ['was lifted 500 ms before the pen', { from: 9_000, to: 9_500 }, false],
  ['comes while the pen is there', { from: 11_000, to: 11_100 }, true],
  ['is there all along', { from: 1, to: 99_000 }, true],
  ['comes after the pen has left', { from: 12_000, to: 12_500 }, false],
])('a touch that %s', (_, touch, verdict) => {
  expect(isPalm(touch, pen, 500)).toBe(verdict);
});

test('while a pen stays in range, every later touch is a palm', () => {
  expect(isPalm({ from: 90_000, to: 90_001 }, { from: 10_000, to: null }, 500)).toBe(true);
});

test('buttons ignore touch while the pen is in range and for 700 ms after', () => {
  const presence = new PenPresence(700);
  expect(presence.blocksTouch(0)).toBe(false);
  presence.seen(1_000);
  expect(presence.blocksTouch(1_001)).toBe(true);
  presence.left(2_000);
  expect(presence.blocksTouch(2_699)).toBe(true);
  expect(presence.blocksTouch(2_700)).toBe(false);
});

test('a pen whose leaving was never reported does not lock the buttons for good', () => {
  const presence = new PenPresence(700);
  presence.seen(1_000);
  expect(presence.blocksTouch(3_900)).toBe(true);
  expect(presence.blocksTouch(4_700)).toBe(false);
});
