/** What a pad is: report 0x08, and the numbers that tell one pad from another, 0x0a, 0x0b and 0x0f (SDK, Protocol.cpp). */
import { answerTo, textAt } from './answer.ts';

export interface Information {
  /** As the pad names itself, e.g. "STU-530". */
  modelName: string;
  firmware: readonly [major: number, minor: number];
  /** Firmware of the part that encrypts (of the whole pad, first number only, on a 540), or null where there is none. */
  secureIc: string | null;
}

/** @throws PenError `PEN_SILENT` */
export function decodeInformation(report: Uint8Array): Information {
  const bytes = answerTo('information', report);
  const version = [13, 14, 15, 16].map((at) => bytes.getUint8(at));
  return {
    modelName: textAt(bytes, 1, 9),
    firmware: [bytes.getUint8(10), bytes.getUint8(11)],
    secureIc: version.some((part) => part !== 0) ? version.join('.') : null,
  };
}

/** The pad's own number as text; null where none was given to it. @throws PenError `PEN_SILENT` */
export function decodeSerialNumber(kind: 'uid' | 'uid2' | 'eserial', report: Uint8Array): string | null {
  const bytes = answerTo(kind, report);
  if (kind !== 'uid') return textAt(bytes, 1, kind === 'uid2' ? 10 : 13) || null;
  const uid = bytes.getUint32(1);
  return uid === 0 ? null : uid.toString(16).padStart(8, '0');
}
