/** A guest signs with a pen that the station reads: the page shows along, and never makes a sample itself. */
import { expect, test } from 'vitest';
import { apply } from '#biometrics/affine.ts';
import { axeViolations } from '#fixtures/axe.ts';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { eventually, inkPixels, LANDSCAPE, openScreen, PORTRAIT, surfaceBox, toSurface } from '#fixtures/screens.ts';
import { atStationSurface, begun, button, clean, inked, PEN, sign, stationInk } from '#fixtures/station-surface.ts';
import { LANGUAGES } from '#kiosk/protocol/consent.ts';
import { MESSAGES } from './messages/guest-messages.ts';

const LOST = 'The pen was disconnected. Please sign again.';

test('ink shows as the station sends it; Done names the attempt and carries no sample', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page, box, problems } = screens;
  expect(await button(screens, 'Done').isDisabled()).toBe(true);
  const ink = stationInk(box);
  station.ink(ink.slice(0, 30));
  await inked(screens);
  const half = await inkPixels(page);
  station.ink(ink.slice(30));
  await eventually(() => inkPixels(page)).toBeGreaterThan(half * 1.5);
  await button(screens, 'Done').click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done).toHaveLength(1);
  expect(station.done[0]?.header).toMatchObject({ attempts: 1, clears: 0, language: 'en', capture: { reads: 'station', attempt: 1 } });
  expect(station.done[0]?.batch.samples).toEqual([]);
  expect(problems).toEqual([]);
});

test('ink lies where the station says, to the pixel', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  station.ink([[200, 120, 0.5], [201, 120, 0.5], null]);
  await eventually(() => inkPixels(page)).toBeGreaterThan(3);
  const middle = await page.evaluate(() => {
    const places: [number, number][] = [];
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.surface canvas')) {
      const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
      for (let at = 3; at < pixels.length; at += 4) if (pixels[at]! > 0) places.push([(at >> 2) % canvas.width, Math.floor((at >> 2) / canvas.width)]);
    }
    const mean = (axis: 0 | 1): number => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
    return [mean(0), mean(1)];
  });
  expect(Math.abs(middle[0]! - 200.5)).toBeLessThan(2);
  expect(Math.abs(middle[1]! - 120)).toBeLessThan(2);
});

test('an attempt begins with everything that lays the pen on display and page', async (context) => {
  const screens = await atStationSurface(context, PEN, { viewport: PORTRAIT });
  const { station, page, box } = screens;
  const { request, attempt, language, surface, screen, toPage } = station.attempt;
  expect({ request, attempt, language }).toEqual({ request: station.guest.request?.id, attempt: 1, language: 'en' });
  const inner = await page.locator('.surface').evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left, top, width, height };
  });
  expect(surface).toEqual(inner);
  expect([surface.left, surface.top]).toEqual([box.x, box.y]);
  expect(screen).toEqual(await page.evaluate(() => ({
    left: screenX + (outerWidth - innerWidth) / 2, top: screenY + (outerHeight - innerHeight) - (outerWidth - innerWidth) / 2,
    width: window.screen.width, height: window.screen.height, devicePixelRatio, orientation: window.screen.orientation.angle,
  })));
  const field = { x: 57, y: 96, width: 230, height: 46 };
  const [x, y] = apply(toPage, surface.left + surface.width / 2, surface.top + surface.height / 2);
  expect([x, y].map(Math.round)).toEqual([field.x + field.width / 2, field.y + field.height / 2]);
});

test('while the station reads, neither pen nor mouse nor finger inks here; the buttons hear all three', async (context) => {
  const screens = await atStationSurface(context, PEN, { touch: true });
  const { station, page, box } = screens;
  station.showGuest({ instruments: 'any', times: { touchAfterPen: 0 } });
  await drawWithPen(page, wave(box, 40));
  await page.mouse.move(box.x + 50, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 90, { steps: 5 });
  await page.mouse.up();
  expect(await inkPixels(page)).toBe(0);
  expect(await button(screens, 'Done').isDisabled()).toBe(true);

  await sign(screens);
  await button(screens, 'Clear').click();
  await begun(screens, 2);
  await sign(screens);
  const clear = await button(screens, 'Clear').boundingBox();
  const middle = { x: clear!.x + clear!.width / 2, y: clear!.y + clear!.height / 2 };
  await drawWithPen(page, [{ ...middle, force: 0.4, at: 0 }, { ...middle, force: 0, at: 20 }]);
  await begun(screens, 3);
  await sign(screens);
  // touch is deaf while the pen is in range; this one leaves
  await page.evaluate(() => dispatchEvent(new PointerEvent('pointerout', { pointerType: 'pen', relatedTarget: null })));
  await page.touchscreen.tap(middle.x, middle.y);
  await begun(screens, 4);
  expect(await inkPixels(page)).toBe(0);
});

test('Clear, Cancel, turning and leaving each end the attempt, and no ink is left', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  const ended = (): number[] => station.heardOf('pen-end').map(({ attempt }) => attempt);
  await sign(screens);
  await button(screens, 'Clear').click();
  await clean(screens);
  await begun(screens, 2);
  expect(ended()).toEqual([1]);
  expect(station.heardOf('clear')).toHaveLength(1);

  await sign(screens);
  await button(screens, 'Cancel').click();
  await eventually(ended).toEqual([1, 2]);
  expect(station.heardOf('back')).toMatchObject([{ why: 'cancel' }]);
  await button(screens, 'Sign').click();
  await button(screens, 'I agree').click();
  await begun(screens, 3);
  expect(await inkPixels(page)).toBe(0);

  await sign(screens);
  await page.setViewportSize(PORTRAIT);
  await page.getByText('The screen was turned').waitFor();
  await eventually(ended).toEqual([1, 2, 3]);
  await button(screens, 'Sign').click();
  await button(screens, 'I agree').click();
  await begun(screens, 4);

  station.ink(stationInk(await surfaceBox(page)));
  await inked(screens);
  station.showGuest({ times: { idle: 100, warning: 500 } });
  await page.getByText('This session has ended').waitFor();
  expect(ended()).toEqual([1, 2, 3, 4]);
  const types = station.heard.map(({ type }) => type);
  expect(types.lastIndexOf('pen-end')).toBeLessThan(types.indexOf('idle'));
  expect(await page.locator('canvas').count()).toBe(0);
});

test('ink that comes late, for an attempt that is over, is not shown', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  await sign(screens);
  await button(screens, 'Clear').click();
  await begun(screens, 2);
  station.ink(stationInk(screens.box), 1);
  station.pressPad('cancel', 1);
  station.ink([[20, 20, 0.5], [21, 20, 0.5], null]);
  await eventually(() => inkPixels(page)).toBeGreaterThan(3);
  expect(await inkPixels(page)).toBeLessThan(200);
});

test('a pen lost in mid-stroke: the ink is gone, the guest reads why, and signs again', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  station.ink(stationInk(screens.box).slice(0, 30));
  await inked(screens);
  station.losePen();
  await page.getByRole('dialog').getByText(LOST).waitFor();
  expect(await inkPixels(page)).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  // nothing begins before the guest goes on, whatever happens to the window meanwhile
  await page.setViewportSize(PORTRAIT);
  await page.setViewportSize(LANDSCAPE);
  await page.waitForFunction((width) => innerWidth === width, LANDSCAPE.width);
  // sizes are observed once per frame; one that is seen after the guest goes on would begin another attempt
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  expect(station.heardOf('pen-begin')).toHaveLength(1);
  await page.keyboard.press('Enter');
  await begun(screens, 2);
  expect(station.heardOf('pen-end')).toEqual([]);
  await sign(screens);
  await button(screens, 'Done').click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done[0]?.header).toMatchObject({ attempts: 2, capture: { reads: 'station', attempt: 2 } });
});

test('each loss is told in its own words, in each of the guest’s languages; the next attempt speaks it too', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  let count = 1;
  for (const language of LANGUAGES) {
    const messages = MESSAGES[language];
    if (language !== 'en') {
      await page.locator('[popovertarget="languages"]').click();
      await page.locator('#languages').getByRole('button', { name: messages.languageName }).click();
    }
    for (const [why, words] of [['gone', messages.penGone], ['overflow', messages.incomplete], ['refused', messages.penRefused]] as const) {
      station.losePen(why);
      await page.getByRole('dialog').getByText(words).waitFor();
      await button(screens, messages.signAgain).click();
      await begun(screens, ++count);
      expect(station.attempt.language).toBe(language);
    }
  }
});

test('the pen is gone and the page reads now: the next attempt is the page’s own', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page, box } = screens;
  await sign(screens);
  station.losePen();
  await page.getByText(LOST).waitFor();
  station.showGuest({ pen: { reads: 'screen' } });
  await button(screens, 'Sign again').click();
  await drawWithPen(page, wave(box, 50));
  await button(screens, 'Done').click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.heardOf('pen-begin')).toHaveLength(1);
  expect(station.done[0]?.header.capture).toMatchObject({ source: { kind: 'pointer' } });
  expect(station.done[0]?.batch.samples).toHaveLength(50);
});

test('no pen is left: back at the document, Sign is closed, and the guest is sent to the desk; a pen comes, and signing goes on', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  await sign(screens);
  station.losePen();
  station.showGuest({ pen: { reads: 'nobody', reason: 'no pen with pressure is attached' } });
  await page.getByText('There is no pen here that you can sign with. Please ask at the desk.').waitFor();
  expect(await page.locator('.surface').count()).toBe(0);
  expect(await button(screens, 'Sign').isDisabled()).toBe(true);
  expect(await axeViolations(page)).toEqual([]);
  await eventually(() => station.heardOf('back')).toMatchObject([{ why: 'pen' }]);
  station.showGuest({ pen: PEN });
  await eventually(() => button(screens, 'Sign').isEnabled()).toBe(true);
  expect(await page.getByText('There is no pen here').count()).toBe(0);
  await button(screens, 'Sign').click();
  await button(screens, 'I agree').click();
  await begun(screens, 2);
});

test('the pen never changes inside an attempt: a better one that comes waits until the ink is gone', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const box = await toSurface(screens);
  await drawWithPen(page, wave(box, 40));
  station.showGuest({ pen: PEN });
  station.showGuest({ hotel: 'Hotel of the test' });
  await page.getByText('Hotel of the test').first().waitFor();
  expect(station.heardOf('pen-begin')).toEqual([]);
  expect(await inkPixels(page)).toBeGreaterThan(100);
  await button(screens, 'Clear').click();
  await begun(screens, 1);
  // without ink the change is made at once, both ways
  station.showGuest({ pen: { reads: 'screen' } });
  await eventually(() => station.heardOf('pen-end').length).toBe(1);
  await drawWithPen(page, wave(box, 40));
  await eventually(() => inkPixels(page)).toBeGreaterThan(100);
});

test('a signature refused as too short, or as over already, begins a new attempt; one that cannot be kept is sent again as it was', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  station.answers = [
    { status: 422, body: { code: 'CAPTURE_TOO_SHORT', detail: 'too short' } },
    { status: 422, body: { code: 'CAPTURE_INCOMPLETE', detail: 'This attempt at a signature is over.' } },
    { status: 507, body: { code: 'DISK_FULL', detail: 'full' } },
  ];
  await sign(screens);
  await button(screens, 'Done').click();
  await page.getByText('too short to be a signature').waitFor();
  await begun(screens, 2);
  await sign(screens);
  await button(screens, 'Done').click();
  await page.getByText('did not arrive completely').waitFor();
  await begun(screens, 3);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await sign(screens);
  await button(screens, 'Done').click();
  await button(screens, 'Try again').click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done.map(({ header }) => header.capture)).toEqual([1, 2, 3, 3].map((attempt) => ({ reads: 'station', attempt })));
});

test('Done for a document that the station has taken back: the screen is blank, and offers no try that could not help', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  station.answers = [{ status: 409, body: { code: 'NOT_NOW', detail: 'no longer on the tablet' } }];
  await sign(screens);
  station.guest = { ...station.guest, request: null };
  await button(screens, 'Done').click();
  await page.getByText('Your document will appear here').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('the pen is lost while Done is being answered: the guest reads that, and not what the station could not do', async (context) => {
  const screens = await atStationSurface(context, PEN);
  const { station, page } = screens;
  let answer = (): void => {};
  station.beforeDone = new Promise((resolve) => { answer = resolve; });
  station.answers = [{ status: 409, body: { code: 'CAPTURE_INCOMPLETE', detail: 'the device has gone' } }];
  await sign(screens);
  await button(screens, 'Done').click();
  await page.getByText('Keeping your signature safe').waitFor();
  station.losePen();
  answer();
  await page.getByRole('dialog').getByText(LOST).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(1);
  expect(station.heardOf('pen-begin')).toHaveLength(1);
  await button(screens, 'Sign again').click();
  await begun(screens, 2);
});

test('"try it" at a tablet whose pen the station reads plays the recording, and bothers no pen', async (context) => {
  const { station, page } = await openScreen(context, 'guest', {
    // its pauses are for people
    before: () => {
      const wait = window.setTimeout;
      window.setTimeout = ((then: () => void, ms = 0) => wait(then, ms / 10)) as typeof setTimeout;
    },
  });
  station.showGuest({ pen: { reads: 'nobody', reason: 'nothing attached' } });
  station.release({ autopilot: true });
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done[0]?.header.capture).toMatchObject({ source: { kind: 'recorded' } });
  expect(station.heardOf('pen-begin')).toEqual([]);
});
