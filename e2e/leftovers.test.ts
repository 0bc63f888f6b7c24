/**
 * Promises 4 and 5, at the data folder and the temporary folder of a whole house: of a cancelled, declined or expired
 * signing only the fact stays; of a completed one nothing can be read there. The browser's own traces are looked for
 * in the browser tests.
 *
 * Memory too: soon after a signature is through or refused, no process of the house holds the stroke any more: not as numbers, as it
 * was sent, or as it lies in the record and in what is signed. (The pen process is among them; it held none here. What the page
 * held is for the browser tests.)
 *
 * What is searched for: `searched-house.ts`. Endings at every other step: `leftovers.long.test.ts`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesHolding } from '#cli/demo/search.ts';
import { processesHolding } from '#fixtures/process-memory.ts';
import { eventually } from './house.ts';
import { openKept, storedEnvelopes } from './packets.ts';
import { documentForms, MARKED_X, marked, pen, SearchedHouse, strokeForms, strokeInMemory } from './searched-house.ts';
import type { Signing } from './signing.ts';

let here: SearchedHouse;

beforeAll(async () => { here = await SearchedHouse.start(); });
afterAll(async () => here?.end());

/** Pieces of the columns of the samples, as they lie in the record and in what is signed (FORMAT.md section 4). */
function columnsIn(record: Uint8Array): Buffer[] {
  const bytes = Buffer.from(record);
  const first = bytes.indexOf('deflate');
  return [100, 500, 1000].map((after) => bytes.subarray(first + after, first + after + 48));
}

it('the search would find what it looks for', async () => {
  const planted = join(here.temporary, 'planted');
  mkdirSync(planted);
  const forms = [...documentForms('planted', marked('planted')), ...strokeForms()];
  for (const [index, form] of forms.entries()) writeFileSync(join(planted, String(index)), Buffer.concat([Buffer.alloc(1000), form]));
  expect(filesHolding(planted, forms)).toHaveLength(forms.length);
  for (const name of readdirSync(planted)) writeFileSync(join(planted, name), '');
  const needles = strokeInMemory();
  if (process.platform === 'linux') for (const needle of needles) expect(await processesHolding([process.pid], needle)).toEqual([process.pid]);
});

it('cancelled at the desk after a signature was refused: only the fact stays', async () => {
  await here.cancelAt('done-refused');
  await eventually('nothing of the refused stroke in memory', async () => (await here.holders(strokeInMemory())).length === 0);
});

it('declined by the guest at the surface: only the fact stays', async () => here.declineAt('signing'));

it('completed: nothing of document, stroke or record lies there in the clear', async () => {
  const title = 'Marker-completed';
  const { document, signing } = await here.upTo('signing', title);
  const { request, done } = signing as Signing;
  expect((await done(pen)).status).toBe(200);
  await here.desk.delivered(request.id);
  const { sealedRecord, record } = await openKept(here.house.home, readFileSync(storedEnvelopes(here.house.home, request.id)[0] as string));
  expect(record.capture.samples[100]?.x).toBe(MARKED_X);
  await eventually('nothing of the stroke in memory', async () => (await here.holders([...strokeInMemory(), ...columnsIn(record.record)])).length === 0);
  const pieces = [sealedRecord, record.record, record.signedData].flatMap((bytes) => [0.1, 0.5, 0.9].map((part) => bytes.subarray(Math.floor(bytes.length * part), Math.floor(bytes.length * part) + 48)));
  expect(here.found([...documentForms(title, document), ...strokeForms(), ...pieces])).toEqual([]);
});

it('after the house has stopped, the rows of those that ended unsigned hold id, times, state and reason', async () => here.checkRows(2));
