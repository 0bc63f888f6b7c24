/** What else a guest and a receptionist may do before "Done", as in `guest-choices.browser.test.ts`; parts of it are tested screen by screen, too. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isDown } from '#biometrics/sample.ts';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { contentOf, counter, finish, kept, privacyScreen, released, toSurface } from './counter.ts';

const open = counter({ settings: { limits: { thanks: 1_000 } } });

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
