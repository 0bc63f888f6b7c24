/** Several signings of one document on the guest screen: the same person goes on, somebody else begins anew; boxes to tick. */
import { expect, test } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { eventually, openScreen, surfaceBox, type Screens } from '#fixtures/screens.ts';
import { consentText } from '#kiosk/protocol/consent.ts';
import { createHash } from 'node:crypto';

const LETTERS = { name: 'letters', label: 'I would like to receive letters' };
const RULES = { name: 'rules', label: 'قرأت قواعد الفندق' };

async function signAndDone({ page }: Screens): Promise<void> {
  await drawWithPen(page, wave(await surfaceBox(page), 60));
  await page.getByRole('button', { name: 'Done' }).click();
}

test('initials, then the signature: no second notice, and attempts and boxes are counted for each', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page, problems } = screens;
  const agreed = { language: 'en', sha256: createHash('sha256').update(consentText('en', { hotel: station.guest.hotel, custodian: station.guest.custodian, tabletPlace: null })).digest('hex') };
  station.following = [{ turn: { number: 2, of: 2 }, agreed, checks: [LETTERS, RULES] }];
  station.release({ turn: { kind: 'initials', of: 2, next: 'same' } });
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  await page.getByRole('heading', { name: 'Please write your initials in the frame' }).waitFor();
  await signAndDone(screens);

  await page.getByText('Now your signature').waitFor();
  const [letters, rules] = [page.getByRole('checkbox', { name: LETTERS.label }), page.getByRole('checkbox', { name: RULES.label })];
  expect([await letters.isChecked(), await rules.isChecked()]).toEqual([false, false]);
  // each in its own direction, whatever the screen speaks
  expect(await page.locator('.checks .choice').evaluateAll((labels) => labels.map((label) => getComputedStyle(label).direction))).toEqual(['ltr', 'rtl']);
  await letters.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Space');
  await page.getByText(RULES.label).click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('heading', { name: 'Please sign in the frame' }).waitFor();
  await signAndDone(screens);
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();

  const [first, second] = station.done.map(({ header }) => header);
  expect(first).toMatchObject({ attempts: 1, checks: [] });
  expect(second).toMatchObject({ attempts: 1, consentSha256: agreed.sha256, language: 'en', checks: [{ name: 'letters', checked: false }, { name: 'rules', checked: true }] });
  expect(station.heardOf('consent')).toHaveLength(1);
  expect(station.heardOf('sign')).toHaveLength(1);
  expect(station.heardOf('shown').map(({ request }) => request)).toHaveLength(2);
  expect(problems).toEqual([]);
});

test('the next person gets the tablet: a fresh page that shows nothing of the document before it is theirs, then the whole way', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  station.showGuest({ times: { thanks: 0 } });
  station.following = [{ turn: { role: 'staff', number: 2, of: 2, handover: true }, language: 'de' }];
  station.release({ turn: { of: 2, next: 'staff' } });
  await page.evaluate(() => { Object.assign(window, { samePage: true }); });
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  await signAndDone(screens);

  // the document's language is a first guess, and whoever reads chooses
  await page.getByRole('heading', { name: 'Nun unterschreibt die Rezeption' }).waitFor();
  expect(await page.evaluate(() => 'samePage' in window)).toBe(false);
  expect(await page.locator('canvas').count()).toBe(0);
  await page.getByRole('button', { name: 'English', exact: true }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText('as a member of its staff').waitFor();
  await page.getByRole('button', { name: 'I agree' }).click();
  await page.getByRole('heading', { name: 'Please sign in the frame' }).waitFor();
  const staffNotice = consentText('en', { hotel: station.guest.hotel, custodian: station.guest.custodian, tabletPlace: null }, 'staff');
  await eventually(() => station.heardOf('consent').at(-1)?.consentSha256).toBe(createHash('sha256').update(staffNotice).digest('hex'));
});
