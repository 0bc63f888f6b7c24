/** After each guest the page goes on in a process that never held that guest's strokes. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { needsHost } from '#fixtures/needs.ts';
import { processesHolding } from '#fixtures/process-memory.ts';
import { eventually, openScreen } from '#fixtures/screens.ts';

test('what lay in the memory of the page is in no renderer any more when the next guest comes', async (context) => {
  if (process.platform !== 'linux') needsHost(context, 'memory of other processes is read on Linux only');
  const { station, page } = await openScreen(context, 'guest', { wholeBrowser: true });
  const browser = await page.context().browser()!.newBrowserCDPSession();
  const holding = async (needle: Buffer): Promise<number[]> => {
    const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
    return processesHolding(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id), needle);
  };
  station.release();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const marked = randomBytes(32);
  await page.evaluate((bytes) => { Object.assign(window, { marked: Uint8Array.from(bytes) }); }, [...marked]);
  expect(await holding(marked)).toHaveLength(1);

  await page.getByRole('button', { name: 'I prefer paper' }).click();
  station.showGuest({ request: null, times: { thanks: 0 } });
  await page.getByText('Your document will appear here').waitFor();
  await eventually(() => holding(marked)).toEqual([]);
  expect(new URL(page.url()).host).toBe(new URL(station.url).host);
});
