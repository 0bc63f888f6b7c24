/** A guest signs, in a real browser, with a pen that goes through the browser's own input pipeline. */
import { expect, test } from 'vitest';
import { isDown, Mark } from '#biometrics/sample.ts';
import { drawWithPen, hoverWithPen, wave } from '#fixtures/browser.ts';
import { eventually, inkPixels, openScreen, PORTRAIT, surfaceBox, toSurface } from '#fixtures/screens.ts';
import { apply } from '#biometrics/affine.ts';
import type { Done, ScreenCapture } from '#kiosk/protocol/routes.ts';

const screenCapture = (done: Done | undefined): ScreenCapture => done?.header.capture as ScreenCapture;

test('a signature of 2 s at 200 reports a second arrives whole: every sample, with pressure, tilt, twist and time', async (context) => {
  const screens = await openScreen(context, 'guest', { pages: 3 });
  const { station, page, problems } = screens;
  const points = wave(await toSurface(screens), 400);
  await page.evaluate(() => { document.title = 'the same page'; });
  await drawWithPen(page, points);
  expect(await inkPixels(page)).toBeGreaterThan(1_000);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();

  const [done] = station.done;
  const samples = done?.batch.samples ?? [];
  expect(samples).toHaveLength(points.length);
  const last = points.length - 1;
  expect(samples.map(({ pressure }) => pressure)).toEqual(points.map(({ force }, index) => (index === last ? 0 : Math.fround(force))));
  expect(samples.map(({ tiltX, tiltY, twist }) => [tiltX, tiltY, twist])).toEqual(points.map(({ tiltX, tiltY, twist }) => [tiltX, tiltY, twist]));
  expect(samples.every((sample, index) => Math.abs(sample.x - (points[index]?.x ?? 0)) < 0.01 && Math.abs(sample.y - (points[index]?.y ?? 0)) < 0.01)).toBe(true);
  const start = samples[0]?.hostTime ?? 0;
  expect(samples.every((sample, index) => Math.abs((sample.hostTime - start) / 1e6 - index * 5) < 1)).toBe(true);
  expect(samples.map(isDown)).toEqual(points.map((_, index) => index !== last));
  expect(samples.slice(1, last).every((sample) => (sample.marks & Mark.rawUpdate) !== 0)).toBe(true);

  const header = done?.header;
  expect(header).toMatchObject({ documentSha256: station.documentSha256, language: 'en', attempts: 1, clears: 0 });
  expect(header?.capture).toMatchObject({ complete: true, losses: { count: 0 }, source: { kind: 'pointer', instrument: 'pen' } });
  expect(header?.consentSha256).toBe(station.heardOf('consent')[0]?.consentSha256);
  expect(station.heardOf('shown')[0]?.sha256).toBe(station.documentSha256);

  // a fresh page for the next guest
  station.showGuest({ times: { thanks: 0 } });
  await page.getByRole('heading', { name: 'Hotel Amber Pier' }).waitFor();
  expect(await page.title()).toBe('Countersign');
  expect(problems).toEqual([]);
});

test('the ink lies inside the signature field of the page', async (context) => {
  const screens = await openScreen(context, 'guest', { viewport: PORTRAIT });
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 60));
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  const map = screenCapture(station.done[0]).surface?.toPage;
  const rect = { x: 57, y: 96, width: 230, height: 46 };
  expect(map).not.toBeNull();
  for (const sample of station.done[0]?.batch.samples ?? []) {
    const [x, y] = map == null ? [0, 0] : apply(map, sample.x, sample.y);
    expect(x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height, `${x}, ${y}`).toBe(true);
  }
});

test('a pen in the air over the surface is kept between two strokes', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const box = await toSurface(screens);
  const strokes = [wave(box, 20), wave({ ...box, y: box.y + 30 }, 20)] as const;
  await drawWithPen(page, strokes[0]);
  await hoverWithPen(page, wave(box, 10).map((point) => ({ ...point, y: point.y - 20 })));
  await drawWithPen(page, strokes[1]);
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  const down = (station.done[0]?.batch.samples ?? []).map((sample) => (isDown(sample) ? 'd' : 'a')).join('');
  expect(down).toMatch(/^a*d{19}a{11,}d{19}a+$/);
});

test('Clear empties the surface; the record counts attempts and clears, and holds none of the cleared ink', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const box = await toSurface(screens);
  await drawWithPen(page, wave(box, 80));
  await page.getByRole('button', { name: 'Clear' }).click();
  await eventually(() => inkPixels(page)).toBe(0);
  await eventually(() => page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  await drawWithPen(page, wave(box, 30));
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  expect(station.done[0]?.header).toMatchObject({ attempts: 2, clears: 1 });
  expect(station.done[0]?.batch.samples.filter(isDown)).toHaveLength(29);
  expect(station.heardOf('clear')).toHaveLength(1);
});

test('Cancel leads back to the document without the ink; signing again asks for consent again', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  await surfaceBox(page);
  expect(await inkPixels(page)).toBe(0);
  expect(station.heardOf('back').map(({ why }) => why)).toEqual(['cancel']);
  expect(station.heardOf('consent')).toHaveLength(2);
});

test('a signature that is not fit: the guest is told kindly why, the ink goes, and can sign again at once; then somebody comes', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const box = await toSurface(screens);
  const told = page.getByRole('status').filter({ hasText: /./ });
  for (const [code, words] of [
    ['CAPTURE_TOO_SHORT', 'That was too short to be a signature. Please sign again.'], ['CAPTURE_LINE', 'Only a line has arrived. Please sign again, as you usually do.'],
    ['CAPTURE_TOO_FAST', 'take your time'], ['CAPTURE_NO_PRESSURE', 'press a little'], ['CAPTURE_TOO_LONG', 'too long to be a signature'],
  ] as const) {
    station.answers = [{ status: 422, body: { code, detail: code } }];
    await drawWithPen(page, wave(box, 40));
    await page.getByRole('button', { name: 'Done' }).click();
    await told.getByText(words).waitFor();
    await eventually(() => inkPixels(page)).toBe(0);
  }
  station.showGuest({ help: 'coming' });
  await told.getByText('A colleague will help you.').waitFor();
  // what the desk does moves nothing under the guest's hand
  await drawWithPen(page, wave(box, 40));
  const ink = await inkPixels(page);
  for (const [help, words] of [['taken', 'as best you can'], ['finger', 'with your finger'], [null, '']] as const) {
    station.showGuest({ help });
    await eventually(() => told.allTextContents().then((texts) => texts.join())).toContain(words);
    // whoever may sign as they can is not asked to press as well
    expect(await page.getByText('press a little').count()).toBe(0);
    expect(await surfaceBox(page)).toEqual(box);
    expect(await inkPixels(page)).toBe(ink);
  }
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done.map(({ header }) => header.attempts)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a finger that the desk lets through writes, a mouse does not; once the desk has thought again, the guest is asked for the pen', async (context) => {
  const screens = await openScreen(context, 'guest', { touch: true });
  const { station, page } = screens;
  station.showGuest({ instruments: 'pen', pen: { reads: 'station', name: 'Wacom One 13', where: 'screen' } });
  const box = await toSurface(screens);
  await eventually(() => station.heardOf('pen-begin').length).toBe(1);
  station.showGuest({ instruments: 'touch', pen: { reads: 'screen' }, help: 'finger' });
  await eventually(() => station.heardOf('pen-end').length).toBe(1);
  await page.mouse.move(box.x + 50, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 90, { steps: 5 });
  await page.mouse.up();
  expect(await inkPixels(page)).toBe(0);
  await page.touchscreen.tap(box.x + 120, box.y + 80);
  await eventually(() => inkPixels(page)).toBeGreaterThan(0);
  station.showGuest({ instruments: 'pen', pen: { reads: 'screen' }, help: 'coming' });
  station.answers = [{ status: 422, body: { code: 'INSTRUMENT_REFUSED', detail: 'a pen' } }];
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Please use the pen').waitFor();
  expect(screenCapture(station.done[0]).source.instrument).toBe('touch');
  await eventually(() => inkPixels(page)).toBe(0);
  // a finger that was turned away is no longer, once it is let through
  await page.touchscreen.tap(box.x + 120, box.y + 80);
  station.showGuest({ instruments: 'touch', help: 'finger' });
  await page.getByText('You may sign with your finger now.').waitFor();
  await eventually(() => page.getByText('Please use the pen').count()).toBe(0);
});

test('a signature that did not arrive completely cannot be sent again: the ink goes, and the guest signs anew', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const box = await toSurface(screens);
  station.answers = [{ status: 422, body: { code: 'CAPTURE_INCOMPLETE', detail: 'incomplete' } }];
  await drawWithPen(page, wave(box, 40));
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Your signature did not arrive completely. Please sign again.').waitFor();
  await eventually(() => inkPixels(page)).toBe(0);
  await drawWithPen(page, wave(box, 40));
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done.map(({ header }) => header.attempts)).toEqual([1, 2]);
});

test('a station that cannot keep the signature: its words are shown, the ink stays, and trying again works', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  station.answers = [{ status: 507, body: { code: 'DISK_FULL', detail: 'Please wait a moment. Staff have been informed.' } }];
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Staff have been informed').waitFor();
  expect(await inkPixels(page)).toBeGreaterThan(100);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done[1]?.batch.samples).toEqual(station.done[0]?.batch.samples);
});

test('"Thank you" waits for the station: until it answers, the guest reads that the signature is being kept', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  let answer = (): void => {};
  station.beforeDone = new Promise((resolve) => { answer = resolve; });
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Keeping your signature safe').waitFor();
  expect(await page.getByRole('heading', { name: 'Thank you' }).count()).toBe(0);
  answer();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
});

test('a mouse signs where any instrument may, and the record says that it was a mouse', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const box = await toSurface(screens);
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 150, { steps: 20 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  expect(screenCapture(station.done[0]).source.instrument).toBe('mouse');
  expect(screenCapture(station.done[0]).source.limits).toContain('a mouse: no pressure, no tilt');
  expect(station.done[0]?.batch.samples.every(({ pressure }) => pressure === null)).toBe(true);
});

test('where policy wants a pen, a finger and a mouse leave no ink, and the guest is told', async (context) => {
  const screens = await openScreen(context, 'guest', { touch: true });
  const { station, page } = screens;
  station.showGuest({ instruments: 'pen' });
  const box = await toSurface(screens);
  await page.touchscreen.tap(box.x + 120, box.y + 80);
  await page.mouse.move(box.x + 50, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 90, { steps: 5 });
  await page.mouse.up();
  await page.getByText('Please use the pen').waitFor();
  expect(await inkPixels(page)).toBe(0);
  await eventually(() => page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
});

test('a palm just before the pen is taken out of the ink and counted; while the pen is there, touch presses no button', async (context) => {
  const screens = await openScreen(context, 'guest', { touch: true });
  const { station, page } = screens;
  // as long as a slow machine may need between the two
  station.showGuest({ times: { touchBeforePen: 20_000 } });
  const box = await toSurface(screens);
  await page.touchscreen.tap(box.x + 300, box.y + 200);
  const points = wave(box, 40);
  await drawWithPen(page, points);
  const clear = await page.getByRole('button', { name: 'Clear' }).boundingBox();
  await page.touchscreen.tap((clear?.x ?? 0) + 20, (clear?.y ?? 0) + 20);
  expect(await inkPixels(page)).toBeGreaterThan(100);
  expect(station.heardOf('clear')).toEqual([]);
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  const [done] = station.done;
  expect(done?.batch.samples).toHaveLength(points.length);
  expect(screenCapture(done).anomalies['touchRejected']).toBe(1);
  expect(screenCapture(done).source.instrument).toBe('pen');
});
