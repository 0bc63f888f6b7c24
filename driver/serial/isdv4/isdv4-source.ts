/**
 * An ISDv4 pen as a `PenSource`.
 * Before it: `probeIsdv4`. After it: `PenListener`.
 */
import type { Channel, PenSourceInfo } from '#biometrics/capture.ts';
import type { AttachedPenSource } from '../../pens.ts';
import type { SampleRows } from '../../sample-rows.ts';
import type { SerialLink } from '../serial-link.ts';
import { SerialPenSource, type SerialPenOptions, type SerialPenProtocol } from '../serial-pen-source.ts';
import { Answers, Command, send, stop } from './conversation.ts';
import { EraserRule } from './eraser-rule.ts';
import { MAX_LENGTH, packetKind, PEN_LENGTH, penSwitches, readPen, REPLY_LENGTH, TOUCH_LENGTHS } from './packets.ts';
import { describeIsdv4, hasTilt, ISDV4_PER_MM, type Isdv4Pen } from './probe-isdv4.ts';
import { DRIVER_VERSION, HOST } from '../../this-driver.ts';

const WACOM = 0x056a;

/**
 * @param link at the pen's baud rate, 8N1; closed with the source
 * @param pen what `probeIsdv4` found, on this link or on one to the same port before
 */
export function isdv4Source(link: SerialLink, pen: Isdv4Pen, options: SerialPenOptions = {}): AttachedPenSource {
  return new SerialPenSource(link, isdv4Info(pen), new Isdv4Protocol(pen), options);
}

class Isdv4Protocol implements SerialPenProtocol {
  readonly maxLength = MAX_LENGTH;
  readonly #lengths: Record<ReturnType<typeof packetKind>, readonly number[]>;
  readonly #tilt: boolean;
  readonly #eraser = new EraserRule();
  readonly #answers = new Answers();
  #touchPackets = 0;

  constructor({ reply, touchLength }: Isdv4Pen) {
    this.#lengths = { pen: [PEN_LENGTH], reply: [REPLY_LENGTH], touch: touchLength === null ? TOUCH_LENGTHS : [touchLength] };
    this.#tilt = hasTilt(reply);
  }

  lengths(lead: number): readonly number[] {
    return this.#lengths[packetKind(lead)];
  }

  read(packet: Uint8Array, hostTime: number, rows: SampleRows, row: number): 'pen' | 'other' {
    const kind = packetKind(packet[0]!);
    if (kind === 'touch') this.#touchPackets++;
    if (kind === 'reply') this.#answers.arrived(packet);
    if (kind !== 'pen') return 'other';
    readPen(packet, hostTime, this.#tilt, rows, row);
    rows.switches[row] = this.#eraser.next(penSwitches(packet));
    return 'pen';
  }

  counters(): Record<string, number> {
    return { touchPackets: this.#touchPackets, eraserRevoked: this.#eraser.revoked };
  }

  start(link: SerialLink): Promise<void> {
    return send(link, Command.sample);
  }

  stop(link: SerialLink): Promise<void> {
    return send(link, Command.stop);
  }

  readonly answers = async (link: SerialLink): Promise<boolean> => {
    await stop(link);
    const reply = await this.#answers.ask(link, Command.query);
    await send(link, Command.sample);
    return reply !== null;
  };
}

function isdv4Info(pen: Isdv4Pen): Omit<PenSourceInfo, 'openedAt'> {
  const { reply } = pen;
  return {
    kind: 'isdv4', instrument: 'pen',
    device: { name: describeIsdv4(pen).name, vendorId: WACOM, productId: null, serialNumber: null, firmware: `0x${reply.version.toString(16)}`, bus: 'serial' },
    driver: { name: 'countersign isdv4', version: DRIVER_VERSION },
    host: HOST,
    channels: channelsOf(pen), deviceClock: null, limits: limitsOf(pen), descriptor: null,
  };
}

function channelsOf({ reply }: Isdv4Pen): Channel[] {
  const position = (name: 'x' | 'y', max: number): Channel => ({ ...plain(name, 'mm', max), physicalMin: 0, physicalMax: max / ISDV4_PER_MM, unitExponent: 0, perMm: ISDV4_PER_MM });
  // as xf86-input-wacom src/wcmISDV4.c: upright is half the maximum, rounded down, and one step is one degree
  const tilt = (name: 'tiltX' | 'tiltY', max: number): Channel => {
    const upright = Math.floor(max / 2);
    return { ...plain(name, 'deg', max), physicalMin: -upright, physicalMax: max - upright, unitExponent: 0 };
  };
  return [
    position('x', reply.xMax), position('y', reply.yMax),
    plain('pressure', 'count', reply.pressureMax === 0 ? null : reply.pressureMax),
    ...(hasTilt(reply) ? [tilt('tiltX', reply.tiltXMax), tilt('tiltY', reply.tiltYMax)] : []),
    plain('hostTime', 'ns', null),
  ];
}

function plain(name: Channel['name'], unit: string, logicalMax: number | null): Channel {
  return { name, unit, logicalMin: 0, logicalMax, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false };
}

function limitsOf({ reply }: Isdv4Pen): string[] {
  return [
    'the pen has no clock and no sequence number: times are arrival at the host, and packets that never arrived are only guessed from gaps',
    'the protocol has no checksum: a packet with a flipped bit is taken as it came',
    'one bit means eraser or second side switch: set when the pen came near it is taken as eraser, until it vanishes',
    'no vendor document of the protocol is public: layout, 100 points per mm and tilt are read as open drivers do, not verified on a device',
    ...(hasTilt(reply) ? ['tilt: one step is taken as one degree, upright as half the maximum'] : ['the pen gives no tilt']),
    ...(reply.tiltXMax === reply.tiltYMax ? [] : ['the maxima of the two tilts differ, and open drivers disagree which is whose: taken in the order of the pen packets']),
  ];
}
