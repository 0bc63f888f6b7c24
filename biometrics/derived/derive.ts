/**
 * How the pen moved, computed from a capture when asked for and never stored: README.md has the formulas and their sources.
 * Before: a capture. After: `countersign measure`. Nothing is smoothed into the record, nothing missing is filled in.
 */
import type { Capture } from '../capture.ts';
import { isDown } from '../sample.ts';
import { positionMm, tiltDegrees } from '../units.ts';
import { derivativesOf, type Derivatives } from './local-polynomial.ts';
import { runsOf, stepsOf, timeAxis, type Step } from './time-axis.ts';

/** Derived from one sample and its neighbours in the same run; null where it cannot be computed. */
export interface Movement {
  /** In s from the first sample. */
  time: number;
  down: boolean;
  /** Number of the run, from 0: derivatives never reach over its ends. */
  run: number;
  /** In units of length, as the device counts: y may point down. */
  x: number;
  y: number;
  /** Length/s, ≥ 0. */
  speed: number | null;
  /** Magnitude, length/s². */
  acceleration: number | null;
  /** Magnitude, length/s³. */
  jerk: number | null;
  /** 1/length; positive where the path turns from the x axis towards the y axis. Null as well where the pen all but stands. */
  curvature: number | null;
  /** Raw levels; not a force. */
  pressure: number | null;
  /** Levels/s. */
  pressureRate: number | null;
  /** Degrees, as in `Tilt` of units.ts. */
  tiltX: number | null;
  tiltY: number | null;
  azimuth: number | null;
  altitude: number | null;
}

/** A stroke (tip down) or a lift (the way between two strokes), from sample `first` to sample `last`, both included. */
export interface Section {
  first: number;
  last: number;
  /** In s; null where the clock ran backwards within it. */
  duration: number | null;
  /** Sum of the chords; null where samples are missing within it. */
  path: number | null;
}

export interface Derived {
  clock: 'device' | 'host';
  /** `raw`: the device's resolution is not known; x and y are then taken to have the same unit. */
  lengthUnit: 'mm' | 'raw';
  /** One for each sample. */
  movements: Movement[];
  /** In the order written. */
  strokes: Section[];
  /** The one at i lies between strokes i and i + 1; from the last sample down to the first one down again. */
  lifts: Section[];
}

/** Below this share of the run's greatest speed, the direction of movement is noise and curvature is not given. */
const STANDING = 0.01;

export function derive(capture: Pick<Capture, 'source' | 'samples'>): Derived {
  const { source, samples } = capture;
  const axis = timeAxis(capture);
  const steps = stepsOf(capture, axis);
  const inMm = samples.length > 0 && positionMm(samples[0]!, source) !== null;
  const movements = runsOf(capture, steps).flatMap(({ start, end }, run) => {
    const own = samples.slice(start, end);
    const times = axis.seconds.slice(start, end);
    const points = own.map((sample) => positionMm(sample, source) ?? { x: sample.x, y: sample.y });
    const pressures = own.map(({ pressure }) => pressure).filter((pressure) => pressure !== null);
    const rates = pressures.length === own.length ? derivativesOf(times, pressures) : null;
    return kinematics(times, points).map((moved, index): Movement => {
      const tilt = tiltDegrees(own[index]!, source);
      return {
        time: times[index]!, down: isDown(own[index]!), run, ...points[index]!, ...moved,
        pressure: own[index]!.pressure, pressureRate: rates?.[index]?.[0] ?? null,
        tiltX: tilt?.tiltX ?? null, tiltY: tilt?.tiltY ?? null, azimuth: tilt?.azimuth ?? null, altitude: tilt?.altitude ?? null,
      };
    });
  });
  const strokes = strokesIn(movements).map(({ first, last }) => section(movements, steps, first, last));
  const lifts = strokes.slice(1).map(({ first }, index) => section(movements, steps, strokes[index]!.last, first));
  return { clock: axis.clock, lengthUnit: inMm ? 'mm' : 'raw', movements, strokes, lifts };
}

type Kinematics = Pick<Movement, 'speed' | 'acceleration' | 'jerk' | 'curvature'>;

function kinematics(times: readonly number[], points: readonly { x: number; y: number }[]): Kinematics[] {
  const xs = derivativesOf(times, points.map(({ x }) => x));
  const ys = derivativesOf(times, points.map(({ y }) => y));
  const speeds = xs.map((dx, index) => magnitude(dx, ys[index]!, 0));
  const standing = STANDING * speeds.reduce<number>((greatest, speed) => Math.max(greatest, speed ?? 0), 0);
  return xs.map((dx, index) => {
    const dy = ys[index]!;
    const speed = speeds[index]!;
    return { speed, acceleration: magnitude(dx, dy, 1), jerk: magnitude(dx, dy, 2), curvature: speed !== null && speed > standing ? curvature(dx, dy, speed) : null };
  });
}

function magnitude(dx: Derivatives, dy: Derivatives, order: 0 | 1 | 2): number | null {
  const [x, y] = [dx[order], dy[order]];
  return x === null || y === null ? null : finite(Math.hypot(x, y));
}

function curvature([vx, ax]: Derivatives, [vy, ay]: Derivatives, speed: number): number | null {
  return vx === null || vy === null || ax === null || ay === null ? null : finite((vx * ay - vy * ax) / speed ** 3);
}

/** Raw numbers may be as large as a double: what overflows is not known. */
const finite = (value: number): number | null => Number.isFinite(value) ? value : null;

function strokesIn(movements: readonly Movement[]): { first: number; last: number }[] {
  const strokes: { first: number; last: number }[] = [];
  movements.forEach(({ down }, index) => {
    if (down && movements[index - 1]?.down === true) strokes.at(-1)!.last = index;
    else if (down) strokes.push({ first: index, last: index });
  });
  return strokes;
}

function section(movements: readonly Movement[], steps: readonly Step[], first: number, last: number): Section {
  const within = steps.slice(first + 1, last + 1);
  const broken = within.some((step) => step === 'gap' || step === 'loss');
  const chords = movements.slice(first + 1, last + 1).map(({ x, y }, index) => Math.hypot(x - movements[first + index]!.x, y - movements[first + index]!.y));
  return {
    first, last,
    duration: within.includes('backwards') ? null : movements[last]!.time - movements[first]!.time,
    path: broken ? null : chords.reduce((sum, chord) => sum + chord, 0),
  };
}
