/**
 * The sigma-lognormal model of fast handwriting (kinematic theory of rapid human movements): a pen trace is
 * the sum of overlapping strokes, each turning at a constant rate while its speed follows a lognormal curve.
 * What it does not show: tremor, friction of the tip, hesitation. Lengths in mm, y up; times in s; angles in rad.
 */

/** One stroke: from the target before it to `x`, `y`, turning by `bend` (counter-clockwise positive) on the way. */
export interface Target { x: number; y: number; bend: number }

/** A stroke with its lognormal: `start` is when its command goes out, `mu` and `sigma` its log-time delay and spread. */
export interface LognormalStroke { length: number; from: number; bend: number; start: number; mu: number; sigma: number }

export interface Timing { start: number; mu: number; sigma: number }

/** Below this turn an arc is drawn as its chord: the formulas divide by it. */
const STRAIGHT = 1e-6;

/** The strokes that lead through the targets, the pen standing at `origin` first. */
export function strokesThrough(origin: { x: number; y: number }, targets: readonly Target[], timings: readonly Timing[]): LognormalStroke[] {
  return targets.map(({ x, y, bend }, at) => {
    const before = targets[at - 1] ?? origin;
    const timing = timings[at] as Timing;
    const half = bend / 2;
    const chord = Math.hypot(x - before.x, y - before.y);
    return { ...timing, bend, length: Math.abs(bend) < STRAIGHT ? chord : (chord * half) / Math.sin(half), from: Math.atan2(y - before.y, x - before.x) - half };
  });
}

/** Where the pen is at `time`. */
export function positionAt(origin: { x: number; y: number }, strokes: readonly LognormalStroke[], time: number): { x: number; y: number } {
  let { x, y } = origin;
  for (const { length, from, bend, ...timing } of strokes) {
    const done = lognormalShare(timing, time);
    if (done === 0) continue;
    if (Math.abs(bend) < STRAIGHT) {
      x += length * done * Math.cos(from);
      y += length * done * Math.sin(from);
    } else {
      const to = from + bend * done;
      x += (length / bend) * (Math.sin(to) - Math.sin(from));
      y += (length / bend) * (Math.cos(from) - Math.cos(to));
    }
  }
  return { x, y };
}

/** When the stroke is fastest. */
export function peakTime({ start, mu, sigma }: Timing): number {
  return start + Math.exp(mu - sigma ** 2);
}

/** The share of the stroke's length covered by `time`, 0 to 1. */
function lognormalShare({ start, mu, sigma }: Timing, time: number): number {
  return time <= start ? 0 : (1 + erf((Math.log(time - start) - mu) / (sigma * Math.SQRT2))) / 2;
}

/** The error function (Abramowitz and Stegun 7.1.26, off by less than 1.5e-7). */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}
