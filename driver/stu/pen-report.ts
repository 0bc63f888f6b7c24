/**
 * Pen reports of STU pads: 0x01, 0x10, 0x30, 0x31, 0x33, 0x34.
 *
 *   0x01  plain          b0: bit 7 in range, bits 6 to 4 switch, bits 3 to 0 pressure high; b1 pressure low; x; y
 *   0x30  with option    as 0x01, then time count or sequence
 *   0x34  timed          as 0x01, then time count (1 ms), sequence
 *   0x10  encrypted      one AES block: session (32 bit), two times 0x01
 *   0x31  with options   as 0x10, then in clear the option of each
 *   0x33  timed          one AES block: as 0x34, two bytes of filling, session
 *
 * All big-endian, 16 bits where nothing else is said. Source: SDK, Protocol.hpp (decodeReport_unsafe) and ReportHandler.hpp.
 * A WebHID library that is widely copied tests bits 0 and 1 of b0 instead, which are the pressure's.
 */
import { Report } from './report-ids.ts';
import type { PenCipher } from './pen-cipher.ts';

export interface PenReading {
  /** The pen is near enough to be seen. */
  inRange: boolean;
  /** 0 to 7, as the pad gives it; not 0: it takes the pen as touching. */
  switches: number;
  /** 0 to 4,095 as the field goes; pads in use have 1,023 at most. */
  pressure: number;
  x: number;
  y: number;
  /** Milliseconds, starting again at 0 after 65,535; null where the report has none. */
  timeCount: number | null;
  /** Of the report, starting again at 0 after 65,535; null where the report has none. */
  sequence: number | null;
}

export interface PenReport {
  readings: readonly PenReading[];
  /** The report in clear, id first. */
  plain: Uint8Array;
  /** Whether it came so, or in clear. */
  encrypted: boolean;
}

/** How the bytes are to be read; changes when capturing begins and ends. */
export interface PenReportContext {
  /** What the option of 0x30 and 0x31 is. */
  option: 'time' | 'sequence' | null;
  capture: { cipher: PenCipher; session: number } | null;
}

/** `foreign`: no pen report; `short`: cut off; `unreadable`: encrypted, and not with the key and session agreed. */
export type NoPenReport = 'foreign' | 'short' | 'unreadable';

const LENGTH: Readonly<Record<number, number>> = {
  [Report.pen]: 7, [Report.penOption]: 9, [Report.penTimed]: 11, [Report.penEncrypted]: 17, [Report.penEncryptedOption]: 21, [Report.penTimedEncrypted]: 17,
};
const BLOCK = 16;

/** Never throws, whatever the bytes are. */
export function decodePenReport(report: Uint8Array, context: PenReportContext): PenReport | NoPenReport {
  const id = report[0];
  const length = id === undefined ? undefined : LENGTH[id];
  if (length === undefined) return 'foreign';
  if (report.length < length) return 'short';
  if (id === Report.pen || id === Report.penOption || id === Report.penTimed) {
    const plain = report.slice(0, length);
    return { readings: [reading(plain, 1, id, id === Report.penOption ? 7 : null, context)], plain, encrypted: false };
  }
  const { capture } = context;
  if (capture === null) return 'unreadable';
  const plain = report.slice(0, length);
  plain.set(capture.cipher.decrypt(report.subarray(1, 1 + BLOCK)), 1);
  const timed = id === Report.penTimedEncrypted;
  if (u32(plain, timed ? 13 : 1) !== capture.session) return 'unreadable';
  if (timed) return { readings: [reading(plain, 1, Report.penTimed, null, context)], plain, encrypted: true };
  const option = id === Report.penEncryptedOption;
  return { readings: [reading(plain, 5, id!, option ? 17 : null, context), reading(plain, 11, id!, option ? 19 : null, context)], plain, encrypted: true };
}

function reading(bytes: Uint8Array, at: number, id: number, optionAt: number | null, context: PenReportContext): PenReading {
  const first = bytes[at]!;
  const option = optionAt === null ? null : u16(bytes, optionAt);
  const timed = id === Report.penTimed;
  return {
    inRange: (first & 0x80) !== 0,
    switches: (first >> 4) & 0x07,
    pressure: ((first & 0x0f) << 8) | bytes[at + 1]!,
    x: u16(bytes, at + 2),
    y: u16(bytes, at + 4),
    timeCount: timed ? u16(bytes, at + 6) : context.option === 'time' ? option : null,
    sequence: timed ? u16(bytes, at + 8) : context.option === 'sequence' ? option : null,
  };
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function u32(bytes: Uint8Array, at: number): number {
  return ((u16(bytes, at) << 16) | u16(bytes, at + 2)) >>> 0;
}
