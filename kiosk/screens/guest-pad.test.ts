/** A guest signs on a signature pad: the page shows along, and the pad's own buttons do what the screen's do. */
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { inkPixels } from '#fixtures/screens.ts';
import { atStationSurface, begun, button, clean, PAD, sign, stationInk, TABLET } from '#fixtures/station-surface.ts';
import { LANGUAGES } from '#kiosk/protocol/consent.ts';
import { MESSAGES } from './messages/guest-messages.ts';

test('a guest who writes on the pad is there, although nothing on the screen is touched', async (context) => {
  const screens = await atStationSurface(context, PAD);
  const { station, page } = screens;
  station.showGuest({ times: { idle: 1_500, warning: 30_000 } });
  const ink = stationInk(screens.box, 200);
  for (let part = 0; part < 10; part++) {
    station.ink(ink.slice(part * 20, part * 20 + 20));
    await page.waitForTimeout(300);
  }
  expect(await page.getByRole('alertdialog').count()).toBe(0);
  await page.getByRole('alertdialog').waitFor();
});

test('on a signature pad: the guest is sent to it, sees the ink along, and its buttons are the screen’s', async (context) => {
  const screens = await atStationSurface(context, PAD);
  const { station, page } = screens;
  await page.getByRole('heading', { name: 'Please sign on the pad in front of you' }).waitFor();
  await page.locator('.pad-hint').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  // nothing to keep yet
  station.pressPad('ok');
  station.pressPad('clear');
  await sign(screens);
  expect(await page.locator('.pad-hint').count()).toBe(0);
  expect(station.done).toEqual([]);
  station.pressPad('clear');
  await begun(screens, 2);
  await clean(screens);
  expect(station.heardOf('clear')).toHaveLength(1);

  station.pressPad('cancel');
  await button(screens, 'Sign').click();
  await button(screens, 'I agree').click();
  await begun(screens, 3);
  await sign(screens);
  // a pad's button that bounces
  station.pressPad('ok');
  station.pressPad('ok');
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done).toHaveLength(1);
  expect(station.done[0]?.header).toMatchObject({ attempts: 3, clears: 1, capture: { reads: 'station', attempt: 3 } });
});

test('on an opaque tablet: the guest is sent to it, in each language', async (context) => {
  const screens = await atStationSurface(context, TABLET);
  const { page } = screens;
  await page.getByRole('heading', { name: 'Please sign on the tablet in front of you' }).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  for (const language of LANGUAGES.filter((other) => other !== 'en')) {
    await page.locator('[popovertarget="languages"]').click();
    await page.locator('#languages').getByRole('button', { name: MESSAGES[language].languageName }).click();
    await page.getByRole('heading', { name: MESSAGES[language].signOnTablet }).waitFor();
    await page.getByRole('img', { name: MESSAGES[language].tabletSurface }).waitFor();
  }
});

test('the language changed at the pad: before any ink the pad’s own words follow, with ink they stay', async (context) => {
  const screens = await atStationSurface(context, PAD);
  const { station, page } = screens;
  const choose = async (from: string, to: string): Promise<void> => {
    await page.getByRole('button', { name: from }).click();
    await page.locator('#languages').getByRole('button', { name: to }).click();
  };
  await choose('Language: English', 'Deutsch');
  await begun(screens, 2);
  expect(station.attempt).toMatchObject({ language: 'de', attempt: 2 });
  expect(station.heardOf('pen-end')).toMatchObject([{ attempt: 1 }]);
  await sign(screens);
  await choose('Sprache: Deutsch', 'Svenska');
  await page.getByRole('heading', { name: MESSAGES.sv.signOnPad }).waitFor();
  expect(station.heardOf('pen-begin')).toHaveLength(2);
  expect(await inkPixels(page)).toBeGreaterThan(500);
});

test('with the keyboard alone: a pad’s signature is cleared, and after a loss the guest goes on or goes back', async (context) => {
  const screens = await atStationSurface(context, PAD);
  const { station, page } = screens;
  await sign(screens);
  await button(screens, 'Clear').focus();
  await page.keyboard.press('Enter');
  await begun(screens, 2);
  station.losePen();
  await page.getByText('The pen was disconnected').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Sign again');
  await page.keyboard.press('Escape');
  await begun(screens, 3);
  station.losePen();
  await page.getByText('The pen was disconnected').waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await button(screens, 'Sign').waitFor();
});
