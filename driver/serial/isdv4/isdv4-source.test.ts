import { expect, test, type TestContext } from 'vitest';
import { captureOf } from '../../source.ts';
import { tiltDegrees } from '#biometrics/units.ts';
import { isDown, Mark, Switch } from '#biometrics/sample.ts';
import { PenEar } from '#fixtures/pen-listener.ts';
import { openPty, type Pty } from '#fixtures/pty.ts';
import { penPacket, point, touchPacket } from '#fixtures/serial-pens/isdv4-packets.ts';
import { Isdv4Tablet, TABLET, type TabletOptions } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { openSerial } from '../open-serial.ts';
import type { SerialPenOptions } from '../serial-pen-source.ts';
import { isdv4Source } from './isdv4-source.ts';
import { describeIsdv4, probeIsdv4 } from './probe-isdv4.ts';

const RATE = { baudRate: 38_400 };

test.for([38_400, 19_200] as const)('a tablet at %i baud is found, tells its ranges, and streams what is drawn', async (baudRate, context) => {
  const { tablet, pen, source, ear } = await drawing(context, { baudRate, touchSensor: null });
  expect(pen).toEqual({ baudRate, reply: TABLET, touchLength: null });
  tablet.draw(...stroke(20));
  await ear.count(20);
  await source.close();
  const capture = captureOf(source, ear.heard, null);
  expect(capture.samples.map(({ x, y, pressure }) => ({ x, y, pressure }))).toEqual(stroke(20).map(({ x, y, pressure }) => ({ x, y, pressure })));
  expect(capture.samples.every(isDown)).toBe(true);
  expect(capture.reports!.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(stroke(20).map((one) => Buffer.from(penPacket(point(one))).toString('hex')));
  expect(capture).toMatchObject({ complete: true, source: { kind: 'isdv4', device: { vendorId: 0x056a } } });
  expect(ear.ends).toEqual([null]);
  await tablet.until('stopped');
});

test('what the list of pens says of it', async (context) => {
  const { pen } = await drawing(context, {});
  expect(describeIsdv4(pen).gives).toMatchObject({ pressureLevels: 256, tilt: 'tilt', clock: 'none', sizeMm: { width: 245.76, height: 184.32 } });
});

test('tilt is raw around half its maximum, and one step is a degree', async (context) => {
  const { tablet, source, ear } = await drawing(context, {});
  tablet.draw({ tiltX: 63, tiltY: 63 }, { tiltX: 93, tiltY: 43 }, { tiltX: 0, tiltY: 127 });
  await ear.count(3);
  expect(ear.heard.map(({ tiltX, tiltY }) => [tiltX, tiltY])).toEqual([[63, 63], [93, 43], [0, 127]]);
  const degrees = ear.heard.map((sample) => tiltDegrees(sample, source.info)!);
  for (const [index, [tiltX, tiltY]] of [[0, 0], [30, -20], [-63, 64]].entries()) {
    expect(degrees[index]!.tiltX).toBeCloseTo(tiltX!, 9);
    expect(degrees[index]!.tiltY).toBeCloseTo(tiltY!, 9);
  }
});

test('a tablet without tilt gives none and says so; tilt maxima that differ are said to be doubtful', async (context) => {
  const without = await drawing(context, { reply: { tiltXMax: 0, tiltYMax: 0 } });
  without.tablet.draw({ tiltX: 5, tiltY: 6 });
  await without.ear.count(1);
  expect(without.ear.heard[0]).toMatchObject({ tiltX: null, tiltY: null });
  expect(without.source.info.limits.join()).toContain('no tilt');
  const differ = await drawing(context, { reply: { tiltXMax: 120, tiltYMax: 100 } });
  expect(differ.source.info.limits.join()).toContain('disagree');
});

test('the eraser end is no ink, and a switch that was taken for it is counted', async (context) => {
  const { tablet, source, ear } = await drawing(context, {});
  tablet.draw({ second: true, tip: false }, { second: true, pressure: 90 }, { proximity: false, tip: false }, { second: true }, { second: false });
  await ear.count(5);
  expect(ear.heard.map(isDown)).toEqual([false, false, false, false, true]);
  expect(ear.heard[1]!.switches).toBe(Switch.inRange | Switch.invert | Switch.eraser);
  expect(source.findings().anomalies).toMatchObject({ eraserRevoked: 1 });
});

test.for([[0, 5], [1, 7], [5, 13]] as const)('fingers (sensor %i, %i bytes) in between are kept out of the samples, counted, and kept as reports', async ([sensor, length], context) => {
  const { tablet, pen, source, ear } = await drawing(context, { touchSensor: sensor });
  expect(pen.touchLength).toBe(length);
  for (const one of stroke(10)) {
    tablet.send(touchPacket(length, 100, 200));
    tablet.draw(one);
  }
  await ear.count(10);
  expect(ear.heard.map(({ x }) => x)).toEqual(stroke(10).map(({ x }) => x));
  expect(source.findings()).toMatchObject({ anomalies: { touchPackets: 10 }, losses: { count: 0 } });
  expect(source.findings().reports).toHaveLength(20);
});

test('garbage costs the packet it fell into; the next sample says that one is missing before it', async (context) => {
  const { tablet, source, ear } = await drawing(context, {});
  tablet.draw({ x: 1 });
  tablet.send(Uint8Array.of(1, 2, 3));
  tablet.send(penPacket(point({ x: 2 })).slice(0, 6));
  tablet.draw({ x: 3 }, { x: 3 });
  await ear.count(3);
  expect(ear.heard.map(({ x, marks }) => [x, marks])).toEqual([[1, 0], [3, Mark.afterLoss], [3, Mark.repeated]]);
  expect(source.findings()).toMatchObject({ losses: { count: 1 }, anomalies: { strayBytes: 3, brokenPackets: 1, afterLoss: 1, repeated: 1 } });
});

test('values beyond what the tablet declared are kept and marked', async (context) => {
  const { tablet, ear } = await drawing(context, {});
  tablet.draw({ x: 60_000, pressure: 1_000 });
  await ear.count(1);
  expect(ear.heard[0]).toMatchObject({ x: 60_000, pressure: 1_000, marks: Mark.outOfRange });
});

test('a tablet that is pulled out in mid-stroke ends the source once, and the capture is not complete', async (context) => {
  const { pty, tablet, source, ear } = await drawing(context, {});
  tablet.draw(...stroke(5));
  await ear.count(5);
  await pty.unplug();
  await ear.end();
  await source.close();
  expect(ear.ends.map((error) => error?.code)).toEqual(['PEN_GONE']);
  expect(captureOf(source, ear.heard, null).complete).toBe(false);
});

test('a tablet that lost its power in mid-stroke is found out; one that only rests goes on', async (context) => {
  const { tablet, source, ear } = await drawing(context, {}, { stallMs: 100 });
  tablet.draw({ x: 1 });
  await ear.count(1);
  // asked while the pen lies still: it answers and goes on
  while (tablet.commands.filter((command) => command === '1').length < 2) await new Promise((resolve) => { setTimeout(resolve, 10); });
  // and is not asked again in the same silence
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  expect(source.findings().anomalies).toMatchObject({ stalls: 1 });
  tablet.draw({ x: 2 });
  await ear.count(2);
  tablet.losePower();
  await ear.end();
  expect(ear.ends.map((error) => error?.code)).toEqual(['PEN_GONE']);
  expect(source.findings()).toMatchObject({ complete: false, anomalies: { stalls: 2, afterLoss: 1 } });
});

test('two tablets at once do not mix', async (context) => {
  const [one, other] = await Promise.all([drawing(context, {}), drawing(context, { baudRate: 19_200 })]);
  for (let index = 0; index < 50; index++) {
    one.tablet.draw({ x: index, y: 1 });
    other.tablet.draw({ x: index, y: 2 });
  }
  await Promise.all([one.ear.count(50), other.ear.count(50)]);
  expect(one.ear.heard.map(({ x, y }) => [x, y])).toEqual(Array.from({ length: 50 }, (_, index) => [index, 1]));
  expect(other.ear.heard.map(({ x, y }) => [x, y])).toEqual(Array.from({ length: 50 }, (_, index) => [index, 2]));
});

test('samples stream between open and close only, and a source is opened once', async (context) => {
  const { pty, tablet, source, ear } = await drawing(context, {});
  tablet.draw({ x: 1 });
  await ear.count(1);
  await source.close();
  await source.close();
  expect(ear.ends).toEqual([null]);
  await expect(source.open(ear)).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
  // the port is free for the next source, which needs no second probing
  const again = isdv4Source(await openSerial(pty.path, RATE), { baudRate: 38_400, reply: TABLET, touchLength: null });
  const next = new PenEar();
  await again.open(next);
  await tablet.until('sampling');
  tablet.draw({ x: 2 });
  await next.count(1);
  expect(ear.heard).toHaveLength(1);
  await again.close();
});

test('where no tablet answers, or one for fingers only, probing says so', async (context) => {
  const pty = await openPty(context);
  const link = await openSerial(pty.path, RATE);
  await expect(probeIsdv4(link)).rejects.toMatchObject({ code: 'PEN_SILENT' });
  const fingersOnly = new Isdv4Tablet(pty, { reply: { xMax: 0, yMax: 0 } });
  await expect(probeIsdv4(link)).rejects.toMatchObject({ code: 'PEN_SILENT' });
  expect(fingersOnly.commands).toContain('*');
  await pty.unplug();
  await expect(probeIsdv4(link)).rejects.toMatchObject({ code: 'PEN_GONE' });
  await link.close();
});

/** A stroke of points that all differ. */
function stroke(length: number): { x: number; y: number; pressure: number }[] {
  return Array.from({ length }, (_, index) => ({ x: 1_000 + 7 * index, y: 2_000 + 3 * index, pressure: 50 + index }));
}

async function drawing(context: TestContext, tabletOptions: TabletOptions, options: SerialPenOptions = {}) {
  const pty: Pty = await openPty(context);
  const tablet = new Isdv4Tablet(pty, { touchSensor: 1, ...tabletOptions });
  const link = await openSerial(pty.path, RATE);
  const pen = await probeIsdv4(link);
  const source = isdv4Source(link, pen, options);
  context.onTestFinished(() => source.close());
  const ear = new PenEar();
  await source.open(ear);
  await tablet.until('sampling');
  return { pty, tablet, pen, source, ear };
}
