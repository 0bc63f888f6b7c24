/** A guest whose signatures are not fit, and what the desk may do: through real WebSockets and HTTP, with a stand-in for the devices. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { attachedPen, LIFTED } from '#fixtures/attached-pens.ts';
import { enrolmentOf } from '#fixtures/enrolment.ts';
import { begin, closed, deskState, done, hold, opened, opensTo, start, toSigning, type Here, type Signing } from '#fixtures/pens-at-station.ts';
import { testTenant } from '#fixtures/test-tenant.ts';
import { fingerprint } from '#keys/fingerprint.ts';
import { installEnrolment, requestEnrolment } from '#keys/index.ts';
import type { StationToGuest } from '#kiosk/protocol/messages.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { readPacket } from '#packet/container.ts';
import { outboxPacket } from '#fixtures/outbox-packet.ts';
import { startTestStation } from './station-for-tests.ts';

// each test prints the same card
vi.mock('#packet/child/index.ts', async (load) => (await import('#fixtures/remembered-children.ts')).remembering(await load()));

type GuestState = Extract<StationToGuest, { type: 'state' }>;

const line: Partial<Sample>[] = [...Array.from({ length: 80 }, (_, at) => ({ x: 4_000 + at * 70, y: 4_000 + at * 10, pressure: 1_000 + at * 20 })), { x: 9_600, y: 4_800, ...LIFTED }];
const dot: Partial<Sample>[] = [...Array.from({ length: 100 }, (_, at) => ({ x: 4_000, y: 4_000, pressure: 1_000 + at })), { x: 4_000, y: 4_000, ...LIFTED }];

/** Signs with the pen that the station reads. @returns the answer's code; empty for a signature that was taken */
async function signs(here: Here, signing: Signing, attempt: number, points: Partial<Sample>[]): Promise<string> {
  begin(here, signing, attempt);
  (await opened(here)).move(...points);
  const answer = await answerTo(done(here, signing, attempt));
  here.guest.session.send({ type: 'pen-end', request: signing.request.id, attempt });
  await closed(here);
  return answer;
}

async function answerTo(request: Promise<Response>): Promise<string> {
  const answer = await (await request).json() as { code?: string };
  return answer.code ?? '';
}

/** The page's own capture: the recorded pen as if it had come from Pointer Events. */
function byPage({ guest }: Pick<Here, 'guest'>, { request, sha256, consentSha256 }: Signing, source: Partial<Capture['source']>, change: Partial<Capture> = {}): Promise<string> {
  const pen = recordedPen();
  return answerTo(guest.done(request, { ...pen, ...change, source: { ...pen.source, kind: 'pointer', ...source } }, { documentSha256: sha256, consentSha256 }));
}

const path = (signing: Signing, what: string): string => `/desk/requests/${signing.request.id}/${what}`;
const choose = ({ desk }: Pick<Here, 'desk'>, signing: Signing, reason: string): Promise<void> => desk.session.post(path(signing, 'accept'), { reason });
const undo = ({ desk }: Here, signing: Signing): Promise<void> => desk.session.post(path(signing, 'accept/undo'), {});
const helped = ({ guest }: Pick<Here, 'guest'>, help: GuestState['help']): Promise<GuestState> => guest.session.until(`help ${help}`, (message): message is GuestState => message.type === 'state' && message.help === help);
const seen = (here: Here, unfit: object | null) => deskState(here, JSON.stringify(unfit), ({ requests }) => JSON.stringify(requests[0]!.unfit) === JSON.stringify(unfit));

async function refusedTwice(here: Here, signing: Signing): Promise<void> {
  expect(await signs(here, signing, 1, line)).toBe('CAPTURE_LINE');
  expect(await signs(here, signing, 2, dot)).toBe('CAPTURE_TOO_SHORT');
}

test('refused twice, then taken as a mark: guest and desk follow, and the record and its trail tell all of it', async () => {
  const here = await start();
  const signing = await toSigning(here);
  await expect(choose(here, signing, 'mark')).rejects.toThrow('NOT_NOW');
  expect(await signs(here, signing, 1, line)).toBe('CAPTURE_LINE');
  await seen(here, { codes: ['CAPTURE_LINE'], offered: false, exception: null });
  expect((await helped(here, null)).request!.id).toBe(signing.request.id);
  for (const attempted of [choose(here, signing, 'mark'), here.desk.session.post(path(signing, 'cancel'), { reason: 'refused-then-paper' })]) {
    await expect(attempted).rejects.toThrow('only after two');
  }
  expect(await signs(here, signing, 2, dot)).toBe('CAPTURE_TOO_SHORT');
  await seen(here, { codes: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT'], offered: true, exception: null });
  await helped(here, 'coming');

  await choose(here, signing, 'assisted');
  await seen(here, { codes: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT'], offered: true, exception: 'assisted' });
  await helped(here, 'taken');
  await undo(here, signing);
  await helped(here, 'coming');
  expect(await signs(here, signing, 3, line)).toBe('CAPTURE_LINE');
  await choose(here, signing, 'mark');

  begin(here, signing, 4);
  const source = await opened(here);
  source.move(...line);
  const held = hold(source);
  const answer = done(here, signing, 4);
  await held.closing;
  await expect(undo(here, signing)).rejects.toThrow('COMPLETING');
  held.release();
  expect((await answer).status).toBe(200);
  const { capture, context } = await opensTo(here, signing.request.id);
  expect(context.acceptance).toEqual({ refusals: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT', 'CAPTURE_LINE'], exception: { reason: 'mark', by: 'Front desk' } });
  expect(capture.samples.filter(isDown)).toHaveLength(80);
  await seen(here, null);

  const { audit } = readPacket(await outboxPacket(here.station.home, signing.request.id));
  const told = audit.filter(({ action }) => /exception|refused/.test(action));
  expect(told.map(({ actor, action, details }) => [actor.kind, action, details])).toEqual([
    ['station', 'signature.refused', { code: 'CAPTURE_LINE' }],
    ['station', 'signature.refused', { code: 'CAPTURE_TOO_SHORT' }],
    ['desk', 'exception.chosen', { reason: 'assisted', refusals: 'CAPTURE_LINE, CAPTURE_TOO_SHORT' }],
    ['desk', 'exception.undone', { reason: 'assisted' }],
    ['station', 'signature.refused', { code: 'CAPTURE_LINE' }],
    ['desk', 'exception.chosen', { reason: 'mark', refusals: 'CAPTURE_LINE, CAPTURE_TOO_SHORT, CAPTURE_LINE' }],
  ]);
});

test('whatever the desk has chosen, the document, the notice and the whole of the strokes are not given up, and the choice stays', async () => {
  const here = await start();
  const signing = await toSigning(here);
  await refusedTwice(here, signing);
  await choose(here, signing, 'mark');
  expect(await byPage(here, { ...signing, sha256: '0'.repeat(64) }, {})).toBe('DOCUMENT_DIFFERS');
  expect(await byPage(here, { ...signing, consentSha256: '0'.repeat(64) }, {})).toBe('CONSENT_MISSING');
  expect(await byPage(here, signing, {}, { complete: false })).toBe('CAPTURE_INCOMPLETE');
  // nothing was written
  expect(await signs(here, signing, 3, [{ x: 4_000, y: 4_000, ...LIFTED }])).toBe('CAPTURE_TOO_SHORT');
  expect(await signs(here, signing, 4, dot)).toBe('');
  expect((await opensTo(here, signing.request.id)).context.acceptance!.exception!.reason).toBe('mark');
});

test('a finger is let through for this guest where a pen is asked for, is read by the page, and has to be fit itself', async () => {
  const here = await start([attachedPen()], { pens: { minimum: { tilt: true } } });
  const signing = await toSigning(here);
  await refusedTwice(here, signing);
  const finger = { instrument: 'touch' as const, channels: recordedPen().source.channels.filter(({ name }) => !name.startsWith('tilt')) };
  expect(await byPage(here, signing, finger)).toBe('PEN_INSUFFICIENT');
  expect(await helped(here, 'coming')).toMatchObject({ instruments: 'pen', pen: { reads: 'station' } });
  await choose(here, signing, 'finger');
  expect(await helped(here, 'finger')).toMatchObject({ instruments: 'touch', pen: { reads: 'screen' } });
  expect(await byPage(here, signing, { ...finger, instrument: 'mouse' })).toBe('PEN_INSUFFICIENT');
  expect(await byPage(here, signing, finger, { samples: recordedPen().samples.filter(isDown).map((sample, at) => ({ ...sample, x: at % 9, y: at % 7 })) })).toBe('CAPTURE_TOO_SHORT');
  await undo(here, signing);
  expect(await byPage(here, signing, finger)).toBe('PEN_INSUFFICIENT');
  await choose(here, signing, 'finger');
  expect(await byPage(here, signing, finger)).toBe('');
  const { capture, context } = await opensTo(here, signing.request.id);
  expect(capture.source.instrument).toBe('touch');
  expect(context.acceptance!.exception).toEqual({ reason: 'finger', by: 'Front desk' });
  // the next guest is asked for a pen
  await here.guest.session.until('the next guest', (message) => message.type === 'state' && message.request === null && message.instruments === 'pen' && message.help === null);
});

test('outside demo mode a finger is let through by the desk alone, and a mouse by nobody', async () => {
  const tenant = await testTenant();
  const station = await startTestStation({ tenant: 'nord', site: 'riga', station: 'lobby' }, {
    prepare: async (home) => {
      const { bytes } = await requestEnrolment(home, { tenant: 'nord', site: 'riga', station: 'lobby' });
      await installEnrolment(home, await enrolmentOf(tenant, bytes), fingerprint(tenant.root));
    },
  });
  const here: Omit<Here, 'pens'> = { station, desk: await Desk.open(station.station.tokens().desk), guest: await Guest.arrive(station.station.tokens().guest) };
  onTestFinished(async () => {
    here.guest.session.close();
    here.desk.close();
    await station.end();
  });
  const signing = await toSigning(here);
  const flick = recordedPen().samples.slice(0, 60);
  const [finger, mouse] = [{ instrument: 'touch' }, { instrument: 'mouse' }] as const;
  expect([await byPage(here, signing, finger), await byPage(here, signing, mouse), await byPage(here, signing, {}, { samples: flick })]).toEqual(['INSTRUMENT_REFUSED', 'INSTRUMENT_REFUSED', 'CAPTURE_TOO_FAST']);
  // an instrument that is not taken says nothing about the signature
  await expect(choose(here, signing, 'finger')).rejects.toThrow('only after two');
  expect(await byPage(here, signing, {}, { samples: flick })).toBe('CAPTURE_TOO_FAST');
  await choose(here, signing, 'mark');
  expect(await byPage(here, signing, finger)).toBe('INSTRUMENT_REFUSED');
  await choose(here, signing, 'finger');
  expect(await helped(here, 'finger')).toMatchObject({ demo: false, instruments: 'touch' });
  expect(await byPage(here, signing, mouse)).toBe('INSTRUMENT_REFUSED');
  expect(await byPage(here, signing, { kind: 'recorded' })).toBe('DEMO_ONLY');
  expect(await byPage(here, signing, finger)).toBe('');
});

describe('it ends with this guest', () => {
  test('paper instead: the tablet is blank, and the reason stays', async () => {
    const here = await start();
    const signing = await toSigning(here);
    await refusedTwice(here, signing);
    await here.desk.session.post(path(signing, 'cancel'), { reason: 'refused-then-paper' });
    expect(await here.guest.session.until('blank', ({ type }) => type === 'blank')).toMatchObject({ request: signing.request.id, why: 'cancelled' });
    expect(await here.desk.request(['cancelled'], signing.request.id)).toMatchObject({ reason: 'refused-then-paper', unfit: null });
    await expect(choose(here, signing, 'mark')).rejects.toThrow('NOT_NOW');
  });

  test('a page that comes anew has no choice of the desk, but what was refused stays told, at the desk and in the record', async () => {
    const here = await start();
    const signing = await toSigning(here);
    await refusedTwice(here, signing);
    await choose(here, signing, 'mark');
    here.guest.session.close();
    const guest = await Guest.arrive(here.station.station.tokens().guest);
    onTestFinished(() => { guest.session.close(); });
    await seen(here, { codes: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT'], offered: true, exception: null });
    const { state, request, sha256 } = await guest.read();
    const again = { ...here, guest };
    const now = { ...signing, sha256, consentSha256: guest.agree(state, request) };
    await here.desk.request(['signing'], request.id);
    expect(await byPage(again, now, {})).toBe('');
    expect((await opensTo(here, request.id)).context.acceptance).toEqual({ refusals: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT'], exception: null });
  });

  test('a guest who goes takes refusals and choice along', async () => {
    const here = await start();
    const signing = await toSigning(here);
    await refusedTwice(here, signing);
    await choose(here, signing, 'mark');
    here.guest.session.send({ type: 'idle', request: signing.request.id });
    await seen(here, null);
    await here.desk.release(await here.desk.request(['assigned']));
    await helped(here, null);
    await expect(choose(here, signing, 'mark')).rejects.toThrow('only after two');
  });
});
