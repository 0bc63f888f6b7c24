/**
 * One pen report, kept as the device gave it.
 *
 * Every numeric channel is the raw device value: HID logical units, a signature pad's counts, or the
 * numbers of a Pointer Event. Nothing here is scaled, smoothed or clamped; what the numbers mean
 * (range, unit, resolution) stands in the `Channel` descriptions of the source, in `capture.ts`.
 * Millimetres and degrees are derived on demand by `units.ts` and are never stored.
 *
 * Names follow the HID Usage Tables (Digitizers page 0x0D) and W3C Pointer Events 3.
 */

/** A pen report. `null` means: this device, or this report, does not give the channel. */
export interface Sample {
  /** Generic Desktop X and Y, raw. Integers from a device, CSS pixels with fractions from Pointer Events. */
  x: number;
  y: number;
  /** Generic Desktop Z: height above the surface, raw. */
  z: number | null;
  /** Tip Pressure, raw, against the channel's logical range. It is not a force: levels are not newtons. */
  pressure: number | null;
  /** Barrel pressure (HID 0x31), `tangentialPressure` in Pointer Events. */
  tangentialPressure: number | null;
  /** X Tilt and Y Tilt, raw, only if the device reports them as such. */
  tiltX: number | null;
  tiltY: number | null;
  /** Azimuth and Altitude, raw, only if the device reports them as such. */
  azimuth: number | null;
  altitude: number | null;
  /** Rotation about the pen's own axis. */
  twist: number | null;
  /** Battery strength, raw. */
  battery: number | null;
  /** Transducer Serial Number of the pen (HID 0x5B): which pen it was. */
  transducerSerial: bigint | null;
  /** Device clock in ticks of `source.deviceClock`, unwrapped by the driver. May run backwards in real data. */
  deviceTime: number | null;
  /** Arrival in ns on the host's monotonic clock, counted from `source.openedAt`. Integer. May repeat. */
  hostTime: number;
  /** A set of `Switch` bits. */
  switches: number;
  /** A set of `Mark` bits: what was odd about this report, and how it reached us. */
  marks: number;
}

/** Switches of a pen, as bits of `Sample.switches`. HID usages in brackets. */
export const Switch = {
  /** Tip Switch (0x42). */
  tip: 1 << 0,
  /** In Range (0x32). */
  inRange: 1 << 1,
  /** Barrel Switch (0x44). */
  barrel: 1 << 2,
  /** Secondary Barrel Switch (0x5A). */
  secondaryBarrel: 1 << 3,
  /** Eraser (0x45). */
  eraser: 1 << 4,
  /** Invert (0x3C). */
  invert: 1 << 5,
} as const;

/** What the driver noticed about a report, as bits of `Sample.marks`. Values are kept as they came all the same. */
export const Mark = {
  /** A channel was outside its logical range. */
  outOfRange: 1 << 0,
  /** Pressure above its minimum although the tip switch was 0. */
  pressureWithoutTip: 1 << 1,
  /** Tip switch 1 although in-range was 0. */
  tipOutOfRange: 1 << 2,
  /** Bit for bit the report before it. */
  repeated: 1 << 3,
  /** The device clock or the host clock ran backwards against the sample before. */
  clockBackwards: 1 << 4,
  /** The report before this one is known to be missing (sequence, or device clock). */
  afterLoss: 1 << 5,
  /** Came out of `getCoalescedEvents()` of the event that was dispatched. */
  coalesced: 1 << 6,
  /** Came with a `pointerrawupdate` event. */
  rawUpdate: 1 << 7,
  /** A touch came before or overlapped the pen here, and was removed from the ink. */
  touchRejected: 1 << 8,
} as const;

/** The numeric channels of a sample in their one fixed order, as `samples.ts` and the record keep them. */
export const CHANNELS = [
  'x', 'y', 'z', 'pressure', 'tangentialPressure', 'tiltX', 'tiltY', 'azimuth', 'altitude', 'twist',
  'battery', 'deviceTime', 'hostTime',
] as const;

export type ChannelName = (typeof CHANNELS)[number];

/** True while the pen touches the surface. The tip switch decides, not the pressure. */
export function isDown(sample: Sample): boolean {
  return (sample.switches & Switch.tip) !== 0;
}
