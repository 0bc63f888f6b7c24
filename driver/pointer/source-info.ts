/**
 * What a browser's Pointer Events can and cannot tell: the channels and the limits that go into the record.
 */
import type { Channel, Instrument, PenSourceInfo } from '#biometrics/capture.ts';
import type { SurfaceBox } from './event-sample.ts';

const VERSION = '0.1.0';

export interface PointerHost {
  /** `navigator.userAgent`. */
  userAgent: string;
  /** Whether the browser gives `pointerrawupdate`, and whether `getCoalescedEvents`: secure contexts only. */
  rawUpdate: boolean;
  coalesced: boolean;
  /** Wall clock at which the source was opened, RFC 3339 UTC. */
  openedAt: string;
}

export function pointerSourceInfo(instrument: Instrument, box: SurfaceBox, host: PointerHost): PenSourceInfo {
  return {
    kind: 'pointer',
    instrument,
    device: { name: `${instrument} of the browser`, vendorId: null, productId: null, serialNumber: null, firmware: null, bus: null },
    driver: { name: 'countersign pointer', version: VERSION },
    host: host.userAgent,
    channels: channelsOf(instrument, box),
    deviceClock: null,
    limits: limitsOf(instrument, host),
    descriptor: null,
    openedAt: host.openedAt,
  };
}

/** Pointer Events 3: azimuthAngle and twist grow clockwise. */
const ROTATIONS: Partial<Record<Channel['name'], Channel['rotation']>> = { azimuth: 'clockwise', twist: 'clockwise' };

function channelsOf(instrument: Instrument, box: SurfaceBox): Channel[] {
  const channel = (name: Channel['name'], unit: string, min: number | null, max: number | null, derived = false): Channel =>
    ({ name, unit, logicalMin: min, logicalMax: max, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: ROTATIONS[name] ?? null, derived });
  const position = [channel('x', 'px', box.left, box.left + box.width), channel('y', 'px', box.top, box.top + box.height)];
  const pressure = channel('pressure', 'ratio', 0, 1);
  const time = channel('hostTime', 'ns', 0, null);
  if (instrument === 'mouse') return [...position, time];
  if (instrument === 'touch') return [...position, pressure, time];
  return [
    ...position,
    pressure,
    channel('tangentialPressure', 'ratio', -1, 1),
    channel('tiltX', 'deg', -90, 90),
    channel('tiltY', 'deg', -90, 90),
    channel('azimuth', 'rad', 0, 2 * Math.PI, true),
    channel('altitude', 'rad', 0, Math.PI / 2, true),
    channel('twist', 'deg', 0, 359),
    time,
  ];
}

function limitsOf(instrument: Instrument, host: PointerHost): string[] {
  const limits = [
    'positions in CSS pixels: true size in millimetres is not known to a browser',
    'times are the browser\'s own; reports lost before they reached the browser cannot be noticed',
  ];
  if (instrument === 'mouse') return [...limits, 'a mouse: no pressure, no tilt'];
  if (instrument === 'touch') return [...limits, 'a finger: no tilt, and its pressure is contact area at best'];
  limits.push(
    'pressure is a 32-bit ratio of the pen\'s full scale, not a force',
    'tilt in whole degrees; azimuth and altitude are the browser\'s conversion of it, or it of them',
  );
  if (host.userAgent.includes('Windows')) {
    limits.push('at most 1,024 pressure levels and whole screen pixels (Windows Pointer Events); reports that Windows merged are gone');
  }
  if (host.rawUpdate) return limits;
  limits.push(host.coalesced
    ? 'no pointerrawupdate events: samples come once per screen frame, as the browser\'s list of the reports in it'
    : 'no pointerrawupdate events and no coalesced ones: at most one sample per screen frame, reports between them are gone');
  return limits;
}
