/** What else a guest and a receptionist may do before "Done", on the whole station with a real browser; screen by screen it is tested in `kiosk/screens`. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isDown } from '#biometrics/sample.ts';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { inkPixels, PORTRAIT } from '#fixtures/screens.ts';
import { readPacket } from '#packet/container.ts';
import { contentOf, counter, finish, kept, privacyScreen, released, toSurface } from './counter.ts';
import { storedEnvelopes } from './packets.ts';
import { titled } from './signing.ts';

// as long as a slow machine may need between a touch and the pen
const open = counter({ settings: { limits: { thanks: 1_000, touchBeforePen: 5_000 } } });

describe('in demo mode', () => {
  test('a mouse signs, and the record says that it was a mouse, without pressure', async (context) => {
    const here = await open(context);
    const page = await here.guestPage();
    const id = await released(here, 'Signed by mouse');
    await drawWithMouse(page, wave(await toSurface(page), 30));
    await finish(page);
    const { capture } = (await kept(here, id)).record;
    expect(capture.source.instrument).toBe('mouse');
    expect(capture.source.limits).toContain('a mouse: no pressure, no tilt');
    expect(capture.samples.filter(isDown).length).toBeGreaterThan(20);
    expect(capture.samples.every(({ pressure, tiltX }) => pressure === null && tiltX === null)).toBe(true);
  });

  test('a finger signs, and the record says that it was a finger, without tilt', async (context) => {
    const here = await open(context);
    const page = await here.guestPage({ touch: true });
    const id = await released(here, 'Signed by finger');
    await drawWithFinger(page, wave(await toSurface(page), 30));
    await finish(page);
    const { capture } = (await kept(here, id)).record;
    expect(capture.source.instrument).toBe('touch');
    expect(capture.source.limits).toContain('a finger: no tilt, and its pressure is contact area at best');
    expect(capture.samples.filter(isDown).length).toBeGreaterThanOrEqual(29);
    expect(capture.samples.every(({ tiltX, twist }) => tiltX === null && twist === null)).toBe(true);
  });
});

test('taken back at the desk with a reason: the guest’s screen is blank at the document, at the notice and at the signature', async (context) => {
  const here = await open(context);
  const [page, desk] = [await here.guestPage(), await here.deskPage()];
  const steps: [step: string, reason: string, go: () => Promise<unknown>][] = [
    ['the document', 'Wrong document', () => page.getByRole('button', { name: 'Sign', exact: true }).waitFor()],
    ['the notice', 'The guest left', async () => {
      await page.getByRole('button', { name: 'Sign', exact: true }).click();
      await page.getByRole('heading', { name: 'Before you sign' }).waitFor();
    }],
    ['the signature', 'The guest signs on paper', async () => drawWithPen(page, wave(await toSurface(page), 40))],
  ];
  for (const [step, reason, go] of steps) {
    const id = await released(here, `Taken back at ${step}`);
    await go();
    const request = desk.locator(`[data-request="${id}"]`);
    await request.getByRole('button', { name: 'Cancel…' }).click();
    await desk.getByRole('radio', { name: reason }).check();
    await desk.getByRole('button', { name: 'Cancel document' }).click();
    await privacyScreen(page);
    const content = await contentOf(page);
    expect(content).not.toContain('<canvas');
    expect(content).not.toContain('Taken back');
    await request.getByText(reason, { exact: true }).waitFor();
  }
});

test('a palm just before the pen is in no ink and in no record; that it was there is', async (context) => {
  const here = await open(context);
  const page = await here.guestPage({ touch: true });
  const id = await released(here, 'Signed with a palm on the glass');
  const box = await toSurface(page);
  const palm = { x: Math.round(box.x + box.width * 0.8), y: Math.round(box.y + box.height * 0.9) };
  await page.touchscreen.tap(palm.x, palm.y);
  const points = wave(box, 80);
  await drawWithPen(page, points);
  await finish(page);
  const { capture } = (await kept(here, id)).record;
  expect(capture.anomalies['touchRejected']).toBe(1);
  expect(capture.source.instrument).toBe('pen');
  expect(capture.samples).toHaveLength(points.length);
  expect(capture.samples.some(({ x, y }) => x === palm.x && y === palm.y)).toBe(false);
});

test('a screen that is turned while signing: the ink is discarded and said to be, and the guest signs again', async (context) => {
  const here = await open(context);
  const page = await here.guestPage();
  const id = await released(here, 'Turned');
  await drawWithPen(page, wave(await toSurface(page), 40));
  await page.setViewportSize(PORTRAIT);
  await page.getByText('Your ink was discarded. Please sign again.').waitFor();
  await titled(here.desk, 'Turned', ['shown']);
  const points = wave(await toSurface(page), 80);
  await drawWithPen(page, points);
  await finish(page);
  const { record: { capture, context: about }, packet } = await kept(here, id);
  expect(capture.samples).toHaveLength(points.length);
  expect(capture.surface?.width).toBeLessThan(PORTRAIT.width);
  expect(about.attempts).toBe(2);
  const left = readPacket(packet).audit.filter(({ action }) => action === 'signing.left');
  expect(left.map(({ details }) => details)).toEqual([{ why: 'rotated' }]);
});

test('cleared once and cancelled once: the third attempt is kept, and the record counts all three', async (context) => {
  const here = await open(context);
  const page = await here.guestPage();
  const id = await released(here, 'Third attempt');
  const box = await toSurface(page);
  await drawWithPen(page, wave(box, 40));
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBe(0);
  await drawWithPen(page, wave(box, 41));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await drawWithPen(page, wave(await toSurface(page), 82));
  await finish(page);
  const { record: { capture, context: about }, packet } = await kept(here, id);
  expect(capture.samples).toHaveLength(82);
  expect(about).toMatchObject({ attempts: 3, clears: 1 });
  const { audit } = readPacket(packet);
  expect(audit.filter(({ action }) => /ink|left|consent/.test(action)).map(({ action }) => action)).toEqual(['consent.given', 'ink.cleared', 'signing.left', 'consent.given']);
  expect(audit.find(({ action }) => action === 'signature.done')?.details).toMatchObject({ attempts: 3, clears: 1 });
});

test('"I prefer paper": declined with that reason, nothing kept, and the tablet is ready for the next guest', async (context) => {
  const here = await open(context);
  const [page, desk] = [await here.guestPage(), await here.deskPage()];
  const id = await released(here, 'Rather on paper');
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I prefer paper' }).click();
  await page.getByText('No ink was recorded').waitFor();
  const request = desk.locator(`[data-request="${id}"]`);
  await request.getByText('The guest prefers paper').waitFor();
  await desk.getByText('A guest declined to sign').waitFor();
  expect(await desk.getByText('Rather on paper').count()).toBe(0);
  expect(await here.desk.request(['declined'], id)).toMatchObject({ reason: 'paper', title: '', documentUrl: null, signedUrl: null });
  await privacyScreen(page);
  expect(storedEnvelopes(here.house.home, id)).toEqual([]);
});

/** A hand needs its time: without this, everything is drawn within a few ms, and no station takes that for a signature. */
const MIDWAY_MS = 320;

async function drawWithMouse(page: Page, points: readonly { x: number; y: number }[]): Promise<void> {
  for (const [index, { x, y }] of points.entries()) {
    await page.mouse.move(x, y);
    if (index === 0) await page.mouse.down();
    if (index === 10) await page.waitForTimeout(MIDWAY_MS);
  }
  await page.mouse.up();
}

/** One touch from the first point to the last, through the browser's own input pipeline. */
async function drawWithFinger(page: Page, points: readonly { x: number; y: number }[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const [index, { x, y }] of points.entries()) {
    if (index === 10) await page.waitForTimeout(MIDWAY_MS);
    await session.send('Input.dispatchTouchEvent', { type: index === 0 ? 'touchStart' : 'touchMove', touchPoints: [{ x, y, id: 1, force: 0.4, radiusX: 6, radiusY: 6 }] });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}
