/**
 * One Pointer Event to one sample (W3C Pointer Events 3), values as the browser gave them.
 * Pure: works on anything shaped like a PointerEvent.
 */
import { Mark, Switch, type Sample } from '#biometrics/sample.ts';
import type { Instrument } from '#biometrics/capture.ts';

/** The part of a PointerEvent that is kept. */
export interface PenEvent {
  readonly type: string;
  readonly pointerId: number;
  readonly pointerType: string;
  /** CSS pixels in the viewport, with fractions. */
  readonly clientX: number;
  readonly clientY: number;
  readonly pressure: number;
  readonly tangentialPressure: number;
  readonly tiltX: number;
  readonly tiltY: number;
  readonly twist: number;
  /** Radians; absent before Pointer Events 3. */
  readonly altitudeAngle?: number;
  readonly azimuthAngle?: number;
  readonly buttons: number;
  /** 0 or absent where the browser cannot tell one device from another; 0 may come before the device is known. */
  readonly persistentDeviceId?: number;
  /** Milliseconds on the page's monotonic clock. */
  readonly timeStamp: number;
  getCoalescedEvents?(): readonly PenEvent[];
}

/** `buttons` of a pen: tip contact, barrel button, eraser (Pointer Events 3, section 5.1.1.2). */
const Button = { tip: 1, barrel: 2, eraser: 32 } as const;

/** Where raw x and y may lie, in the viewport. */
export interface SurfaceBox { left: number; top: number; width: number; height: number }

export function instrumentOf(event: PenEvent): Instrument {
  return event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
}

/** A sample without marks. @param openedAt `timeStamp` that counts as zero of `hostTime`, ms */
export function sampleOf(event: PenEvent, openedAt: number): Sample {
  const instrument = instrumentOf(event);
  const pen = instrument === 'pen';
  return {
    x: event.clientX,
    y: event.clientY,
    z: null,
    // A mouse has no pressure: the 0.5 it reports is a constant of the standard.
    pressure: instrument === 'mouse' ? null : event.pressure,
    tangentialPressure: pen ? event.tangentialPressure : null,
    tiltX: pen ? event.tiltX : null,
    tiltY: pen ? event.tiltY : null,
    azimuth: pen ? event.azimuthAngle ?? null : null,
    altitude: pen ? event.altitudeAngle ?? null : null,
    twist: pen ? event.twist : null,
    battery: null,
    transducerSerial: null,
    deviceTime: null,
    hostTime: Math.round((event.timeStamp - openedAt) * 1e6),
    switches: switchesOf(event.buttons),
    marks: 0,
  };
}

function switchesOf(buttons: number): number {
  return Switch.inRange
    | ((buttons & (Button.tip | Button.eraser)) !== 0 ? Switch.tip : 0)
    | ((buttons & Button.barrel) !== 0 ? Switch.barrel : 0)
    | ((buttons & Button.eraser) !== 0 ? Switch.eraser : 0);
}

/** What is odd about a sample against the one before it and against the ranges the source declares. */
export function marksOf(sample: Sample, previous: Sample | null, box: SurfaceBox): number {
  const down = (sample.switches & Switch.tip) !== 0;
  return (isOutOfRange(sample, box) ? Mark.outOfRange : 0)
    | (!down && (sample.pressure ?? 0) > 0 ? Mark.pressureWithoutTip : 0)
    | (previous !== null && isRepeat(sample, previous) ? Mark.repeated : 0)
    | (previous !== null && sample.hostTime < previous.hostTime ? Mark.clockBackwards : 0);
}

function isOutOfRange(sample: Sample, box: SurfaceBox): boolean {
  const outside = (value: number | null, min: number, max: number): boolean => value !== null && (value < min || value > max);
  return outside(sample.x, box.left, box.left + box.width)
    || outside(sample.y, box.top, box.top + box.height)
    || outside(sample.pressure, 0, 1)
    || outside(sample.tangentialPressure, -1, 1)
    || outside(sample.tiltX, -90, 90)
    || outside(sample.tiltY, -90, 90)
    || outside(sample.twist, 0, 359);
}

function isRepeat(sample: Sample, previous: Sample): boolean {
  return (['x', 'y', 'pressure', 'tangentialPressure', 'tiltX', 'tiltY', 'twist', 'hostTime', 'switches'] as const)
    .every((name) => sample[name] === previous[name]);
}
