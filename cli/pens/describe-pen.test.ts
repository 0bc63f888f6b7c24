import { expect, test } from 'vitest';
import type { AttachedPen } from '#driver/index.ts';
import { aligned, penBrief, penRows } from './describe-pen.ts';

const TABLET: AttachedPen = {
  id: 'hid-1', kind: 'hid', name: 'Intuos Pro M', vendorId: 0x056a, productId: 0x0357, serialNumber: '0BB00A1', bus: 'usb', layout: 'system',
  gives: { pressureLevels: 8_192, tilt: 'tilt', twist: false, inAir: true, rate: null, clock: 'none', sizeMm: { width: 224.04, height: 148 } },
  pad: null, problem: null,
};

const said = (pen: AttachedPen): string => aligned(penRows(pen), '');

test('what a pen gives is said with its units', () => {
  const text = said(TABLET);
  expect(text).toMatch(/^kind +HID pen 056a:0357, USB$/m);
  expect(text).toMatch(/^pressure +8,192 levels$/m);
  expect(text).toMatch(/^tilt +tilt X and Y$/m);
  expect(text).toMatch(/^size +224 × 148 mm$/m);
  expect(text).toMatch(/^layout +the device's own descriptor/m);
  expect(text).not.toContain('PROBLEM');
});

test('what a pen does not give is said too, and never left out', () => {
  const pad: AttachedPen = {
    ...TABLET, kind: 'topaz', vendorId: null, productId: null, serialNumber: null, bus: null, layout: 'protocol',
    gives: { pressureLevels: 0, tilt: 'none', twist: false, inAir: true, rate: null, clock: 'none', sizeMm: null },
  };
  const text = said(pad);
  for (const line of [/^pressure +none$/m, /^tilt +none$/m, /^size +not told by the device$/m, /^clock +none: times are those of arrival$/m, /^screen +none$/m]) expect(text).toMatch(line);
  expect(text).not.toContain('serial number');
  expect(penBrief(pad)).toBe('Intuos Pro M (no pressure, no tilt)');
});

test('a problem comes with what to do about it', () => {
  const text = said({ ...TABLET, layout: null, gives: null, problem: { code: 'PEN_FORBIDDEN', message: 'This user may not read /dev/hidraw3.', advice: 'Install the rule.' } });
  expect(text).toMatch(/^PROBLEM +This user may not read \/dev\/hidraw3\.$/m);
  expect(text).toMatch(/^what to do +Install the rule\.$/m);
  expect(text).toMatch(/^layout +not known$/m);
  expect(text).toMatch(/^gives +not known: it cannot be read/m);
  expect(said({ ...TABLET, kind: 'stu-hid', layout: 'protocol', gives: null })).toMatch(/^gives +known once it is opened$/m);
});

test('a pad has a screen of its own', () => {
  expect(said({ ...TABLET, kind: 'stu-hid', pad: { width: 800, height: 480, colours: 16_777_216 } })).toMatch(/^screen +800 × 480 pixels, 24-bit colour$/m);
});

test('values stand in one column', () => {
  const columns = said(TABLET).trimEnd().split('\n').map((line) => /^\S.*? {2,}(?=\S)/.exec(line)?.[0].length);
  expect(new Set(columns).size).toBe(1);
});
