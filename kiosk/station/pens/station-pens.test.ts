/** Pens that the station reads, through real WebSockets and HTTP, with a stand-in for the devices. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openSealedRecord } from '#biometrics/open.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { PenError } from '#driver/errors.ts';
import type { AttachedPen } from '#driver/pens.ts';
import { attachedPen, FakePens, LIFTED, RANGE, type FakeSource } from '#fixtures/attached-pens.ts';
import { CUSTODY_FILES, custodyFolder, readPrivateKey } from '#keys/index.ts';
import { encodeDone } from '#kiosk/protocol/done.ts';
import type { GuestRequest, GuestToStation, StationToDesk, StationToGuest } from '#kiosk/protocol/messages.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { startTestStation, type TestSettings, type TestStation } from '../station-for-tests.ts';

// each test prints the same card
vi.mock('#packet/child/index.ts', async (load) => (await import('#fixtures/remembered-children.ts')).remembering(await load()));

type DeskState = Extract<StationToDesk, { type: 'state' }>;
type Ink = Extract<StationToGuest, { type: 'ink' }>;
type Hello = Extract<GuestToStation, { type: 'hello' }>;

/** The page fills a display of 1,000 × 500: 20 counts are one pixel. */
const SCREEN = { left: 0, top: 0, width: 1_000, height: 500, devicePixelRatio: 1, orientation: 0 };
const SURFACE = { left: 100, top: 100, width: 800, height: 300 };
const HELLO: Hello = { type: 'hello', viewport: { width: 1_000, height: 500, devicePixelRatio: 1 }, secureContext: true, rawUpdate: true, userAgent: 'test', screen: SCREEN };
const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });

/** A signature inside the surface, with the way there and back in the air. */
const stroke: Partial<Sample>[] = [
  { x: 4_000, y: 4_000, ...LIFTED },
  ...Array.from({ length: 20 }, (_, at) => ({ x: 4_000 + at * 300, y: 4_000 + (at % 4) * 200, pressure: 1_000 + at * 100 })),
  { x: 9_800, y: 4_000, ...LIFTED },
];

const TWO_TABLETS: TestSettings = { tablets: [{ id: 'front', name: 'Front' }, { id: 'bar', name: 'Bar' }] };

interface Here { station: TestStation; pens: FakePens; desk: Desk; guest: Guest }

async function start(attached: AttachedPen[] = [attachedPen()], settings: TestSettings = {}): Promise<Here> {
  const pens = new FakePens(attached);
  const station = await startTestStation(settings, { startPens: async () => pens });
  const desk = await Desk.open(station.station.desk);
  const guest = await Guest.arrive(station.station.guest);
  guest.session.send(HELLO);
  onTestFinished(async () => {
    guest.session.close();
    desk.close();
    await station.end();
  });
  return { station, pens, desk, guest };
}

interface Signing { request: GuestRequest; sha256: string; consentSha256: string }

async function toSigning({ station, desk, guest }: Here, tablet = 'front'): Promise<Signing> {
  await printFile(station.station.tokens(tablet).printer, card, { name: 'Card', user: 'x' });
  await desk.release(await desk.request(['assigned']));
  const { state, request, sha256 } = await guest.read();
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);
  return { request, sha256, consentSha256 };
}

function begin({ guest }: Here, { request }: Signing, attempt: number, more: Partial<Extract<GuestToStation, { type: 'pen-begin' }>> = {}): void {
  const { x, y, width, height } = request.field.rect;
  const toPage = [width / SURFACE.width, 0, 0, -height / SURFACE.height, x - SURFACE.left * width / SURFACE.width, y + height + SURFACE.top * height / SURFACE.height] as const;
  guest.session.send({ type: 'pen-begin', request: request.id, attempt, language: 'en', surface: SURFACE, screen: SCREEN, toPage: [...toPage], ...more });
}

async function opened({ pens }: Here, id = 'pen-1'): Promise<FakeSource> {
  await expect.poll(() => pens.reading(id), { timeout: 10_000 }).not.toBeNull();
  // the device is laid on the screen in the turn after it is open
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  return pens.reading(id)!;
}

async function closed({ pens }: Here, id = 'pen-1'): Promise<void> {
  await expect.poll(() => pens.reading(id), { timeout: 10_000 }).toBeNull();
}

/** The device takes its time to be closed: until `release`. */
function hold(source: FakeSource): { closing: Promise<void>; release: () => void } {
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const close = source.close.bind(source);
  source.close = async () => {
    asked.resolve();
    await released.promise;
    await close();
  };
  return { closing: asked.promise, release: released.resolve };
}

/** Keeps what a source hands over, to see that it is overwritten. */
function watched(source: FakeSource, ...points: Partial<Sample>[]): { samples: Sample[]; reports: Uint8Array[] } {
  const samples = source.move(...points);
  return { samples, reports: source.findings().reports!.map(({ bytes }) => bytes) };
}

function expectDestroyed({ samples, reports }: ReturnType<typeof watched>): void {
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) expect(sample).toMatchObject({ x: 0, y: 0, pressure: null, tiltX: null, switches: 0 });
  for (const bytes of reports) expect([...bytes].every((byte) => byte === 0)).toBe(true);
}

function ink(guest: Guest, fits: (message: Ink) => boolean): Promise<Ink> {
  return guest.session.until('ink', (message): message is Ink => message.type === 'ink' && fits(message));
}

function lost(guest: Guest): Promise<StationToGuest> {
  return guest.session.until('a lost pen', ({ type }) => type === 'pen-lost');
}

function done({ guest }: Here, { request, sha256, consentSha256 }: Signing, attempt: number): Promise<Response> {
  const header = { documentSha256: sha256, consentSha256, language: 'en', attempts: 1, clears: 0, capture: { reads: 'station' as const, attempt } };
  return guest.session.fetch(`/guest/requests/${request.id}/done`, { method: 'POST', body: encodeDone({ header, batch: { first: 0, samples: [] } }) });
}

function deskState({ desk }: Here, what: string, fits: (state: DeskState) => boolean): Promise<DeskState> {
  return desk.session.until(what, (message): message is DeskState => message.type === 'state' && fits(message));
}

async function opensTo(here: Here, id: string) {
  await deskState(here, 'the signed copy', ({ requests }) => requests.some((request) => request.id === id && request.signedUrl !== null));
  const copy = new Uint8Array(await (await here.desk.session.fetch(`/desk/requests/${id}/signed.pdf`)).arrayBuffer());
  const privateKey = readPrivateKey(readFileSync(join(custodyFolder(here.station.home), CUSTODY_FILES.examinerKey)));
  return openSealedRecord(readSignedPdf(copy).sealedRecords[0]!.bytes, { privateKey });
}

describe('a signature with a pen that the station reads', () => {
  test('shows its ink, and is kept sample by sample with reports and calibration', async () => {
    const here = await start();
    const signing = await toSigning(here);
    await here.guest.session.until('who reads', (message) => message.type === 'state' && message.pen.reads === 'station');
    begin(here, signing, 1);
    const source = await opened(here);
    const { samples } = watched(source, ...stroke);
    const given = structuredClone(samples);
    const shown = await ink(here.guest, () => true);
    expect(shown).toMatchObject({ request: signing.request.id, attempt: 1 });
    expect(shown.points[0]).toEqual([100, 100, 0.244]);
    expect(shown.points).toHaveLength(21);
    expect(shown.points.at(-1)).toBeNull();
    // the pen presses a button beside the surface
    source.move({ x: 100, y: 100 }, { x: 100, y: 100, ...LIFTED });
    const reports = source.findings().reports!.map(({ hostTime, bytes }) => ({ hostTime, bytes: Uint8Array.from(bytes) }));

    const answer = await done(here, signing, 1);
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.samples.slice(0, given.length)).toEqual(given);
    expect(capture.samples.filter(isDown)).toHaveLength(20);
    expect(capture.reports).toEqual(reports);
    expect(capture.anomalies).toEqual({ strokesOutside: 1 });
    expect(capture.source.kind).toBe('hid');
    expect(capture.surface).toMatchObject({ width: 800, height: 300, orientation: 0, calibration: { method: 'whole-range', measuredAt: null, residual: null } });
    const [a, , , d, e, f] = capture.surface!.toPage!;
    const { rect } = signing.request.field;
    expect([a * 2_000 + e, d * 2_000 + f]).toEqual([expect.closeTo(rect.x, 6), expect.closeTo(rect.y + rect.height, 6)]);
    await closed(here);
    expectDestroyed({ samples, reports: source.findings().reports!.map(({ bytes }) => bytes) });
  });

  test('too short: refused, and the next attempt counts', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    (await opened(here)).move({ x: 4_000, y: 4_000 });
    expect(await (await done(here, signing, 1)).json()).toMatchObject({ code: 'CAPTURE_TOO_SHORT' });
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await done(here, signing, 1)).status).toBe(422);
    expect((await done(here, signing, 2)).status).toBe(200);
  });
});

describe('Done takes exactly one attempt', () => {
  test('not one that was ended, not another’s number, not another tablet’s', async () => {
    const here = await start([attachedPen()], TWO_TABLETS);
    const signing = await toSigning(here);
    begin(here, signing, 3);
    const kept = watched(await opened(here), ...stroke);
    for (const attempt of [1, 2, 4]) expect(await (await done(here, signing, attempt)).json()).toMatchObject({ code: 'CAPTURE_INCOMPLETE' });
    const bar = await Guest.arrive(here.station.station.tokens('bar').guest);
    onTestFinished(() => bar.session.close());
    expect(await (await done({ ...here, guest: bar }, signing, 3)).json()).toMatchObject({ code: 'NOT_NOW' });
    here.guest.session.send({ type: 'pen-end', request: signing.request.id, attempt: 3 });
    await closed(here);
    expectDestroyed(kept);
    expect(await (await done(here, signing, 3)).json()).toMatchObject({ code: 'CAPTURE_INCOMPLETE', detail: expect.stringContaining('sign again') });
  });
});

describe('nothing of the strokes is left', () => {
  test.each<[string, (here: Here, signing: Signing) => unknown]>([
    ['when cleared', ({ guest }, { request }) => guest.session.send({ type: 'pen-end', request: request.id, attempt: 1 })],
    ['when the guest goes back', ({ guest }, { request }) => guest.session.send({ type: 'back', request: request.id, why: 'cancel' })],
    ['when idle', ({ guest }, { request }) => guest.session.send({ type: 'idle', request: request.id })],
    ['when declined', ({ guest }, { request }) => guest.session.send({ type: 'decline', request: request.id, reason: 'paper', text: '' })],
    ['when the desk cancels', ({ desk }, { request }) => desk.session.post(`/desk/requests/${request.id}/cancel`, { reason: 'other' })],
    ['when the page is reloaded', ({ guest }) => guest.session.send(HELLO)],
    ['when the tablet goes away', ({ guest }) => guest.session.close()],
    ['when another attempt begins', (here, signing) => begin(here, signing, 2)],
    ['when the station stops', ({ station }) => station.station.stop()],
  ])('%s', async (_, ending) => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    const kept = watched(source, ...stroke);
    await ending(here, signing);
    await expect.poll(() => source === here.pens.reading('pen-1'), { timeout: 10_000 }).toBe(false);
    expectDestroyed(kept);
  });

  test('when moved to another tablet', async () => {
    const here = await start([attachedPen()], TWO_TABLETS);
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke);
    await here.desk.session.post(`/desk/requests/${signing.request.id}/move`, { tablet: 'bar' });
    await closed(here);
    expectDestroyed(kept);
  });

  test('when it expires', async () => {
    const here = await start([attachedPen()], { limits: { requestExpiry: 2_500 } });
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke);
    await here.guest.session.until('blank', (message) => message.type === 'blank' && message.why === 'expired');
    await closed(here);
    expectDestroyed(kept);
  });

  test('when the page goes while Done is being answered, and the answer is no', async () => {
    const here = await start([attachedPen()], { limits: { disconnectGrace: 60_000 } });
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    const kept = watched(source, { x: 4_000, y: 4_000 });
    const held = hold(source);
    const answer = done(here, signing, 1);
    await held.closing;
    here.guest.session.close();
    await deskState(here, 'the tablet has gone', ({ tablets }) => !tablets[0]!.connected);
    expect(kept.samples[0]).toMatchObject({ x: 4_000 });
    held.release();
    expect(await (await answer).json()).toMatchObject({ code: 'CAPTURE_TOO_SHORT' });
    await expect.poll(() => kept.samples[0]!.x, { timeout: 10_000 }).toBe(0);
    expectDestroyed(kept);
  });

  test('when the page comes again before the station has noticed that the old one has gone', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke);
    const again = await Guest.arrive(here.station.station.tokens().guest);
    onTestFinished(() => again.session.close());
    here.guest.session.close();
    await closed(here);
    expectDestroyed(kept);
  });
});

describe('two windows of one tablet', () => {
  test('the later attempt counts; the earlier window is told that its own is over, and can neither end nor hear the other', async () => {
    const here = await start();
    const signing = await toSigning(here);
    const other = { ...here, guest: await Guest.arrive(here.station.station.tokens().guest) };
    onTestFinished(() => other.guest.session.close());
    begin(here, signing, 1);
    const first = await opened(here);
    const kept = watched(first, ...stroke);
    begin(other, signing, 1);
    expect(await lost(here.guest)).toMatchObject({ attempt: 1, why: 'refused' });
    expectDestroyed(kept);
    await expect.poll(() => here.pens.reading('pen-1') !== first && here.pens.reading('pen-1') !== null, { timeout: 10_000 }).toBe(true);
    here.guest.session.send({ type: 'pen-end', request: signing.request.id, attempt: 1 });
    (await opened(here)).move(...stroke);
    await ink(other.guest, () => true);
    here.guest.session.close();
    await deskState(here, 'one window is left', ({ tablets }) => tablets[0]!.connected);
    expect((await done(other, signing, 1)).status).toBe(200);
  });

  test('pen-begin twice at once: the second counts, and the device is opened for one after the other', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await ink(here.guest, () => true)).attempt).toBe(2);
    expect((await done(here, signing, 2)).status).toBe(200);
  });
});

describe('two pens at two tablets at once', () => {
  const serialPen = attachedPen({ id: 'serial:/dev/ttyS9', name: 'Serial pen', kind: 'isdv4' });

  test('each guest sees their own ink and keeps their own signature; Done closes a pen at once, whoever is finished first', async () => {
    const here = await start([attachedPen(), serialPen], { ...TWO_TABLETS, pens: { serial: [{ path: '/dev/ttyS9', protocol: 'isdv4', tablet: 'bar' }] } });
    const bar = { ...here, guest: await Guest.arrive(here.station.station.tokens('bar').guest) };
    bar.guest.session.send(HELLO);
    onTestFinished(() => bar.guest.session.close());
    const atFront = await toSigning(here);
    const atBar = await toSigning(bar, 'bar');
    begin(here, atFront, 1);
    begin(bar, atBar, 1);
    const [frontPen, barPen] = [await opened(here), await opened(here, serialPen.id)];
    frontPen.move(...stroke);
    barPen.move(...stroke.map((point) => ({ ...point, x: point.x! + 2_000 })));
    expect((await ink(here.guest, () => true)).points[0]).toEqual([100, 100, 0.244]);
    expect((await ink(bar.guest, () => true)).points[0]).toEqual([200, 100, 0.244]);
    let closedAtFirst: boolean | null = null;
    here.station.station.onDelivery(() => { closedAtFirst ??= here.pens.reading('pen-1') === null && here.pens.reading(serialPen.id) === null; });
    const answers = await Promise.all([done(here, atFront, 1), done(bar, atBar, 1)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(closedAtFirst).toBe(true);
    expect((await opensTo(here, atFront.request.id)).capture.samples[0]!.x).toBe(4_000);
    expect((await opensTo(here, atBar.request.id)).capture.samples[0]!.x).toBe(6_000);
  });
});

test('a station that is stopped while Done is being answered finishes that signature whole', async () => {
  const here = await start();
  const signing = await toSigning(here);
  begin(here, signing, 1);
  const source = await opened(here);
  const kept = watched(source, ...stroke);
  const held = hold(source);
  const answer = done(here, signing, 1).catch((error: unknown) => error);
  await held.closing;
  // its own closing begins while the device is being closed for "Done"
  const stopped = here.station.station.stop();
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  held.release();
  await answer;
  await stopped;
  expectDestroyed(kept);
  await here.station.restart();
  const desk = await Desk.open(here.station.station.desk);
  onTestFinished(() => desk.close());
  const { capture } = await opensTo({ ...here, desk }, signing.request.id);
  expect(capture.samples.filter(isDown).map(({ x }) => x)).toEqual(stroke.slice(1, -1).map(({ x }) => x));
});

describe('what a page says of its place', () => {
  test.each([
    ['a surface of no size', { surface: { ...SURFACE, width: 0 } }],
    ['a display of no size', { screen: { ...SCREEN, height: 0 } }],
    ['a page map that is a line', { toPage: [1, 2, 2, 4, 0, 0] as [number, number, number, number, number, number] }],
    ['numbers beyond every display', { surface: { ...SURFACE, left: 1e300 } }],
  ])('%s: nothing begins, and the screen is told', async (_, claim) => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1, claim);
    expect(await lost(here.guest)).toMatchObject({ attempt: 1, why: 'refused' });
    expect(here.pens.opened).toEqual([]);
  });
});

describe('a device that vanishes in mid-stroke', () => {
  test('one whose samples were lost on the way costs the attempt as well, and is told as what it is', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    const kept = watched(source, ...stroke.slice(0, 10));
    source.vanish(new PenError('PEN_OVERFLOW', 'samples were lost on their way'));
    expect(await lost(here.guest)).toMatchObject({ request: signing.request.id, attempt: 1, why: 'overflow' });
    expectDestroyed(kept);
    expect(await (await done(here, signing, 1)).json()).toMatchObject({ code: 'CAPTURE_INCOMPLETE' });
  });

  test('costs the attempt, and nothing more: it is told, noted, and the next one counts', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke.slice(0, 10));
    here.pens.unplug('pen-1');
    expect(await lost(here.guest)).toMatchObject({ request: signing.request.id, attempt: 1, why: 'gone' });
    expectDestroyed(kept);
    expect((await done(here, signing, 1)).status).toBe(422);
    here.pens.plug(attachedPen());
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await done(here, signing, 2)).status).toBe(200);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.samples).toHaveLength(stroke.length);
  });

  test('keeps its source while a better one is plugged in', async () => {
    const here = await start([attachedPen({}, { tilt: 'none' })]);
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    here.pens.plug(attachedPen({ id: 'better', name: 'Better' }));
    source.move(...stroke);
    expect((await done(here, signing, 1)).status).toBe(200);
    expect(here.pens.opened).toEqual(['pen-1']);
    await here.guest.session.until('the better one', (message) => message.type === 'state' && message.pen.reads === 'station' && message.pen.name === 'Better');
  });
});

describe('a minimum', () => {
  const RAW = { pens: { minimum: { raw: true } } } as const;

  test('keeps documents away from a tablet that cannot meet it, and says so', async () => {
    const here = await start([], RAW);
    await printFile(here.station.station.printer, card, { name: 'Card', user: 'x' });
    await expect(here.desk.release(await here.desk.request(['assigned']))).rejects.toThrow('PEN_INSUFFICIENT');
    const state = await deskState(here, 'a notice', ({ notices }) => notices.some(({ code }) => code === 'PEN_INSUFFICIENT front'));
    expect(state.tablets[0]!.pen).toMatchObject({ accepted: false, name: '', others: [{ name: 'Browser pen events' }] });
    await here.guest.session.until('nobody reads', (message) => message.type === 'state' && message.pen.reads === 'nobody');
    expect(here.station.logged.join('\n')).toContain('nothing can sign at tablet front');
    await here.desk.session.post('/desk/try', { tablet: 'front' });
    await here.guest.session.until('“try it”', (message) => message.type === 'state' && message.request?.autopilot === true);
  });

  test('takes the document back when the only pen goes, and lets it come again with the pen', async () => {
    const here = await start([attachedPen()], { ...RAW, limits: { penGrace: 50 } });
    const { request } = await toSigning(here);
    here.pens.unplug('pen-1');
    expect(await here.guest.session.until('blank', ({ type }) => type === 'blank')).toMatchObject({ request: request.id, why: 'other' });
    await deskState(here, 'it is back', ({ requests, tablets, notices }) => requests[0]?.state === 'assigned' && tablets[0]?.request === null && notices.some(({ code }) => code === 'PEN_GONE front'));
    here.pens.plug(attachedPen());
    await here.desk.release(await here.desk.request(['assigned'], request.id));
  });

  test('a pen that is only away for a moment takes nothing back', async () => {
    const here = await start([attachedPen()], { ...RAW, limits: { penGrace: 60_000 } });
    await toSigning(here);
    here.pens.unplug('pen-1');
    here.pens.plug(attachedPen());
    await deskState(here, 'no notice', ({ notices, requests }) => notices.every(({ code }) => !code.startsWith('PEN_')) && requests[0]?.state === 'signing');
  });

  test('is asked of the finished capture again', async () => {
    const here = await start([attachedPen()], RAW);
    const { request, sha256, consentSha256 } = await toSigning(here);
    const pointer = { ...recordedPen(), source: { ...recordedPen().source, kind: 'pointer' as const } };
    const answer = await here.guest.done(request, pointer, { documentSha256: sha256, consentSha256 });
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'PEN_INSUFFICIENT' }]);
  });
});

test('a page without a secure context gets no document; one that had it goes back', async () => {
  const here = await start([]);
  await toSigning(here);
  here.guest.session.send({ ...HELLO, secureContext: false });
  await here.guest.session.until('blank', ({ type }) => type === 'blank');
  await expect(here.desk.release(await here.desk.request(['assigned']))).rejects.toThrow('PEN_INSUFFICIENT');
});

describe('a signature pad', () => {
  const PAD = attachedPen({ id: 'pad', name: 'Pad', kind: 'stu-hid', pad: { width: 800, height: 480, colours: 65_536 } });

  test('shows the signing screen, its buttons reach the page, its ink the field; then nothing of the guest', async () => {
    const here = await start([PAD]);
    const signing = await toSigning(here);
    begin(here, signing, 1, { language: 'ar' });
    await expect.poll(() => here.pens.reading('pad')?.pad?.shown.at(-1)?.buttons.length, { timeout: 10_000 }).toBe(3);
    const source = here.pens.reading('pad')!;
    const { ink: area, buttons } = source.pad!.shown.at(-1)!;
    // Arabic reads from right to left: "Done" is at the left
    expect(buttons.find(({ id }) => id === 'ok')!.area.x2).toBeLessThan(buttons.find(({ id }) => id === 'cancel')!.area.x1);
    source.pad!.press('clear');
    expect(await here.guest.session.until('a button', ({ type }) => type === 'pad-button')).toMatchObject({ attempt: 1, button: 'clear' });
    source.move(...stroke, { x: 100, y: RANGE.y }, { x: 100, y: RANGE.y, ...LIFTED });
    expect((await done(here, signing, 1)).status).toBe(200);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.surface!.calibration!.method).toBe('pad');
    expect(capture.anomalies).toEqual({ strokesOutside: 1 });
    const [a, b, c, d, e, f] = capture.surface!.toPage!;
    const { rect } = signing.request.field;
    for (const [px, py] of [[area!.x1, area!.y1], [area!.x2 + 1, area!.y2 + 1]] as const) {
      const [x, y] = [px * RANGE.x / 800, py * RANGE.y / 480];
      expect(a * x + c * y + e).toBeGreaterThanOrEqual(rect.x - 1e-6);
      expect(a * x + c * y + e).toBeLessThanOrEqual(rect.x + rect.width + 1e-6);
      expect(b * x + d * y + f).toBeGreaterThanOrEqual(rect.y - 1e-6);
      expect(b * x + d * y + f).toBeLessThanOrEqual(rect.y + rect.height + 1e-6);
    }
    await expect.poll(() => here.pens.shownOn('pad').at(-1)?.buttons, { timeout: 10_000 }).toEqual([]);
  });
});

test('a tablet beside the screen: the guest is sent to it, and its whole range is laid on the field', async () => {
  const here = await start([attachedPen({ id: 'topaz', name: 'Topaz', kind: 'topaz' }, { tilt: 'none', pressureLevels: 0 })]);
  const signing = await toSigning(here);
  await here.guest.session.until('where', (message) => message.type === 'state' && message.pen.reads === 'station' && message.pen.where === 'tablet');
  await deskState(here, 'no calibration', ({ tablets }) => tablets[0]?.pen.calibration === 'not-needed');
  begin(here, signing, 1);
  // the pen presses nothing on the page: a stroke may begin anywhere
  (await opened(here, 'topaz')).move({ x: 0, y: 0 }, ...stroke.slice(1));
  expect((await done(here, signing, 1)).status).toBe(200);
  const { capture } = await opensTo(here, signing.request.id);
  expect([capture.surface!.calibration!.method, capture.anomalies]).toEqual(['pad', {}]);
});

test('a pad that has not said yet what it is, is a pad all the same', async () => {
  const here = await start([attachedPen({ id: 'pad', kind: 'stu-serial', gives: null, pad: null })]);
  await here.guest.session.until('where', (message) => message.type === 'state' && message.pen.reads === 'station' && message.pen.where === 'pad');
});

describe('calibration', () => {
  const tap = (source: FakeSource, x: number, y: number) => source.move({ x, y }, { x, y }, { x, y }, { x, y, ...LIFTED });
  const calibrate = (here: Here, what = '') => here.desk.session.post(`/desk/tablets/front/calibrate${what}`, {});
  const step = ({ guest }: Here, number: number, again = false) => guest.session.until(`cross ${number}`, (message): message is Extract<StationToGuest, { type: 'state' }> => message.type === 'state' && message.calibrating?.step === number && message.calibrating.again === again);

  /** The digitizer lies 40 pixels to the right of the display, and is a little larger. */
  async function tapAll(here: Here, source: FakeSource, again = false, miss = 0): Promise<void> {
    for (let number = 1; number <= 5; number++) {
      const { calibrating } = await step(here, number, again);
      tap(source, (calibrating!.x * 1_000 - 40) * 19 + (number === 3 ? miss : 0), calibrating!.y * 500 * 19);
    }
  }

  test('five taps give a map that is kept, used and told; reset forgets it', async () => {
    const here = await start();
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await calibrate(here);
    await tapAll(here, await opened(here));
    await deskState(here, 'calibrated', ({ tablets }) => tablets[0]?.pen.calibration === 'calibrated');
    await closed(here);
    await here.station.restart();
    onTestFinished(() => here.guest.session.close());
    here.desk = await Desk.open(here.station.station.desk);
    here.guest = await Guest.arrive(here.station.station.guest);
    here.guest.session.send(HELLO);
    const signing = await toSigning(here);
    begin(here, signing, 1);
    (await opened(here)).move(...stroke);
    const { points } = await ink(here.guest, () => true);
    expect(points[0]!.slice(0, 2)).toEqual([expect.closeTo(4_000 / 19 + 40 - 100, 1), expect.closeTo(4_000 / 19 - 100, 1)]);
    await expect(calibrate(here)).rejects.toThrow('TABLET_BUSY');
    expect((await done(here, signing, 1)).status).toBe(200);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.surface!.calibration).toMatchObject({ method: 'points', measuredAt: expect.stringMatching(/Z$/), residual: expect.closeTo(0, 6) });
    await calibrate(here, '/reset');
    await deskState(here, 'default again', ({ tablets }) => tablets[0]?.pen.calibration === 'default');
  });

  test('a tap beside its cross: once more from the first; no document meanwhile; cancel ends it', async () => {
    const here = await start();
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await printFile(here.station.station.printer, card, { name: 'Card', user: 'x' });
    const waiting = await here.desk.request(['assigned']);
    await calibrate(here);
    await tapAll(here, await opened(here), false, 3_000);
    await step(here, 1, true);
    await expect(here.desk.release(waiting)).rejects.toThrow('TABLET_BUSY');
    await calibrate(here, '/cancel');
    await closed(here);
    await here.desk.release(waiting);
  });

  test.each<[string, string, (here: Here) => unknown]>([
    ['by nobody who taps', 'Nobody tapped', () => {}],
    ['by a pen that is pulled out', 'went away', ({ pens }) => pens.unplug('pen-1')],
  ])('is ended %s: the crosses go, the desk reads why, nothing is kept', async (_, why, ending) => {
    const here = await start([attachedPen()], { limits: { calibration: 1_000 } });
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await calibrate(here);
    await step(here, 1);
    tap(await opened(here), 2_000, 1_000);
    await step(here, 2);
    ending(here);
    await deskState(here, 'why', ({ notices, tablets }) => tablets[0]!.calibrating === false && notices.some(({ code, message }) => code === 'CALIBRATION front' && message.includes(why)));
    await here.guest.session.until('no cross', (message) => message.type === 'state' && message.calibrating === null);
    await closed(here);
    expect(existsSync(join(here.station.home, 'calibrations.json'))).toBe(false);
  });

  test('is ended by the station’s end: the device is closed first', async () => {
    const here = await start();
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await calibrate(here);
    await opened(here);
    let openAtStop: FakeSource | null | undefined;
    const stop = here.pens.stop.bind(here.pens);
    here.pens.stop = async () => {
      openAtStop = here.pens.reading('pen-1');
      await stop();
    };
    await here.station.station.stop();
    expect(openAtStop).toBeNull();
  });
});

test('pen process and pens that cannot be read: the station runs and says so', async () => {
  const station = await startTestStation({}, { startPens: async () => { throw new Error('node-hid does not load'); } });
  onTestFinished(() => station.end());
  await expect.poll(() => station.logged.join('\n')).toContain('node-hid does not load');
});
