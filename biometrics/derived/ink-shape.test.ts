import { describe, expect, test } from 'vitest';
import type { Capture } from '../capture.ts';
import { Switch, type Sample } from '../sample.ts';
import { inkShapeOf } from './ink-shape.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';

const pen = recordedPen();
/** Raw units per mm. */
const PER_MM = 100;

function capture(points: readonly { x: number; y: number }[], change: (at: number) => Partial<Sample> = () => ({}), source: Partial<Capture['source']> = {}): Capture {
  const samples = points.map(({ x, y }, at) => ({ ...pen.samples[0]!, x: x * PER_MM, y: y * PER_MM, hostTime: at * 5e6, deviceTime: null, switches: Switch.tip, ...change(at) }));
  return { ...pen, source: { ...pen.source, ...source }, samples };
}

const arc = (radius: number, angle: number, count = 400) => Array.from({ length: count + 1 }, (_, at) => ({ x: radius * Math.cos(angle * at / count), y: radius * Math.sin(angle * at / count) }));
const channels = (change: (channel: Capture['source']['channels'][number]) => object): Capture['source']['channels'] => pen.source.channels.map((channel) => ({ ...channel, ...change(channel) }));

describe('the shape of ink, held against its formula', () => {
  test('a circle comes back to where it began, and is a radius away from any line through its centre', () => {
    const shape = inkShapeOf(capture(arc(15, 2 * Math.PI)));
    expect(shape).toMatchObject({ samples: 401, seconds: 2 });
    expect(shape.extent).toBeCloseTo(30, 2);
    expect(shape.straightness).toBeCloseTo(0, 1);
    expect(shape.deviation).toBeCloseTo(15, 0);
  });

  test('half a circle goes a diameter on half a circumference', () => {
    expect(inkShapeOf(capture(arc(60, Math.PI, 4_000))).straightness).toBeCloseTo(2 / Math.PI, 2);
  });

  test('a straight line in any direction deviates by nothing, also where the axes count differently', () => {
    const line = (angle: number) => Array.from({ length: 100 }, (_, at) => ({ x: at * Math.cos(angle) / 2, y: at * Math.sin(angle) / 2 }));
    for (const angle of [0, 1, Math.PI / 2, 2, Math.PI, 5]) {
      const shape = inkShapeOf(capture(line(angle)));
      expect(shape.deviation).toBeCloseTo(0, 9);
      expect(shape.straightness).toBeCloseTo(1, 9);
      expect(shape.extent).toBeCloseTo(49.5 * Math.max(Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))), 9);
    }
    // half as many units to the mm along y: twice as high
    const shape = inkShapeOf(capture(line(Math.PI / 2), undefined, { channels: channels(({ name }) => (name === 'y' ? { perMm: PER_MM / 2 } : {})) }));
    expect(shape.extent).toBeCloseTo(99, 9);
  });

  test('where nobody says how long the units are: a thousandth of an inch, or a CSS pixel', () => {
    const inch = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
    expect(inkShapeOf(capture(inch, undefined, { channels: channels(() => ({ perMm: null })) })).extent).toBeCloseTo(25.4, 9);
    expect(inkShapeOf(capture(inch, (at) => ({ x: at * 96 }), { channels: channels(() => ({ perMm: null, unit: 'px' })) })).extent).toBeCloseTo(25.4, 9);
  });

  test('what the pen does in the air is no ink', () => {
    const shape = inkShapeOf(capture([{ x: 0, y: 90 }, { x: 1, y: 1 }, { x: 6, y: 1 }, { x: 90, y: 0 }], (at) => ({ switches: at === 1 || at === 2 ? Switch.tip : 0 })));
    expect(shape).toMatchObject({ samples: 2, extent: 5, straightness: 1, seconds: 0.005 });
  });

  test('no ink at all', () => {
    expect(inkShapeOf(capture([]))).toEqual({ samples: 0, extent: 0, straightness: 0, deviation: 0, seconds: 0 });
  });

  test('the clock that says more is believed', () => {
    const two = [{ x: 0, y: 0 }, { x: 1, y: 0 }];
    const deviceClock = { tickNs: 1e6, wrapsAfter: null };
    expect(inkShapeOf(capture(two, (at) => ({ hostTime: 0, deviceTime: at * 700 }), { deviceClock })).seconds).toBe(0.7);
    expect(inkShapeOf(capture(two, (at) => ({ hostTime: at * 4e8, deviceTime: 9 - at }), { deviceClock })).seconds).toBe(0.4);
    expect(inkShapeOf(capture(two, (at) => ({ hostTime: -at, deviceTime: -at }), { deviceClock })).seconds).toBe(0);
  });
});
