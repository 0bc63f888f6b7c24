/**
 * What `station.json` says about pens, under `pens`. All of it is optional.
 *
 * `minimum` counts where the tenant's signed configuration makes no demand of its own (`pen-minimum.ts`): whoever may write
 * `station.json` can lower it, and the record always says what the source really was.
 */
import { integer, list, matching, object, oneOf, optional, refuse, type Reader } from '#kiosk/protocol/shape.ts';
import { tabletId } from '#kiosk/protocol/validate.ts';

/** A serial port is opened only where it is named: asking an unknown device whether it is a pen could do harm. */
export interface SerialPenSettings {
  /** Device file or COM port, without wildcards. */
  path: string;
  protocol: 'isdv4' | 'stu' | 'topaz';
  baudRate?: number;
  /** Whose pen it is; else that of `PensSettings.tablet`. */
  tablet?: string;
}

/** What a pen must give so that documents are sent to its tablet. Each that is not given is not asked for. */
export interface PenMinimum {
  /** The device's own reports, byte for byte: never Pointer Events. */
  raw?: true;
  /** At least so many levels of pressure. */
  pressure?: number;
  /** How the pen leans, as the device itself tells. */
  tilt?: true;
  /** Reports while the pen is above the surface. */
  inAir?: true;
  /** A clock of the device's own, so that times do not depend on this machine. */
  deviceClock?: true;
}

export interface PensSettings {
  serial: SerialPenSettings[];
  /** The tablet whose screen runs on this machine: what is attached belongs to it. Null: the first one. */
  tablet: string | null;
  /** Of STU pads, what only a physical one can settle; see `docs/pens.md`. */
  stu: { crcInitial?: 0 | 0xffff; bitOrder?: 'msb' | 'lsb'; whiteBit?: 0 | 1; byteOrder?: 'little' | 'big' };
  minimum: PenMinimum;
}

export const DEFAULT_PENS: PensSettings = { serial: [], tablet: null, stu: {}, minimum: {} };

/** `false` would read as "must not"; leaving a demand out is the way not to make it. */
const demanded: Reader<true> = (value, at) => (value === true ? true : refuse(at, 'true, or left out'));
const portPath = matching(/^[^*?\0\n]{1,240}$/, 'the path of a serial port');

export const readPensSettings: Reader<Partial<PensSettings>> = object({
  serial: optional(list(object({
    path: portPath,
    protocol: oneOf(['isdv4', 'stu', 'topaz']),
    baudRate: optional(integer(300, 4_000_000)),
    tablet: optional(tabletId),
  }), 8)),
  tablet: optional(tabletId),
  stu: optional(object({
    crcInitial: optional(oneOf([0, 0xffff])),
    bitOrder: optional(oneOf(['msb', 'lsb'])),
    whiteBit: optional(oneOf([0, 1])),
    byteOrder: optional(oneOf(['little', 'big'])),
  })),
  minimum: optional(object({
    raw: optional(demanded),
    pressure: optional(integer(1, 65_536)),
    tilt: optional(demanded),
    inAir: optional(demanded),
    deviceClock: optional(demanded),
  })),
});
