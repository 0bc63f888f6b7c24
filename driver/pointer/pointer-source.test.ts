import { expect, test } from 'vitest';
import fc from 'fast-check';
import { Mark, Switch, isDown, type Sample } from '#biometrics/sample.ts';
import type { PenSource } from '#driver/source.ts';
import type { PenEvent } from './event-sample.ts';
import { PointerSource, type PointerElement, type PointerOptions } from './pointer-source.ts';

const box = { left: 100, top: 50, width: 600, height: 300 };

function surface(): PointerElement & { captured: number[]; heard: Set<string> } {
  const captured: number[] = [];
  const heard = new Set<string>();
  return {
    captured, heard,
    addEventListener: (type) => { heard.add(type); },
    removeEventListener: (type) => { heard.delete(type); },
    setPointerCapture: (id) => { captured.push(id); },
    getBoundingClientRect: () => box,
  };
}

function open(options: Partial<PointerOptions> = {}): { source: PointerSource; heard: Sample[]; removals: (readonly Sample[])[]; element: ReturnType<typeof surface> } {
  const element = surface();
  const heard: Sample[] = [];
  const removals: (readonly Sample[])[] = [];
  const source = new PointerSource(element, {
    instruments: 'any', touchBeforePen: 500, userAgent: 'Test (Windows NT 10.0)', rawUpdate: true, coalesced: true,
    openedAt: { timeStamp: 1_000, wallClock: new Date('2026-01-01T10:00:00Z') }, ...options,
  });
  void source.open({ samples: (fresh) => heard.push(...fresh), removed: (left) => removals.push(left), ended: () => {} });
  return { source, heard, removals, element };
}

function event(type: string, timeStamp: number, fields: Partial<PenEvent> = {}, coalesced?: PenEvent[]): PenEvent {
  return {
    type, timeStamp, pointerId: 2, pointerType: 'pen', clientX: 200, clientY: 100, pressure: type === 'pointerup' ? 0 : 0.5, tangentialPressure: 0,
    tiltX: 20, tiltY: -35, twist: 90, altitudeAngle: 0.9, azimuthAngle: 5.1, buttons: type === 'pointerup' ? 0 : 1, ...fields,
    ...(coalesced === undefined ? {} : { getCoalescedEvents: () => coalesced }),
  };
}

const touch = { pointerType: 'touch', pointerId: 9, tiltX: 0, tiltY: 0 };

test('keeps the contract of every pen source', () => {
  const source: PenSource = open().source;
  expect(source.info.kind).toBe('pointer');
});

test('values are kept as the event gave them, with the time in ns since opening', () => {
  const { source, heard } = open();
  source.handle(event('pointerdown', 1_005.25, { clientX: 203.25, clientY: 99.5, pressure: Math.fround(0.12), tangentialPressure: 0.25, buttons: 3 }));
  expect(heard).toEqual([{
    x: 203.25, y: 99.5, z: null, pressure: Math.fround(0.12), tangentialPressure: 0.25, tiltX: 20, tiltY: -35, azimuth: 5.1, altitude: 0.9,
    twist: 90, battery: null, transducerSerial: null, deviceTime: null, hostTime: 5_250_000, switches: Switch.inRange | Switch.tip | Switch.barrel, marks: 0,
  }]);
});

test('each coalesced sample counts once, although pointermove repeats what pointerrawupdate gave', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (sizes) => {
    const { source, heard } = open();
    source.handle(event('pointerdown', 1_000));
    let at = 1_000;
    const all: PenEvent[] = [];
    for (const size of sizes) {
      const list = Array.from({ length: size }, () => event('pointermove', at += 5, { clientX: 200 + at / 1_000 }));
      all.push(...list);
      source.handle(event('pointerrawupdate', at, {}, list));
    }
    source.handle(event('pointermove', at, {}, all));
    source.handle(event('pointerup', at + 5));
    expect(heard).toHaveLength(all.length + 2);
    expect(source.findings().losses.count).toBe(0);
    expect(heard.slice(1, -1).map((sample) => sample.hostTime)).toEqual(all.map((one) => Math.round((one.timeStamp - 1_000) * 1e6)));
    expect(heard.slice(1, -1).every((sample) => sample.marks === (Mark.rawUpdate | Mark.coalesced))).toBe(true);
  }));
});

test('without pointerrawupdate the coalesced list of pointermove is used, and the source says what that means', () => {
  const { source, heard } = open({ rawUpdate: false });
  source.handle(event('pointerdown', 1_000));
  source.handle(event('pointerrawupdate', 1_005));
  source.handle(event('pointermove', 1_010, {}, [event('pointermove', 1_005), event('pointermove', 1_010)]));
  expect(heard.map((sample) => sample.marks)).toEqual([0, Mark.coalesced, Mark.coalesced]);
  expect(source.info.limits.join()).toContain('no pointerrawupdate');
});

test('a browser without coalesced lists gives one sample per frame, and the source says that the others are gone', () => {
  const { source, heard } = open({ rawUpdate: false, coalesced: false });
  source.handle(event('pointerdown', 1_000));
  source.handle(event('pointermove', 1_016));
  expect(heard.map((sample) => sample.marks)).toEqual([0, 0]);
  expect(source.info.limits.join()).toContain('at most one sample per screen frame');
});

test('what the browser predicts is never asked for, and so never kept', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('pointerdown', 'pointerrawupdate', 'pointermove', 'pointerup', 'pointerleave', 'pointercancel'), { maxLength: 60 }), fc.boolean(), (types, rawUpdate) => {
    const { source } = open({ rawUpdate });
    let asked = 0;
    for (const [index, type] of types.entries()) {
      const at = 1_000 + 5 * index;
      source.handle({ ...event(type, at, {}, [event(type, at)]), getPredictedEvents: () => [event(type, at + 50, { clientX: 666 }), asked++] } as PenEvent);
    }
    expect(asked).toBe(0);
    expect(source.samples.some((sample) => sample.x === 666)).toBe(false);
  }));
});

test('two pens that the browser tells apart are said to be two; their passing ids are not kept', () => {
  const { source } = open();
  for (const [index, persistentDeviceId] of [0, 765_431, 765_431].entries()) source.handle(event(index === 0 ? 'pointerdown' : 'pointerrawupdate', 1_000 + index, { persistentDeviceId }));
  source.handle(event('pointerup', 1_010, { persistentDeviceId: 765_431 }));
  expect(source.info.limits.join()).not.toContain('more than one pen');
  source.handle(event('pointerdown', 1_020, { persistentDeviceId: 765_432 }));
  expect(source.info.limits).toContain('more than one pen inked: the browser tells 2 apart');
  expect(JSON.stringify([source.info, source.samples.map((sample) => ({ ...sample, transducerSerial: null }))])).not.toContain('76543');
  expect(source.samples.every((sample) => sample.transducerSerial === null)).toBe(true);
});

test('a sample that pointermove knows and pointerrawupdate never gave is counted as lost', () => {
  const { source } = open();
  source.handle(event('pointerdown', 1_000));
  source.handle(event('pointerrawupdate', 1_005, {}, [event('pointermove', 1_005)]));
  source.handle(event('pointermove', 1_010, {}, [event('pointermove', 1_005), event('pointermove', 1_010)]));
  expect(source.findings().losses.count).toBe(1);
});

test('a hovering pen is kept, in range and not down', () => {
  const { source, heard } = open();
  source.handle(event('pointerrawupdate', 1_001, { buttons: 0, pressure: 0 }));
  expect(heard.map((sample) => [isDown(sample), sample.switches])).toEqual([[false, Switch.inRange]]);
});

test('odd values are marked and counted, never changed', () => {
  const { source, heard } = open();
  source.handle(event('pointerdown', 1_000));
  source.handle(event('pointerrawupdate', 1_005, { clientX: 701 }));
  source.handle(event('pointerrawupdate', 1_005, { clientX: 701 }));
  source.handle(event('pointerrawupdate', 1_002));
  source.handle(event('pointerrawupdate', 1_090));
  source.handle(event('pointerup', 1_095, { pressure: 0.1 }));
  expect(heard[1]?.x).toBe(701);
  expect(source.findings().anomalies).toEqual({ outOfRange: 2, repeated: 1, clockBackwards: 1, longGap: 1, pressureWithoutTip: 1 });
});

test('where policy wants a pen, touch and mouse never ink', () => {
  const { source, heard, element } = open({ instruments: 'pen' });
  for (const other of [touch, { pointerType: 'mouse', pointerId: 1 }]) {
    source.handle(event('pointerdown', 1_000, other));
    source.handle(event('pointerrawupdate', 1_005, other));
    source.handle(event('pointerup', 1_010, other));
  }
  expect(heard).toEqual([]);
  expect(element.captured).toEqual([]);
  expect(source.findings().anomalies).toEqual({ touchIgnored: 1, mouseIgnored: 1 });
});

test('a palm that lies down before the pen is taken out of the ink, counted, and marked on the next sample', () => {
  const { source, removals } = open();
  source.handle(event('pointerdown', 1_000, touch));
  source.handle(event('pointerrawupdate', 1_010, touch));
  source.handle(event('pointerdown', 1_200));
  source.handle(event('pointerrawupdate', 1_210, touch));
  source.handle(event('pointerup', 1_220));
  expect(removals).toEqual([[]]);
  expect(source.samples).toHaveLength(2);
  expect(source.samples.map((sample) => sample.tiltX)).toEqual([20, 20]);
  expect((source.samples[0]?.marks ?? 0) & Mark.touchRejected).toBe(Mark.touchRejected);
  expect(source.findings().anomalies['touchRejected']).toBe(1);
  expect(source.info.instrument).toBe('pen');
});

test('a touch while the pen hovers never inks; a finger stroke long before the pen stays and is named', () => {
  const { source } = open();
  source.handle(event('pointerdown', 1_000, touch));
  source.handle(event('pointerup', 1_100, touch));
  source.handle(event('pointerrawupdate', 2_000, { buttons: 0, pressure: 0 }));
  source.handle(event('pointerdown', 2_010, { ...touch, pointerId: 10 }));
  source.handle(event('pointerdown', 2_020));
  expect(source.samples.map((sample) => sample.hostTime / 1e6)).toEqual([0, 100, 1_000, 1_020]);
  expect(source.info.instrument).toBe('pen');
  expect(source.info.limits).toContain('more than one instrument inked: touch, pen');
});

test('a mouse gives no pressure and no tilt, and the source says so', () => {
  const { source, heard } = open();
  source.handle(event('pointerdown', 1_000, { pointerType: 'mouse', pointerId: 1 }));
  expect([heard[0]?.pressure, heard[0]?.tiltX, heard[0]?.twist]).toEqual([null, null, null]);
  expect(source.info.instrument).toBe('mouse');
  expect(source.info.channels.map((channel) => channel.name)).toEqual(['x', 'y', 'hostTime']);
  expect(source.info.limits).toContain('a mouse: no pressure, no tilt');
});

test('on Windows the record says 1,024 levels', () => {
  const { source } = open();
  source.handle(event('pointerdown', 1_000));
  expect(source.info.limits.join()).toContain('1,024 pressure levels');
});

test('a stroke the browser took away leaves an incomplete capture', () => {
  const { source } = open();
  source.handle(event('pointerdown', 1_000));
  source.handle(event('pointercancel', 1_010));
  expect(source.findings().complete).toBe(false);
  expect(source.inking).toBe(false);
});

test('closing lets go of the element and ends once', async () => {
  const { source, element } = open();
  expect(element.heard.size).toBe(6);
  await source.close();
  expect(element.heard.size).toBe(0);
});

test('more samples than a capture may hold make it incomplete, and are never dropped in silence', () => {
  const { source } = open();
  source.handle(event('pointerdown', 1_000));
  const list = Array.from({ length: 100_000 }, () => event('pointermove', 1_005));
  for (let round = 0; round < 6; round++) source.handle(event('pointerrawupdate', 1_005, {}, list));
  expect(source.samples).toHaveLength(500_001);
  expect(source.findings()).toMatchObject({ complete: false, anomalies: { overflow: 1 } });
});
