/** How a request ends without a signature, or does not end: and what is left of it then. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { encodeSamples } from '#biometrics/samples.ts';
import { isDown } from '#biometrics/sample.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { textForms } from '#cli/demo/search.ts';
import type { DeskRequest, StationToDesk, StationToGuest } from '#kiosk/protocol/messages.ts';
import { isFinal } from '#kiosk/protocol/states.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { filesHolding, startTestStation, type TestSettings, type TestStation } from './station-for-tests.ts';

const MARKED = 'Zebedeus Unmistakable-Ødegård';

// most tests print the same card
vi.mock('#packet/child/index.ts', async (load) => (await import('#fixtures/remembered-children.ts')).remembering(await load()));

let here: TestStation;
let desk: Desk;
let guest: Guest;

const card = await sampleCard({ pages: 1, size: 'A4', guest: { ...sampleGuests.latin, name: MARKED } });

async function start(settings: TestSettings = {}): Promise<void> {
  here = await startTestStation(settings);
  desk = await Desk.open(here.station.desk);
  guest = await Guest.arrive(here.station.guest);
}

async function stop(): Promise<void> {
  guest.session.close();
  desk.close();
  await here.end();
}

async function print(): Promise<DeskRequest> {
  await printFile(here.station.printer, card, { name: `Card of ${MARKED}`, user: 'marked-print-user' });
  return desk.request(['assigned']);
}

/** For tests that need settings of their own. */
async function startForThisTest(settings: TestSettings = {}): Promise<void> {
  await start(settings);
  onTestFinished(stop);
}

/** Screens that have seen nothing of the test before, and no document on the tablet. */
async function cleanSlate(): Promise<void> {
  guest.session.close();
  desk.close();
  const { guest: guestAddress, desk: deskAddress } = here.station.tokens();
  desk = await Desk.open(deskAddress);
  const { requests } = await desk.session.until('a state', ({ type }) => type === 'state') as DeskState;
  for (const { id, state } of requests) {
    if (!isFinal(state)) await desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'other' });
  }
  guest = await Guest.arrive(guestAddress);
}

async function read() {
  await desk.release(await print());
  return guest.read();
}

type DeskState = Extract<StationToDesk, { type: 'state' }>;

function notice(code: string): Promise<StationToDesk> {
  return desk.session.until(`the notice ${code}`, (message): message is DeskState => message.type === 'state' && message.notices.some((notice) => notice.code === code));
}

function blank(): Promise<StationToGuest> {
  return guest.session.until('a blank screen', ({ type }) => type === 'blank');
}

/** Nothing of document, title, print user or strokes in any file of the data folder. */
function expectNothingLeft(document: Uint8Array): void {
  const pen = recordedPen();
  const strokes = encodeSamples(pen.samples.filter(isDown).slice(10, 12)).subarray(16);
  for (const trace of [...textForms(MARKED), ...textForms('marked-print-user'), document.subarray(200, 260), strokes]) {
    expect(filesHolding(here.home, trace)).toEqual([]);
  }
  expect(readdirSync(join(here.home, 'documents'))).toEqual([]);
}

describe('a request that ends unsigned', () => {
  beforeAll(() => start());
  beforeEach(cleanSlate);
  afterAll(stop);

  test.each(['assigned', 'shown', 'signing'] as const)('cancelled while %s: the tablet is blank, nothing is left', async (step) => {
    await desk.release(await print());
    const state = step === 'assigned' ? null : await guest.read();
    if (step === 'signing' && state !== null) guest.agree(state.state, state.request);
    const { id } = await desk.request([step]);
    await desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'guest-left', text: MARKED });
    expect(await blank()).toEqual({ type: 'blank', request: id, why: 'cancelled' });
    const ended = await desk.request(['cancelled'], id);
    expect(ended).toMatchObject({ title: '', reason: 'guest-left', tablet: null, fields: [], documentUrl: null, printedBy: { name: '' } });
    expect((await guest.session.fetch(`/guest/document/${id}`)).status).toBe(404);
    expect((await desk.session.fetch(`/desk/requests/${id}/document`)).status).toBe(404);
    expectNothingLeft(state?.document ?? card);
  });

  test('declined with a few words: the desk reads them, nothing keeps them', async () => {
    const { request, document } = await read();
    guest.session.send({ type: 'decline', request: request.id, reason: 'content', text: MARKED });
    expect(await desk.request(['declined'], request.id)).toMatchObject({ reason: 'content', title: '' });
    expect(JSON.stringify(await notice('DECLINED'))).toContain(MARKED);
    expectNothingLeft(document);
    await desk.session.post('/desk/notices/put-away', { code: 'DECLINED' });
    const { notices } = await desk.session.until('the notice put away', (message): message is DeskState => message.type === 'state' && message.notices.every(({ code }) => code !== 'DECLINED'));
    expect(JSON.stringify(notices)).not.toContain(MARKED);
  });

  test('a signature that comes after the end is not taken', async () => {
    const { state, request, sha256, document } = await read();
    const consentSha256 = guest.agree(state, request);
    await desk.request(['signing'], request.id);
    await desk.session.post(`/desk/requests/${request.id}/cancel`, { reason: 'other' });
    const answer = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'NOT_NOW' }]);
    expectNothingLeft(document);
  });
});

test('a request that nobody signs expires, even from under a guest', async () => {
  await startForThisTest({ limits: { requestExpiry: 2_000 } });
  const { request, document } = await read();
  expect(await blank()).toMatchObject({ request: request.id, why: 'expired' });
  expect(await desk.request(['expired'], request.id)).toMatchObject({ reason: 'expired' });
  expectNothingLeft(document);
});

test('a free tablet takes its only document by itself once the line is known', async () => {
  await startForThisTest({ autoRelease: true, limits: { autoRelease: 1_000 } });
  const { id } = await print();
  await desk.session.post(`/desk/requests/${id}/plan`, { signings: [{ role: 'guest', kind: 'signature', field: 0 }] });
  expect((await guest.read()).request.id).toBe(id);
});

describe('a guest who goes', () => {
  test('idle by the screen’s own clock: the document is back at the desk, the tablet free', async () => {
    await startForThisTest();
    const { request } = await read();
    await desk.request(['shown'], request.id);
    guest.session.send({ type: 'idle', request: request.id });
    await desk.session.until('a free tablet', (message): message is DeskState => message.type === 'state'
      && message.tablets[0]?.request === null && message.requests[0]?.state === 'assigned');
  });

  test('idle with a screen that hangs: the station’s clock takes the document back', async () => {
    await startForThisTest({ limits: { idle: 1_000, warning: 1_000, idleGrace: 100 } });
    const { request } = await read();
    expect(await blank()).toMatchObject({ request: request.id, why: 'other' });
    await desk.request(['assigned'], request.id);
  });

  test('with the tablet, in mid-stroke: back to the desk after a grace', async () => {
    await startForThisTest({ limits: { disconnectGrace: 300 } });
    const { state, request } = await read();
    guest.agree(state, request);
    await desk.request(['signing'], request.id);
    guest.session.close();
    expect(await desk.request(['assigned'], request.id)).toMatchObject({ tablet: 'front', plan: [{ role: 'guest', kind: 'signature', field: 0 }] });
  });

  test('with a reload: reads and agrees anew', async () => {
    await startForThisTest();
    const { state, request, sha256 } = await read();
    const consentSha256 = guest.agree(state, request);
    await desk.request(['signing'], request.id);
    guest.session.close();
    guest = await Guest.arrive(here.station.tokens().guest);
    await desk.request(['assigned'], request.id);
    const again = await guest.read();
    expect(again.request.id).toBe(request.id);
    const answer = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
    expect(await answer.json()).toMatchObject({ code: 'CONSENT_MISSING' });
  });
});

/** To and fro without a lift. */
function endless(): Capture {
  const pen = recordedPen();
  const xs = pen.samples.map(({ x }) => x);
  const ends = [Math.min(...xs), Math.max(...xs)] as const;
  return { ...pen, samples: pen.samples.filter(isDown).map((sample, index) => ({ ...sample, x: ends[index % 2 as 0 | 1] })) };
}

describe('a signature that is refused', () => {
  beforeAll(() => start());
  beforeEach(cleanSlate);
  afterAll(stop);

  test.each([
    ['a dot', 422, 'CAPTURE_TOO_SHORT', () => ({ ...recordedPen(), samples: recordedPen().samples.filter(isDown).slice(0, 2) })],
    ['a stroke of more than ten metres', 422, 'CAPTURE_TOO_LONG', endless],
    ['a part is missing', 422, 'CAPTURE_INCOMPLETE', () => ({ ...recordedPen(), complete: false })],
  ] as const)('%s: the guest may sign again', async (_, status, code, pen) => {
    const { state, request, sha256 } = await read();
    const consentSha256 = guest.agree(state, request);
    const answer = await guest.done(request, pen(), { documentSha256: sha256, consentSha256 });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
    expect((await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 })).status).toBe(200);
  });

  test('another notice was agreed to than the station’s', async () => {
    const { request, sha256 } = await read();
    const consentSha256 = createHash('sha256').update('I agree to everything').digest('hex');
    guest.session.send({ type: 'consent', request: request.id, language: 'en', consentSha256 });
    expect(await guest.session.until('a refusal', ({ type }) => type === 'refused')).toMatchObject({ code: 'CONSENT_MISSING' });
    const answer = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'CONSENT_MISSING' }]);
  });

  test('the screen displayed other bytes: off the tablet, and the desk is told', async () => {
    await desk.release(await print());
    const { id } = await desk.request(['assigned']);
    guest.session.send({ type: 'shown', request: id, sha256: '0'.repeat(64) });
    expect(await blank()).toMatchObject({ request: id, why: 'other' });
    await notice('DOCUMENT_DIFFERS');
    await desk.request(['assigned'], id);
  });

  test('a body that is no capture', async () => {
    const { request } = await read();
    const answer = await guest.session.fetch(`/guest/requests/${request.id}/done`, { method: 'POST', body: new Uint8Array(200) });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'MALFORMED' }]);
  });
});

test('two tablets: each shows its own document, and a guest cannot fetch or sign the other’s', async () => {
  await startForThisTest({ tablets: [{ id: 'front', name: 'Front desk' }, { id: 'bar', name: 'Bar' }] });
  const bar = await Guest.arrive(here.station.tokens('bar').guest);
  try {
    const forFront = await print();
    await printFile(here.station.tokens('bar').printer, await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.greek }), { name: 'Greek', user: 'x' });
    const forBar = (await desk.session.until('both', (message): message is DeskState => message.type === 'state' && message.requests.length === 2) as DeskState).requests.find(({ tablet }) => tablet === 'bar')!;
    await Promise.all([desk.release(forFront), desk.release(forBar)]);
    const [atFront, atBar] = await Promise.all([guest.read(), bar.read()]);
    expect([atFront.request.id, atBar.request.id]).toEqual([forFront.id, forBar.id]);
    expect(atFront.sha256).not.toBe(atBar.sha256);
    expect((await bar.session.fetch(atFront.request.documentUrl)).status).toBe(404);
    const stolen = await bar.done(atFront.request, recordedPen(), { documentSha256: atFront.sha256, consentSha256: bar.agree(atBar.state, atBar.request) });
    expect(stolen.status).toBe(409);

    const consents = [guest.agree(atFront.state, atFront.request), bar.agree(atBar.state, atBar.request)];
    const both = await Promise.all([
      guest.done(atFront.request, recordedPen(), { documentSha256: atFront.sha256, consentSha256: consents[0]! }),
      bar.done(atBar.request, recordedPen(), { documentSha256: atBar.sha256, consentSha256: consents[1]! }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  } finally {
    bar.session.close();
  }
});

test('a second document for a tablet waits, can be moved, and is then free for release', async () => {
  await startForThisTest({ tablets: [{ id: 'front', name: 'Front desk' }, { id: 'bar', name: 'Bar' }] });
  await read();
  await printFile(here.station.printer, await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.greek }), { name: 'Second', user: 'x' });
  const second = await desk.request(['assigned']);
  await expect(desk.release(second)).rejects.toThrow('TABLET_BUSY');
  await desk.session.post(`/desk/requests/${second.id}/move`, { tablet: 'bar' });
  await desk.release(second);
  await desk.session.until('on the bar’s tablet', (message): message is DeskState => message.type === 'state' && message.tablets[1]?.request === second.id);
});
