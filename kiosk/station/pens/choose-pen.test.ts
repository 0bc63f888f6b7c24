/** Tables of what is chosen from what, and why not the others. */
import { describe, expect, test } from 'vitest';
import { attachedPen } from '#fixtures/attached-pens.ts';
import type { PenAbilities } from '#driver/pens.ts';
import { choosePen, type Candidate, type Choosing, type TabletFacts } from './choose-pen.ts';

const HERE: TabletFacts = { secureContext: true, rawUpdate: true, userAgent: 'X11; Linux Chrome', local: true };
const full = attachedPen({ id: 'full', name: 'Full' });
const pressureOnly = attachedPen({ id: 'pressure', name: 'Pressure' }, { tilt: 'none' });
const contactOnly = attachedPen({ id: 'contact', name: 'Contact', kind: 'topaz' }, { tilt: 'none', pressureLevels: 0 });
const unknown = attachedPen({ id: 'unknown', name: 'Unknown', gives: null });
const stu = attachedPen({ id: 'stu', name: 'STU', kind: 'stu-hid' }, { tilt: 'none', pressureLevels: 512 });
const silent = attachedPen({ id: 'silent', name: 'Silent STU', kind: 'stu-hid', gives: null });
const forbidden = attachedPen({ id: 'forbidden', name: 'Forbidden', problem: { code: 'PEN_FORBIDDEN', message: 'It may not be read.', advice: 'Install the rule.' } });

function choose(pens: readonly Candidate['pen'][], more: Partial<Choosing> = {}) {
  return choosePen({ tablet: 'front', candidates: pens.map((pen) => ({ pen, tablet: 'front' })), minimum: {}, facts: HERE, ...more });
}

function chosen(...args: Parameters<typeof choose>): string {
  const { source } = choose(...args);
  return source === null ? 'none' : source.reads === 'screen' ? 'screen' : source.pen.id;
}

describe('the best that is there', () => {
  test.each([
    ['nothing attached', [], 'screen'],
    ['pressure and tilt before pressure', [pressureOnly, full], 'full'],
    ['pressure before contact alone', [contactOnly, pressureOnly], 'pressure'],
    ['a pad before contact alone', [contactOnly, stu], 'stu'],
    ['the device itself before Pointer Events, even without pressure', [contactOnly], 'contact'],
    ['what is known before what is not', [unknown, contactOnly], 'contact'],
    ['also before a pad that was not asked yet', [silent, contactOnly], 'contact'],
    ['which can be used where nothing is asked for', [silent], 'silent'],
    ['what cannot be opened is not chosen', [forbidden], 'screen'],
    ['more levels', [attachedPen({ id: 'coarse' }, { pressureLevels: 256 }), full], 'full'],
    ['a clock of its own, all else equal', [full, attachedPen({ id: 'clocked' }, { clock: 'device-clock' })], 'clocked'],
    ['the first of equals', [attachedPen({ id: 'one' }), attachedPen({ id: 'two' })], 'one'],
  ] as const)('%s', (_, pens, expected) => {
    expect(chosen(pens)).toBe(expected);
  });

  test('each other candidate is told why not, in one sentence', () => {
    const { name, detail, others } = choose([pressureOnly, full, forbidden]);
    expect(name).toBe('Full');
    expect(detail).toBe('Read directly by the station: 4,096 levels of pressure, tilt, 200 reports a second, no clock of its own.');
    expect(others.map((other) => other.name)).toEqual(['Pressure', 'Forbidden', 'Browser pen events']);
    expect(others[1]!.reason).toBe('It may not be read. Install the rule.');
    for (const { reason } of others) expect(reason).toMatch(/^[A-Z].*\.$/);
  });
});

describe('whose pen it is', () => {
  test('a device of another tablet is not used here', () => {
    const candidates = [{ pen: full, tablet: 'bar' }];
    expect(chosen([], { candidates })).toBe('screen');
    expect(chosen([], { candidates, tablet: 'bar' })).toBe('full');
  });

  test('a tablet on another machine has Pointer Events only', () => {
    const { source, others } = choose([full], { facts: { ...HERE, local: false } });
    expect(source).toEqual({ reads: 'screen' });
    expect(others).toEqual([{ name: 'Full', reason: 'It is attached to the station’s machine, and this tablet is another one.' }]);
  });
});

describe('the minimum', () => {
  const abilities = (change: Partial<PenAbilities>) => [attachedPen({ id: 'it' }, change)];
  test.each([
    ['raw', { raw: true }, [], 'none'],
    ['raw', { raw: true }, [contactOnly], 'contact'],
    ['pressure', { pressure: 1_024 }, [], 'screen'],
    ['pressure', { pressure: 1_025 }, [], 'none'],
    ['pressure', { pressure: 4_097 }, [full], 'none'],
    ['pressure', { pressure: 4_096 }, [full], 'full'],
    ['tilt', { tilt: true, raw: true }, [pressureOnly], 'none'],
    ['tilt', { tilt: true }, [pressureOnly], 'screen'],
    ['angles count as tilt', { tilt: true, raw: true }, abilities({ tilt: 'azimuth-altitude' }), 'it'],
    ['in air', { inAir: true, raw: true }, abilities({ inAir: false }), 'none'],
    ['a clock', { deviceClock: true }, [full], 'none'],
    ['a sequence number is no clock', { deviceClock: true }, abilities({ clock: 'sequence' }), 'none'],
    ['a clock', { deviceClock: true }, abilities({ clock: 'both' }), 'it'],
    ['what is not known does not meet it', { raw: true }, [unknown], 'none'],
    ['a pad by what it said', { raw: true, pressure: 512 }, [stu], 'stu'],
    ['a pad by what it said', { raw: true, pressure: 513 }, [stu], 'none'],
    ['not even of a pad that was not asked yet', { raw: true }, [silent], 'none'],
    ['not even of a pad that was not asked yet', { pressure: 512 }, [silent], 'screen'],
    ['the second best, where the best lacks what is asked for', { deviceClock: true }, [full, attachedPen({ id: 'clocked' }, { clock: 'device-clock', tilt: 'none' })], 'clocked'],
  ] as const)('%s: %o', (_, minimum, pens, expected) => {
    expect(chosen(pens, { minimum })).toBe(expected);
  });

  test('says what is missing and what to do', () => {
    const { detail, others } = choose([pressureOnly], { minimum: { raw: true, tilt: true } });
    expect(detail).toBe('No pen here gives what this hotel asks for: reports of the device itself, tilt. Attach such a pen, or see below what keeps each from being used.');
    expect(others).toEqual([
      { name: 'Pressure', reason: 'It is not enough for this hotel: it gives no tilt.' },
      { name: 'Browser pen events', reason: 'They are not enough for this hotel: a browser gives no reports of the device itself.' },
    ]);
  });
});

describe('a page without a secure context', () => {
  const facts = { ...HERE, secureContext: false };
  test('cannot be signed on with Pointer Events', () => {
    expect(chosen([], { facts })).toBe('none');
    expect(choose([], { facts }).others[0]!.reason).toContain('https');
  });

  test('can, with a pen that the station reads', () => {
    expect(chosen([full], { facts })).toBe('full');
  });
});

test('a tablet that was never here is not refused before it says what it is, but what no browser gives is', () => {
  expect(chosen([], { facts: null })).toBe('screen');
  expect(chosen([], { facts: null, minimum: { raw: true } })).toBe('none');
});
