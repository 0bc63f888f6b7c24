/** Guests are kept apart from the desk and from each other, on the whole station with a real browser. */
import { expect, test } from 'vitest';
import { drawWithPen, wave } from '#fixtures/browser.ts';
import { counter, finish, kept, released, surfaceOf, toSurface } from './counter.ts';
import { card } from './signing.ts';

const open = counter({ settings: { tablets: [{ id: 'front', name: 'Front desk' }, { id: 'bar', name: 'Bar' }], limits: { thanks: 1_000 } } });

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
