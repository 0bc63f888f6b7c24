/** Languages, keyboard, screen readers: WCAG 2.2 AA, as far as a program can judge it. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT, surfaceBox, toSurface } from '#fixtures/screens.ts';
import { MESSAGES } from './messages/guest-messages.ts';

/** Small things that are hard to hit: every visible button, link and field below 44 by 44 CSS pixels. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, a[href], textarea, label')]
    .filter((element) => element.checkVisibility() && !element.matches('.field-mark, .free-text'))
    .filter((element) => element.offsetWidth < 44 || element.offsetHeight < 44)
    .map((element) => `${element.outerHTML.slice(0, 80)} ${element.offsetWidth}x${element.offsetHeight}`));
}

async function expectAccessible(page: Page, demoMark: string): Promise<void> {
  expect(await axeViolations(page)).toEqual([]);
  expect(await smallTargets(page)).toEqual([]);
  expect(await page.getByText(demoMark).isVisible()).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

for (const [how, viewport, language] of [['landscape, English', LANDSCAPE, 'en'], ['portrait, Arabic', PORTRAIT, 'ar']] as const) {
  test(`every step is without an axe violation, says DEMO, has targets of 44 pixels and does not scroll sideways (${how})`, async (context) => {
    const { station, page } = await openScreen(context, 'guest', { pages: 3, viewport });
    const messages = MESSAGES[language];
    const button = (name: string): ReturnType<Page['getByRole']> => page.getByRole('button', { name, exact: true });
    const accessible = (): Promise<void> => expectAccessible(page, messages.demoMark);
    await button(messages.languageName).click();
    await accessible();
    station.release({ turn: { role: 'companion', number: 2, of: 2, handover: true }, checks: [{ name: 'letters', label: 'I would like to receive letters' }, { name: 'rules', label: '' }] });
    await button(messages.turnBegin).waitFor();
    await accessible();
    await button(messages.turnBegin).click();
    await page.locator('[data-page="1"] canvas').waitFor();
    await accessible();
    await button(messages.readingView).click();
    await page.getByText('Elīna Bērziņa').first().waitFor();
    await accessible();
    await button(messages.backToDocument).click();
    await button(messages.sign).click();
    await page.getByRole('heading', { name: messages.noticeTitle }).waitFor();
    await accessible();
    await button(messages.agree).click();
    await drawWithPen(page, wave(await boxOf(page), 30));
    await accessible();
    await button(messages.decline).click();
    await page.getByRole('dialog').waitFor();
    await accessible();
    await page.keyboard.press('Escape');
    station.answers = [{ status: 422, body: { code: 'CAPTURE_NO_PRESSURE', detail: 'x' } }, { status: 507, body: { code: 'DISK_FULL', detail: 'x' } }];
    station.showGuest({ help: 'coming' });
    await button(messages.done).click();
    await page.getByText(messages.noPressure).waitFor();
    await page.getByText(messages.helpComes).waitFor();
    await accessible();
    await drawWithPen(page, wave(await boxOf(page), 30));
    await button(messages.done).click();
    await button(messages.tryAgain).waitFor();
    await accessible();
    await button(messages.tryAgain).click();
    await page.getByRole('heading', { name: messages.thanksTitle }).waitFor();
    await accessible();
  });
}

async function boxOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  await page.locator('.surface').waitFor();
  return await page.locator('.surface').boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
}

test('Arabic: the page runs from right to left, the document does not, and the guest is told it is not translated', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.release();
  await page.getByRole('button', { name: 'Language: English' }).click();
  await page.getByRole('button', { name: 'العربية' }).click();
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual(['ar', 'rtl']);
  expect(await page.locator('main').getByText(MESSAGES.ar.documentNotTranslated).isVisible()).toBe(true);
  expect(await page.locator('.pages').evaluate((pages) => getComputedStyle(pages).direction)).toBe('ltr');
  const [sign, zoom] = await Promise.all([page.locator('[data-step=sign]').boundingBox(), page.getByRole('button', { name: MESSAGES.ar.zoomIn }).boundingBox()]);
  expect(sign?.x).toBeLessThan(zoom?.x ?? 0);
  await eventually(() => station.heardOf('language')).toMatchObject([{ language: 'ar' }]);
  await page.locator('[data-step=sign]').click();
  await page.getByRole('button', { name: MESSAGES.ar.agree }).click();
  await drawWithPen(page, wave(await boxOf(page), 30));
  await page.getByRole('button', { name: MESSAGES.ar.done, exact: true }).click();
  await page.getByRole('heading', { name: MESSAGES.ar.thanksTitle }).waitFor();
  expect(station.done[0]?.header.language).toBe('ar');
});

test('the excerpt of the document at the signing surface is the same picture in a language from right to left', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  station.release();
  const excerpt = async (from: string, to: string): Promise<string> => {
    await page.getByRole('button', { name: from }).click();
    await page.locator('#languages').getByRole('button', { name: to }).click();
    await page.locator('[data-step=sign]').click();
    await page.locator('[data-step=agree]').click();
    // the outline of the field comes last
    await eventually(() => page.locator('.excerpt').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels.some((value, at) => at % 4 === 0 && value === 0xb0 && pixels[at + 1] === 0x8d && pixels[at + 2] === 0x4a);
    })).toBe(true);
    return page.locator('.excerpt').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  };
  const german = await excerpt('Language: English', 'Deutsch');
  await page.getByRole('button', { name: MESSAGES.de.cancel, exact: true }).click();
  expect(await excerpt('Sprache: Deutsch', MESSAGES.ar.languageName)).toBe(german);
});

test('the language chosen is gone with the guest', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  await page.getByRole('button', { name: 'Svenska' }).click();
  await page.getByText(MESSAGES.sv.privacyHint).waitFor();
  const request = station.release();
  await page.getByRole('button', { name: MESSAGES.sv.sign, exact: true }).waitFor();
  station.guest = { ...station.guest, request: null };
  station.say({ type: 'blank', request: request.id, why: 'moved' });
  await page.getByText(MESSAGES.en.privacyHint).waitFor();
});

test('with the keyboard alone: read, zoom, page, reading view, notice, surface, back, decline', async (context) => {
  const { station, page } = await openScreen(context, 'guest', { pages: 3 });
  station.release();
  await page.locator('[data-page="1"] canvas').waitFor();
  const focus = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 40; presses++) {
      const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim());
      if (label === name) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`"${name}" cannot be reached with the Tab key`);
  };
  const press = async (name: string): Promise<void> => {
    await focus(name);
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle), `${name} shows its focus`).toBe('solid');
    await page.keyboard.press('Enter');
  };
  const width = await page.locator('[data-page="1"]').evaluate((sheet) => sheet.clientWidth);
  await press('Zoom in');
  await eventually(() => page.locator('[data-page="1"]').evaluate((sheet) => sheet.clientWidth)).toBeGreaterThan(width);
  await press('Fit');
  await press('Next page');
  await page.getByText('Page 2 of 3').waitFor();
  await press('Reading view');
  await press('Larger text');
  await page.getByText('Text size 150 %').waitFor();
  await press('Back to the document');
  await press('Sign');
  await press('I agree');
  await surfaceBox(page);
  await press('Cancel');
  await press('Do not sign');
  await press('Back to the document');
  await press('Do not sign');
  await page.keyboard.press('Tab');
  await press('Decline to sign');
  await eventually(() => station.heardOf('decline')).toHaveLength(1);
});

test('the reading view gives the document’s text at up to 200 %', async (context) => {
  const { station, page } = await openScreen(context, 'guest', { pages: 3 });
  station.release();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText('Page 2 of 3').waitFor();
  await page.getByRole('button', { name: 'Reading view' }).click();
  const larger = page.getByRole('button', { name: 'Larger text' });
  const size = (): Promise<number> => page.locator('.reading-text').evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize));
  const base = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  while (await larger.isEnabled()) await larger.click();
  expect(await size()).toBe(base * 2);
  expect(await page.locator('.reading-text').innerText()).toContain('Companion signature');
  await page.getByRole('button', { name: 'Back to the document' }).click();
  await page.getByText('Page 1 of 3').waitFor();
  expect(await page.locator('.pages').evaluate((pages) => pages.scrollTop)).toBe(0);
});

test('the reading view waits until the first page was shown, and then the guest can sign from it', async (context) => {
  const { station, page } = await openScreen(context, 'guest');
  // pdf.js paints in animation frames: there are none until the test lets them come
  await page.addInitScript(() => {
    const original = window.requestAnimationFrame.bind(window);
    const held: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (frame) => held.push(frame);
    addEventListener('paint', () => {
      window.requestAnimationFrame = original;
      held.forEach(original);
    });
  });
  await page.reload();
  station.release();
  await page.locator('[data-page="1"] canvas').waitFor();
  const [reading, sign] = [page.getByRole('button', { name: 'Reading view' }), page.getByRole('button', { name: 'Sign', exact: true })];
  expect([await reading.isDisabled(), await sign.isDisabled()]).toEqual([true, true]);
  await page.evaluate(() => { dispatchEvent(new Event('paint')); });
  await reading.click();
  await sign.click();
  await page.getByRole('heading', { name: 'Before you sign' }).waitFor();
});

test('the bar changes sides with a tap, for left-handed guests', async (context) => {
  const screens = await openScreen(context, 'guest');
  const { page } = screens;
  const before = await toSurface(screens);
  const done = page.getByRole('button', { name: 'Done' });
  expect((await done.boundingBox())?.x).toBeGreaterThan(before.x + before.width);
  await page.getByRole('button', { name: 'Buttons on the other side' }).click();
  await eventually(async () => (await done.boundingBox())?.x).toBeLessThan((await surfaceBox(page)).x);
});

test('"go to signature" brings the highlighted field on the last page into view', async (context) => {
  const { station, page } = await openScreen(context, 'guest', { pages: 3 });
  station.release();
  await page.getByRole('button', { name: 'Go to signature' }).click();
  await page.getByText('Page 3 of 3').waitFor();
  await eventually(() => page.getByRole('button', { name: 'Sign here' }).evaluate((mark) => {
    const { top, bottom } = mark.getBoundingClientRect();
    return top > 0 && bottom < innerHeight;
  })).toBe(true);
  // its label stands inside it: nothing of the document is covered
  expect(await page.locator('.field-mark').evaluate((mark) => {
    const [outer, inner] = [mark.getBoundingClientRect(), (mark.firstElementChild as Element).getBoundingClientRect()];
    return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right;
  })).toBe(true);
  await eventually(() => station.heardOf('page').map((message) => message.page)).toContain(1);
});
