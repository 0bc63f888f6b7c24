/**
 * A capture: the ordered samples of one signature, with everything needed to read them.
 *
 * Before it: `driver/` (or `driver/pointer/` in a browser) makes the samples.
 * After it: `record.ts` encodes it for keeping.
 */
import type { Affine } from './affine.ts';
import type { ChannelName, Sample } from './sample.ts';

/** What one channel's raw numbers mean. Ranges are the device's own words; `null` where it says nothing. */
export interface Channel {
  name: ChannelName;
  /** Unit of the physical range, or of the raw value where there is none: `count`, `mm`, `cm`, `in`, `deg`, `rad`, `px`, `ns`, `tick`, `ratio`, `percent`. */
  unit: string;
  logicalMin: number | null;
  logicalMax: number | null;
  physicalMin: number | null;
  physicalMax: number | null;
  /** HID unit exponent (power of ten) of the physical range. */
  unitExponent: number | null;
  /** Raw units per millimetre for x, y and z, if known. */
  perMm: number | null;
  /**
   * For angles around an axis (azimuth, twist): which way they grow as seen from above. HID counts azimuth counter-clockwise (HID Usage
   * Tables, Digitizers 0x3F), Pointer Events clockwise. Null for everything else, and where it is not known.
   */
  rotation: 'clockwise' | 'counter-clockwise' | null;
  /** True where the value was derived from other channels and not given by the device. */
  derived: boolean;
}

export type SourceKind = 'hid' | 'stu-hid' | 'stu-serial' | 'isdv4' | 'topaz' | 'pointer' | 'recorded';

/** What moved: Pointer Events tell pen, touch and mouse apart; everything else is a pen. */
export type Instrument = 'pen' | 'touch' | 'mouse';

/** Where samples come from, and its limits. Written into the record as it stands. */
export interface PenSourceInfo {
  kind: SourceKind;
  instrument: Instrument;
  device: {
    name: string;
    vendorId: number | null;
    productId: number | null;
    serialNumber: string | null;
    firmware: string | null;
    bus: string | null;
  };
  driver: { name: string; version: string };
  /** Host software: browser or operating system, as it names itself. */
  host: string;
  channels: Channel[];
  /** The device's own clock, if it has one. `wrapsAfter` in ticks. */
  deviceClock: { tickNs: number; wrapsAfter: number | null } | null;
  /** Plain sentences that an examiner must know, e.g. "at most 1,024 pressure levels (Windows Pointer Events)". */
  limits: string[];
  /** The HID report descriptor, or null. */
  descriptor: Uint8Array | null;
  /** Wall clock (RFC 3339 UTC) at which the source was opened: zero of `Sample.hostTime`. */
  openedAt: string;
}

/** Losses counted, and by what means they would have been noticed. `unknown`: nothing on this path could notice. */
export interface Losses {
  count: number;
  method: 'sequence' | 'device-clock' | 'interval' | 'unknown';
}

/** The screen under the pen. Lengths in CSS pixels unless named otherwise; `null` for a pad without a screen. */
export interface SurfaceInfo {
  width: number;
  height: number;
  devicePixelRatio: number;
  /** Degrees: 0, 90, 180, 270. */
  orientation: number;
  /**
   * Affine map [a, b, c, d, e, f] from raw (x, y) to the PDF page's user space in points, origin bottom left:
   * X = a·x + c·y + e, Y = b·x + d·y + f. `null` where the field has no place on a page.
   */
  toPage: Affine | null;
  /** How raw coordinates were laid on the screen; `null` where they are the screen's own (Pointer Events) or there is no screen. */
  calibration: Calibration | null;
}

/** Where on the display the pen of a device of its own is. */
export interface Calibration {
  /** Affine map from raw (x, y) to CSS pixels of the page, origin at the viewport's upper left corner. */
  toScreen: Affine;
  /** `whole-range`: the device's logical range covers the display edge to edge; `points`: measured by taps on crosses; `pad`: the device's own screen. */
  method: 'whole-range' | 'points' | 'pad';
  /** When it was measured, RFC 3339 UTC; null where it was not. */
  measuredAt: string | null;
  /** Largest distance, in CSS pixels, between a cross and where its tap would be by this map; null where it was not measured. */
  residual: number | null;
}

export interface Capture {
  source: PenSourceInfo;
  surface: SurfaceInfo | null;
  samples: Sample[];
  losses: Losses;
  /** How often each odd thing was seen; keys are names of `Mark` or of a driver's own counters. */
  anomalies: Record<string, number>;
  /** The device's reports byte for byte, where the source had them, in order. */
  reports: { hostTime: number; bytes: Uint8Array }[] | null;
  /** False when the device vanished or the browser lost events before Done. */
  complete: boolean;
}
