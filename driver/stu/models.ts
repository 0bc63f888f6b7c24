/**
 * What is known of each STU model before it is asked: which reports it has, and what its own capability leaves out.
 *
 * Source: the compatibility marks in the SDK's Protocol.hpp and the device numbers of its getUsbDevices.hpp; screens from the
 * README of Wacom-Developer/stu-sdk-samples. Sizes and ranges that count are always read from the pad itself (`capability.ts`).
 * The 541 speaks TLS with certificates that only Wacom hands out: not supported.
 */
import { ENCODING_FLAG } from './capability.ts';

export const WACOM = 0x056a;

/** How the pad counts its pen reports, when it is asked to (`Report.penOptionMode`). */
export const PenOption = { none: 0, timeCount: 1, sequence: 2, timeCountAndSequence: 3 } as const;
export type PenOption = (typeof PenOption)[keyof typeof PenOption];

export interface StuModel {
  name: string;
  /** USB product number, vendor 0x056a. */
  productId: number;
  /** As documented, in pixels. */
  screen: { width: number; height: number };
  /** Used where the pad's capability names no picture encoding (300, 500). */
  encodings: number;
  /** `dh`: 128-bit Diffie-Hellman (v1); `rsa`: RSA-2048 (v2). */
  encryption: 'dh' | 'rsa';
  /** @param firmware major and minor version */
  penOption: (firmware: readonly [number, number]) => PenOption;
  /** Pictures and clearing of a part of the screen (0x23, 0x24). */
  areas: boolean;
  /** A writing area that the pad keeps to (0x2a). */
  displayArea: boolean;
  /** Brightness and contrast (0x2b, 0x2c), background colour in 16 (0x29) and 24 bit (0x2e). */
  settings: { brightness: boolean; background16: boolean; background24: boolean };
  /** Report that holds its serial number; the 32-bit number of 300, 500 and 520 can be rewritten by anyone, and is the best there is. */
  serialNumber: 'uid' | 'uid2' | 'eserial';
  /** Whether it can be attached over a serial port. */
  serial: boolean;
}

const MONO = ENCODING_FLAG.bits1;
const COLOUR = ENCODING_FLAG.bits1 | ENCODING_FLAG.bits16 | ENCODING_FLAG.bits24 | ENCODING_FLAG.zlib;
const none = (): PenOption => PenOption.none;
const both = (): PenOption => PenOption.timeCountAndSequence;

const older = { encryption: 'dh', areas: false, serialNumber: 'uid' } as const;
const newer = { encryption: 'rsa', areas: true, displayArea: true, penOption: both, serialNumber: 'uid2' } as const;
const plain = { brightness: false, background16: false, background24: false };
const colour = { brightness: true, background16: true, background24: true };

export const STU_MODELS: readonly StuModel[] = [
  { ...older, name: 'STU-500', productId: 0xa1, screen: { width: 640, height: 480 }, encodings: MONO, displayArea: false, settings: plain, serial: true,
    // numbers its reports from firmware 2.03 on
    penOption: ([major, minor]) => (major > 2 || (major === 2 && minor >= 3) ? PenOption.sequence : PenOption.none) },
  { ...older, name: 'STU-300', productId: 0xa2, screen: { width: 396, height: 100 }, encodings: MONO, displayArea: false, settings: plain, serial: false, penOption: none },
  { ...older, name: 'STU-520', productId: 0xa3, screen: { width: 800, height: 480 }, encodings: MONO | ENCODING_FLAG.bits16, displayArea: true, serial: false,
    settings: { brightness: true, background16: true, background24: false },
    // has one or the other: its clock also shows what is missing, its numbers would say nothing about time
    penOption: () => PenOption.timeCount },
  { ...newer, name: 'STU-430', productId: 0xa4, screen: { width: 320, height: 200 }, encodings: MONO, settings: plain, serial: false },
  { ...newer, name: 'STU-530', productId: 0xa5, screen: { width: 800, height: 480 }, encodings: COLOUR, settings: colour, serial: true },
  { ...newer, name: 'STU-430V', productId: 0xa6, screen: { width: 320, height: 200 }, encodings: MONO, settings: plain, serial: true },
  { ...newer, name: 'STU-540', productId: 0xa8, screen: { width: 800, height: 480 }, encodings: COLOUR, settings: colour, serial: true, serialNumber: 'eserial' },
];

/** Null for a product number that is no supported STU pad. */
export function modelOfProduct(productId: number): StuModel | null {
  return STU_MODELS.find((model) => model.productId === productId) ?? null;
}

/** By the name that the pad gives itself (`information.ts`), e.g. "STU-430V"; letters after the number that no model here has are ignored ("STU-520A"). */
export function modelOfName(name: string): StuModel | null {
  const trimmed = name.trim().toUpperCase();
  const starting = STU_MODELS.filter((model) => trimmed.startsWith(model.name));
  return starting.sort((one, other) => other.name.length - one.name.length)[0] ?? null;
}
