/**
 * Reports of Wacom STU signature pads by number.
 *
 * Source of every number and layout in this folder: Wacom's own STU SDK in C++ (Protocol.hpp, Protocol.cpp, "Copyright (c) 2011
 * Wacom"), read for facts. `in`: sent by the pad by itself; the others are asked for and set (HID feature reports, or frames of
 * the serial protocol). Numbers of pen, capability and key reports are big-endian, those of rectangles and settings little-endian.
 */
export const Report = {
  /** in */
  pen: 0x01,
  status: 0x03,
  reset: 0x04,
  hidInformation: 0x06,
  information: 0x08,
  capability: 0x09,
  uid: 0x0a,
  uid2: 0x0b,
  eserial: 0x0f,
  /** in */
  penEncrypted: 0x10,
  hostPublicKey: 0x13,
  devicePublicKey: 0x14,
  startCapture: 0x15,
  endCapture: 0x16,
  dhPrime: 0x1a,
  dhBase: 0x1b,
  clearScreen: 0x20,
  inkingMode: 0x21,
  inkThreshold: 0x22,
  clearScreenArea: 0x23,
  startImageArea: 0x24,
  startImage: 0x25,
  imageBlock: 0x26,
  endImage: 0x27,
  background16: 0x29,
  displayArea: 0x2a,
  brightness: 0x2b,
  contrast: 0x2c,
  background24: 0x2e,
  /** in */
  penOption: 0x30,
  /** in */
  penEncryptedOption: 0x31,
  penOptionMode: 0x32,
  /** in */
  penTimedEncrypted: 0x33,
  /** in */
  penTimed: 0x34,
  encryptionCommand: 0x40,
  /** in, and asked for */
  encryptionStatus: 0x50,
  /** Serial only: asks for a report. */
  getReport: 0x80,
  /** Serial only: what became of a report that was set. */
  setResult: 0x81,
  reportSizes: 0xff,
} as const;

/** Lengths with the id byte, of the reports that are asked for. */
export const REPORT_LENGTH = {
  status: 5, hidInformation: 9, information: 17, capability: 17, uid: 5, uid2: 11, eserial: 14, devicePublicKey: 17, dhPrime: 17, dhBase: 3,
  inkingMode: 2, inkThreshold: 5, displayArea: 9, brightness: 3, contrast: 3, background16: 3, background24: 4, penOptionMode: 2,
  encryptionCommand: 68, encryptionStatus: 17, reportSizes: 512,
} as const satisfies Partial<Record<keyof typeof Report, number>>;

/** A report that can be asked for, by name. */
export type Askable = keyof typeof REPORT_LENGTH;
