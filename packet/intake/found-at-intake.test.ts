/** The search for places to sign that intake's child goes on to: what a process of its own would have found in D. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { cardPdf, openAtPagePdf, scriptedPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { taggedCard } from '#fixtures/tagged-card.ts';
import { signAnywhere } from '#fixtures/whole-way.ts';
import { runInChild } from '../child/index.ts';
import { findFields } from '../fields/index.ts';
import { foundIn } from '../fields/found-in.ts';
import { openInViewer } from '../viewer.ts';
import { intake } from './index.ts';
import { normalise } from './normalise.ts';

const limits = { maxBytes: 200 * 2 ** 20, maxPages: 1000, deadlineMs: 20_000, memoryMb: 1024 };

/** A form for two that one has signed: the rest of its places is left. */
async function signedByOne(): Promise<Uint8Array> {
  const card = await taggedCard(['companion', 'date']);
  const { fields } = await findFields(card, limits);
  return signAnywhere(card, fields);
}

test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
  ['a document that is kept as it is', cardPdf],
  ['one with a form', signatureFieldPdf],
  ['one that is written anew', scriptedPdf],
  ['one that opens at a page', openAtPagePdf],
  ['one that somebody has signed', signedByOne],
])('%s', async (_name, made) => {
  const { document, found } = await intake(await made(), limits);
  expect(found.fields.length).toBeGreaterThan(0);
  expect(found).toEqual(await findFields(document, limits));
});

test('where intake has taken half of its memory, another process finds the same', async () => {
  const card = await cardPdf();
  const little = { ...limits, memoryMb: 220 };
  const { result } = await runInChild<object, { found: unknown }>(new URL('child.ts', import.meta.url), { maxPages: little.maxPages, templates: [] }, card, little);
  expect(result.found).toBeNull();
  expect((await intake(card, little)).found).toEqual((await intake(card, limits)).found);
});

test('in every PDF of ../shared/data/pdf that is taken in', async (context) => {
  const folder = sharedData(context, 'pdf');
  let same = 0;
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.pdf'))) {
    const taken = await normalise(readFileSync(join(folder, name)), 1000).catch(() => null);
    if (taken === null) continue;
    const anew = await openInViewer(taken.document);
    expect(await foundIn(taken.document, taken.shown, []), name).toEqual(await foundIn(taken.document, anew, []));
    await Promise.all([taken.shown.loadingTask.destroy(), anew.loadingTask.destroy()]);
    same++;
  }
  expect(same).toBeGreaterThan(10);
});
