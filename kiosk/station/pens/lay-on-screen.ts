/**
 * How raw coordinates of a device lie on the guest's screen, as affine maps.
 *
 * Before: the device's channels, and what the page says of its place. After: `attempt.ts` shows ink with it, and the capture keeps
 * it as `SurfaceInfo.calibration`. Three ways: the device's range covers the display edge to edge (a pen display); a map that was
 * measured by taps; and a pad apart from the display, whose ink area is laid on the field as the page displays it.
 */
import { apply, compose, fitInto, invert, type Affine, type Box } from '#biometrics/affine.ts';
import type { Calibration, PenSourceInfo } from '#biometrics/capture.ts';
import { channelOf } from '#biometrics/units.ts';
import type { PadArea } from '#driver/pad.ts';
import type { DisplayPlace, Rect } from '#kiosk/protocol/messages.ts';

/** A map from raw to CSS pixels of the whole display, as `calibrations.ts` keeps it. */
export interface Measured { toDisplay: Affine; measuredAt: string; residual: number }

/** @returns null where the device does not say how far its coordinates go */
export function rawBox(source: PenSourceInfo): Box | null {
  const [x, y] = [channelOf(source, 'x'), channelOf(source, 'y')];
  if (x?.logicalMin == null || x.logicalMax === null || y?.logicalMin == null || y.logicalMax === null) return null;
  const box = { left: x.logicalMin, top: y.logicalMin, width: x.logicalMax - x.logicalMin, height: y.logicalMax - y.logicalMin };
  return box.width > 0 && box.height > 0 ? box : null;
}

/** What a display of its own needs: the measured map, or else edge to edge. Null where neither can be had. */
export function onDisplay(source: PenSourceInfo, screen: DisplayPlace, measured: Measured | null): Calibration | null {
  const toViewport = (toDisplay: Affine): Affine => compose(toDisplay, [1, 0, 0, 1, -screen.left, -screen.top]);
  if (measured !== null) return { toScreen: toViewport(measured.toDisplay), method: 'points', measuredAt: measured.measuredAt, residual: measured.residual };
  const box = rawBox(source);
  return box === null ? null : { toScreen: toViewport(edgeToEdge(box, screen)), method: 'whole-range', measuredAt: null, residual: null };
}

/**
 * The digitizer is fixed to the panel and does not turn with the picture. `angle` of Screen Orientation says how far the picture
 * is turned clockwise on the panel: at 90° its right edge is the panel's lower one. Not verified on a device.
 */
export function edgeToEdge({ left, top, width, height }: Box, screen: Pick<DisplayPlace, 'width' | 'height' | 'orientation'>): Affine {
  const toShare: Affine = [1 / width, 0, 0, 1 / height, -left / width, -top / height];
  const [w, h] = [screen.width, screen.height];
  switch (screen.orientation) {
    case 90: return compose(toShare, [0, -h, w, 0, 0, h]);
    case 180: return compose(toShare, [-w, 0, 0, -h, w, h]);
    case 270: return compose(toShare, [0, h, -w, 0, w, 0]);
    default: return compose(toShare, [w, 0, 0, h, 0, 0]);
  }
}

/** A pad's ink area, or a pad's whole range where it has no screen, laid into the field as the page displays it (so /Rotate is in it). */
export function onField(rawToPad: Affine, area: Box, field: Rect, viewportToPage: Affine): Calibration {
  const toScreen = compose(rawToPad, fitInto(area, fieldOnScreen(field, viewportToPage)));
  return { toScreen, method: 'pad', measuredAt: null, residual: null };
}

/** The pixel after the last one that belongs to it ends the area. */
export function boxOf({ x1, y1, x2, y2 }: PadArea): Box {
  return { left: x1, top: y1, width: x2 - x1 + 1, height: y2 - y1 + 1 };
}

export function inside({ left, top, width, height }: Box, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** Far more than any page or wall of displays, in CSS pixels. */
const FARTHEST = 1_000_000;

/** Whether what a page says of its place can be true: numbers from a page are a claim, and with some of them ink would lie nowhere. */
export function isPlausible({ surface, screen, toPage }: { surface: Box; screen: Box; toPage: Affine }): boolean {
  return [surface, screen].every(isPlace) && isUsable(toPage);
}

function isPlace({ left, top, width, height }: Box): boolean {
  return Math.abs(left) <= FARTHEST && Math.abs(top) <= FARTHEST && width > 0 && width <= FARTHEST && height > 0 && height <= FARTHEST;
}

/** Whether a map loses nothing, so that there is a way back. */
export function isUsable(map: Affine): boolean {
  const determinant = map[0] * map[3] - map[1] * map[2];
  return map.every(Number.isFinite) && Number.isFinite(1 / determinant) && determinant !== 0;
}

function fieldOnScreen({ x, y, width, height }: Rect, viewportToPage: Affine): Box {
  const toViewport = invert(viewportToPage);
  const corners = [[x, y], [x + width, y + height]].map(([left, bottom]) => apply(toViewport, left!, bottom!));
  const [xs, ys] = [corners.map(([at]) => at), corners.map(([, at]) => at)];
  return { left: Math.min(...xs), top: Math.min(...ys), width: Math.abs(xs[0]! - xs[1]!), height: Math.abs(ys[0]! - ys[1]!) };
}
