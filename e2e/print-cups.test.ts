/**
 * From a real print job to a signature: a stock CUPS client prints where it is installed, the project's own IPP
 * client elsewhere (the test's name says which), and the guest's screen shows what was printed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { startCups } from '#fixtures/cups.ts';
import { findProgram, judge } from '#fixtures/needs.ts';
import { sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { counter, finish, toSurface } from './counter.ts';
import { eventually, type TestHouse } from './house.ts';
import { openKept, storedEnvelopes } from './packets.ts';
import { titled } from './signing.ts';

const open = counter({ settings: { limits: { thanks: 1_000 } } });
const STOCK = findProgram('lp') !== null;
const TITLE = 'Registration card 4711';

/** Prints a file as the clerk's computer would. */
async function print(context: TestContext, house: TestHouse, file: string): Promise<void> {
  if (!STOCK) {
    expect(await house.print(readFileSync(file), TITLE)).toMatchObject({ state: 'completed' });
    return;
  }
  const cups = await startCups(context);
  context.onTestFinished(() => cups.close());
  await cups.addPrinter('front', house.ready.printer);
  await cups.print('front', file, ['-t', TITLE]);
}

/** The words of each page, without the order in which a reader finds them. */
function wordsOf(pages: readonly string[]): string[][] {
  return pages.map((page) => page.normalize('NFKC').split(/\s+/).filter((word) => word !== '').sort());
}

test(`a card printed with ${STOCK ? 'real CUPS (lpadmin -m everywhere, lp)' : 'the project’s own IPP client'}: the guest’s screen says what pdftotext reads in it, and it is signed`, async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  const textOf = (path: string): string[] => execFileSync(pdftotext, ['-raw', path, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
  const { house, desk, guestPage } = await open(context);
  const page = await guestPage();
  const file = join(house.folder, 'card.pdf');
  writeFileSync(file, await sampleCard({ pages: 3, size: 'Letter', guest: sampleGuests.latin }));

  await print(context, house, file);
  const waiting = await titled(desk, TITLE);
  expect(waiting.pages).toBe(3);
  await desk.release(waiting);
  await page.getByRole('heading', { name: TITLE }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Reading view' }).click();
  const sections = page.locator('.reading-text section');
  await sections.nth(2).locator('p').first().waitFor();
  const shown = await Promise.all((await sections.all()).map(async (section) => (await section.locator('p').allInnerTexts()).join('\n')));
  expect(wordsOf(shown)).toEqual(wordsOf(textOf(file)));
  expect(shown[0]).toContain(sampleGuests.latin.name);

  await page.getByRole('button', { name: 'Back to the document' }).click();
  await drawWithPen(page, wave(await toSurface(page), 80));
  await finish(page);
  await eventually('the packet in the store', () => storedEnvelopes(house.home, waiting.id).length === 1);
  const { signedPdf, record, verified } = await openKept(house.home, readFileSync(storedEnvelopes(house.home, waiting.id)[0] as string));
  expect(verified).toMatchObject({ indication: 'TOTAL-PASSED', trusted: true });
  const document = join(house.folder, 'document.pdf');
  writeFileSync(document, signedPdf.subarray(0, record.context.document.length));
  expect(wordsOf(textOf(document))).toEqual(wordsOf(textOf(file)));
});
