/** A guest who walks away: a warning with time to go on, then the ink is destroyed and the document waits again. */
import { expect, test } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { inkPixels } from '#fixtures/screens.ts';
import { counter, finish, privacyScreen, toSurface } from './counter.ts';
import { printed, titled } from './signing.ts';

/** Short enough to wait for, long enough for a slow machine to go through the steps. */
const open = counter({ settings: { limits: { idle: 3_000, warning: 4_000, thanks: 1_000 } } });

test('nobody there: a warning, then the ink is gone, and the document waits at the desk for whoever comes back', async (context) => {
  const { house, desk, guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  await desk.release(await printed(house, desk, 'Left alone'));
  await drawWithPen(page, wave(await toSurface(page), 40));
  const warning = page.getByRole('alertdialog');
  await warning.getByText(/will be cleared in [1-4] seconds/).waitFor();
  await page.getByRole('heading', { name: 'This session has ended' }).waitFor();
  expect(await page.locator('canvas').count()).toBe(0);
  const request = receptionist.locator('.request', { hasText: 'Left alone' });
  await request.locator('[aria-current="step"]', { hasText: 'Waiting' }).waitFor();
  await privacyScreen(page);

  await desk.release(await titled(desk, 'Left alone'));
  await drawWithPen(page, wave(await toSurface(page), 80));
  await finish(page);
  await titled(desk, 'Left alone', ['completed']);
});

test('a guest who answers the warning goes on with the ink as it was', async (context) => {
  const { house, desk, guestPage } = await open(context);
  const page = await guestPage();
  await desk.release(await printed(house, desk, 'Thinking it over'));
  await drawWithPen(page, wave(await toSurface(page), 80));
  const ink = await inkPixels(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  expect(await inkPixels(page)).toBe(ink);
  await finish(page);
  await titled(desk, 'Thinking it over', ['completed']);
});
