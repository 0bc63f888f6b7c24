/** Shapes of a capture's parts (all but its samples and reports, which the record keeps as columns). */
import type { Affine } from './affine.ts';
import type { Calibration, Capture, Channel, Losses, PenSourceInfo, SurfaceInfo } from './capture.ts';
import { RecordError } from './errors.ts';
import { CHANNELS } from './sample.ts';
import {
  boolean, bytes, dictionary, instant, integer, list, nullable, number, object, oneOf, text, type Shape,
} from './shape.ts';

const count = integer(0, Number.MAX_SAFE_INTEGER);

const channelMembers = {
  name: oneOf(...CHANNELS),
  unit: text,
  logicalMin: nullable(number),
  logicalMax: nullable(number),
  physicalMin: nullable(number),
  physicalMax: nullable(number),
  unitExponent: nullable(number),
  perMm: nullable(number),
  derived: boolean,
};

const channel: Shape<Channel> = object<Channel>({ ...channelMembers, rotation: nullable(oneOf('clockwise', 'counter-clockwise')) });

/** Versions 1 and 2 of the record did not say which way an angle grows. */
const channelV2: Shape<Channel> = (value, where) => ({ ...object<Omit<Channel, 'rotation'>>(channelMembers)(value, where), rotation: null });

const source = (channelShape: Shape<Channel>): Shape<PenSourceInfo> => object<PenSourceInfo>({
  kind: oneOf('hid', 'stu-hid', 'stu-serial', 'isdv4', 'topaz', 'pointer', 'recorded'),
  instrument: oneOf('pen', 'touch', 'mouse'),
  device: object({
    name: text,
    vendorId: nullable(count),
    productId: nullable(count),
    serialNumber: nullable(text),
    firmware: nullable(text),
    bus: nullable(text),
  }),
  driver: object({ name: text, version: text }),
  host: text,
  channels: list(channelShape),
  deviceClock: nullable(object({ tickNs: number, wrapsAfter: nullable(number) })),
  limits: list(text),
  descriptor: nullable(bytes),
  openedAt: instant,
});

const affine: Shape<Affine> = (value, where) => {
  if (!Array.isArray(value) || value.length !== 6) throw new RecordError('RECORD_MALFORMED', `${where}: should be six numbers`);
  return list(number)(value, where) as Affine;
};

const surfaceMembers = { width: number, height: number, devicePixelRatio: number, orientation: number, toPage: nullable(affine) };

const calibration: Shape<Calibration> = object<Calibration>({
  toScreen: affine,
  method: oneOf('whole-range', 'points', 'pad'),
  measuredAt: nullable(instant),
  residual: nullable(number),
});

const surface: Shape<SurfaceInfo> = object<SurfaceInfo>({ ...surfaceMembers, calibration: nullable(calibration) });

/** Version 1 of the record knew no calibration. */
const surfaceV1: Shape<SurfaceInfo> = (value, where) => ({ ...object<Omit<SurfaceInfo, 'calibration'>>(surfaceMembers)(value, where), calibration: null });

const losses: Shape<Losses> = object<Losses>({
  count,
  method: oneOf('sequence', 'device-clock', 'interval', 'unknown'),
});

export type CaptureFrame = Omit<Capture, 'samples' | 'reports'>;

/** The members of a capture that are not columns. */
export const captureFrameMembers: { [K in keyof CaptureFrame]: Shape<CaptureFrame[K]> } = {
  source: source(channel),
  surface: nullable(surface),
  losses,
  anomalies: dictionary(number),
  complete: boolean,
};

/** The same as records of version 2 and of version 1 have them. */
export const captureFrameMembersV2: typeof captureFrameMembers = { ...captureFrameMembers, source: source(channelV2) };
export const captureFrameMembersV1: typeof captureFrameMembers = { ...captureFrameMembersV2, surface: nullable(surfaceV1) };
