/** Every way a guest's turn ends without a signature, and every way it is interrupted. */
import { expect, test } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { eventually, inkPixels, LANDSCAPE, openScreen, PORTRAIT, surfaceBox, toSurface, type Screens } from '#fixtures/screens.ts';

const privacy = ({ page }: Screens): Promise<void> => page.getByText('Your document will appear here').waitFor();

/** Nothing of a document or a signature is left on the page. */
async function expectBlank(screens: Screens): Promise<void> {
  await privacy(screens);
  expect(await screens.page.locator('canvas').count()).toBe(0);
  expect(await screens.page.locator('body').innerText()).not.toContain('Registration card');
}

test('a guest who prefers paper: told to the station as that reason, and nothing was captured', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I prefer paper' }).click();
  await page.getByText('on paper. No ink was recorded').waitFor();
  expect(station.heardOf('decline')).toMatchObject([{ reason: 'paper', text: '' }]);
  expect(station.heardOf('consent')).toEqual([]);
  expect(station.done).toEqual([]);
  station.showGuest({ request: null, times: { thanks: 0 } });
  await expectBlank(screens);
});

test('the two answers to the notice are equal: same size, same look, none preset', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const look = (name: string): Promise<unknown> => page.getByRole('button', { name }).evaluate((button) => {
    const { width, height } = button.getBoundingClientRect();
    const { backgroundColor, color, borderColor, fontSize, fontWeight } = getComputedStyle(button);
    return { width: Math.round(width), height: Math.round(height), backgroundColor, color, borderColor, fontSize, fontWeight };
  });
  expect(await look('I agree')).toEqual(await look('I prefer paper'));
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
});

test('declining at the surface, with a reason: the ink is gone and the words go to the station', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByRole('radio', { name: 'This is not my document' }).check();
  await page.getByRole('textbox').fill('I am in room 12.');
  await page.getByRole('button', { name: 'Decline to sign' }).click();
  await page.getByText('no ink was kept').waitFor();
  expect(station.heardOf('decline')).toMatchObject([{ reason: 'not-mine', text: 'I am in room 12.' }]);
  expect(await page.locator('canvas').count()).toBe(0);
});

test('declining needs no reason', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.release();
  await page.getByRole('button', { name: 'Do not sign' }).click();
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
  await page.getByRole('button', { name: 'Decline to sign' }).click();
  await eventually(() => station.heardOf('decline')).toMatchObject([{ reason: 'other', text: '' }]);
});

test('taken back by the desk, the screen is blank at every step before Done', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  const takeBack = async (): Promise<void> => {
    const id = station.guest.request?.id ?? '';
    station.guest = { ...station.guest, request: null };
    station.say({ type: 'blank', request: id, why: 'cancelled' });
    await expectBlank(screens);
  };
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).waitFor();
  await takeBack();
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('heading', { name: 'Before you sign' }).waitFor();
  await takeBack();
  await drawWithPen(page, wave(await toSurface(screens), 40));
  await takeBack();
  await toSurface(screens);
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByRole('dialog').waitFor();
  await takeBack();
});

test('nobody there: a warning that counts down, then the ink is destroyed and the station told', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  station.showGuest({ times: { idle: 200, warning: 2_000 } });
  await page.getByRole('alertdialog').getByText(/cleared in [12] seconds/).waitFor();
  await page.getByRole('heading', { name: 'This session has ended' }).waitFor();
  await eventually(() => station.heardOf('idle')).toHaveLength(1);
  expect(await page.locator('canvas').count()).toBe(0);
  expect(station.done).toEqual([]);
  station.showGuest({ request: null, times: { thanks: 0 } });
  await expectBlank(screens);
});

test('a guest who answers the warning goes on with the ink as it was', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  const before = await inkPixels(page);
  station.showGuest({ times: { idle: 600, warning: 30_000 } });
  await page.getByRole('alertdialog').waitFor();
  station.showGuest({ times: { idle: 60_000 } });
  await page.keyboard.press('Enter');
  await eventually(() => page.getByRole('alertdialog').count()).toBe(0);
  expect(await inkPixels(page)).toBe(before);
  expect(station.heardOf('idle')).toEqual([]);
});

test('a connection lost in mid-stroke: the ink is discarded and said to be, and the guest can sign again', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  station.cutGuests();
  await page.getByText('The connection was lost while you were signing').waitFor();
  expect(await page.locator('.surface').count()).toBe(0);
  await eventually(() => station.heardOf('shown').length).toBe(2);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  await drawWithPen(page, wave(await surfaceBox(page), 40));
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.done[0]?.batch.samples).toHaveLength(40);
});

test('a screen that is turned under the ink: discarded, said, and told to the station', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  await drawWithPen(page, wave(await toSurface(screens), 40));
  await page.setViewportSize(PORTRAIT);
  await page.getByText('The screen was turned or changed its size').waitFor();
  await eventually(() => station.heardOf('back').map(({ why }) => why)).toEqual(['rotated']);
  expect(await page.locator('.surface').count()).toBe(0);
});

test('a screen that is turned before any ink: the surface takes its new size, and nothing is lost', async (context) => {
  const screens = await openScreen(context, 'guest', { viewport: PORTRAIT });
  const { station, page } = screens;
  const before = await toSurface(screens);
  await page.setViewportSize(LANDSCAPE);
  await eventually(async () => (await surfaceBox(page)).width).toBeGreaterThan(before.width);
  await drawWithPen(page, wave(await surfaceBox(page), 40));
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(station.heardOf('back')).toEqual([]);
});

test('another guest’s document on the same tablet: the first guest’s screen is blank before it appears', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { station, page } = screens;
  station.release({ title: 'Card of the first guest' });
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('heading', { name: 'Before you sign' }).waitFor();
  station.release({ title: 'Card of the second guest' });
  await page.getByRole('heading', { name: 'Card of the second guest' }).waitFor({ state: 'attached' });
  expect(await page.getByText('Card of the first guest').count()).toBe(0);
  await eventually(() => station.heardOf('shown').at(-1)?.request).toBe(station.guest.request?.id);
});

test('nobody can sign what was not shown: Sign waits for the first page, and the station hears of it before consent', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  let deliver = (): void => {};
  const held = new Promise<void>((resolve) => { deliver = resolve; });
  await page.route('**/pdf.worker*', async (route) => { await held; await route.continue(); });
  await page.reload();
  station.release();
  await page.getByText('Opening your document').waitFor();
  expect(await page.getByRole('button', { name: 'Sign', exact: true, disabled: false }).count()).toBe(0);
  deliver();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  await eventually(() => station.heard.map(({ type }) => type).filter((type) => type === 'shown' || type === 'consent')).toEqual(['shown', 'consent']);
});

test('a document that cannot be opened: the guest is sent to reception, and nothing can be signed', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  const request = station.release();
  station.showGuest({ request: { ...request, id: 'other', documentUrl: '/guest/document/none' } });
  await page.getByText('could not be opened').waitFor();
  expect(await page.getByRole('button', { name: 'Sign', exact: true }).count()).toBe(0);
});
