/**
 * The ink as the guest saw it lie in the field: millimetres from the lower left corner of the field as
 * displayed, y up. A page's /Rotate (ISO 32000-2, 7.7.3.3) turns user space clockwise for display, its UserUnit
 * says how many points a unit of user space has, and a capture with a place on the page is in user space.
 *
 * Before: a capture. After: `dynamicsFreeInk`, then the stamp of `packet/sign-document.ts`.
 */
import type { Capture } from '#biometrics/capture.ts';
import { inkInMm, type InkPoint } from '#biometrics/ink.ts';
import type { Rect } from '#kiosk/protocol/messages.ts';

const MM_PER_POINT = 25.4 / 72;

/** @param page of the field; rotate: 0, 90, 180 or 270 */
export function uprightInk(capture: Capture, rect: Rect, { rotate, unit }: { rotate: number; unit: number }): InkPoint[][] {
  const points = { x: rect.x, y: rect.y, width: rect.width * unit, height: rect.height * unit };
  // without a place on the page the ink is upright by itself, and is fitted into the field as displayed
  if (!capture.surface?.toPage) return inkInMm(capture, rotate % 180 === 0 ? points : { ...points, width: points.height, height: points.width });
  const [width, height] = [points.width * MM_PER_POINT, points.height * MM_PER_POINT];
  const turn = TURNS[rotate] ?? TURNS[0];
  return inkInMm(capture, rect).map((stroke) => stroke.map((point) => ({ ...point, ...turn({ x: point.x * unit, y: point.y * unit }, width, height) })));
}

type Turn = (point: { x: number; y: number }, width: number, height: number) => { x: number; y: number };

const TURNS: Record<number, Turn> & { 0: Turn } = {
  0: ({ x, y }) => ({ x, y }),
  90: ({ x, y }, width) => ({ x: y, y: width - x }),
  180: ({ x, y }, width, height) => ({ x: width - x, y: height - y }),
  270: ({ x, y }, _width, height) => ({ x: height - y, y: x }),
};
