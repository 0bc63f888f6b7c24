import { describe, expect, test } from 'vitest';
import { decodeSamples } from '#biometrics/samples.ts';
import { attachedPen, FakePens, LIFTED, penSample } from '#fixtures/attached-pens.ts';
import { DrawnSamples } from './drawn-samples.ts';

const source = new FakePens([attachedPen()]).source('pen-1').info;
const drawn = () => new DrawnSamples({ source, toSurface: [0.1, 0, 0, 0.1, -10, -20], begins: (x, y) => x >= 100 && x <= 1_100 && y >= 200 && y <= 1_200 });
const down = (x: number, y: number, more = {}) => penSample(1, { x, y, ...more });
const up = (x: number, y: number) => penSample(1, { x, y, ...LIFTED });

describe('what is drawn', () => {
  test('is in the surface’s pixels, its pressure from 0 to 1, with a gap at each lift', () => {
    const drawing = drawn();
    expect(drawing.add([up(500, 500), down(500, 500, { pressure: 0 }), down(510, 505, { pressure: 4_095 }), up(520, 510), up(530, 520)])).toEqual([[40, 30, 0], [41, 30.5, 1], null]);
    expect(drawing.samples).toHaveLength(5);
  });

  test('goes on where the stroke leaves the surface, and over batches', () => {
    const drawing = drawn();
    expect(drawing.add([down(1_000, 500)])).toEqual([[90, 30, 0.488]]);
    expect(drawing.add([down(2_000, 500)])).toEqual([[190, 30, 0.488]]);
    expect(drawing.samples).toHaveLength(2);
  });
});

describe('a stroke that begins outside', () => {
  test('is kept out from contact to lift, even where it comes in, and counted', () => {
    const drawing = drawn();
    expect(drawing.add([up(50, 50), down(50, 50), down(500, 500)])).toEqual([]);
    expect(drawing.add([down(600, 600), up(600, 600), down(600, 600)])).toEqual([[50, 40, 0.488]]);
    expect(drawing.strokesOutside).toBe(1);
    expect(drawing.samples.bytes.flatMap((batch) => decodeSamples(batch).samples).map(({ x }) => x)).toEqual([50, 600, 600]);
  });
});

test('what was kept is overwritten, and what was given at once', () => {
  const drawing = drawn();
  const given = [down(500, 500), up(500, 500)];
  drawing.add(given);
  for (const sample of given) expect(sample).toMatchObject({ x: 0, y: 0, pressure: null, tiltX: null, hostTime: 0, switches: 0 });
  const [kept] = drawing.samples.bytes;
  expect(decodeSamples(kept!).samples).toMatchObject([{ x: 500, y: 500 }, { x: 500, y: 500 }]);
  drawing.samples.wipe();
  expect([drawing.samples.length, drawing.samples.bytes, kept!.every((byte) => byte === 0)]).toEqual([0, [], true]);
});
