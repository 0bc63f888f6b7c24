import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Switch } from '#biometrics/sample.ts';
import { arbitraryPoint } from '#fixtures/serial-pens/arbitrary-point.ts';
import { penPacket, replyPacket, touchReplyPacket } from '#fixtures/serial-pens/isdv4-packets.ts';
import { SampleRows } from '../../sample-rows.ts';
import { EraserRule } from './eraser-rule.ts';
import { packetKind, penSwitches, readPen, readPenReply, touchLength } from './packets.ts';

function sampleOf(packet: Uint8Array, tilt = true) {
  const rows = new SampleRows(1);
  readPen(packet, 7, tilt, rows, 0);
  rows.length = 1;
  return rows.toSamples()[0]!;
}

// worked out by hand: 12345 = 24·512 + 14·4 + 1, 6789 = 13·512 + 33·4 + 1, 700 = 5·128 + 60
const BY_HAND = Uint8Array.of(0xa1, 24, 14, 13, 33, 60, (1 << 5) | (1 << 3) | 5, 64, 62);

test('a pen packet that was worked out by hand', () => {
  expect(packetKind(BY_HAND[0]!)).toBe('pen');
  expect(sampleOf(BY_HAND)).toMatchObject({ x: 12_345, y: 6_789, pressure: 700, tiltX: 64, tiltY: 62, hostTime: 7, deviceTime: null, twist: null });
  expect(penSwitches(BY_HAND)).toEqual({ tip: true, side: false, second: false, proximity: true });
});

test('without tilt, bytes 7 and 8 are no tilt', () => {
  expect(sampleOf(BY_HAND, false)).toMatchObject({ x: 12_345, tiltX: null, tiltY: null });
});

test('the largest values', () => {
  const packet = Uint8Array.of(0xa7, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f);
  expect(sampleOf(packet)).toMatchObject({ x: 65_535, y: 65_535, pressure: 1_023, tiltX: 127, tiltY: 127 });
});

test('whatever a pen can send is read as it was sent', () => {
  fc.assert(fc.property(arbitraryPoint, (sent) => {
    const packet = penPacket(sent);
    expect(packet.slice(1).every((byte) => byte < 0x80)).toBe(true);
    const { tip, side, second, proximity, ...values } = sent;
    expect(sampleOf(packet)).toMatchObject(values);
    expect(penSwitches(packet)).toEqual({ tip, side, second, proximity });
  }));
});

test('an answer to a query has the maxima, tilt X in byte 7', () => {
  const reply = { xMax: 26_312, yMax: 16_520, pressureMax: 1_023, tiltXMax: 120, tiltYMax: 100, version: 0x123 };
  const packet = replyPacket(reply);
  expect(packetKind(packet[0]!)).toBe('reply');
  expect(packet).toHaveLength(11);
  expect(readPenReply(packet)).toEqual(reply);
});

test.each([[0, 5], [1, 7], [2, 5], [3, 7], [4, 7], [5, 13], [6, null]])('touch sensor %i sends packets of %s bytes', (sensor, length) => {
  expect(touchLength(touchReplyPacket(sensor))).toBe(length);
});

test('a tablet without touch may answer with nothing in it', () => {
  expect(touchLength(Uint8Array.from([0xc1, ...new Uint8Array(10)]))).toBeNull();
});

const { tip, inRange, barrel, secondaryBarrel, eraser, invert } = Switch;
const packet = (second: boolean, tipped: boolean, proximity = true) => ({ tip: tipped, side: false, second, proximity });

test.each([
  ['pen', [packet(false, false), packet(false, true), packet(false, false, false)], [inRange, inRange | tip, 0], 0],
  ['eraser: its bit is set when it comes', [packet(true, false), packet(true, true), packet(false, false, false)], [inRange | invert, inRange | invert | eraser, 0], 0],
  ['second side switch: its bit is set later', [packet(false, false), packet(true, true), packet(false, true)], [inRange, inRange | tip | secondaryBarrel, inRange | tip], 0],
  ['second side switch held while the pen came', [packet(true, true), packet(false, true), packet(true, true)], [inRange | invert | eraser, inRange | tip, inRange | tip | secondaryBarrel], 1],
  ['eraser, away, pen', [packet(true, false), packet(true, false, false), packet(false, true)], [inRange | invert, invert, inRange | tip], 0],
])('%s', (_name, packets, switches, revoked) => {
  const rule = new EraserRule();
  expect(packets.map((one) => rule.next(one))).toEqual(switches);
  expect(rule.revoked).toBe(revoked);
});

test('the side switch is the barrel switch, with either end', () => {
  expect(new EraserRule().next({ ...packet(false, false), side: true })).toBe(inRange | barrel);
  expect(new EraserRule().next({ ...packet(true, false), side: true })).toBe(inRange | barrel | invert);
});
