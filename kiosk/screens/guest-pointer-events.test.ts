/** What a browser gives of a pen, and what it does not: raw and coalesced samples, never predicted ones, and nothing over plain http. */
import { networkInterfaces } from 'node:os';
import { expect, test, type TestContext } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { axeViolations } from '#fixtures/axe.ts';
import { drawWithPen, launchBrowser, wave, type PenPoint } from '#fixtures/browser.ts';
import { needsHost } from '#fixtures/needs.ts';
import { eventually, openScreen, surfaceBox, toSurface } from '#fixtures/screens.ts';
import { LANGUAGES } from '#kiosk/protocol/consent.ts';
import type { ScreenCapture } from '#kiosk/protocol/routes.ts';
import { MESSAGES } from './messages/guest-messages.ts';

/** Counts in the page what its pointer events were asked for. */
function countQuestions(): void {
  const asked = { predicted: 0, coalesced: 0 };
  Object.assign(window, { asked });
  const { getPredictedEvents, getCoalescedEvents } = PointerEvent.prototype;
  PointerEvent.prototype.getPredictedEvents = function predicted() { asked.predicted++; return getPredictedEvents.call(this); };
  PointerEvent.prototype.getCoalescedEvents = function coalesced() { asked.coalesced++; return getCoalescedEvents.call(this); };
}

/** Each point once, in order, and nothing else. */
function expectDrawn(samples: readonly Sample[], points: readonly PenPoint[]): void {
  expect(samples).toHaveLength(points.length);
  expect(samples.every((sample, index) => Math.abs(sample.x - points[index]!.x) < 0.01 && Math.abs(sample.y - points[index]!.y) < 0.01)).toBe(true);
}

test('every coalesced sample is asked for, no predicted one, and none that was not drawn is kept', async (context) => {
  const screens = await openScreen(context, 'guest', { before: countQuestions });
  const { station, page } = screens;
  const points = wave(await toSurface(screens), 300);
  await drawWithPen(page, points);
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  const samples = station.done[0]!.batch.samples;
  expectDrawn(samples, points);
  const asked = await page.evaluate(() => (window as unknown as { asked: { predicted: number; coalesced: number } }).asked);
  expect(asked.predicted).toBe(0);
  expect(asked.coalesced).toBeGreaterThan(0);
});

test('a browser without pointerrawupdate still gives every sample once, from the coalesced lists, and the record says so', async (context) => {
  const screens = await openScreen(context, 'guest', {
    before: () => {
      for (const owner of [window, Document.prototype, HTMLElement.prototype, SVGElement.prototype]) Reflect.deleteProperty(owner, 'onpointerrawupdate');
    },
  });
  const { station, page } = screens;
  const points = wave(await toSurface(screens), 200);
  await drawWithPen(page, points);
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  expect(station.heardOf('hello')[0]?.rawUpdate).toBe(false);
  expectDrawn(station.done[0]!.batch.samples, points);
  expect((station.done[0]!.header.capture as ScreenCapture).source.limits.join()).toContain('no pointerrawupdate events');
});

test('the record names the browser, its channels and its limits; on Windows it says 1,024 levels', async (context) => {
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
  const screens = await openScreen(context, 'guest', { userAgent });
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  await page.getByRole('button', { name: 'Done' }).click();
  await eventually(() => station.done.length).toBe(1);
  const { source } = station.done[0]!.header.capture as ScreenCapture;
  expect(source).toMatchObject({ kind: 'pointer', instrument: 'pen', host: userAgent, deviceClock: null, descriptor: null });
  expect(source.device).toEqual({ name: 'pen of the browser', vendorId: null, productId: null, serialNumber: null, firmware: null, bus: null });
  expect(source.limits.join()).toContain('at most 1,024 pressure levels');
  expect(source.channels.find(({ name }) => name === 'pressure')).toMatchObject({ unit: 'ratio', logicalMin: 0, logicalMax: 1 });
});

/** An address of this machine that is not the loopback: for a browser, another machine's. */
function outwardAddress(context: TestContext): string {
  const found = Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal);
  return found?.address ?? needsHost(context, 'this machine has no address but the loopback');
}

test('over plain http at an address of this machine: no raw samples are to be had, and capture is refused in every language', async (context) => {
  const { station, page } = await openScreen(context, 'guest', { address: outwardAddress(context) });
  expect(await page.evaluate(() => [isSecureContext, 'onpointerrawupdate' in window, 'getCoalescedEvents' in PointerEvent.prototype])).toEqual([false, false, false]);
  station.release();
  await page.getByRole('heading', { name: MESSAGES.en.insecureTitle }).waitFor();
  for (const language of LANGUAGES) {
    const messages = MESSAGES[language];
    await page.getByRole('button', { name: messages.languageName, exact: true }).click();
    await page.getByRole('heading', { name: messages.insecureTitle }).waitFor();
    expect(await page.getByText(messages.insecureText).isVisible()).toBe(true);
    expect(await page.getByText(messages.demoMark).isVisible()).toBe(true);
    expect(await axeViolations(page)).toEqual([]);
  }
  expect(await page.locator('canvas, .surface').count()).toBe(0);
  expect(station.heardOf('hello')[0]).toMatchObject({ secureContext: false, rawUpdate: false });
  expect(station.heardOf('shown')).toEqual([]);
  // nor for a pen that the station would read
  station.showGuest({ pen: { reads: 'station', name: 'Wacom One 13', where: 'screen' }, calibrating: { x: 0.5, y: 0.5, step: 1, steps: 5, again: false } });
  await page.getByRole('heading', { name: MESSAGES.ar.insecureTitle }).waitFor();
});

test('over plain http under another name: refused as well', async (context) => {
  const { station } = await openScreen(context, 'guest');
  const elsewhere = await launchBrowser(context, ['--host-resolver-rules=MAP tablet.example 127.0.0.1']);
  context.onTestFinished(() => elsewhere.close());
  const page = await elsewhere.newPage();
  await page.goto(`${station.url.replace('127.0.0.1', 'tablet.example')}/guest`);
  station.release();
  await page.getByRole('heading', { name: 'This tablet cannot be used for signing' }).waitFor();
  await eventually(() => station.heardOf('hello').some(({ secureContext }) => !secureContext)).toBe(true);
  expect(await page.locator('canvas').count()).toBe(0);
});

test('on this machine itself plain http is secure, and signing goes on', async (context) => {
  const screens = await openScreen(context, 'guest');
  await toSurface(screens);
  expect(await screens.page.evaluate(() => [isSecureContext, 'onpointerrawupdate' in window])).toEqual([true, true]);
  expect((await surfaceBox(screens.page)).width).toBeGreaterThan(300);
});
