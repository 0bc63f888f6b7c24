/** The crosses for a pen that the station reads: shown when the desk asks, and nothing there to press. */
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT } from '#fixtures/screens.ts';
import { LANGUAGES } from '#kiosk/protocol/consent.ts';
import { MESSAGES } from './messages/guest-messages.ts';

const cross = { x: 0.1, y: 0.1, step: 1, steps: 5, again: false };
const PLACES = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9], [0.5, 0.5]] as const;

for (const [how, viewport] of [['landscape', LANDSCAPE], ['portrait', PORTRAIT]] as const) {
  test(`each cross stands at its share of the viewport, to the pixel, clear of all words, on white (${how})`, async (context) => {
    const { station, page, problems } = await openScreen(context, 'guest', { viewport });
    for (const [index, [x, y]] of PLACES.entries()) {
      station.showGuest({ calibrating: { ...cross, x, y, step: index + 1, again: true } });
      await page.getByText(`Cross ${index + 1} of 5`).waitFor();
      expect(await page.getByText('Once more, from the first cross').count()).toBe(index === 0 ? 1 : 0);
      const box = await page.locator('.calibration-cross').boundingBox();
      expect([box!.x + box!.width / 2, box!.y + box!.height / 2]).toEqual([viewport.width * x, viewport.height * y]);
      const words = await page.locator('.calibration-words').boundingBox();
      const apart = words!.y >= box!.y + box!.height || words!.y + words!.height <= box!.y;
      expect(apart && words!.y >= 0 && words!.y + words!.height <= viewport.height, `words at ${words!.y}, ${words!.height} high`).toBe(true);
      expect(await axeViolations(page)).toEqual([]);
    }
    expect(await page.getByText('DEMO, not evidence').isVisible()).toBe(true);
    expect(await page.locator('.calibration').evaluate((screen) => [getComputedStyle(screen).backgroundColor, screen.clientWidth, screen.clientHeight]))
      .toEqual(['rgb(255, 255, 255)', viewport.width, viewport.height]);
    expect(problems).toEqual([]);
  });
}

test('nothing can be pressed, by finger, pen or key, and a tap tells the station nothing', async (context) => {
  const { station, page } = await openScreen(context, 'guest', { touch: true });
  station.showGuest({ calibrating: cross });
  await page.getByRole('heading', { name: 'Tap the centre of the cross with the pen' }).waitFor();
  expect(await page.locator('button, a, input, [tabindex="0"]').count()).toBe(0);
  const before = station.heard.length;
  await page.touchscreen.tap(128, 80);
  for (const key of ['Tab', 'Enter', 'Escape', 'Space']) await page.keyboard.press(key);
  expect(await page.getByText('Cross 1 of 5').isVisible()).toBe(true);
  expect(station.heard.slice(before)).toEqual([]);
});

test('a tap that went astray is said, and the first cross comes again; at the end the guest’s place is free', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.showGuest({ calibrating: { ...cross, again: true } });
  await page.getByText('That tap was not where it should have been').waitFor();
  station.showGuest({ calibrating: null });
  await page.getByText('Your document will appear here').waitFor();
  expect(await page.locator('.calibration').count()).toBe(0);
});

test('with a document on the tablet no cross is shown: the guest’s turn comes first', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).waitFor();
  station.showGuest({ calibrating: cross, hotel: 'Hotel of the test' });
  await page.getByText('Hotel of the test').waitFor();
  expect(await page.locator('.calibration').count()).toBe(0);
});

test('whoever holds the pen reads it in their language: the one chosen in large, the others below', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  for (const language of LANGUAGES) {
    const messages = MESSAGES[language];
    await page.getByRole('button', { name: messages.languageName, exact: true }).click();
    station.showGuest({ calibrating: { ...cross, again: true } });
    await page.getByRole('heading', { name: messages.calibrate }).waitFor();
    await page.getByText(messages.calibrateAgain).waitFor();
    for (const other of LANGUAGES) expect(await page.getByText(MESSAGES[other].calibrate).count()).toBe(1);
    station.showGuest({ calibrating: null });
  }
});

test('a window that changes its size tells the station where it is now', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.showGuest({ calibrating: cross });
  await page.locator('.calibration').waitFor();
  expect(station.heardOf('hello')).toHaveLength(1);
  expect(station.heardOf('hello')[0]?.screen).toMatchObject({ ...LANDSCAPE, devicePixelRatio: 1, orientation: 0 });
  await page.setViewportSize(PORTRAIT);
  await eventually(() => station.heardOf('hello').at(-1)).toMatchObject({ viewport: PORTRAIT, screen: PORTRAIT });
});
