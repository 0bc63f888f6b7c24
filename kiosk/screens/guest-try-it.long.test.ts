/** "Try it": the guest screen goes through its steps by itself, with the recorded pen. */
import { expect, test } from 'vitest';
import { eventually, inkPixels, openScreen } from '#fixtures/screens.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';

test('"try it" goes through every step by itself and sends the recording as what it is', async (context) => {
  const { station, page, problems } = await openScreen(context, 'guest');
  station.release({ autopilot: true });
  await page.getByText('a recorded pen is signing').waitFor();
  await page.getByRole('heading', { name: 'Before you sign' }).waitFor();
  await page.getByRole('heading', { name: 'Please sign in the frame' }).waitFor();
  await eventually(() => inkPixels(page)).toBeGreaterThan(500);
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done[0]?.header.capture).toMatchObject({ complete: true, source: { kind: 'recorded' } });
  expect(station.done[0]?.batch.samples).toEqual(recordedPen().samples);
  expect(problems).toEqual([]);
});

test('stopped half way, the guest goes on by hand', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.release({ autopilot: true });
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  await page.getByRole('heading', { name: 'Please sign in the frame' }).waitFor();
  expect(await page.getByText('a recorded pen is signing').count()).toBe(0);
  expect(station.done).toEqual([]);
});
