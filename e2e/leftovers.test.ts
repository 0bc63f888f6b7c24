/**
 * Promises 4 and 5, at the data folder and the temporary folder of a whole house: of a cancelled, declined or expired
 * signing only the fact stays; of a completed one nothing can be read there. The browser's own traces are looked for
 * in the browser tests.
 *
 * Memory too: soon after a signature is through or refused, no process of the house holds the stroke any more: not as numbers, as it
 * was sent, or as it lies in the record and in what is signed. (The pen process is among them; it held none here. What the page
 * held is for the browser tests.)
 *
 * What is searched for: a marked text of the document, pieces of the document, its title, the guest's own words, and
 * a marked pen position in every form it is sent, kept or likely to be logged in.
 */
import Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { encodeSamples } from '#biometrics/samples.ts';
import type { Desk } from '#cli/demo/desk.ts';
import type { Guest } from '#cli/demo/guest.ts';
import { filesHolding, textForms } from '#cli/demo/search.ts';
import { processesHolding, withChildren } from '#fixtures/process-memory.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import type { DeskRequest } from '#kiosk/protocol/index.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { eventually, startHouse, type TestHouse } from './house.ts';
import { openKept, storedEnvelopes } from './packets.ts';
import { begun, printed, titled, type Signing } from './signing.ts';

const OWN_WORDS = 'Marker-own-words-5512';
/** Between a start and the expiry, for a guest to begin. */
const WELL_BEGUN_MS = 6_000;
const MARKED_X = 321.123456789;
/** The recorded pen, but for one position that no other test or sample has. */
const pen: Capture = { ...recordedPen(), samples: recordedPen().samples.map((sample, index) => (index === 100 ? { ...sample, x: MARKED_X } : sample)) };

let house: TestHouse;
let desk: Desk;
let guest: Guest;
/** Temporary files of the house's processes. */
let temporary: string;
const ended: { id: string; title: string; state: string; reason: string | null; document: Uint8Array }[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  house = await startHouse({ folder, settings: {}, env: { TMPDIR: temporary, TEMP: temporary } });
  desk = await house.desk();
  guest = await house.guest();
});
afterAll(async () => {
  desk?.close();
  guest?.session.close();
  await house?.end();
});

/** A PDF in whose bytes its marker can be read. */
function marked(title: string): Uint8Array {
  const pdf = plainPdf(`Text of ${title}`);
  expect(Buffer.from(pdf).includes(`Text of ${title}`)).toBe(true);
  return pdf;
}

function documentForms(title: string, document: Uint8Array): Uint8Array[] {
  const pieces = [0.2, 0.5, 0.8].map((part) => document.subarray(Math.floor(document.length * part), Math.floor(document.length * part) + 48));
  return [...textForms(title), ...textForms(`Text of ${title}`), ...pieces];
}

function strokeForms(): Uint8Array[] {
  const number = Buffer.alloc(24);
  number.writeDoubleLE(MARKED_X, 0);
  number.writeDoubleBE(MARKED_X, 8);
  number.writeFloatLE(MARKED_X, 16);
  number.writeFloatBE(MARKED_X, 20);
  const sent = encodeSamples(pen.samples, 0);
  return [
    number.subarray(0, 8), number.subarray(8, 16), ...textForms(String(MARKED_X)),
    ...[0.3, 0.6].map((part) => sent.subarray(Math.floor(sent.length * part), Math.floor(sent.length * part) + 32)),
  ];
}

/** The x and y of the marked sample as numbers, whatever holds them, and as the row in which they were sent. */
function strokeInMemory(): Buffer[] {
  const x = Buffer.alloc(8);
  x.writeDoubleLE(MARKED_X);
  return [x, ...[0.3, 0.6].map((part) => Buffer.from(encodeSamples(pen.samples, 0).subarray(Math.floor(16 + 132 * pen.samples.length * part)).subarray(0, 48)))];
}

/** Processes of the house that hold any of it. Linux only: elsewhere nothing is searched. */
const holders = async (needles: Buffer[]): Promise<number[]> => (process.platform === 'linux' ? processesHolding(withChildren(house.child.pid!), ...needles) : []);

/** Files of the house, by what they hold. */
function found(needles: readonly Uint8Array[]): string[] {
  return [...filesHolding(house.home, needles), ...filesHolding(temporary, needles)];
}

/** Pieces of the columns of the samples, as they lie in the record and in what is signed (FORMAT.md section 4). */
function columnsIn(record: Uint8Array): Buffer[] {
  const bytes = Buffer.from(record);
  const first = bytes.indexOf('deflate');
  return [100, 500, 1000].map((after) => bytes.subarray(first + after, first + after + 48));
}

/** Printed, and taken as far as the step says. */
async function upTo(step: string, title: string): Promise<{ id: string; document: Uint8Array; signing: Signing | null }> {
  const pdf = marked(title);
  const waiting = await printed(house, desk, title, 'front', pdf);
  if (step === 'released') await desk.release(waiting);
  if (step === 'printed' || step === 'released') return { id: waiting.id, document: pdf, signing: null };
  const signing = await begun(desk, guest, waiting);
  if (step === 'done-refused') expect((await guest.done(signing.request, pen, { documentSha256: '0'.repeat(64), consentSha256: '0'.repeat(64) })).status).toBe(409);
  return { id: waiting.id, document: signing.document, signing };
}

async function checkGone(id: string, title: string, document: Uint8Array, state: 'cancelled' | 'declined' | 'expired', reason: string): Promise<void> {
  const request = await desk.request([state], id);
  expect(request).toMatchObject({ state, reason, title: '', printedBy: { name: '' }, fields: [], documentUrl: null, signedUrl: null });
  expect((await desk.session.fetch(`/desk/requests/${id}/document`)).status).toBe(404);
  expect(found([...documentForms(title, document), ...strokeForms(), ...textForms(OWN_WORDS)])).toEqual([]);
  expect(readdirSync(join(house.home, 'documents')).filter((name) => name.includes(id))).toEqual([]);
  ended.push({ id, title, state, reason, document });
}

it('the search would find what it looks for', async () => {
  const planted = join(temporary, 'planted');
  mkdirSync(planted);
  const forms = [...documentForms('planted', marked('planted')), ...strokeForms()];
  for (const [index, form] of forms.entries()) writeFileSync(join(planted, String(index)), Buffer.concat([Buffer.alloc(1000), form]));
  expect(filesHolding(planted, forms)).toHaveLength(forms.length);
  for (const name of readdirSync(planted)) writeFileSync(join(planted, name), '');
  const needles = strokeInMemory();
  if (process.platform === 'linux') for (const needle of needles) expect(await processesHolding([process.pid], needle)).toEqual([process.pid]);
});

describe('cancelled at the desk', () => {
  it.each(['printed', 'released', 'signing', 'done-refused'])('when it was %s', async (step) => {
    const title = `Marker-cancelled-${step}`;
    const { id, document } = await upTo(step, title);
    await desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'guest-left', text: OWN_WORDS });
    if (step !== 'printed') await guest.session.until('the tablet to be told', (message) => message.type === 'blank' && message.request === id);
    await checkGone(id, title, document, 'cancelled', 'guest-left');
    if (step === 'done-refused') await eventually('nothing of the refused stroke in memory', async () => (await holders(strokeInMemory())).length === 0);
  });
});

describe('declined by the guest', () => {
  it.each(['signing', 'done-refused'])('when it was %s', async (step) => {
    const title = `Marker-declined-${step}`;
    const { id, document, signing } = await upTo(step, title);
    guest.session.send({ type: 'decline', request: (signing as Signing).request.id, reason: 'content', text: OWN_WORDS });
    await checkGone(id, title, document, 'declined', 'content');
  });
});

describe('completed', () => {
  it('nothing of document, stroke or record lies there in the clear', async () => {
    const title = 'Marker-completed';
    const { document, signing } = await upTo('signing', title);
    const { request, done } = signing as Signing;
    expect((await done(pen)).status).toBe(200);
    await desk.delivered(request.id);
    const { sealedRecord, record } = await openKept(house.home, readFileSync(storedEnvelopes(house.home, request.id)[0] as string));
    expect(record.capture.samples[100]?.x).toBe(MARKED_X);
    await eventually('nothing of the stroke in memory', async () => (await holders([...strokeInMemory(), ...columnsIn(record.record)])).length === 0);
    const pieces = [sealedRecord, record.record, record.signedData].flatMap((bytes) => [0.1, 0.5, 0.9].map((part) => bytes.subarray(Math.floor(bytes.length * part), Math.floor(bytes.length * part) + 48)));
    expect(found([...documentForms(title, document), ...strokeForms(), ...pieces])).toEqual([]);
  });
});

describe('expired', () => {
  it('waiting, or lying on the tablet', async () => {
    const titles = ['Marker-expired-waiting', 'Marker-expired-on-tablet'];
    const printedAt = Date.now();
    for (const title of titles) await printed(house, desk, title, 'front', marked(title));
    await house.stop();
    const requestExpiry = Date.now() - printedAt + WELL_BEGUN_MS;
    writeFileSync(join(house.home, 'station.json'), JSON.stringify({ autoRelease: false, limits: { requestExpiry } }));
    house = await startHouse({ folder: house.folder, env: { TMPDIR: temporary, TEMP: temporary } });
    desk = await house.desk();
    guest = await house.guest();
    const [waiting, onTablet] = await Promise.all(titles.map(async (title) => titled(desk, title))) as [DeskRequest, DeskRequest];
    await begun(desk, guest, onTablet);
    await guest.session.until('the tablet to be told', (message) => message.type === 'blank' && message.request === onTablet.id && message.why === 'expired');
    await checkGone(onTablet.id, titles[1] as string, marked(titles[1] as string), 'expired', 'expired');
    await checkGone(waiting.id, titles[0] as string, marked(titles[0] as string), 'expired', 'expired');
  });
});

describe('after the house has stopped', () => {
  it('the rows of those that ended unsigned hold id, times, state and reason, and the files nothing of them', async () => {
    await house.stop();
    const database = new Database(join(house.home, 'station.db'), { readonly: true });
    const row = database.prepare('SELECT * FROM requests WHERE id = ?');
    for (const { id, title, state, reason, document } of ended) {
      const kept = Object.entries(row.get(id) as object).filter(([, value]) => value !== null && value !== 0);
      expect(Object.fromEntries(kept.filter(([name]) => name !== 'times_shown'))).toEqual({ id, state, reason, received_at: expect.any(String), changed_at: expect.any(String) });
      expect(found(documentForms(title, document))).toEqual([]);
    }
    expect(ended).toHaveLength(8);
    expect(found([...strokeForms(), ...textForms(OWN_WORDS)])).toEqual([]);
    database.close();
  });
});
