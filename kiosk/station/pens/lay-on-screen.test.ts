import { describe, expect, test } from 'vitest';
import { apply, compose, type Affine } from '#biometrics/affine.ts';
import { attachedPen, FakePens, RANGE } from '#fixtures/attached-pens.ts';
import { boxOf, edgeToEdge, isPlausible, isUsable, onDisplay, onField } from './lay-on-screen.ts';

const RAW = { left: 0, top: 0, width: RANGE.x, height: RANGE.y };
const source = new FakePens([attachedPen()]).source('pen-1').info;
const near = ([x, y]: [number, number]) => [Math.round(x * 1e6) / 1e6 + 0, Math.round(y * 1e6) / 1e6 + 0];

describe('a display that the device’s range covers edge to edge', () => {
  // corners of the panel in its natural position: upper left, upper right, lower left
  test.each([
    [0, 1_280, 800, [0, 0], [1_280, 0], [0, 800]],
    // the picture's right edge is the panel's lower one: the panel's upper left shows the picture's lower left
    [90, 800, 1_280, [0, 1_280], [0, 0], [800, 1_280]],
    [180, 1_280, 800, [1_280, 800], [0, 800], [1_280, 0]],
    [270, 800, 1_280, [800, 0], [800, 1_280], [0, 0]],
  ])('turned by %d°', (orientation, width, height, upperLeft, upperRight, lowerLeft) => {
    const map = edgeToEdge(RAW, { width, height, orientation });
    expect([near(apply(map, 0, 0)), near(apply(map, RANGE.x, 0)), near(apply(map, 0, RANGE.y))]).toEqual([upperLeft, upperRight, lowerLeft]);
  });

  test('a window that does not begin at the display’s corner', () => {
    const screen = { left: 100, top: 50, width: 1_000, height: 500, devicePixelRatio: 2, orientation: 0 };
    const { toScreen, method, measuredAt, residual } = onDisplay(source, screen, null)!;
    expect([near(apply(toScreen, 0, 0)), near(apply(toScreen, RANGE.x, RANGE.y))]).toEqual([[-100, -50], [900, 450]]);
    expect({ method, measuredAt, residual }).toEqual({ method: 'whole-range', measuredAt: null, residual: null });
    const measured = { toDisplay: [0.1, 0, 0, 0.1, 7, 9] as Affine, measuredAt: '2026-11-26T12:00:00Z', residual: 1.5 };
    const points = onDisplay(source, screen, measured)!;
    expect(near(apply(points.toScreen, 1_000, 0))).toEqual([7, -41]);
    expect(points).toMatchObject({ method: 'points', measuredAt: measured.measuredAt, residual: 1.5 });
  });

  test('is not known where the device does not say how far it goes', () => {
    const silent = { ...source, channels: source.channels.map((channel) => ({ ...channel, logicalMax: null })) };
    expect(onDisplay(silent, { left: 0, top: 0, width: 1, height: 1, devicePixelRatio: 1, orientation: 0 }, null)).toBeNull();
  });
});

describe('a pad’s ink area on the field', () => {
  const field = { x: 100, y: 200, width: 200, height: 50 };
  const area = boxOf({ x1: 0, y1: 0, x2: 399, y2: 99 });
  /** Raw counts are pixels here. The whole field, from the area's upper left corner to its lower right one. */
  test.each<[number, Affine, number[], number[]]>([
    [0, [0.5, 0, 0, -0.5, 0, 800], [100, 250], [300, 200]],
    // the displayed page is user space turned clockwise: right on the screen is down in user space (ISO 32000-2, 7.7.3.3)
    [90, [0, 0.5, 0.5, 0, 0, 0], [100, 200], [300, 250]],
    [180, [-0.5, 0, 0, 0.5, 600, 0], [300, 200], [100, 250]],
    [270, [0, -0.5, -0.5, 0, 600, 800], [300, 250], [100, 200]],
  ])('as displayed under /Rotate %d', (rotate, viewportToPage, first, last) => {
    const upright = rotate % 180 === 0 ? field : { ...field, width: 50, height: 200 };
    const { toScreen, method } = onField([1, 0, 0, 1, 0, 0], area, upright, viewportToPage);
    expect(method).toBe('pad');
    const toPage = compose(toScreen, viewportToPage);
    const [left, bottom] = [upright.x, upright.y];
    const spot = ([x, y]: number[]) => rotate % 180 === 0 ? [x, y] : [x === 100 ? left : left + 50, y === 200 ? bottom : bottom + 200];
    expect(near(apply(toPage, 0, 0))).toEqual(spot(first));
    expect(near(apply(toPage, 400, 100))).toEqual(spot(last));
  });

  test('keeps its proportions in a field of others', () => {
    const { toScreen } = onField([1, 0, 0, 1, 0, 0], area, { x: 0, y: 0, width: 100, height: 100 }, [1, 0, 0, -1, 0, 100]);
    expect([near(apply(toScreen, 0, 0)), near(apply(toScreen, 400, 100))]).toEqual([[0, 37.5], [100, 62.5]]);
  });
});

test.each<[string, Affine, boolean]>([
  ['a page', [0.5, 0, 0, -0.5, 0, 800], true], ['a map onto one line', [1, 2, 2, 4, 0, 0], false], ['nothing', [0, 0, 0, 0, 0, 0], false],
])('%s can be mapped back: %o', (_, map, usable) => {
  expect(isUsable(map)).toBe(usable);
});

describe('what a page says of its place', () => {
  const place = { left: -50, top: 20, width: 800, height: 300 };
  const toPage: Affine = [0.5, 0, 0, -0.5, 0, 800];

  test('is taken where it can be true', () => {
    expect(isPlausible({ surface: place, screen: place, toPage })).toBe(true);
  });

  test.each<[string, Partial<Parameters<typeof isPlausible>[0]>]>([
    ['a surface without width', { surface: { ...place, width: 0 } }],
    ['a surface turned inside out', { surface: { ...place, height: -300 } }],
    ['a surface of no number', { surface: { ...place, width: NaN } }],
    ['a surface beyond every page', { surface: { ...place, left: 1e300 } }],
    ['a display without height', { screen: { ...place, height: 0 } }],
    ['a display of endless width', { screen: { ...place, width: Infinity } }],
    ['a display nowhere', { screen: { ...place, top: -1e7 } }],
    ['a map onto one line', { toPage: [1, 2, 2, 4, 0, 0] }],
    ['a map of which nothing is left', { toPage: [1e-200, 0, 0, 1e-200, 0, 0] }],
  ])('%s is not', (_, change) => {
    expect(isPlausible({ surface: place, screen: place, toPage, ...change })).toBe(false);
  });
});
