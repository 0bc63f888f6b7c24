/** What goes wrong at a counter, and what guest and receptionist read of it, on the whole station with a real browser. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { brokenPdf } from '#fixtures/pdf.ts';
import { inkPixels } from '#fixtures/screens.ts';
import { readPacket } from '#packet/container.ts';
import { counter, finish, toSurface } from './counter.ts';
import { eventually } from './house.ts';
import { openKept, outboxStatus, storedEnvelopes } from './packets.ts';
import { printed, titled } from './signing.ts';

/** Where the store should be lies a file: the store is away, until a test takes the file away. */
const folder = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
const inTheWay = join(folder, 'home', 'store');
mkdirSync(join(folder, 'home'));
writeFileSync(inTheWay, 'not a folder');

const open = counter({ folder, settings: { limits: { thanks: 1_000, disconnectGrace: 200 } } });

test('a tablet that goes away in mid-stroke: the desk is told, the document waits, and it can be signed once the tablet is back', async (context) => {
  const { house, desk, guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  await desk.release(await printed(house, desk, 'Cut short'));
  const request = receptionist.locator('.request', { hasText: 'Cut short' });
  const box = await toSurface(page);
  await request.locator('[aria-current="step"]', { hasText: 'Signing' }).waitFor();
  const pen = await page.context().newCDPSession(page);
  const { x, y } = { x: box.x + 100, y: box.y + 100 };
  await pen.send('Input.dispatchMouseEvent', { type: 'mousePressed', x, y, force: 0.5, pointerType: 'pen', button: 'left', buttons: 1, clickCount: 1 });
  await pen.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: x + 80, y, force: 0.6, pointerType: 'pen', button: 'left', buttons: 1 });
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBeGreaterThan(0);
  await page.close();

  await request.locator('[aria-current="step"]', { hasText: 'Waiting' }).waitFor();
  await receptionist.getByText('“Front desk” went away with a document on it').waitFor();
  await receptionist.locator('.tablet').getByText('not connected').waitFor();

  // the tablet is back, and the same document is signed
  const back = await guestPage();
  await receptionist.getByText('went away with a document on it').waitFor({ state: 'detached' });
  await desk.release(await titled(desk, 'Cut short'));
  await drawWithPen(back, wave(await toSurface(back), 80));
  await finish(back);
  await titled(desk, 'Cut short', ['completed']);
});

test('a dot, then a line: the guest is asked to sign again in kind words, and the desk takes the next as a mark', async (context) => {
  const { house, desk, guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  await desk.release(await printed(house, desk, 'A dot'));
  const box = await toSurface(page);
  const dot = { x: box.x + 100, y: box.y + 100, force: 0.5 };
  await drawWithPen(page, [{ ...dot, at: 0 }, { ...dot, at: 5 }]);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('That was too short to be a signature. Please sign again.').waitFor();
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBe(0);
  const line = wave(box, 80).map((point) => ({ ...point, y: dot.y }));
  await drawWithPen(page, line);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Only a line has arrived').waitFor();
  await page.getByText('A colleague will help you.').waitFor();
  await receptionist.getByText('The guest was asked to sign again: too short, a single line.').waitFor();
  await receptionist.getByRole('button', { name: 'The guest signs with a cross or mark' }).click();
  await page.getByText('Please sign once more, as best you can.').waitFor();
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBe(0);
  await drawWithPen(page, line);
  await finish(page);
  await titled(desk, 'A dot', ['completed']);
});

test('a second document while one is being signed: it waits, and the guest goes on undisturbed', async (context) => {
  const { house, desk, guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  await desk.release(await printed(house, desk, 'The first'));
  await drawWithPen(page, wave(await toSurface(page), 80));
  const ink = await inkPixels(page);
  await printed(house, desk, 'The second');
  const second = receptionist.locator('.request', { hasText: 'The second' });
  await second.getByRole('button', { name: 'Send to tablet' }).click();
  await receptionist.getByText('Another document is on that tablet').waitFor();
  expect(await inkPixels(page)).toBe(ink);
  await finish(page);
  await titled(desk, 'The first', ['completed']);
  expect((await titled(desk, 'The second')).state).toBe('assigned');
});

test('what cannot be printed is refused in words at the desk, and the next good document is taken', async (context) => {
  const { house, desk, deskPage } = await open(context);
  const receptionist = await deskPage();
  for (const [name, bytes, words] of [
    ['Holiday photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0]), 'takes PDF only'],
    ['Torn.pdf', brokenPdf(), 'damaged'],
  ] as const) {
    expect(await house.print(bytes, name)).toMatchObject({ state: 'aborted' });
    await receptionist.locator('.notice', { hasText: `“${name}” was not accepted` }).filter({ hasText: words }).waitFor();
  }
  await printed(house, desk, 'A good one');
  await receptionist.getByText('was not accepted').waitFor({ state: 'detached' });
});

test('a store that is away: the guest is thanked, the desk reads that the packet is safe here, and it arrives once the store is back', async (context) => {
  const { house, desk, guestPage, deskPage } = await open(context);
  const [page, receptionist] = [await guestPage(), await deskPage()];
  const { id } = await printed(house, desk, 'Store away');
  await desk.release(await desk.request(['assigned'], id));
  await drawWithPen(page, wave(await toSurface(page), 80));
  await finish(page);
  const request = receptionist.locator(`[data-request="${id}"]`);
  await request.getByText('waiting for the store, safe here').waitFor();
  await receptionist.getByText(/\d+ cannot reach the store yet; they are safe here/).waitFor();
  expect(outboxStatus(house.home, id)).toBe('retrying');

  rmSync(inTheWay);
  await eventually('the packet in the store', () => outboxStatus(house.home, id) === 'delivered', 40_000);
  await request.getByText('in the store', { exact: true }).waitFor();
  const { packet, record } = await openKept(house.home, readFileSync(storedEnvelopes(house.home, id)[0] as string));
  expect(record.context.requestId).toBe(id);
  expect(readPacket(packet).audit.at(-1)?.action).toBe('packet.closed');
});
