/** What may go wrong between the signings of one document, on a station without screens. */
import { createHash, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setImmediate as giveWay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { decodeDone, encodeDone } from '#kiosk/protocol/done.ts';
import type { Field, GuestToStation, Role } from '#kiosk/protocol/messages.ts';
import { REQUEST_STATES } from '#kiosk/protocol/states.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import { askAgain } from './ask-again.ts';
import { signer } from './audit-log.ts';
import { complete } from './complete.ts';
import { acceptNext, cancelRequest, undoAcceptNext } from './desk-commands.ts';
import { goOn, settleInterrupted } from './follow-up.ts';
import { handleGuestMessage, noticeIn, type GuestWindow } from './guest-messages.ts';
import { GuestSockets } from './guest-socket.ts';
import { closeStation, openStation } from './open-station.ts';
import { beginCompleting, finishCompleting, settlePending } from './recovery.ts';
import { deskActor, release, type Station } from './station.ts';
import { trailChanged } from './trail-facts.ts';
import { returnIdle } from './upkeep.ts';
import { deskView, guestView } from './views.ts';
import type { Consent } from './visits.ts';

const SHA256 = 'ab'.repeat(32);
const CONSENT: Consent = { language: 'en', sha256: 'cd'.repeat(32), text: 'the notice', agreedAt: '2026-11-27T10:00:00.000Z' };
let station: Station;
beforeAll(async () => { station = await openStation(temporaryFolder(), () => {}); });
afterAll(() => closeStation(station));
afterEach(() => {
  vi.restoreAllMocks();
  const { id } = station.requests.on('front') ?? {};
  if (id !== undefined) station.requests.end(id, 'cancelled', deskActor(station), 'other');
  station.visits.end('front');
});

const field = (role: Role, kind: Field['kind'] = 'signature'): Field => ({ kind, role, name: role, label: '', page: 1, rect: { x: 1, y: 1, width: 90, height: 20 }, found: 'tag' });

/** The first of several is on the tablet, and agreed to. */
function signing(fields: Field[], tablet = 'front'): string {
  const { id } = station.requests.receive({
    id: randomUUID(), tablet, documentSha256: SHA256, documentLength: 1, autopilot: true, form: null,
    details: { title: 'Card', printedBy: 'reception', pages: 1, rotations: [0], fields, hints: {}, warnings: [] },
  }, deskActor(station), {});
  release(station, id, deskActor(station));
  station.requests.shown(id, SHA256);
  station.requests.signing(id, { actor: signer('guest'), action: 'consent.given' });
  return id;
}

/** As `complete.ts` does at its end. @returns the request that follows */
function signed(id: string): string {
  const next = { id: randomUUID(), documentSha256: SHA256, documentLength: 1 };
  beginCompleting(station, id, { number: station.meta.chain.number + 1, sha256: SHA256 }, next);
  finishCompleting(station, id);
  const visit = station.visits.on('front')!;
  station.visits.end('front');
  goOn(station, id, { ...visit, consent: CONSENT });
  return next.id;
}

function body(checks: { name: string; checked: boolean }[] = []): Uint8Array {
  const { samples, reports: _, ...capture } = recordedPen();
  return encodeDone({ header: { documentSha256: SHA256, consentSha256: SHA256, language: 'en', attempts: 1, clears: 0, checks, capture }, batch: { samples, first: 0 } });
}

const say = (message: object): void => handleGuestMessage(station, 'front', message as GuestToStation, { local: true, screen: {} } as GuestWindow);
const HELLO = { type: 'hello', viewport: { width: 1, height: 1, devicePixelRatio: 1 }, secureContext: true, rawUpdate: true, userAgent: '' };
const actions = (id: string): string[] => station.audit.events(id).map(({ action }) => action);

test('a page that comes anew is somebody else\'s: what the one before agreed to is carried to nobody', () => {
  const next = signed(signing([field('guest', 'initials'), field('guest')]));
  expect(guestView(station, 'front').request).toMatchObject({ id: next, agreed: { sha256: CONSENT.sha256 } });
  say(HELLO);
  expect(guestView(station, 'front').request).toMatchObject({ id: next, agreed: null });
  expect(actions(next).slice(-2)).toEqual(['consent.carried', 'screen.restarted']);
  say({ type: 'shown', request: next, sha256: SHA256 });
  say({ type: 'sign', request: next });
  expect(station.requests.get(next).state).toBe('shown');
});

test('what the desk chose for a guest counts for the same guest’s next signature, and for nobody else', () => {
  const first = signing([field('guest', 'initials'), field('guest'), field('companion')]);
  station.visits.on('front')!.refusals.push('CAPTURE_LINE', 'DISK_FULL', 'CAPTURE_TOO_SHORT');
  acceptNext(station, first, 'mark');
  const own = signed(first);
  expect(guestView(station, 'front')).toMatchObject({ help: 'taken', request: { id: own } });
  const seen = () => deskView(station).requests.find(({ id }) => id === own)!.unfit;
  const told = { codes: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT'], offered: true };
  expect(seen()).toEqual({ ...told, exception: 'mark' });
  // what was refused stands in the record of the signature it was refused of
  expect(station.visits.on('front')).toMatchObject({ refusals: [], exception: { reason: 'mark', by: 'Front desk' } });
  expect(station.audit.events(own).at(-1)).toMatchObject({ action: 'exception.carried', actor: { kind: 'station' }, details: { reason: 'mark', refusals: 'CAPTURE_LINE, CAPTURE_TOO_SHORT' } });
  // and the desk may still take it back, and choose again
  undoAcceptNext(station, own);
  expect(seen()).toEqual({ ...told, exception: null });
  acceptNext(station, own, 'assisted');
  station.requests.shown(own, SHA256);
  station.requests.signing(own, { actor: signer('guest'), action: 'signing.begun' });
  const companion = signed(own);
  expect(guestView(station, 'front')).toMatchObject({ help: null, request: { id: companion, turn: { handover: true } } });
  expect([station.visits.on('front'), actions(companion)]).toMatchObject([{ exception: null, refusalsBefore: [] }, ['request.received', 'request.assigned', 'request.released']]);
});

test('a page that comes anew has no choice of the desk, nor what another signature was refused for', () => {
  const first = signing([field('guest', 'initials'), field('guest')]);
  station.visits.on('front')!.refusals.push('CAPTURE_LINE', 'CAPTURE_LINE');
  acceptNext(station, first, 'finger');
  const next = signed(first);
  say(HELLO);
  const visit = () => station.visits.on('front');
  expect(visit()).toMatchObject({ consent: null, exception: null, refusals: [], refusalsBefore: [] });
  // nor where the desk chooses before the page has shown anything
  visit()!.refusals.push('CAPTURE_LINE', 'CAPTURE_LINE');
  acceptNext(station, next, 'finger');
  say(HELLO);
  expect(visit()).toMatchObject({ exception: null, refusals: ['CAPTURE_LINE', 'CAPTURE_LINE'] });
});

test('a disk that is full right after the packet: it was signed all the same, the next one waits, and nothing was agreed to that no trail has', () => {
  const first = signing([field('guest', 'initials'), field('guest')]);
  vi.spyOn(station.requests, 'note').mockImplementation(() => { throw new Error('disk full'); });
  const next = signed(first);
  expect(station.visits.on('front')?.consent).toBeNull();
  expect(guestView(station, 'front').request).toMatchObject({ id: next, agreed: null });
  vi.spyOn(station.requests, 'release').mockImplementation(() => { throw new Error('disk full'); });
  station.requests.putBack(next, deskActor(station), 'other');
  station.visits.end('front');
  goOn(station, first, { consent: CONSENT, exception: null, refusals: [], refusalsBefore: [] });
  expect(station.requests.get(next)).toMatchObject({ state: 'assigned', released: false });
});

test('a disk that is full: what no trail has was neither agreed to nor chosen', () => {
  const { id } = station.requests.get(signing([field('guest'), field('companion')]));
  const full = vi.spyOn(station.requests, 'note').mockImplementation(() => { throw new Error('disk full'); });
  const visit = station.visits.on('front')!;
  const text = noticeIn(station, 'en', 'guest');
  const agree = () => say({ type: 'consent', request: id, language: 'en', consentSha256: createHash('sha256').update(text).digest('hex') });
  expect(agree).toThrow('disk full');
  visit.refusals.push('CAPTURE_LINE', 'CAPTURE_LINE');
  expect(() => acceptNext(station, id, 'mark')).toThrow('disk full');
  expect(visit).toMatchObject({ consent: null, exception: null });
  full.mockRestore();
  agree();
  acceptNext(station, id, 'mark');
  vi.spyOn(station.requests, 'note').mockImplementation(() => { throw new Error('disk full'); });
  expect(() => undoAcceptNext(station, id)).toThrow('disk full');
  expect(visit).toMatchObject({ consent: { text }, exception: { reason: 'mark' } });
  // nor does another page inherit it
  vi.spyOn(station.requests, 'restart').mockImplementation(() => { throw new Error('disk full'); });
  expect(() => say(HELLO)).toThrow('disk full');
  expect(station.visits.on('front')).toMatchObject({ consent: null, exception: null });
});

test('a disk that is full when a guest goes: the screen shows nothing of it, to nobody, and it is back at the desk when there is room', () => {
  const id = signing([field('guest')]);
  const full = vi.spyOn(station.requests, 'putBack').mockImplementation(() => { throw new Error('disk full'); });
  expect(() => say({ type: 'idle', request: id })).toThrow('disk full');
  say(HELLO);
  expect([guestView(station, 'front').request, station.requests.on('front')?.id]).toEqual([null, id]);
  // and keeps no other tablet's document on its screen
  const both: Station = { ...station, settings: { ...station.settings, tablets: [...station.settings.tablets, { id: 'bar', name: 'Bar' }] } };
  const other = signing([field('guest')], 'bar');
  Object.assign(station.visits.on('bar')!, { lastSign: 0 });
  expect(() => returnIdle(both)).toThrow('disk full');
  expect(guestView(both, 'bar').request).toBeNull();
  full.mockRestore();
  returnIdle(both);
  for (const each of [id, other]) expect(station.requests.get(each)).toMatchObject({ state: 'assigned', released: false });
  expect(actions(id).at(-1)).toBe('request.returned');
});

test('a tablet that goes while its guest’s signature is being finished does not keep what follows', async () => {
  const socket = Object.assign(new EventEmitter(), { send: () => {} });
  const { settings } = station;
  new GuestSockets({ ...station, settings: { ...settings, limits: { ...settings.limits, disconnectGrace: 10 } } }).add(socket as unknown as WebSocket, 'front', true);
  const first = signing([field('guest'), field('companion')]);
  Object.assign(station.visits.on('front')!, { completing: true });
  socket.emit('close');
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  expect(station.requests.on('front')?.id).toBe(first);
  const next = signed(first);
  await vi.waitFor(() => expect(station.requests.get(next)).toMatchObject({ state: 'assigned', released: false }), { timeout: 20_000 });
  expect(station.notices.list().map(({ code }) => code)).toContain('TABLET_GONE front');
});

test('what a screen has said before "Done" is done before it, however slow the disk', async (context) => {
  const socket = Object.assign(new EventEmitter(), { send: () => {} });
  const here: Station = { ...station };
  new GuestSockets(here).add(socket as unknown as WebSocket, 'front', true);
  context.onTestFinished(() => { socket.emit('close'); });
  const id = signing([field('guest')]);
  const before = actions(id).length;
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now += 50);
  for (let page = 1; page <= 5; page++) socket.emit('message', JSON.stringify({ type: 'page', request: id, page, ms: 100 }), false);
  expect(actions(id).slice(before)).toHaveLength(1);
  await here.heard('front');
  expect(actions(id).slice(before)).toHaveLength(5);
});

test('a signature of any tablet that a full disk stopped behind the outbox is finished: its guest’s turn is over, and the next one is on', () => {
  const id = signing([field('guest', 'initials'), field('guest')]);
  const next = { id: randomUUID(), documentSha256: SHA256, documentLength: 1 };
  Object.assign(station.visits.on('front')!, { consent: CONSENT });
  beginCompleting(station, id, { number: station.meta.chain.number + 1, sha256: SHA256 }, next);
  vi.spyOn(station.outbox, 'has').mockImplementation((other) => other === id);
  vi.spyOn(station.outbox, 'contentSha256Of').mockReturnValue(SHA256);
  station.notices.set({ code: 'DISK_FULL', severity: 'error', message: 'full' });
  expect(settleInterrupted(station)).toBe(id);
  expect(guestView(station, 'front').request).toMatchObject({ id: next.id, agreed: { sha256: CONSENT.sha256 } });
  expect(station.notices.list().map(({ code }) => code)).not.toContain('DISK_FULL');
  expect(settleInterrupted(station)).toBeNull();
});

test('Done once more, behind a Done at another tablet that finishes what the first one left: it is signed, and its trail says nothing else', async () => {
  const id = signing([field('guest')]);
  beginCompleting(station, id, { number: station.meta.chain.number + 1, sha256: SHA256 }, null);
  vi.spyOn(station.outbox, 'has').mockImplementation((other) => other === id);
  vi.spyOn(station.outbox, 'contentSha256Of').mockReturnValue(SHA256);
  const atAnother = station.inTurn(async () => { await giveWay(); expect(settleInterrupted(station)).toBe(id); });
  await complete(station, 'front', id, body());
  await atAnother;
  expect(actions(id)).not.toContain('signature.refused');
});

test('a page that comes anew while a signature is being finished starts anew where that is refused', async () => {
  const id = signing([field('guest')]);
  Object.assign(station.visits.on('front')!, { consent: CONSENT, exception: { reason: 'mark', by: 'Front desk' } });
  const coming = station.inTurn(async () => { await giveWay(); say(HELLO); });
  const refused = complete(station, 'front', id, body());
  await expect(refused).rejects.toMatchObject({ code: 'CONSENT_MISSING' });
  await coming;
  expect(station.visits.on('front')).toMatchObject({ request: id, consent: null, exception: null, refusals: ['CONSENT_MISSING'], completing: false });
  expect(actions(id).slice(-2)).toEqual(['signature.refused', 'screen.restarted']);
});

test('all that waits is shown at the desk, however many have ended since', () => {
  const waiting = signing([field('guest')]);
  const list = vi.spyOn(station.requests, 'list').mockImplementation((states = REQUEST_STATES, most = 500) => {
    const ended = station.requests.get(waiting);
    return [...Array.from({ length: 600 }, (_, at) => ({ ...ended, id: `${at}`, state: 'expired' as const, receivedAt: '9' })), ended].filter(({ state }) => states.includes(state)).slice(0, most);
  });
  expect(deskView(station).requests.map(({ id }) => id)).toEqual([...Array.from({ length: 500 }, (_, at) => `${at}`), waiting]);
  list.mockRestore();
});

test('once the outbox has the packet nothing ends or returns the request, and it completes when there is room', () => {
  const id = signing([field('guest'), field('companion')]);
  beginCompleting(station, id, { number: station.meta.chain.number + 1, sha256: SHA256 }, null);
  const has = vi.spyOn(station.outbox, 'has').mockImplementation((other) => other === id);
  vi.spyOn(station.outbox, 'contentSha256Of').mockReturnValue(SHA256);
  for (const message of [{ type: 'decline', reason: 'paper', text: '' }, { type: 'idle' }, { type: 'back', why: 'cancel' }]) say({ request: id, ...message });
  say(HELLO);
  Object.assign(station.visits.on('front') ?? {}, { lastSign: 0 });
  returnIdle(station);
  expect(station.requests.get(id).state).toBe('signing');
  expect(settlePending(station)).toBe(id);
  expect(station.requests.get(id).state).toBe('completed');
  has.mockRestore();
});

test('the trail names whoever is at the tablet, and what they were on', () => {
  const next = signed(signing([field('guest'), field('staff')]));
  say({ type: 'shown', request: next, sha256: SHA256 });
  say({ type: 'page', request: next, page: 1, ms: 5 });
  say({ type: 'decline', request: next, reason: 'paper', text: 'Not me' });
  expect(station.audit.events(next).filter(({ actor }) => actor.kind === 'staff').map(({ action, origin }) => [action, origin?.device])).toEqual([
    ['page.viewed', 'tablet:front'], ['request.declined', 'tablet:front'],
  ]);
  expect(station.notices.list().find(({ code }) => code === 'DECLINED')?.message).toBe('A member of staff declined to sign (paper). The member of staff says: “Not me”');
  // of what was signed before nothing is left here but its own packet
  expect(station.requests.get(next)).toMatchObject({ state: 'declined', details: null, plan: null, follows: null, documentSha256: null, tablet: null });
});

test('asked again, it is another request on what was signed; of what is void or no longer kept nobody is asked', async () => {
  const first = signing([field('guest'), field('companion')]);
  const declined = signed(first);
  const bytes = Buffer.from('signed by the guest');
  const unsigned = () => deskView(station).requests.find(({ id }) => id === first)!.unsigned;
  await expect(askAgain(station, first)).rejects.toThrow(expect.objectContaining({ code: 'NOT_NOW' }));
  await station.documents.put('signed', first, bytes);
  say({ type: 'decline', request: declined, reason: 'other', text: '' });
  expect(station.notices.list().find(({ code }) => code === 'DECLINED')?.message).toContain('can be asked again');
  station.documents.delete('signed', first);
  const left = [{ role: 'companion', kind: 'signature', field: 1 }];
  expect(unsigned()).toEqual({ left, kept: false });
  await expect(askAgain(station, first)).rejects.toThrow('no longer kept');

  await station.documents.put('signed', first, bytes);
  expect(unsigned()).toEqual({ left, kept: true });
  await expect(askAgain(station, first, 1)).rejects.toThrow(expect.objectContaining({ code: 'NOT_NOW' }));
  // two desks at the same time
  const asked = await Promise.allSettled([askAgain(station, first), askAgain(station, first)]);
  expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const again = station.requests.following(first)!;
  expect(station.documents.kept()).toEqual(expect.arrayContaining([{ kind: 'document', id: again }]));
  expect(station.documents.kept()).toHaveLength(2);
  expect(Buffer.from((await station.documents.get('document', again))!)).toEqual(bytes);
  expect(station.requests.get(again)).toMatchObject({ state: 'assigned', released: false, follows: first, documentLength: bytes.length });
  expect(station.requests.get(declined)).toMatchObject({ state: 'declined', details: null });
  expect(station.audit.events(again)[0]).toMatchObject({ actor: { kind: 'desk' }, action: 'request.received', details: { follows: first } });
  cancelRequest(station, again, 'other');

  expect(unsigned()).toEqual({ left, kept: true });
  station.requests.note(first, { actor: deskActor(station), action: 'packet.voided', details: { reason: 'wrong-guest' } });
  trailChanged(station, first);
  expect(unsigned()).toBeNull();
  await expect(askAgain(station, first)).rejects.toThrow(expect.objectContaining({ code: 'NOT_NOW' }));
});

test('of several who are left, the desk may ask one after the next; who was left out stands in the trail, and can be asked until somebody has signed', async () => {
  const first = signing([field('guest'), field('companion', 'initials'), field('companion'), field('staff')]);
  const declined = signed(first);
  await station.documents.put('signed', first, Buffer.from('signed by the guest'));
  say({ type: 'decline', request: declined, reason: 'other', text: '' });
  const ask = async (without?: number) => {
    await askAgain(station, first, without);
    const id = station.requests.following(first)!;
    const { plan } = station.requests.get(id);
    return { id, signers: plan!.signings.slice(plan!.signed).map(({ role, kind }) => `${role} ${kind}`), leftOut: station.audit.events(id)[0]!.details['leftOut'] };
  };
  const staff = await ask(2);
  expect(staff).toEqual({ id: expect.any(String), signers: ['staff signature'], leftOut: expect.stringMatching(/^companion initials \(.*\), companion signature \(/) });
  cancelRequest(station, staff.id, 'other');
  const companion = await ask(1);
  expect(companion.signers).toEqual(['companion signature', 'staff signature']);
  cancelRequest(station, companion.id, 'other');
  expect(await ask()).toEqual({ id: expect.any(String), signers: ['companion initials', 'companion signature', 'staff signature'], leftOut: undefined });
});

test('however many boxes a form has, and whatever it calls them, "Done" can answer all', () => {
  const fields = [field('guest'), ...Array.from({ length: 499 }, (_, at): Field => ({ ...field('guest', 'check'), name: `${'ф'.repeat(2_000)}.${at}`, label: 'I agree' }))];
  signing(fields);
  const checks = (guestView(station, 'front').request?.checks ?? []).map(({ name }) => ({ name, checked: true }));
  expect(new Set(checks.map(({ name }) => name)).size).toBe(499);
  expect(decodeDone(body(checks)).header.checks).toEqual(checks);
});

test('what identifies a form is gone once its document is signed', () => {
  const { id } = station.requests.receive({
    id: randomUUID(), tablet: 'front', documentSha256: SHA256, documentLength: 1, autopilot: true, form: '{}',
    details: { title: 'Card', printedBy: 'reception', pages: 1, rotations: [0], fields: [field('guest')], hints: {}, warnings: [] },
  }, deskActor(station), {});
  release(station, id, deskActor(station));
  station.requests.shown(id, SHA256);
  station.requests.signing(id, { actor: signer('guest'), action: 'consent.given' });
  station.requests.complete(id, null, () => {});
  expect([station.requests.form(id), station.requests.get(id).details?.title]).toEqual([null, 'Card']);
});
