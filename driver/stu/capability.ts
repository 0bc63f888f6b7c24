/** What a pad can do, in its own words: report 0x09, 17 bytes with the id, big-endian (SDK, `Protocol::getCapability`). */
import { PenError } from '../errors.ts';
import { answerTo } from './answer.ts';

/** Bits of `Capability.encodings`: how pictures may be sent. */
export const ENCODING_FLAG = { zlib: 1, bits1: 2, bits16: 4, bits24: 8 } as const;

export interface Capability {
  /** Largest x, y and pressure of a pen report. */
  maxX: number;
  maxY: number;
  maxPressure: number;
  /** Pixels. */
  screenWidth: number;
  screenHeight: number;
  /** Pen reports a second; 0 where the pad does not say (300, 500). */
  maxReportRate: number;
  /** Pen units per inch; 0 where the pad does not say (300, 500). */
  resolution: number;
  /** Bits of `ENCODING_FLAG`; 0 where the pad does not say (300, 500). */
  encodings: number;
}

const MM_PER_INCH = 25.4;

/** @throws PenError `PEN_SILENT` when it is too short, or says there is no surface or no screen */
export function decodeCapability(report: Uint8Array): Capability {
  const bytes = answerTo('capability', report);
  const word = (at: number): number => bytes.getUint16(at);
  const capability = {
    maxX: word(1), maxY: word(3), maxPressure: word(5), screenWidth: word(7), screenHeight: word(9),
    maxReportRate: bytes.getUint8(11), resolution: word(12), encodings: bytes.getUint8(14),
  };
  for (const name of ['maxX', 'maxY', 'maxPressure', 'screenWidth', 'screenHeight'] as const) {
    if (capability[name] === 0) throw new PenError('PEN_SILENT', `The pad says that its ${name} is 0. Unplug it, wait a moment and plug it in again.`);
  }
  return capability;
}

/** Pen units per millimetre; null where the pad does not say. */
export function unitsPerMm(capability: Capability): number | null {
  return capability.resolution === 0 ? null : capability.resolution / MM_PER_INCH;
}
