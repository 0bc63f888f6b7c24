/** The guest's page asks the browser where the tablet is only where the station wants it. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventually, openScreen } from '#fixtures/screens.ts';
import { consentText } from '#kiosk/protocol/consent.ts';

test('rounded before it leaves the tablet, once for each document; a refusal is said, and the guest waits for neither', async (context) => {
  const { station, page, problems } = await openScreen(context, 'guest');
  await page.context().setGeolocation({ latitude: 56.949612345, longitude: 24.105234567, accuracy: 34.2 });
  await page.context().grantPermissions(['geolocation']);
  const first = station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).waitFor();
  // the page's own policy forbids it, and nobody asked
  expect(await page.evaluate(() => new Promise((resolve) => { navigator.geolocation.getCurrentPosition(() => resolve('told'), ({ code }) => resolve(code)); }))).toBe(1);
  expect(station.heardOf('position')).toEqual([]);

  // for the next page, whose headers let it ask
  station.guest = { ...station.guest, locate: { decimals: 3 } };
  await page.reload();
  await eventually(() => station.heardOf('position')).toEqual([{ type: 'position', request: first.id, position: { latitude: 56.95, longitude: 24.105, accuracy: 35 }, why: null }]);

  // the notice says so, and its hash is over what it says
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText('where this tablet is').waitFor();
  await page.getByRole('button', { name: 'I agree' }).click();
  const { hotel, custodian, locate } = station.guest;
  await eventually(() => station.heardOf('consent').map(({ consentSha256 }) => consentSha256)).toEqual([createHash('sha256').update(consentText('en', { hotel, custodian, tabletPlace: locate })).digest('hex')]);

  await page.context().clearPermissions();
  // another guest's: the page comes anew by itself
  const second = station.release();
  await eventually(() => station.heardOf('position').filter(({ request }) => request === second.id)).toEqual([{ type: 'position', request: second.id, position: null, why: 'refused' }]);
  await eventually(() => page.getByRole('button', { name: 'Sign', exact: true }).isEnabled()).toBe(true);
  expect(problems).toEqual([]);
});
