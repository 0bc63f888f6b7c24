/** Where a pad may draw ink for a picture: a pad takes one rectangle. */
import type { PadArea, PadPicture } from '../pad.ts';

/** The picture's own ink area, or the largest strip across or down the screen that touches no button. */
export function inkArea({ width, height, buttons, ink }: Pick<PadPicture, 'width' | 'height' | 'buttons' | 'ink'>): PadArea {
  const whole: PadArea = { x1: 0, y1: 0, x2: width - 1, y2: height - 1 };
  if (ink !== null || buttons.length === 0) return ink ?? whole;
  const areas = buttons.map(({ area }) => area);
  const strips: PadArea[] = [
    ...gaps(areas.map(({ y1, y2 }) => [y1, y2]), height).map(([y1, y2]) => ({ ...whole, y1, y2 })),
    ...gaps(areas.map(({ x1, x2 }) => [x1, x2]), width).map(([x1, x2]) => ({ ...whole, x1, x2 })),
  ];
  return strips.reduce((best, strip) => (size(strip) > size(best) ? strip : best), strips[0] ?? whole);
}

/** Free stretches between taken ones, on a line of `length` pixels. */
function gaps(taken: [number, number][], length: number): [number, number][] {
  const free: [number, number][] = [];
  let from = 0;
  for (const [first, last] of taken.sort((one, other) => one[0] - other[0])) {
    if (first > from) free.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from < length) free.push([from, length - 1]);
  return free;
}

function size({ x1, y1, x2, y2 }: PadArea): number {
  return (x2 - x1 + 1) * (y2 - y1 + 1);
}
