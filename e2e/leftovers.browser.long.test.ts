/**
 * Promise 4 where the guest's screen is a browser with a profile on disk: of a signing that was cancelled, declined
 * or expired, nothing lies in the data folder, in the browser's profile or in the temporary folder, while the browser
 * runs and after it was closed; of a completed one, no stroke and no document, nor the stroke in the memory of a renderer
 * (the page goes on in another one) or of the house.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, expect, test, type TestContext } from 'vitest';
import { encodeSamples } from '#biometrics/samples.ts';
import { CHANNELS, type Sample } from '#biometrics/sample.ts';
import type { Desk } from '#cli/demo/desk.ts';
import { filesHolding, textForms } from '#cli/demo/search.ts';
import { drawWithPen, launchWithProfile, wave, type PenPoint } from '#fixtures/browser.ts';
import { processesHolding, withChildren } from '#fixtures/process-memory.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { privacyScreen, toSurface } from './counter.ts';
import { startHouse, type TestHouse } from './house.ts';
import { printed, titled } from './signing.ts';

/** The marked stroke passes through this point, in whole 1/1024 of a pixel: exact as a 32-bit and as a 64-bit float. */
const MARK = { x: 421.3095703125, y: 389.6474609375 };
/** From print to the end of the wait; a slow machine must get to the signature within it. */
const EXPIRY_MS = 15_000;

interface Here { house: TestHouse; desk: Desk; page: Page; folders: Record<'data' | 'profile' | 'temporary', string> }

let opened: Promise<Here & { context: BrowserContext }> | null = null;
const marked: { title: string; document: Uint8Array }[] = [];
afterAll(async () => {
  const there = await opened?.catch(() => null);
  there?.desk.close();
  await there?.context.close();
  await there?.house.end();
});

function open(context: TestContext): Promise<Here> {
  opened ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
    const folders = { data: join(folder, 'home'), profile: join(folder, 'profile'), temporary: join(folder, 'tmp') };
    mkdirSync(folders.temporary);
    const env = { TMPDIR: folders.temporary, TEMP: folders.temporary };
    const kiosk = await launchWithProfile(context, folders.profile, env);
    const house = await startHouse({ folder, env, settings: { limits: { thanks: 1_000, requestExpiry: EXPIRY_MS } } });
    kiosk.setDefaultTimeout(20_000);
    const page = kiosk.pages()[0] ?? await kiosk.newPage();
    await page.goto(house.ready.guest);
    return { house, desk: await house.desk(), page, folders, context: kiosk };
  })();
  return opened;
}

/** Printed under a marked title, released, read and agreed to, and the marked stroke drawn. @returns the request's id */
async function drawn({ house, desk, page }: Here, title: string): Promise<string> {
  const document = plainPdf(`Text of ${title}`);
  marked.push({ title, document });
  const { id } = await printed(house, desk, title, 'front', document);
  await desk.session.post(`/desk/requests/${id}/release`, {});
  const box = await toSurface(page);
  expect(box.x < MARK.x - 50 && box.y < MARK.y - 50 && MARK.x + 50 < box.x + box.width && MARK.y + 50 < box.y + box.height).toBe(true);
  await drawWithPen(page, strokeThroughMark());
  return id;
}

function strokeThroughMark(): PenPoint[] {
  const points = wave({ x: MARK.x - 40, y: MARK.y - 40, width: 80, height: 80 }, 80);
  return points.map((point, index) => (index === 40 ? { ...point, ...MARK } : point));
}

/** The mark as memory, sockets, records and logs would write it: floats, a row of the batch, text. */
function strokeForms(): Uint8Array[] {
  const floats = new DataView(new ArrayBuffer(24));
  floats.setFloat64(0, MARK.x, true);
  floats.setFloat64(8, MARK.y, true);
  floats.setFloat32(16, MARK.x, true);
  floats.setFloat32(20, MARK.y, true);
  const all = new Uint8Array(floats.buffer);
  const sample = { ...Object.fromEntries(CHANNELS.map((name) => [name, null])), ...MARK, hostTime: 0, transducerSerial: null, switches: 0, marks: 0 } as unknown as Sample;
  return [all.subarray(0, 8), all.subarray(0, 16), all.subarray(16), encodeSamples([sample]).subarray(16, 32), ...textForms(String(MARK.x)), ...textForms(String(MARK.y))];
}

/** The marked position as memory holds it: a number of JavaScript. */
const strokeInMemory = (): Buffer => Buffer.from(strokeForms()[0]!);

/** Processes of the browser that run pages; it is a child of this one. */
const renderers = (): number[] => withChildren(process.pid).filter((pid) => commandOf(pid).includes('--type=renderer'));

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // it ended meanwhile
  }
}

function documentForms({ title, document }: (typeof marked)[number]): Uint8Array[] {
  const pieces = [0.2, 0.5, 0.8].map((part) => document.subarray(Math.floor(document.length * part), Math.floor(document.length * part) + 48));
  return [...textForms(title), ...textForms(`Text of ${title}`), ...pieces];
}

/** Files that hold anything of the marked documents or of the stroke, by folder. */
function traces({ folders }: Here): Record<string, string[]> {
  const needles = [...strokeForms(), ...marked.flatMap(documentForms)];
  return Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, filesHolding(folder, needles)]));
}

const NOTHING = { data: [], profile: [], temporary: [] };

test('the search finds what it looks for, in each of the three folders', async (context) => {
  const here = await open(context);
  await privacyScreen(here.page);
  // a browser's profile is no empty folder: the address of the page is in it
  expect(filesHolding(here.folders.profile, [Buffer.from(new URL(here.house.ready.guest).host)])).not.toEqual([]);
  const document = { title: 'Planted', document: plainPdf('Text of Planted') };
  for (const folder of Object.values(here.folders)) {
    for (const form of [...strokeForms(), ...documentForms(document)]) {
      writeFileSync(join(folder, 'planted'), Buffer.concat([Buffer.alloc(777), form]));
      expect(filesHolding(folder, [form])).toContain('planted');
      writeFileSync(join(folder, 'planted'), '');
    }
  }
});

test('cancelled at the desk, with the ink on the screen: no trace', async (context) => {
  const here = await open(context);
  const id = await drawn(here, 'Marker-browser-cancelled');
  await here.desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'guest-left' });
  await privacyScreen(here.page);
  await here.desk.request(['cancelled'], id);
  expect(traces(here)).toEqual(NOTHING);
});

test('declined by the guest, with the ink on the screen and a reason in the guest’s own words: no trace', async (context) => {
  const here = await open(context);
  const { page, desk, folders } = here;
  const id = await drawn(here, 'Marker-browser-declined');
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByRole('textbox').fill('Marker-browser-own-words');
  await page.getByRole('button', { name: 'Decline to sign' }).click();
  await privacyScreen(page);
  await desk.request(['declined'], id);
  expect(traces(here)).toEqual(NOTHING);
  for (const folder of Object.values(folders)) expect(filesHolding(folder, textForms('Marker-browser-own-words'))).toEqual([]);
});

test('expired under the guest’s hands: no trace', async (context) => {
  const here = await open(context);
  const id = await drawn(here, 'Marker-browser-expired');
  await here.desk.session.until('the expiry', (message) => message.type === 'state' && message.requests.some((request) => request.id === id && request.state === 'expired'), EXPIRY_MS + 10_000);
  await privacyScreen(here.page);
  expect(traces(here)).toEqual(NOTHING);
});

test('completed: no stroke and no document in the clear, and the stroke in the memory of no renderer and of no process of the house', async (context) => {
  const here = await open(context);
  await drawn(here, 'Marker-browser-completed');
  // a first attempt, cleared
  await here.page.getByRole('button', { name: 'Clear' }).click();
  await drawWithPen(here.page, strokeThroughMark());
  // what follows would find it
  if (process.platform === 'linux') expect(await processesHolding(renderers(), strokeInMemory())).toHaveLength(1);
  await here.page.getByRole('button', { name: 'Done' }).click();
  await privacyScreen(here.page);
  await titled(here.desk, 'Marker-browser-completed', ['completed']);
  expect(traces(here)).toEqual(NOTHING);
  const holding = async () => (await processesHolding([...renderers(), ...withChildren(here.house.child.pid!)], strokeInMemory())).map(commandOf);
  if (process.platform === 'linux') await expect.poll(holding, { timeout: 45_000 }).toEqual([]);
});

test('after the browser was closed and the house stopped, still no trace of any of them', async (context) => {
  const here = await open(context);
  const there = await opened;
  await there?.context.close();
  here.desk.close();
  await here.house.stop();
  expect(new Set(marked.map(({ title }) => title)).size).toBe(4);
  expect(traces(here)).toEqual(NOTHING);
});
