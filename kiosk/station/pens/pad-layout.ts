/**
 * Where things are on a signature pad's own screen, in its pixels: a head line, the place for ink, three buttons.
 *
 * Before: the pad's size. After: `pad-screen.ts` draws it, `begin-attempt.ts` takes ink from it. Made for 396 × 100 to 800 × 480
 * (Wacom STU); a flat screen has its buttons at the end of the line, a tall one below it.
 */
import type { PadArea } from '#driver/pad.ts';

export type PadButtonId = 'ok' | 'clear' | 'cancel';

export interface PadLayout {
  width: number;
  height: number;
  head: PadArea;
  ink: PadArea;
  buttons: { id: PadButtonId; area: PadArea }[];
}

/** A finger's breadth is not needed for a pen; less than this is hard to read. */
const LEAST_ROW = 30;
const GAP = 4;

/** @param direction of the guest's language: where reading ends, "Done" is */
export function padLayout(width: number, height: number, direction: 'ltr' | 'rtl'): PadLayout {
  const flat = width / height > 3;
  const head = Math.max(18, Math.round(height * 0.11));
  const layout = flat ? beside(width, height, head) : below(width, height, head);
  return direction === 'ltr' ? layout : mirrored(layout);
}

function below(width: number, height: number, head: number): PadLayout {
  const row = Math.max(LEAST_ROW, Math.round(height * 0.2));
  const step = width / 3;
  const area = (index: number): PadArea => ({ x1: Math.round(index * step) + GAP, y1: height - row, x2: Math.round((index + 1) * step) - GAP - 1, y2: height - GAP - 1 });
  return {
    width, height,
    head: { x1: GAP, y1: 0, x2: width - GAP - 1, y2: head - 1 },
    ink: { x1: 0, y1: head, x2: width - 1, y2: height - row - GAP - 1 },
    buttons: [{ id: 'cancel', area: area(0) }, { id: 'clear', area: area(1) }, { id: 'ok', area: area(2) }],
  };
}

function beside(width: number, height: number, head: number): PadLayout {
  const column = Math.round(width * 0.24);
  const step = height / 3;
  const area = (index: number): PadArea => ({ x1: width - column, y1: Math.round(index * step) + 1, x2: width - GAP - 1, y2: Math.round((index + 1) * step) - 2 });
  return {
    width, height,
    head: { x1: GAP, y1: 0, x2: width - column - GAP - 1, y2: head - 1 },
    ink: { x1: 0, y1: head, x2: width - column - GAP - 1, y2: height - 1 },
    buttons: [{ id: 'ok', area: area(0) }, { id: 'clear', area: area(1) }, { id: 'cancel', area: area(2) }],
  };
}

function mirrored(layout: PadLayout): PadLayout {
  const turn = ({ x1, y1, x2, y2 }: PadArea): PadArea => ({ x1: layout.width - 1 - x2, y1, x2: layout.width - 1 - x1, y2 });
  return { ...layout, head: turn(layout.head), ink: turn(layout.ink), buttons: layout.buttons.map(({ id, area }) => ({ id, area: turn(area) })) };
}
