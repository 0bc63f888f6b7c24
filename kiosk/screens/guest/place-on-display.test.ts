import { expect, test } from 'vitest';
import { placeOnDisplay, type WindowOnDisplay } from './place-on-display.ts';

const display = { width: 1920, height: 1080, availWidth: 1920, availHeight: 1080, availLeft: 0, availTop: 0, orientation: { angle: 0 } };
const view = (change: Partial<WindowOnDisplay> = {}, of: Partial<WindowOnDisplay['screen']> = {}): WindowOnDisplay => ({
  screenX: 0, screenY: 0, outerWidth: 1920, outerHeight: 1080, innerWidth: 1920, innerHeight: 1080, devicePixelRatio: 1, screen: { ...display, ...of }, ...change,
});
const origin = (window: WindowOnDisplay): [number, number] => {
  const { left, top } = placeOnDisplay(window);
  return [left, top];
};

test('full screen: the viewport is the display', () => {
  expect(placeOnDisplay(view({ devicePixelRatio: 1.5 }, { orientation: { angle: 90 } }))).toEqual({ left: 0, top: 0, width: 1920, height: 1080, devicePixelRatio: 1.5, orientation: 90 });
});

test('in a window: inside the frame, under the bars', () => {
  expect(origin(view({ screenX: 100, screenY: 50, outerWidth: 1016, outerHeight: 900, innerWidth: 1000, innerHeight: 770 }))).toEqual([108, 50 + 130 - 8]);
});

test('a maximised window of Windows hangs over the edge by its frame; its page does not', () => {
  expect(origin(view({ screenX: -8, screenY: -8, outerWidth: 1936, outerHeight: 1056, innerWidth: 1920, innerHeight: 961 }, { availHeight: 1040 }))).toEqual([0, 79]);
});

test.each([
  ['a task bar at the bottom', { availHeight: 1040 }],
  ['a menu bar at the top', { availTop: 40, availHeight: 1040 }],
  ['a dock at the left', { availLeft: 70, availWidth: 1850 }],
])('the main display begins at 0, with %s', (_, of) => {
  expect(origin(view({}, of))).toEqual([0, 0]);
});

test('on a second display, the place is counted from that display', () => {
  expect(origin(view({ screenX: 1920, screenY: 0 }, { availLeft: 1920 }))).toEqual([0, 0]);
  expect(origin(view({ screenX: -1820, screenY: -1000 }, { availLeft: -1920, availTop: -1080, availHeight: 1040 }))).toEqual([100, 80]);
});

test('a browser that does not say where its display begins is taken to be on the main one', () => {
  const { availLeft: _, availTop: __, ...screen } = display;
  expect(origin(view({ screen }))).toEqual([0, 0]);
});
