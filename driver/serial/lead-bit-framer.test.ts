import fc from 'fast-check';
import { expect, test } from 'vitest';
import { penPacket } from '#fixtures/serial-pens/isdv4-packets.ts';
import { arbitraryPoint } from '#fixtures/serial-pens/arbitrary-point.ts';
import { packetKind, PEN_LENGTH, REPLY_LENGTH, TOUCH_LENGTHS } from './isdv4/packets.ts';
import { LeadBitFramer } from './lead-bit-framer.ts';

const LENGTHS = { pen: [PEN_LENGTH], reply: [REPLY_LENGTH], touch: TOUCH_LENGTHS };

interface Heard { packets: string[]; broken: string[]; stray: number }

/** Frames the bytes in chunks of these sizes, in turn. */
function framed(bytes: readonly number[], sizes: readonly number[] = [bytes.length]): Heard {
  const heard: Heard = { packets: [], broken: [], stray: 0 };
  const framer = new LeadBitFramer(13, (lead) => LENGTHS[packetKind(lead)], {
    packet: (packet) => { heard.packets.push(Buffer.from(packet).toString('hex')); },
    broken: (packet) => { heard.broken.push(Buffer.from(packet).toString('hex')); },
  });
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length]!);
    framer.push(Uint8Array.from(bytes.slice(at, at + size)), turn);
    at += size;
  }
  framer.end();
  return { ...heard, stray: framer.strayBytes };
}

const hex = (packet: Uint8Array): string => Buffer.from(packet).toString('hex');
const packets = fc.array(arbitraryPoint.map(penPacket), { maxLength: 12 });
const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 });

test('packets come out whole, whatever chunks they came in', () => {
  fc.assert(fc.property(packets, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }), (sent, sizes) => {
    expect(framed(sent.flatMap((packet) => [...packet]), sizes)).toEqual({ packets: sent.map(hex), broken: [], stray: 0 });
  }));
});

test('garbage between packets loses none of them', () => {
  fc.assert(fc.property(fc.array(fc.tuple(bytes, arbitraryPoint.map(penPacket)), { maxLength: 8 }), (sent) => {
    const { packets: heard } = framed(sent.flatMap(([garbage, packet]) => [...garbage, ...packet]));
    // garbage may look like a packet of its own; the sent ones are all among what was heard, in order
    let from = 0;
    for (const [, packet] of sent) {
      const at = heard.indexOf(hex(packet), from);
      expect(at).toBeGreaterThanOrEqual(0);
      from = at + 1;
    }
  }));
});

test('bytes that are lost, changed or put in inside one packet cost that packet alone', () => {
  const hit = fc.record({ at: fc.nat(8), remove: fc.nat(9), garbage: bytes });
  fc.assert(fc.property(packets, arbitraryPoint.map(penPacket), hit, packets, (before, struck, { at, remove, garbage }, after) => {
    const damaged = [...struck];
    damaged.splice(at, remove, ...garbage);
    const { packets: heard } = framed([...before.flatMap((packet) => [...packet]), ...damaged, ...after.flatMap((packet) => [...packet])]);
    expect(heard.slice(0, before.length)).toEqual(before.map(hex));
    expect(heard.slice(heard.length - after.length)).toEqual(after.map(hex));
  }));
});

test('every byte is in a packet, in a broken one, or counted', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 }), (sent) => {
    const { packets: whole, broken, stray } = framed(sent);
    expect([...whole, ...broken].join('').length / 2 + stray).toBe(sent.length);
  }));
});

test('a touch packet of unknown length ends with the next packet, and a length no sensor has is broken', () => {
  const pen = [...penPacket({ x: 1, y: 2, pressure: 3, tiltX: 4, tiltY: 5, tip: true, side: false, second: false, proximity: true })];
  const seven = [0x91, 1, 2, 3, 4, 5, 6];
  expect(framed([...seven, ...pen]).packets).toEqual(['91010203040506', Buffer.from(pen).toString('hex')]);
  expect(framed([...seven.slice(0, 6), ...pen])).toMatchObject({ packets: [Buffer.from(pen).toString('hex')], broken: ['910102030405'] });
});
