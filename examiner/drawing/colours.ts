/** The colours of a replay, on paper and on screen. Pressure runs from pale to deep, so that it reads in grey print too. */

export const PAPER = '#fffdf8';
export const INK = '#1b2421';
export const QUIET = '#5b655f';
export const LINE = '#d9d2c4';
export const AIR = '#9aa39e';
export const BRASS = '#8f6b25';
export const ALERT = '#962f1f';

const LIGHT = [122, 174, 190] as const;
const MIDDLE = [23, 92, 110] as const;
const DEEP = [12, 28, 48] as const;

/** Colour of ink at a pressure from 0 to 1; no pressure known draws as plain ink. */
export function pressureColour(pressure: number | null): string {
  if (pressure === null) return INK;
  const [from, to, share] = pressure < 0.5 ? [LIGHT, MIDDLE, pressure * 2] : [MIDDLE, DEEP, pressure * 2 - 1];
  return `rgb(${from.map((value, at) => Math.round(value + ((to[at] as number) - value) * share)).join(' ')})`;
}
