/**
 * Makes `recorded-pen.json`: `node kiosk/sample/make-recorded-pen.ts`. The same file comes out every time.
 *
 * A signature is planned as the points where a hand would turn, a sigma-lognormal model moves the pen through
 * them, and a pen of 250 reports a second with 8,192 pressure levels, tilt and a 100 µs clock is read off it.
 * Nobody wrote this signature, and the capture says so in its limits. It is for trying things out; it proves
 * nothing about how a verifier would treat a real hand.
 */
import { writeFileSync } from 'node:fs';
import { captureToJson } from '#biometrics/capture-json.ts';
import type { Capture, Channel } from '#biometrics/capture.ts';
import { Switch, type ChannelName, type Sample } from '#biometrics/sample.ts';
import { peakTime, positionAt, strokesThrough, type LognormalStroke, type Target, type Timing } from './sigma-lognormal.ts';

/** x, y in x-heights above the baseline, turn in rad on the way there; `air`: the pen is lifted on the way. */
interface Turn { x: number; y: number; bend: number; air: boolean }

const touch = (x: number, y: number, bend: number): Turn => ({ x, y, bend, air: false });
const lift = (x: number, y: number, bend: number): Turn => ({ x, y, bend, air: true });

const START = { x: 0.7, y: 2.9 };
const PLAN: readonly Turn[] = [
  lift(1.45, 2.35, -0.6), touch(0.35, 1.85, 2.3), touch(1.05, 1.35, 2), touch(0.1, 0.55, 2.6), touch(1.1, -0.05, 2.2),
  touch(2.35, 2.3, 0.9), touch(2.1, 0.05, 2), touch(2.75, 0.85, 1), touch(2.8, 0.05, 0.7), touch(3.35, 0.9, -1.2),
  touch(3.45, 0.05, -0.3), touch(3.95, 0.8, -1.4), touch(4.2, 0.05, 0.4), touch(5.1, 0.75, 0.9), touch(4.6, 0.1, 2.4),
  touch(5.3, 0.75, 1.9), touch(5.35, 0.1, 0.3), touch(6.3, 0.45, 0.8),
  lift(7.2, 2.7, 0.4), touch(6.9, -0.1, 0.15), touch(7.2, 2.55, -0.5), touch(7.9, 2, -2), touch(7.2, 1.35, -1.8),
  touch(8.1, 0.55, -2.4), touch(6.9, -0.1, -1.6), touch(8.9, 0.65, 1.4), touch(8.6, 0.05, 2.3), touch(9.5, 0.8, 0.8),
  touch(9.6, 0.1, -0.5), touch(10.2, 0.7, 1), touch(10, -1.6, -0.9), touch(9.6, -0.9, -2.6), touch(11.2, 0.55, -0.5),
  touch(11.4, 0.15, 0.4), touch(14, 0.6, 0.7),
  lift(3.25, 1.75, 1.5), touch(3.4, 1.6, 0.3),
  lift(2.4, -1, 0.8), touch(12, -0.95, 0.25), lift(13, -0.2, 0.6),
];

const X_HEIGHT_MM = 3.7;
const SLANT = 0.24;
const RISE = 0.035;
/** Spread and delay of every stroke; how fast the next one is commanded: a share that is fixed, and one that grows with size. */
const SIGMA = 0.2;
const MU = -2;
const PACE = { fixed: 0.026, perRootMm: 0.0115, perRad: 0.08 };

const PERIOD_S = 0.004;
const TICK_S = 0.0001;
const FIRST_TICK = 31_240;
const PER_MM = 100;
const LEVELS = 8192;
/** The tablet's surface, and where on it the signature starts, in mm. */
const SURFACE = { width: 216, height: 135 };
const PLACE = { x: 66, y: 72 };

/** The signature as its pen would have reported it. */
export function makeRecordedPen(): Capture {
  const origin = onPaper(START);
  const wanted = PLAN.map((turn) => ({ ...onPaper(turn), bend: turn.bend }));
  const timings = pace(origin, wanted);
  const ends = timings.map((timing, at) => (peakTime(timing) + peakTime(timings[at + 1] ?? { ...timing, start: timing.start + 0.3 })) / 2);
  const strokes = leadThrough(origin, wanted, timings, ends);
  return { ...FRAME, samples: report(origin, strokes, ends) };
}

function onPaper({ x, y }: { x: number; y: number }): { x: number; y: number } {
  return { x: (x + SLANT * y) * X_HEIGHT_MM, y: (y + RISE * x) * X_HEIGHT_MM };
}

/** Longer and rounder strokes take longer, by less than their length (isochrony). */
function pace(origin: { x: number; y: number }, targets: readonly Target[]): Timing[] {
  let start = 0;
  return targets.map(({ x, y, bend }, at) => {
    const before = targets[at - 1] ?? origin;
    const timing = { start, mu: MU, sigma: SIGMA };
    start += PACE.fixed + PACE.perRootMm * Math.sqrt(Math.hypot(x - before.x, y - before.y)) * (1 + PACE.perRad * Math.abs(bend));
    return timing;
  });
}

/** Overlapping strokes cut corners, so the hand aims beyond: targets are moved until the pen turns where it is wanted. */
function leadThrough(origin: { x: number; y: number }, wanted: readonly Target[], timings: readonly Timing[], ends: readonly number[]): LognormalStroke[] {
  let aims = [...wanted];
  for (let round = 0; round < 12; round++) {
    const strokes = strokesThrough(origin, aims, timings);
    aims = aims.map((aim, at) => {
      const reached = positionAt(origin, strokes, ends[at] as number);
      const want = wanted[at] as Target;
      return { ...aim, x: aim.x + 0.6 * (want.x - reached.x), y: aim.y + 0.6 * (want.y - reached.y) };
    });
  }
  return strokesThrough(origin, aims, timings);
}

function report(origin: { x: number; y: number }, strokes: readonly LognormalStroke[], ends: readonly number[]): Sample[] {
  const random = seeded(20_260_101);
  const last = (ends.at(-1) as number) + 0.06;
  const samples: Sample[] = [];
  let force = 0;
  for (let at = 0; at * PERIOD_S <= last; at++) {
    const time = at * PERIOD_S;
    const here = positionAt(origin, strokes, time);
    const next = positionAt(origin, strokes, time + PERIOD_S);
    const velocity = { x: (next.x - here.x) / PERIOD_S, y: (next.y - here.y) / PERIOD_S };
    const contact = contactAt(time, ends);
    const down = contact !== null;
    force += 0.22 * ((down ? pressing(velocity, contact) : 0) - force);
    const tremor = 0.02 * Math.sin(2 * Math.PI * 9.3 * time) + 0.006 * (random() - 0.5);
    samples.push({
      x: Math.round((PLACE.x + here.x + tremor) * PER_MM),
      y: Math.round((PLACE.y - here.y - tremor / 2) * PER_MM),
      z: null,
      pressure: down ? Math.max(1, Math.round((LEVELS - 1) * force * (1 + 0.015 * (random() - 0.5)))) : 0,
      tangentialPressure: null,
      tiltX: Math.round(100 * (31 + 0.09 * here.x + 0.006 * velocity.x + 0.3 * (random() - 0.5))),
      tiltY: Math.round(100 * (38 - 0.35 * here.y - 0.008 * velocity.y + 0.3 * (random() - 0.5))),
      azimuth: null, altitude: null, twist: null, battery: null, transducerSerial: null,
      deviceTime: FIRST_TICK + Math.round(time / TICK_S),
      hostTime: Math.round((0.42 + time + 0.0002 + 0.0008 * random()) * 1e9),
      switches: Switch.inRange | (down ? Switch.tip : 0),
      marks: 0,
    });
  }
  return samples;
}

/** Seconds since the tip came down and until it lifts, or null in the air. */
function contactAt(time: number, ends: readonly number[]): { since: number; until: number } | null {
  const now = ends.findIndex((end) => time < end);
  if (now === -1 || PLAN[now]?.air === true) return null;
  let first = now;
  let last = now;
  while (PLAN[first - 1]?.air === false) first--;
  while (PLAN[last + 1]?.air === false) last++;
  return { since: time - (ends[first - 1] as number), until: (ends[last] as number) - time };
}

/** Share of full pressure: more on downstrokes, less when fast, growing at touch-down and easing before the lift. */
function pressing(velocity: { x: number; y: number }, { since, until }: { since: number; until: number }): number {
  const speed = Math.hypot(velocity.x, velocity.y);
  const downstroke = speed === 0 ? 0 : Math.max(0, -velocity.y / speed);
  const steady = 0.36 + 0.26 * downstroke + 0.16 / (1 + speed / 60);
  return steady * (1 - Math.exp(-since / 0.02)) * (1 - Math.exp(-until / 0.03));
}

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function channel(name: ChannelName, unit: string, logical: [number, number] | null, physical: [number, number] | null, perMm: number | null): Channel {
  return {
    name, unit, logicalMin: logical?.[0] ?? null, logicalMax: logical?.[1] ?? null,
    physicalMin: physical?.[0] ?? null, physicalMax: physical?.[1] ?? null, unitExponent: null, perMm, rotation: null, derived: false,
  };
}

const FRAME: Omit<Capture, 'samples'> = {
  source: {
    kind: 'recorded',
    instrument: 'pen',
    device: { name: 'Synthetic pen', vendorId: null, productId: null, serialNumber: null, firmware: null, bus: null },
    driver: { name: 'kiosk/sample/make-recorded-pen.ts', version: '1' },
    host: 'none: computed, not captured',
    channels: [
      channel('x', 'count', [0, SURFACE.width * PER_MM], null, PER_MM),
      channel('y', 'count', [0, SURFACE.height * PER_MM], null, PER_MM),
      channel('pressure', 'count', [0, LEVELS - 1], null, null),
      channel('tiltX', 'deg', [-9000, 9000], [-90, 90], null),
      channel('tiltY', 'deg', [-9000, 9000], [-90, 90], null),
      channel('deviceTime', 'tick', null, null, null),
      channel('hostTime', 'ns', null, null, null),
    ],
    deviceClock: { tickNs: TICK_S * 1e9, wrapsAfter: 65_536 },
    limits: [
      'synthetic: computed from a sigma-lognormal model of handwriting with a fixed seed; no person wrote it and no device reported it',
      'not evidence of anything; for demonstrations and tests only',
    ],
    descriptor: null,
    openedAt: '2026-01-01T00:00:00.000Z',
  },
  surface: null,
  losses: { count: 0, method: 'device-clock' },
  anomalies: {},
  reports: null,
  complete: true,
};

if (import.meta.main) {
  const json = captureToJson(makeRecordedPen()).replaceAll('],[', '],\n[');
  writeFileSync(new URL('recorded-pen.json', import.meta.url), `${json}\n`);
}
