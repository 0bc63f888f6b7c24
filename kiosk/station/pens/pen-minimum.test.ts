import { expect, test } from 'vitest';
import { DEFAULT_PENS } from './pen-settings.ts';
import { penMinimum } from './pen-minimum.ts';

const settings = { pens: { ...DEFAULT_PENS, minimum: { tilt: true, pressure: 256 } as const } };
const tenants = { raw: true, pressure: null, tilt: false, inAir: true, deviceClock: false };

test('the tenant’s demand stands alone where there is one: station.json neither lowers nor raises it', () => {
  expect(penMinimum({ keys: { awaiting: null, penMinimum: tenants }, settings })).toEqual({ raw: true, inAir: true });
  expect(penMinimum({ keys: { awaiting: null, penMinimum: { ...tenants, raw: false, inAir: false } }, settings })).toEqual({});
});

test('without one that of station.json counts, and so it does before the enrolment', () => {
  expect(penMinimum({ keys: { awaiting: null, penMinimum: null }, settings })).toEqual({ tilt: true, pressure: 256 });
  expect(penMinimum({ keys: { awaiting: { path: '', fingerprint: '' } }, settings })).toEqual({ tilt: true, pressure: 256 });
});
