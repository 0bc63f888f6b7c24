import fc from 'fast-check';
import { expect, test, type TestContext } from 'vitest';
import { isDown, Mark, Switch } from '#biometrics/sample.ts';
import { normalisedPressure, positionMm } from '#biometrics/units.ts';
import { captureOf } from '../../source.ts';
import { SampleRows } from '../../sample-rows.ts';
import { PenEar } from '#fixtures/pen-listener.ts';
import { openPty } from '#fixtures/pty.ts';
import { topazPacket } from '#fixtures/serial-pens/topaz-packet.ts';
import { openSerial } from '../open-serial.ts';
import { readTopaz } from './packet.ts';
import { TOPAZ_SERIAL, topazSource, type TopazOptions } from './topaz-source.ts';

function read(packet: Uint8Array) {
  const rows = new SampleRows(1);
  const what = readTopaz(packet, 7, rows, 0);
  rows.length = 1;
  return { what, ...rows.toSamples()[0]! };
}

test('a packet that was worked out by hand: 1000 = 7·128 + 104, 3000 = 23·128 + 56', () => {
  expect(read(Uint8Array.of(0xc1, 104, 7, 56, 23))).toMatchObject({ what: 'pen', x: 1_000, y: 3_000, pressure: null, tiltX: null, switches: Switch.inRange | Switch.tip });
});

test('whatever a pad can send is read as it was sent, but "no position"', () => {
  const coordinate = fc.nat(4_095);
  const point = fc.record({ x: coordinate, y: coordinate, near: fc.boolean(), tip: fc.boolean(), kind: fc.constantFrom(0, 1, 4) });
  fc.assert(fc.property(point.filter(({ x, y }) => x < 4_095 || y < 4_095), (sent) => {
    const { what, x, y, switches } = read(topazPacket(sent));
    expect({ what, x, y, near: (switches & Switch.inRange) !== 0, tip: (switches & Switch.tip) !== 0 }).toEqual({ what: 'pen', x: sent.x, y: sent.y, near: sent.near, tip: sent.tip });
  }));
  expect(read(topazPacket({ x: 4_095, y: 4_095 })).what).toBe('other');
});

test.each([2, 3, 5, 6, 7])('packets of kind %i are no positions', (kind) => {
  expect(read(topazPacket({ x: 1, y: 2, kind })).what).toBe('other');
});

test.each([[2, 0x20], [2, 0x40], [4, 0x20], [4, 0x40]])('byte %i with bit %i set is no position', (at, bit) => {
  const packet = topazPacket({ x: 1, y: 2 });
  packet[at]! |= bit;
  expect(read(packet).what).toBe('damaged');
});

test('on a port: positions and contact, no pressure, and the record says so', async (context) => {
  const { pty, source, ear } = await drawing(context, { perInch: 410 });
  expect(await pty.baudRate()).toBe(19_200);
  pty.far.write(Buffer.concat([topazPacket({ x: 410, y: 820, tip: false }), topazPacket({ x: 411, y: 820 }), topazPacket({ x: 0, y: 0, near: false, tip: false })]));
  await ear.count(3);
  await source.close();
  expect(ear.heard.map(isDown)).toEqual([false, true, false]);
  expect(ear.heard.map(({ x, y, pressure }) => [x, y, pressure])).toEqual([[410, 820, null], [411, 820, null], [0, 0, null]]);
  expect(positionMm(ear.heard[0]!, source.info)!.x).toBeCloseTo(25.4, 9);
  expect(normalisedPressure(ear.heard[1]!, source.info)).toBe(0.5);
  expect(source.info.channels.map(({ name }) => name)).toEqual(['x', 'y', 'hostTime']);
  expect(source.info.limits.join()).toContain('no pressure and no tilt');
  expect(captureOf(source, ear.heard, null)).toMatchObject({ complete: true, source: { kind: 'topaz' } });
  expect(ear.ends).toEqual([null]);
});

test('what is no position, and what is damaged, is kept as report, counted, and no sample', async (context) => {
  const { pty, source, ear } = await drawing(context);
  const damaged = topazPacket({ x: 2, y: 2 });
  damaged[4]! |= 0x40;
  pty.far.write(Buffer.concat([topazPacket({ x: 1, y: 1 }), topazPacket({ x: 9, y: 9, kind: 7 }), damaged, topazPacket({ x: 3, y: 3 }).slice(0, 3), topazPacket({ x: 4, y: 4 }), Uint8Array.of(1, 2)]));
  await ear.count(2);
  expect(ear.heard.map(({ x, marks }) => [x, marks])).toEqual([[1, 0], [4, Mark.afterLoss]]);
  expect(source.findings()).toMatchObject({ losses: { count: 2 }, anomalies: { otherPackets: 1, brokenPackets: 2 } });
  expect(source.findings().reports).toHaveLength(5);
});

test('a pad that is pulled out in mid-stroke ends the source, and the capture is not complete', async (context) => {
  const { pty, source, ear } = await drawing(context);
  pty.far.write(topazPacket({ x: 1, y: 1 }));
  await ear.count(1);
  await pty.unplug();
  await ear.end();
  expect(ear.ends.map((error) => error?.code)).toEqual(['PEN_GONE']);
  expect(source.findings().complete).toBe(false);
});

test('a pad that falls silent while the pen is near is counted as stalled', async (context) => {
  const { pty, source, ear } = await drawing(context, { stallMs: 50 });
  pty.far.write(topazPacket({ x: 1, y: 1 }));
  await ear.count(1);
  while (source.findings().anomalies['stalls'] === undefined) await new Promise((resolve) => { setTimeout(resolve, 10); });
  pty.far.write(topazPacket({ x: 2, y: 2 }));
  await ear.count(2);
  expect(ear.heard[1]!.marks).toBe(Mark.afterLoss);
  expect(ear.ends).toEqual([]);
});

async function drawing(context: TestContext, options: TopazOptions = {}) {
  const pty = await openPty(context);
  const source = topazSource(await openSerial(pty.path, TOPAZ_SERIAL), options);
  context.onTestFinished(() => source.close());
  const ear = new PenEar();
  await source.open(ear);
  return { pty, source, ear };
}
