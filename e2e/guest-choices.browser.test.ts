/** What else a guest and a receptionist may do before "Done", on the whole station with a real browser. */
import { expect, test } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { inkPixels, PORTRAIT } from '#fixtures/screens.ts';
import { readPacket } from '#packet/container.ts';
import { counter, finish, kept, privacyScreen, released, surfaceOf, toSurface } from './counter.ts';
import { storedEnvelopes } from './packets.ts';
import { card, titled } from './signing.ts';

const open = counter({
  settings: {
    tablets: [{ id: 'front', name: 'Front desk' }, { id: 'bar', name: 'Bar' }],
    // as long as a slow machine may need between a touch and the pen
    limits: { thanks: 1_000, touchBeforePen: 5_000 },
  },
});

test('a palm just before the pen is in no ink and in no record; that it was there is', async (context) => {
  const here = await open(context);
  const page = await here.guestPage({ touch: true });
  const id = await released(here, 'Signed with a palm on the glass');
  const box = await toSurface(page);
  const palm = { x: Math.round(box.x + box.width * 0.8), y: Math.round(box.y + box.height * 0.9) };
  await page.touchscreen.tap(palm.x, palm.y);
  const points = wave(box, 80);
  await drawWithPen(page, points);
  await finish(page);
  const { capture } = (await kept(here, id)).record;
  expect(capture.anomalies['touchRejected']).toBe(1);
  expect(capture.source.instrument).toBe('pen');
  expect(capture.samples).toHaveLength(points.length);
  expect(capture.samples.some(({ x, y }) => x === palm.x && y === palm.y)).toBe(false);
});

test('a screen that is turned while signing: the ink is discarded and said to be, and the guest signs again', async (context) => {
  const here = await open(context);
  const page = await here.guestPage();
  const id = await released(here, 'Turned');
  await drawWithPen(page, wave(await toSurface(page), 40));
  await page.setViewportSize(PORTRAIT);
  await page.getByText('Your ink was discarded. Please sign again.').waitFor();
  await titled(here.desk, 'Turned', ['shown']);
  const points = wave(await toSurface(page), 80);
  await drawWithPen(page, points);
  await finish(page);
  const { record: { capture, context: about }, packet } = await kept(here, id);
  expect(capture.samples).toHaveLength(points.length);
  expect(capture.surface?.width).toBeLessThan(PORTRAIT.width);
  expect(about.attempts).toBe(2);
  const left = readPacket(packet).audit.filter(({ action }) => action === 'signing.left');
  expect(left.map(({ details }) => details)).toEqual([{ why: 'rotated' }]);
});

test('cleared once and cancelled once: the third attempt is kept, and the record counts all three', async (context) => {
  const here = await open(context);
  const page = await here.guestPage();
  const id = await released(here, 'Third attempt');
  const box = await toSurface(page);
  await drawWithPen(page, wave(box, 40));
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => inkPixels(page), { timeout: 20_000 }).toBe(0);
  await drawWithPen(page, wave(box, 41));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await drawWithPen(page, wave(await toSurface(page), 82));
  await finish(page);
  const { record: { capture, context: about }, packet } = await kept(here, id);
  expect(capture.samples).toHaveLength(82);
  expect(about).toMatchObject({ attempts: 3, clears: 1 });
  const { audit } = readPacket(packet);
  expect(audit.filter(({ action }) => /ink|left|consent/.test(action)).map(({ action }) => action)).toEqual(['consent.given', 'ink.cleared', 'signing.left', 'consent.given']);
  expect(audit.find(({ action }) => action === 'signature.done')?.details).toMatchObject({ attempts: 3, clears: 1 });
});

test('"I prefer paper": declined with that reason, nothing kept, and the tablet is ready for the next guest', async (context) => {
  const here = await open(context);
  const [page, desk] = [await here.guestPage(), await here.deskPage()];
  const id = await released(here, 'Rather on paper');
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I prefer paper' }).click();
  await page.getByText('No ink was recorded').waitFor();
  const request = desk.locator(`[data-request="${id}"]`);
  await request.getByText('The guest prefers paper').waitFor();
  await desk.getByText('A guest declined to sign').waitFor();
  expect(await desk.getByText('Rather on paper').count()).toBe(0);
  expect(await here.desk.request(['declined'], id)).toMatchObject({ reason: 'paper', title: '', documentUrl: null, signedUrl: null });
  await privacyScreen(page);
  expect(storedEnvelopes(here.house.home, id)).toEqual([]);
});

test('a guest’s session opens nothing of the desk, from the guest’s own page', async (context) => {
  const here = await open(context);
  const page = await here.guestPage();
  const id = await released(here, 'Not for guests');
  await page.getByRole('button', { name: 'Sign', exact: true }).waitFor();
  const answers = await page.evaluate(async (request) => {
    const ask = async (method: string, path: string): Promise<[string, number, string]> => {
      const response = await fetch(path, method === 'GET' ? {} : { method, headers: { 'Content-Type': 'application/json' }, body: '{"reason":"other","tablet":"front","field":0}' });
      return [path, response.status, ((await response.json()) as { code: string }).code];
    };
    const socket = new Promise<[string, number, string]>((resolve) => {
      const desk = new WebSocket(`ws://${location.host}/ws/desk`);
      desk.addEventListener('open', () => resolve(['/ws/desk', 101, 'OPENED']));
      desk.addEventListener('error', () => resolve(['/ws/desk', 403, 'FORBIDDEN']));
    });
    return Promise.all([
      ask('GET', `/desk/requests/${request}/document`), ask('GET', `/desk/requests/${request}/signed.pdf`),
      ...['release', 'move', 'field', 'cancel'].map((command) => ask('POST', `/desk/requests/${request}/${command}`)),
      ask('POST', '/desk/sample'), ask('POST', '/desk/try'), socket,
    ]);
  }, id);
  expect(answers.map(([, status, code]) => [status, code])).toEqual(answers.map(() => [403, 'FORBIDDEN']));
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect((await here.desk.request(['shown'], id)).state).toBe('shown');
});

test('two guests at two tablets at once: each sees, signs and leaves behind only their own', async (context) => {
  const here = await open(context);
  const guests = await Promise.all([
    { tablet: 'front', name: 'Agnes First', reports: 80 },
    { tablet: 'bar', name: 'Bruno Second', reports: 95 },
  ].map(async (guest) => {
    const bytes = await card(guest.name);
    return { ...guest, page: await here.guestPage({ tablet: guest.tablet }), id: await released(here, `Card of ${guest.name}`, guest.tablet, bytes), bytes };
  }));
  const boxes = await Promise.all(guests.map(async ({ page, name }) => {
    await page.getByRole('heading', { name: `Card of ${name}` }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Reading view' }).click();
    const reading = page.locator('.reading-text');
    await reading.getByText(name).first().waitFor();
    const text = await reading.innerText();
    for (const other of guests) expect(text.includes(other.name)).toBe(other.name === name);
    return toSurface(page);
  }));
  // stroke by stroke, one guest after the other, and both press Done at the same time
  for (const part of [0, 1]) {
    for (const [index, { page, reports }] of guests.entries()) {
      const points = wave(boxes[index] ?? await surfaceOf(page), reports);
      await drawWithPen(page, part === 0 ? points.slice(0, 20) : points.slice(20));
    }
  }
  await Promise.all(guests.map(({ page }) => finish(page)));
  for (const { id, bytes, reports } of guests) {
    const { signedPdf, record, verified } = await kept(here, id);
    expect(record.context.requestId).toBe(id);
    expect(record.capture.samples).toHaveLength(reports);
    expect(Buffer.from(signedPdf.subarray(0, bytes.length)).equals(bytes)).toBe(true);
    expect(verified.valid).toBe(true);
  }
});
