/**
 * "Bad input" of the first issue: each case gets a clear message on the right screen, nothing crashes, nothing is lost.
 * One house with two tablets goes through all of it; its limits are lowered by `station.json`.
 */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isDown, type Sample } from '#biometrics/sample.ts';
import type { Desk } from '#cli/demo/desk.ts';
import type { Guest } from '#cli/demo/guest.ts';
import { brokenPdf, cardPdf, encryptedPdf, postScript, truncatedPdf, zeroPagePdf } from '#fixtures/pdf.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { startHouse, type TestHouse } from './house.ts';
import { openKept, storedEnvelopes } from './packets.ts';
import { begun, card, notice, printed, titled } from './signing.ts';

const LIMITS = { documentBytes: 2_000_000, pages: 3, disconnectGrace: 500 };
let house: TestHouse;
let desk: Desk;

beforeAll(async () => {
  house = await startHouse({ settings: { tablets: [{ id: 'front', name: 'Front desk' }, { id: 'bar', name: 'Bar' }], limits: LIMITS } });
  desk = await house.desk();
});
afterAll(async () => {
  desk?.close();
  await house?.end();
});
afterEach(async () => {
  expect(await house.pid()).toBe(house.ready.pid);
});

describe('a print job', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, RegExp]>([
    ['that is text', () => Buffer.from('Dear guest, welcome.'), /PDF/],
    ['that is PostScript', postScript, /PDF/],
    ['that is a broken PDF', brokenPdf, /damaged/],
    ['that is cut off', truncatedPdf, /damaged/],
    ['that needs a password', () => encryptedPdf('secret'), /protected by a password/],
    ['without pages', zeroPagePdf, /no pages/],
    ['of one page too many', () => cardPdf({ pages: LIMITS.pages + 1 }), /4 pages; at most 3 are allowed/],
    ['of one byte too many', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(LIMITS.documentBytes - 8)]), /larger than.* 1\.9 MB/],
  ])('%s is refused, and print client and desk are told why', async (what, document, why) => {
    const title = `Job ${what}`;
    const answer = await house.print(await document(), title).then(({ state, message }) => ({ state, message }), (error: Error) => ({ state: 'refused', message: error.message }));
    expect(answer).toEqual({ state: expect.stringMatching(/^(aborted|refused)$/), message: expect.stringMatching(why) });
    const text = await notice(desk, 'JOB_REFUSED', title);
    expect(text).toMatch(why);
    expect(await house.ask({ command: 'status' })).toMatchObject({ waiting: 0 });
  });

  it('at the limit of pages is taken, and the complaint is gone', async () => {
    const { id } = await printed(house, desk, 'At the limit', 'front', await cardPdf({ pages: LIMITS.pages }));
    const { notices } = await house.ask({ command: 'status' });
    expect(notices).not.toContainEqual(expect.objectContaining({ code: 'JOB_REFUSED' }));
    await desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'other' });
  });
});

describe('at the tablet', () => {
  let guest: Guest;
  beforeAll(async () => { guest = await house.guest(); });
  afterAll(() => guest.session.close());

  it('a second document waits while one is being signed', async () => {
    const signing = await begun(desk, guest, await printed(house, desk, 'First document'));
    const second = await printed(house, desk, 'Second document');
    await expect(desk.release(second)).rejects.toThrow('Another document is on that tablet. This one waits');
    expect((await guest.session.fetch(`/guest/document/${second.id}`)).status).toBe(404);
    expect((await signing.done()).status).toBe(200);
    await desk.request(['completed'], signing.request.id);
    expect((await (await begun(desk, guest, await titled(desk, 'Second document'))).done()).status).toBe(200);
    await desk.request(['completed'], second.id);
  });

  it('a signature of one dot is refused, and the guest signs again', async () => {
    const { request, done } = await begun(desk, guest, await printed(house, desk, 'One dot'));
    const pen = recordedPen();
    const dot = pen.samples.find(isDown) as Sample;
    // a hand never holds quite still
    const answer = await done({ ...pen, samples: [0, 0.1, 0.2, 0.1, 0].map((shake) => ({ ...dot, x: dot.x + shake, y: dot.y + shake })) });
    expect({ status: answer.status, ...await answer.json() as object }).toMatchObject({ status: 422, code: 'CAPTURE_TOO_SHORT', detail: 'That was too short for a signature. Please sign again.' });
    expect((await done()).status).toBe(200);
    await desk.request(['completed'], request.id);
  });

  it('of two Dones at once makes one packet', async () => {
    const { request, done } = await begun(desk, guest, await printed(house, desk, 'Twice'));
    const answers = await Promise.all([done(), done()]);
    expect(answers.map(({ status }) => status)).toContain(200);
    for (const { status } of answers) expect([200, 409]).toContain(status);
    await desk.delivered(request.id);
    expect(storedEnvelopes(house.home, request.id)).toHaveLength(1);
  });

  it('a body that is no signature is refused and changes nothing', async () => {
    const { request, done } = await begun(desk, guest, await printed(house, desk, 'Garbage'));
    const garbage = await guest.session.fetch(`/guest/requests/${request.id}/done`, { method: 'POST', body: Buffer.alloc(5_000) });
    expect(garbage.status).toBe(400);
    expect((await garbage.json() as { detail: string }).detail).toMatch(/\w{3}/);
    expect((await done()).status).toBe(200);
  });

  it('that disconnects in mid-stroke leaves the document waiting, and it can be signed at the next try', async () => {
    const { request } = await begun(desk, guest, await printed(house, desk, 'Disconnected'));
    guest.session.close();
    const waiting = await desk.request(['assigned'], request.id);
    expect(waiting).toMatchObject({ title: 'Disconnected', tablet: 'front' });
    guest = await house.guest();
    expect((await (await begun(desk, guest, waiting)).done()).status).toBe(200);
    await desk.request(['completed'], request.id);
  });
});

it('two guests at two tablets: neither sees, signs or gets the other’s document', async () => {
  const tablets = ['front', 'bar'] as const;
  const guests = await Promise.all(tablets.map(async (tablet) => house.guest(tablet, tablet === 'front' ? 'de' : 'sv')));
  const [one, other] = guests as [Guest, Guest];
  const cards = await Promise.all(tablets.map(async (tablet) => printed(house, desk, `Card of ${tablet}`, tablet, await card(`Guest of ${tablet}`))));
  const [first, second] = await Promise.all(cards.map(async (waiting, index) => begun(desk, guests[index] as Guest, waiting)));
  if (first === undefined || second === undefined) throw new TypeError('two were begun');
  expect([first.request.id, second.request.id]).toEqual(cards.map(({ id }) => id));

  expect((await one.session.fetch(`/guest/document/${second.request.id}`)).status).toBe(404);
  const seen = { documentSha256: second.request.documentSha256, consentSha256: 'f'.repeat(64) };
  const crossed = await one.done(second.request, recordedPen(), seen);
  expect({ status: crossed.status, ...await crossed.json() as object }).toMatchObject({ status: 409, code: 'NOT_NOW' });
  const swapped = await other.done(second.request, recordedPen(), { ...seen, documentSha256: first.request.documentSha256 });
  expect({ status: swapped.status, ...await swapped.json() as object }).toMatchObject({ status: 409, code: 'DOCUMENT_DIFFERS' });

  expect((await Promise.all([first.done(), second.done()])).map(({ status }) => status)).toEqual([200, 200]);
  for (const { request, document } of [first, second]) {
    await desk.delivered(request.id);
    const { signedPdf, record } = await openKept(house.home, readFileSync(storedEnvelopes(house.home, request.id)[0] as string));
    expect(Buffer.from(signedPdf).subarray(0, document.length).equals(document)).toBe(true);
    expect(record.context).toMatchObject({ requestId: request.id, document: { sha256: request.documentSha256 } });
  }
  for (const guest of guests) guest.session.close();
});
