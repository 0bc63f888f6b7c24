/**
 * A hotel's counter for end-to-end tests: a house as a user starts it, a real browser, and in it tablets and
 * desks, each with a browser context of its own, as each has a machine of its own.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, type TestContext } from 'vitest';
import type { Desk } from '#cli/demo/desk.ts';
import { sharedBrowser } from '#fixtures/browser.ts';
import { LANDSCAPE } from '#fixtures/screens.ts';
import { isFinal } from '#kiosk/protocol/states.ts';
import { eventually, startHouse, type HouseOptions, type TestHouse } from './house.ts';
import { openKept, storedEnvelopes, type KeptPacket } from './packets.ts';
import { printed } from './signing.ts';

export interface Counter {
  house: TestHouse;
  browser: Browser;
  /** A scripted receptionist, for what is not about the desk's page. */
  desk: Desk;
  guestPage(options?: PageOptions & { tablet?: string }): Promise<Page>;
  deskPage(options?: PageOptions): Promise<Page>;
}

export interface PageOptions {
  viewport?: typeof LANDSCAPE;
  touch?: boolean;
  /** Runs in the page before anything of ours. */
  before?: () => void;
}

const PATIENCE_MS = 20_000;

/**
 * One counter for all tests of a file; call at its top. After each test its pages close and what still waits is
 * cancelled. Skips the test where there is no browser.
 */
export function counter(options: HouseOptions = {}): (context: TestContext) => Promise<Counter> {
  let opened: Promise<{ house: TestHouse; browser: Browser; desk: Desk }> | null = null;
  const open = async (context: TestContext) => {
    const browser = await sharedBrowser(context);
    const house = await startHouse({ settings: {}, ...options });
    return { house, browser, desk: await house.desk() };
  };
  afterAll(async () => {
    const there = await opened?.catch(() => null);
    there?.desk.close();
    await there?.house.end();
  });
  return async (context) => {
    opened ??= open(context);
    const { house, browser, desk } = await opened;
    const pages: Page[] = [];
    context.onTestFinished(async () => {
      await cancelWaiting(desk);
      await Promise.all(pages.map((page) => page.context().close()));
    });
    const page = async (address: string, { viewport = LANDSCAPE, touch = false, before }: PageOptions): Promise<Page> => {
      const machine = await browser.newContext({ viewport, hasTouch: touch, reducedMotion: 'reduce' });
      machine.setDefaultTimeout(PATIENCE_MS);
      if (before !== undefined) await machine.addInitScript(before);
      const tab = await machine.newPage();
      pages.push(tab);
      await tab.goto(address);
      return tab;
    };
    return {
      house, browser, desk,
      guestPage: async ({ tablet = 'front', ...rest } = {}) => {
        const tab = await page((await house.ask({ command: 'tokens', tablet }))['guest'] as string, rest);
        await privacyScreen(tab);
        return tab;
      },
      deskPage: async (rest = {}) => page((await house.ask({ command: 'tokens' }))['desk'] as string, rest),
    };
  };
}

async function cancelWaiting(desk: Desk): Promise<void> {
  const state = await desk.session.until('the desk’s state', (message) => message.type === 'state');
  const waiting = state.type === 'state' ? state.requests.filter((request) => !isFinal(request.state)) : [];
  for (const { id } of waiting) await desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'other' });
}

/** Waits for the screen between two guests. */
export async function privacyScreen(page: Page): Promise<void> {
  await page.getByText('Your document will appear here').waitFor();
}

/**
 * What the page holds, as HTML. Between two guests the screen goes through several addresses for a fresh renderer, and a page
 * that is leaving cannot be read: it is asked again.
 */
export async function contentOf(page: Page): Promise<string> {
  for (;;) {
    const content = await page.content().catch((error: Error) => {
      if (!/is navigating/.test(error.message)) throw error;
    });
    if (content !== undefined) return content;
    await page.waitForLoadState();
  }
}

/** From the document to the signing surface, in English. @returns where the surface is on the page */
export async function toSurface(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  return surfaceOf(page);
}

/** Where the surface is, in any language. */
export async function surfaceOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const surface = page.locator('[data-step="surface"]');
  // hidden until it has its size
  await surface.waitFor();
  const box = await surface.boundingBox();
  if (box === null) throw new Error('the signing surface is not on the screen');
  return box;
}

/** Presses Done, and waits until the guest is thanked. */
export async function finish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
}

/** Printed and released to a tablet. @returns the request's id */
export async function released({ house, desk }: Counter, title: string, tablet = 'front', bytes?: Uint8Array): Promise<string> {
  const request = await printed(house, desk, title, tablet, bytes);
  await desk.release(request);
  return request.id;
}

/** What the store has of a signing, opened. */
export async function kept({ house: { home } }: Counter, id: string): Promise<KeptPacket> {
  await eventually('the packet in the store', () => storedEnvelopes(home, id).length === 1);
  return openKept(home, readFileSync(storedEnvelopes(home, id)[0] as string));
}
