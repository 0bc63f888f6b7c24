/**
 * The two canvases a pen is put to: the guest screen's own signing surface, as built and served, and
 * signature_pad with its defaults, equally large.
 */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { FakeStation } from '#fixtures/fake-station.ts';
import { sampleCard } from '#kiosk/sample/sample-card.ts';
import { sampleGuests } from '#kiosk/sample/sample-guests.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { watchDrawing } from './watch-drawing.ts';

export const PEER = `signature_pad ${packageJson.devDependencies.signature_pad}, defaults (keeps one report in several; no tilt, no in-air samples)`;

export interface DrawingSurface {
  page: Page;
  /** On the page, CSS pixels. */
  box: { x: number; y: number; width: number; height: number };
  clear(): Promise<void>;
  close(): Promise<void>;
}

const VIEWPORT = { width: 1280, height: 800 };
const PEER_PAGE = '<!doctype html><style>body{margin:0}canvas{touch-action:none}</style><canvas></canvas>';

export async function guestSurface(browser: Browser): Promise<DrawingSurface> {
  const station = await FakeStation.start(await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin }), 1);
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.addInitScript(watchDrawing, 'pointerrawupdate');
  await page.goto(`${station.url}/guest`);
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  const box = await page.getByRole('img', { name: 'Signing surface' }).boundingBox();
  if (box === null) throw new Error('the signing surface is not on the screen');
  return {
    page, box,
    clear: () => page.getByRole('button', { name: 'Clear' }).click(),
    close: () => station.close(),
  };
}

/** signature_pad listens to `pointermove`, and takes of each event the last report. */
export async function peerSurface(browser: Browser, { width, height }: { width: number; height: number }): Promise<DrawingSurface> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.addInitScript(watchDrawing, 'pointermove');
  // from localhost, for browsers give coalesced reports to trustworthy origins only
  await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: PEER_PAGE }));
  await page.goto('http://localhost/');
  await page.addScriptTag({ path: fileURLToPath(import.meta.resolve('signature_pad')).replace(/signature_pad\.js$/, 'signature_pad.umd.js') });
  await page.evaluate(`canvas = document.querySelector("canvas"); canvas.width = ${width}; canvas.height = ${height}; pad = new SignaturePad(canvas)`);
  return {
    page, box: { x: 0, y: 0, width, height },
    clear: async () => { await page.evaluate('pad.clear()'); },
    close: async () => {},
  };
}
