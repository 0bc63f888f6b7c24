/**
 * What a pad is busy with, and what became of the last command: report 0x03, and in which status which command is taken.
 *
 * Source: SDK, Protocol.hpp (StatusCode, ErrorCode) and the table of ProtocolHelper.cpp that says what may be sent when.
 */
import { answerTo, hex } from './answer.ts';
import { Report } from './report-ids.ts';

export const Status = { ready: 0x00, image: 0x01, capture: 0x02, calculation: 0x03, bootImage: 0x04, romBusy: 0x05, reset: 0xff } as const;

const STATUS_WORDS: Readonly<Record<number, string>> = {
  [Status.ready]: 'ready',
  [Status.image]: 'receiving or drawing a picture',
  [Status.capture]: 'capturing, encrypted',
  [Status.calculation]: 'calculating keys',
  [Status.bootImage]: 'showing its start picture',
  [Status.romBusy]: 'writing its memory',
  [Status.reset]: 'starting again',
};

/** What it says of the command before. */
export const Result = {
  ok: 0x00, wrongReport: 0x01, wrongStatus: 0x02, crc: 0x03, badParameter: 0x04,
  wrongEncoding: 0x10, imageTooLong: 0x11, zlib: 0x12, badArea: 0x15,
} as const;

const RESULT_WORDS: Readonly<Record<number, string>> = {
  [Result.ok]: 'no error',
  [Result.wrongReport]: 'it has no such report',
  [Result.wrongStatus]: 'not in this status',
  [Result.crc]: 'the checksum of what it received was wrong',
  [Result.badParameter]: 'a value is not allowed',
  [Result.wrongEncoding]: 'it does not take pictures encoded like this',
  [Result.imageTooLong]: 'the picture is larger than its screen',
  [Result.zlib]: 'it cannot decompress the picture',
  [Result.badArea]: 'the area is not on its screen',
  0x20: 'the picture for this mode is missing',
  0x33: 'the picture is too large for its memory',
  0x34: 'a value for its memory is not allowed',
  0x35: 'checksum error while writing its memory',
};

export interface PadStatus { status: number; result: number }

/** @throws PenError `PEN_SILENT` */
export function decodeStatus(report: Uint8Array): PadStatus {
  const bytes = answerTo('status', report);
  return { status: bytes.getUint8(1), result: bytes.getUint8(2) };
}

/** "receiving or drawing a picture (0x01)" */
export function statusWords(status: number): string {
  return `${STATUS_WORDS[status] ?? 'in a status that is not documented'} (${hex(status)})`;
}

/** "a value is not allowed (0x04)" */
export function resultWords(result: number): string {
  return `${RESULT_WORDS[result] ?? 'for a reason that is not documented'} (${hex(result)})`;
}

const { ready, image, capture, calculation, bootImage, romBusy } = Status;
const ANY = [ready, image, capture, calculation, bootImage, romBusy];
const SET_IN: Readonly<Record<number, readonly number[]>> = {
  [Report.reset]: ANY,
  [Report.hostPublicKey]: [ready],
  [Report.startCapture]: [ready],
  [Report.endCapture]: [capture],
  [Report.clearScreen]: [ready],
  [Report.inkingMode]: ANY,
  [Report.inkThreshold]: [ready],
  [Report.clearScreenArea]: [ready],
  [Report.startImageArea]: [ready],
  [Report.startImage]: [ready],
  [Report.imageBlock]: [image],
  [Report.endImage]: [image],
  [Report.background16]: ANY,
  [Report.background24]: ANY,
  [Report.displayArea]: [ready, image, capture, calculation, bootImage],
  [Report.brightness]: ANY,
  [Report.contrast]: [ready, capture],
  [Report.penOptionMode]: ANY,
  [Report.encryptionCommand]: [ready],
};

/** Statuses in which a report may be set; nothing for a report that this program never sets. */
export function settableIn(reportId: number): readonly number[] {
  return SET_IN[reportId] ?? [];
}

/** Statuses in which the pad's public key (v1) may be asked for: not while it calculates. */
export const DEVICE_KEY_IN: readonly number[] = [ready, image, capture, bootImage];
