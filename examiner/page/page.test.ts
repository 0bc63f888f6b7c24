import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test, type TestContext } from 'vitest';
import { sharedBrowser } from '#fixtures/browser.ts';
import { signedSample } from '#fixtures/signed-sample.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testExaminer } from '#fixtures/test-certificates.ts';
import { buildPage } from '../build-page.ts';

const folder = temporaryFolder();
const sample = await signedSample();
const stranger = await testExaminer('p256', 'Somebody else');
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const files = {
  packet: file('packet.asice', sample.packet),
  pdf: file('signed.pdf', sample.signedPdf),
  key: file('examiner.pem', pem('PRIVATE KEY', sample.examiner.privateKey)),
  otherKey: file('other.pem', pem('PRIVATE KEY', stranger.privateKey)),
};

/** The page from disk, offline, with every request it makes and every error it has written down. */
async function open(context: TestContext, viewport = { width: 1280, height: 800 }): Promise<{ page: Page; requests: string[]; errors: string[] }> {
  const page = await (await sharedBrowser(context)).newPage({ viewport });
  context.onTestFinished(() => page.close());
  await page.context().setOffline(true);
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => { if (!request.url().startsWith('data:')) requests.push(request.url()); });
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(pathToFileURL(await buildPage()).href);
  return { page, requests, errors };
}

async function give(page: Page, evidence: string, key: string): Promise<void> {
  await page.setInputFiles('#evidence', evidence);
  await page.setInputFiles('#key', key);
  await page.click('#open');
}

/** How many pixels of the signature's canvas are painted. */
function painted(page: Page): Promise<number> {
  return page.$eval('#ink', (canvas) => {
    const { data, width, height } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height);
    let count = 0;
    for (let at = 3; at < width * height * 4; at += 4) if ((data[at] ?? 0) > 0) count++;
    return count;
  });
}

async function seek(page: Page, seconds: number): Promise<void> {
  await page.$eval('#scrubber', (scrubber, value) => {
    (scrubber as HTMLInputElement).value = String(value);
    scrubber.dispatchEvent(new Event('input'));
  }, seconds);
}

describe('the replay page, opened from disk', () => {
  test('replays a packet in real time, and asks nothing of any network', async (context) => {
    const { page, requests, errors } = await open(context);
    await give(page, files.packet, files.key);
    await page.waitForSelector('#replay:not([hidden])');
    const early = await painted(page);
    await page.waitForFunction(() => document.querySelector('#play')?.textContent === 'Play');
    expect(await painted(page)).toBeGreaterThan(early);
    expect(await page.textContent('#clock')).toBe('2.53 / 2.53 s');
    expect(await page.isVisible('#demo')).toBe(true);
    expect(await page.$$eval('#checks li', (items) => items.map((item) => item.className))).toEqual(['held', 'held', 'held', 'held', 'held']);
    const facts = await page.textContent('#facts');
    for (const words of ['633 samples', 'synthetic', 'front-desk at stockholm']) expect(facts).toContain(words);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a moment is drawn as it was: more ink later, the pen while it moves, the air on request', async (context) => {
    const { page } = await open(context);
    await give(page, files.pdf, files.key);
    await page.waitForSelector('#replay:not([hidden])');
    await seek(page, 0.5);
    const half = await painted(page);
    await seek(page, 1.9);
    expect(await painted(page)).toBeGreaterThan(half);
    await seek(page, 99);
    const whole = await painted(page);
    await page.uncheck('#air');
    const withoutAir = await painted(page);
    expect(withoutAir).toBeLessThan(whole);
    await page.check('#tilt');
    expect(await painted(page)).toBeGreaterThan(withoutAir);
    await page.close();
  });

  test('fits a tablet held upright: nothing reaches beyond the screen’s width', async (context) => {
    const { page } = await open(context, { width: 800, height: 1280 });
    await give(page, files.packet, files.key);
    await page.waitForSelector('#replay:not([hidden])');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(800);
    await page.close();
  });

  test('another examiner’s key is told apart, and the right one may follow', async (context) => {
    const { page } = await open(context);
    await give(page, files.packet, files.otherKey);
    await page.waitForFunction(() => document.querySelector('#trouble')?.textContent?.includes('another examiner'));
    await give(page, files.packet, files.key);
    await page.waitForSelector('#replay:not([hidden])');
    await page.close();
  });

  test('its policy lets nothing out and nothing foreign in', async (context) => {
    const { page } = await open(context);
    const tries = await page.evaluate(async () => {
      const violations: string[] = [];
      addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const fetched = await fetch('https://example.com/').then(() => 'sent', (error: Error) => error.name);
      const script = document.createElement('script');
      script.textContent = 'globalThis.foreign = true';
      document.body.append(script);
      new Image().src = 'https://example.com/x.png';
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { fetched, foreign: 'foreign' in globalThis, violations };
    });
    expect(tries).toEqual({ fetched: 'TypeError', foreign: false, violations: ['connect-src', 'script-src-elem', 'img-src'] });
    await page.close();
  });
});

test('the page is one file, names no address to load from, and is built again only when its sources change', async () => {
  const path = await buildPage();
  const html = readFileSync(path, 'utf8');
  expect(html).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)=/);
  expect(html).toContain("connect-src 'none'");
  expect(html).not.toMatch(/%(?:POLICY|STYLE|SCRIPT)%/);
  const { mtimeMs } = statSync(path);
  expect(statSync(await buildPage()).mtimeMs).toBe(mtimeMs);
});
