/** What a newcomer presses first: the desk's two buttons that show the whole way without a printer or a pen. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedPen } from '#kiosk/sample/index.ts';
import { inkPixels } from '#fixtures/screens.ts';
import { counter, privacyScreen } from './counter.ts';
import { openKept, storedEnvelopes } from './packets.ts';

const open = counter({ settings: { limits: { thanks: 1_000 } } });

test('"Try it": a recorded pen signs before one’s eyes, and the packet is in the store', async (context) => {
  const { house, desk, guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  await receptionist.locator('.first-steps').getByRole('button', { name: 'Try it' }).click();
  await page.getByText('a recorded pen is signing').waitFor();
  await page.locator('[data-step="surface"]').waitFor();
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBeGreaterThan(300);
  const early = await inkPixels(page);
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBeGreaterThan(early);
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  await privacyScreen(page);
  await receptionist.getByText('in the store', { exact: true }).waitFor();
  const { id, title } = await desk.request(['completed']);
  expect(title).toBe('Sample registration card');
  const { record: { capture }, verified } = await openKept(house.home, readFileSync(storedEnvelopes(house.home, id)[0] as string));
  expect(capture.source.kind).toBe('recorded');
  expect(capture.samples).toEqual(recordedPen().samples);
  expect(verified).toMatchObject({ valid: true, findings: expect.arrayContaining([expect.objectContaining({ code: 'DEMO' })]) });
});

test('"Print a sample": a card waits at the desk, with its picture, and a guest can be given it', async (context) => {
  const { guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  await receptionist.locator('.tablet').getByRole('button', { name: 'Print a sample' }).click();
  const request = receptionist.locator('.request.assigned', { hasText: 'Sample registration card' });
  await request.locator('.thumbnail.shown').waitFor();
  expect(await request.getByRole('checkbox', { name: /^Guest/ }).isChecked()).toBe(true);
  await request.getByRole('checkbox', { name: /^Companion/ }).click();
  await request.locator(':checked').nth(1).waitFor();
  await request.getByRole('button', { name: 'Send to tablet' }).click();
  await page.getByRole('heading', { name: 'Sample registration card' }).waitFor({ state: 'attached' });
  expect(await page.locator('.autopilot').count()).toBe(0);
});
