import { expect, test } from 'vitest';
import type { SourceKind } from '#biometrics/capture.ts';
import { underInk } from './tablet-pens.ts';

test.each<[SourceKind, string]>([
  ['pointer', 'frame'], ['recorded', 'frame'], ['hid', 'frame'], ['isdv4', 'frame'], ['stu-hid', 'pad'], ['stu-serial', 'pad'], ['topaz', 'nothing'],
])('under the ink of %s the guest saw: %s', (kind, under) => {
  expect(underInk({ kind })).toBe(under);
});
