/**
 * A Topaz signature pad on a serial port (models with USB in a "BSB" number have an adapter inside) as a `PenSource`: position
 * and contact, no pressure and no tilt. Its screen, where it has one, is not used.
 *
 * Before it: `openSerial` with `TOPAZ_SERIAL`, or what the settings say for the model. After it: `PenListener`.
 */
import type { Channel, PenSourceInfo } from '#biometrics/capture.ts';
import type { AttachedPenSource, PenAbilities } from '../../pens.ts';
import type { SampleRows } from '../../sample-rows.ts';
import type { SerialLink, SerialOptions } from '../serial-link.ts';
import { SerialPenSource, type SerialPenOptions, type SerialPenProtocol } from '../serial-pen-source.ts';
import { PACKET_LENGTH, POSITION_MAX, readTopaz } from './packet.ts';
import { DRIVER_VERSION, HOST } from '../../this-driver.ts';

const NAME = 'Topaz signature pad (serial)';
const MM_PER_INCH = 25.4;
const LENGTHS = [PACKET_LENGTH];

/**
 * Most models; not verified on a device. l1n/topaz-dext (README, found by its author on a SigLite 1x5 and in the vendor's Java
 * program) lists 19,200 baud for SigLite and SignatureGem, 9,600 for ClipGem, 38,400 for SigLite LCD 4x5, 115,200 for SigGem
 * Color 5x7, all with odd parity, although public documents say none.
 */
export const TOPAZ_SERIAL: SerialOptions = { baudRate: 19_200, dataBits: 8, parity: 'odd' };

export interface TopazOptions extends SerialPenOptions {
  /** Points per inch of the model (410 for most, 275 for ClipGem, says topaz-dext); not known where it is not said. */
  perInch?: number;
}

/** For the list of attached pens: a Topaz pad cannot be asked, it is what the settings say. */
export function describeTopaz(): { name: string; gives: PenAbilities } {
  return { name: NAME, gives: { pressureLevels: 0, tilt: 'none', twist: false, inAir: true, rate: null, clock: 'none', sizeMm: null } };
}

/** @param link closed with the source */
export function topazSource(link: SerialLink, options: TopazOptions = {}): AttachedPenSource {
  return new SerialPenSource(link, topazInfo(options.perInch), new TopazProtocol(), options);
}

/** A pad sends while the pen is near, unasked, and cannot be asked. */
class TopazProtocol implements SerialPenProtocol {
  readonly maxLength = PACKET_LENGTH;
  readonly answers = null;
  #otherPackets = 0;

  lengths(): readonly number[] {
    return LENGTHS;
  }

  read(packet: Uint8Array, hostTime: number, rows: SampleRows, row: number): 'pen' | 'other' | 'damaged' {
    const read = readTopaz(packet, hostTime, rows, row);
    if (read === 'other') this.#otherPackets++;
    return read;
  }

  counters(): Record<string, number> {
    return { otherPackets: this.#otherPackets };
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

function topazInfo(perInch: number | undefined): Omit<PenSourceInfo, 'openedAt'> {
  const channel = (name: Channel['name'], unit: string, logicalMax: number | null, perMm: number | null = null): Channel =>
    ({ name, unit, logicalMin: 0, logicalMax, physicalMin: null, physicalMax: null, unitExponent: null, perMm, rotation: null, derived: false });
  const perMm = perInch === undefined ? null : perInch / MM_PER_INCH;
  return {
    kind: 'topaz', instrument: 'pen',
    device: { name: NAME, vendorId: null, productId: null, serialNumber: null, firmware: null, bus: 'serial' },
    driver: { name: 'countersign topaz', version: DRIVER_VERSION },
    host: HOST,
    channels: [channel('x', 'count', POSITION_MAX, perMm), channel('y', 'count', POSITION_MAX, perMm), channel('hostTime', 'ns', null)],
    deviceClock: null, descriptor: null,
    limits: [
      'the pad gives no pressure and no tilt: contact is on or off',
      'the pad has no clock and no sequence number: times are arrival at the host, and packets that never arrived are only guessed from gaps',
      'no vendor document of the protocol is public: the layout is read as open programs do, not verified on a device',
      perMm === null ? 'the resolution of the model was not given: positions have no size in millimetres' : `the resolution, ${perInch} points per inch, is from the settings and not from the pad`,
    ],
  };
}
