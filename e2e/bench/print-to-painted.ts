/**
 * From the last byte of a print job to the first page on the guest's screen: intake, the search for the
 * signature line, the desk's release at once, pdf.js in a real browser; on a running house. The end is when
 * the station hears from the screen that page 1 is painted.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Desk } from '#cli/demo/desk.ts';
import { findBrowser } from '#cli/browser/find-browser.ts';
import { startBrowser } from '#fixtures/browser.ts';
import { printFile } from '#print-to-tab/client.ts';
import { startHouse, type TestHouse } from '../house.ts';
import { card, titled } from '../signing.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { findPeer, runProgram } from './peer-program.ts';
import { inTurns, medianPeer, timed } from './rounds.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;
const PEER = 'pdftoppm -r 96 -f 1 -l 1 (paints the page into a file; takes no job, checks and keeps nothing)';

export async function printToPainted(tell: Tell): Promise<Measurement[]> {
  const path = findBrowser();
  if (path === null) throw new Error('a browser is missing; install it with: apt-get install chromium');
  const pdftoppm = findPeer('pdftoppm', 'poppler-utils', tell);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const [house, browser] = await Promise.all([startHouse({ settings: {} }), startBrowser(path)]);
  try {
    const desk = await house.desk();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(house.ready.guest);
    const document = await card();
    writeFileSync(join(folder, 'card.pdf'), document);
    tell(`  print job to first page, ${ROUNDS} jobs`);
    let job = 0;
    const times = await inTurns(
      ROUNDS,
      () => paint(house, desk, page, document, `Bench ${job += 1}`),
      pdftoppm === null ? null : () => timed(() => runProgram(pdftoppm, ['-r', '96', '-f', '1', '-l', '1', '-png', join(folder, 'card.pdf'), join(folder, 'page')])),
    );
    desk.close();
    return [measurement('print job received to first page painted', median(times.ours), 'ms', medianPeer(PEER, times.peer))];
  } finally {
    await browser.close();
    await house.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints, releases, waits for the page; then takes the document back, so that the screen is free again. @returns ms */
async function paint(house: TestHouse, desk: Desk, page: Page, document: Uint8Array, title: string): Promise<number> {
  let sent = NaN;
  const answered = printFile(house.ready.printer, (async function* () {
    yield document;
    sent = performance.now();
  })(), { name: title, user: 'reception' });
  const waiting = await titled(desk, title);
  await desk.release(waiting);
  await desk.request(['shown'], waiting.id);
  const painted = performance.now();
  await answered;
  const blank = page.waitForEvent('load');
  await desk.session.post(`/desk/requests/${waiting.id}/cancel`, { reason: 'other' });
  await blank;
  return painted - sent;
}
