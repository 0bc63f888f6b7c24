/**
 * What a HID report descriptor says, once it is read: reports made of fields (USB HID 1.11, section 6.2.2).
 */

export type ReportType = 'input' | 'output' | 'feature';

/** Usage page and usage id (HID Usage Tables). */
export type Usage = readonly [page: number, id: number];

/** Bits of an Input, Output or Feature item's data (HID 1.11, section 6.2.2.5). */
export const FieldFlag = {
  constant: 1 << 0,
  variable: 1 << 1,
  relative: 1 << 2,
  wrap: 1 << 3,
  nonLinear: 1 << 4,
  noPreferred: 1 << 5,
  nullState: 1 << 6,
  volatile: 1 << 7,
  bufferedBytes: 1 << 8,
} as const;

/** HID 1.11, section 6.2.2.6: 0 physical, 1 application, 2 logical, 3 report, 4 named array, 5 usage switch, 6 usage modifier. */
export interface Collection { type: number; usage: Usage }

export interface Field {
  /** From the first bit after the report id byte. */
  bitOffset: number;
  /** Of one element. */
  bitSize: number;
  count: number;
  /** For a variable, usage n is that of element n and the last stands for all after it; for an array, the values index this list. Empty: padding. */
  usages: Usage[];
  logicalMin: number;
  logicalMax: number;
  physicalMin: number;
  physicalMax: number;
  /** Power of ten. */
  unitExponent: number;
  /** The Unit item as it stands: nibbles of system, length, mass, time, temperature, current, luminous intensity. */
  unit: number;
  /** A set of `FieldFlag`. */
  flags: number;
  /** Outermost first. */
  collections: readonly Collection[];
}

export interface Report {
  type: ReportType;
  /** 0: the device's reports carry no id. */
  reportId: number;
  /** Without the id. */
  bitLength: number;
  /** In the order of their bits, padding included. */
  fields: Field[];
}

export interface ReportDescriptor {
  /** In the order in which each is first named. */
  reports: Report[];
  /** Whether every report starts with its id. */
  numbered: boolean;
  /** Top-level collections. */
  applications: Usage[];
}
