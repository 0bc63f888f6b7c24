/** One document, several signers: each signing is a request, a record and a packet of its own, and the next goes on with what was signed. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, type TestContext, vi } from 'vitest';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { findProgram, judge } from '#fixtures/needs.ts';
import { taggedCard } from '#fixtures/tagged-card.ts';
import type { DeskRequest, GuestRequest, StationToDesk, StationToGuest } from '#kiosk/protocol/index.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { openDatabase } from './database.ts';
import { startTestStation, type TestStation } from './station-for-tests.ts';

// every test prints the same card
vi.mock('#packet/child/index.ts', async (load) => (await import('#fixtures/remembered-children.ts')).remembering(await load()));

type State = Extract<StationToGuest, { type: 'state' }>;
type DeskState = Extract<StationToDesk, { type: 'state' }>;

const card = await taggedCard();
let here: TestStation;
let desk: Desk;
let guest: Guest;

async function screens(): Promise<void> {
  const { desk: deskAddress, guest: guestAddress } = here.station.tokens();
  [desk, guest] = [await Desk.open(deskAddress), await Guest.arrive(guestAddress)];
}

function closeScreens(): void {
  guest.session.close();
  desk.close();
}

beforeAll(async () => { here = await startTestStation({ timeZone: 'Pacific/Kiritimati' }); });
afterAll(async () => here?.end());
beforeEach(screens);
afterEach(async () => {
  const { tablets: [tablet] } = await deskState('a state', () => true);
  if (tablet?.request != null) await desk.session.post(`/desk/requests/${tablet.request}/cancel`, { reason: 'other' });
  closeScreens();
});

function deskState(what: string, isSo: (state: DeskState) => boolean): Promise<DeskState> {
  return desk.session.until(what, (message): message is DeskState => message.type === 'state' && isSo(message));
}

let cards = 0;

async function printed(): Promise<DeskRequest> {
  const name = `Card ${++cards}`;
  await printFile(here.station.printer, card, { name, user: 'reception' });
  const find = ({ requests }: DeskState): DeskRequest | undefined => requests.find(({ title, state }) => title === name && state === 'assigned');
  return find(await deskState(name, (state) => find(state) !== undefined)) as DeskRequest;
}

/** The request on the tablet that is not this one, read to its end. */
async function nextOn(before: string | null = null): Promise<{ state: State; request: GuestRequest; document: Uint8Array; sha256: string }> {
  await guest.session.until('another document on the tablet', (message): message is State => message.type === 'state' && message.request !== null && message.request.id !== before);
  return guest.read();
}

async function sign(reading: Awaited<ReturnType<typeof nextOn>>, ticked: string[] = []): Promise<GuestRequest> {
  const { state, request, sha256 } = reading;
  const consentSha256 = request.agreed?.sha256 ?? guest.agree(state, request);
  const answer = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 }, ticked);
  expect(await answer.text()).toBe('{}');
  return request;
}

async function signedCopy(id: string): Promise<Uint8Array> {
  await deskState('the signed copy', ({ requests }) => requests.some((one) => one.id === id && one.signedUrl !== null));
  return new Uint8Array(await (await desk.session.fetch(`/desk/requests/${id}/signed.pdf`)).arrayBuffer());
}

/** What poppler says of it. */
function judged(context: TestContext, pdf: Uint8Array): Record<'pdfsig' | 'pdftotext', string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-several-'));
  const file = join(folder, 'signed.pdf');
  const said = (program: 'pdfsig' | 'pdftotext', ...args: string[]): string => execFileSync(findProgram(program) ?? judge(context, program), args, { encoding: 'utf8' });
  try {
    writeFileSync(file, pdf);
    return { pdfsig: said('pdfsig', '-nocert', file), pdftotext: said('pdftotext', file, '-') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Event { action: string; actor: { kind: string }; details: Record<string, unknown> }
/** All that was signed in the first test. */
let chain: GuestRequest[] = [];
let trails: { trail: string; event: string }[] = [];
const trailOf = (request: GuestRequest | undefined): Event[] => trails.filter(({ trail }) => trail === request?.id).map(({ event }) => JSON.parse(event) as Event);

const planned = ({ plan }: DeskRequest): string[] => plan.map(({ role, kind }) => `${role} ${kind}`);

describe('a form that says who signs', () => {
  test('is signed by everybody, one after the other, on what the one before has signed', async (context) => {
    const waiting = await printed();
    expect(planned(waiting)).toEqual(['guest initials', 'guest signature', 'companion signature', 'staff signature']);
    expect(waiting.placing).toBe('no');
    await desk.release(waiting);

    const initials = await nextOn();
    expect(initials.request).toMatchObject({ turn: { role: 'guest', kind: 'initials', number: 1, of: 4, handover: false, next: 'same' }, checks: [], agreed: null });
    await sign(initials);

    // the same person goes on, and is not asked again
    const guestSignature = await nextOn(initials.request.id);
    expect(guestSignature.request).toMatchObject({
      turn: { role: 'guest', kind: 'signature', number: 2, handover: false, next: 'companion' }, agreed: { language: 'en' },
      checks: [{ name: 'newsletter', label: 'I would like to receive letters' }, { name: 'rules', label: 'I have read the house rules' }],
    });
    expect(await signedCopy(initials.request.id)).toEqual(guestSignature.document);
    const untold = await guest.done({ ...guestSignature.request, checks: [] }, recordedPen(), { documentSha256: guestSignature.sha256, consentSha256: guestSignature.request.agreed!.sha256 });
    expect(await untold.json()).toMatchObject({ code: 'CHECKS_DIFFER' });
    await sign(guestSignature, ['rules']);

    const companion = await nextOn(guestSignature.request.id);
    expect(companion.request).toMatchObject({ turn: { role: 'companion', handover: true, next: 'staff' }, agreed: null, checks: [] });
    const withoutConsent = await guest.done(companion.request, recordedPen(), { documentSha256: companion.sha256, consentSha256: guestSignature.request.agreed!.sha256 });
    expect(await withoutConsent.json()).toMatchObject({ code: 'CONSENT_MISSING' });
    await sign(companion);

    const staff = await nextOn(companion.request.id);
    expect(staff.request.turn).toMatchObject({ role: 'staff', number: 4, next: null });
    await sign(staff);
    const last = await signedCopy(staff.request.id);
    chain = [initials, guestSignature, companion, staff].map(({ request }) => request);
    const ids = chain.map(({ id }) => id);
    const { requests } = await deskState('all signed', (state) => state.requests[0]?.id === ids[3] && state.requests[0]?.state === 'completed');
    expect(requests.filter(({ id }) => ids.includes(id)).map(({ id, follows, signed }) => [id, follows, signed]))
      .toEqual([[ids[3], ids[2], 3], [ids[2], ids[1], 2], [ids[1], ids[0], 1], [ids[0], null, 0]]);

    const { pdfsig: said, pdftotext: words } = judged(context, last);
    expect(said.match(/Signature Validation: Signature is Valid/g)).toHaveLength(4);
    expect(said.match(/Total document signed/g)).toHaveLength(1);
    // of the site: a day ahead of the station's own zone half of the time, and never another way of writing it
    expect(words.match(/^\d{4}-\d\d-\d\d$/gm)).toHaveLength(2);
    const [today] = new Intl.DateTimeFormat('sv', { timeZone: 'Pacific/Kiritimati' }).format(new Date()).split(' ');
    expect(words).toContain(today);
  });

  test('where the next one declines, what was signed before stays and nothing follows, until the desk asks again', async () => {
    await desk.release(await printed());
    const first = await sign(await nextOn());
    const { request } = await nextOn(first.id);
    guest.decline(request, 'paper');
    expect(await desk.request(['declined'], request.id)).toMatchObject({ follows: null, plan: [], hints: {} });
    expect(await desk.request(['completed'], first.id)).toMatchObject({ signed: 0, delivery: 'waiting' });
    const copy = await signedCopy(first.id);
    expect(copy.length).toBe(request.documentLength);

    const field = expect.any(Number) as number;
    const left = [{ role: 'guest', kind: 'signature', field }, { role: 'companion', kind: 'signature', field }, { role: 'staff', kind: 'signature', field }];
    expect(await desk.request(['completed'], first.id)).toMatchObject({ unsigned: { left, kept: true } });
    await desk.session.post(`/desk/requests/${first.id}/again`, {});
    const { requests } = await deskState('asked again', (state) => state.requests.some(({ follows }) => follows === first.id));
    const again = requests.find(({ follows }) => follows === first.id) as DeskRequest;
    expect([again, requests.find(({ id }) => id === first.id)]).toMatchObject([{ state: 'assigned', signed: 1, plan: (await desk.request(['assigned'], again.id)).plan }, { unsigned: null }]);
    await expect(desk.session.post(`/desk/requests/${first.id}/again`, {})).rejects.toThrow('NOT_NOW');
    await desk.release(again);
    const reading = await nextOn();
    expect(reading.document).toEqual(copy);
    expect(reading.request).toMatchObject({ id: again.id, agreed: null, turn: { number: 2, of: 4 } });
  });

  test('a companion who has gone for good is left out: staff signs after the guest, and the document is locked', async (context) => {
    await desk.release(await printed());
    const initials = await sign(await nextOn());
    const first = await sign(await nextOn(initials.id), ['rules']);
    const companion = await nextOn(first.id);
    await desk.session.post(`/desk/requests/${companion.request.id}/cancel`, { reason: 'guest-left' });
    const asked = async (without: number): Promise<DeskRequest> => {
      await signedCopy(first.id);
      await desk.session.post(`/desk/requests/${first.id}/again`, { without });
      const { requests } = await deskState('asked again', (state) => state.requests.some(({ follows, state: at }) => follows === first.id && at === 'assigned'));
      return requests.find(({ follows }) => follows === first.id) as DeskRequest;
    };
    await expect(asked(2)).rejects.toThrow('NOT_NOW');

    // a slip: taken back, and the companion could be asked after all
    const slip = await asked(1);
    await desk.session.post(`/desk/requests/${slip.id}/cancel`, { reason: 'other' });
    const leftOf = ({ requests }: DeskState) => requests.find(({ id }) => id === first.id)?.unsigned?.left.map(({ role }) => role) ?? [];
    expect(leftOf(await deskState('both are left', (state) => leftOf(state).length > 0))).toEqual(['companion', 'staff']);

    const again = await asked(1);
    expect(planned(again)).toEqual(['guest initials', 'guest signature', 'staff signature']);
    await desk.release(again);
    const staff = await nextOn();
    expect(staff.request).toMatchObject({ id: again.id, turn: { role: 'staff', number: 3, of: 3, next: null } });
    await sign(staff);
    const last = await signedCopy(staff.request.id);
    const { pdfsig: said } = judged(context, last);
    expect(said.match(/Signature Validation: Signature is Valid/g)).toHaveLength(3);
    expect(said.match(/Total document signed/g)).toHaveLength(1);
    // nobody is asked any more, and the companion's empty line is locked by the last signature (ISO 32000-2, 12.8.2.4)
    expect((await desk.request(['completed'], staff.request.id)).unsigned).toBeNull();
    await printFile(here.station.printer, last, { name: 'Once more', user: 'reception' });
    await deskState('the refusal', ({ notices }) => notices.some(({ code, message }) => code === 'JOB_REFUSED' && message.includes('“Once more”') && message.includes('has locked all its fields')));
  });
});

describe('a station that died', () => {
  /** Signs the first of several, and stops as if it had died at a moment of "Done". @returns what lies in the documents afterwards */
  async function diedAfterFirst(change: (database: ReturnType<typeof openDatabase>, first: string, next: GuestRequest) => void): Promise<{ first: string; next: GuestRequest; kept: string[] }> {
    await desk.release(await printed());
    const first = await sign(await nextOn());
    const { request: next } = await nextOn(first.id);
    await signedCopy(first.id);
    await here.station.stop();
    const database = openDatabase(join(here.home, 'station.db'));
    trails = database.prepare('SELECT trail, event FROM events ORDER BY number').all() as typeof trails;
    change(database, first.id, next);
    database.close();
    await here.restart();
    await screens();
    return { first: first.id, next, kept: readdirSync(join(here.home, 'documents')).filter((name) => name.startsWith(next.id)) };
  }

  test('right behind the packet: the next signing is there, once, and waits', async () => {
    const { first, next, kept } = await diedAfterFirst((database, id, { id: nextId, documentSha256, documentLength }) => {
      database.prepare('DELETE FROM events WHERE trail = ?').run(nextId);
      database.prepare('DELETE FROM requests WHERE id = ?').run(nextId);
      database.prepare(`UPDATE requests SET state = 'signing', released = 1 WHERE id = ?`).run(id);
      const { number, sha256 } = JSON.parse(database.prepare(`SELECT value FROM meta WHERE key = 'record-chain'`).pluck().get() as string) as { number: number; sha256: string };
      database.prepare('INSERT INTO completing (only, request, record_number, sealed_sha256, next, next_sha256, next_length) VALUES (1, ?, ?, ?, ?, ?, ?)').run(id, number, sha256, nextId, documentSha256, documentLength);
    });
    expect(kept).toEqual([`${next.id}.document`]);
    const waiting = await desk.request(['assigned'], next.id);
    expect(waiting).toMatchObject({ follows: first, signed: 1 });
    const { requests } = await deskState('a state', () => true);
    expect(requests.filter(({ follows }) => follows === first)).toHaveLength(1);
    await desk.release(waiting);
    const reading = await nextOn();
    expect(createHash('sha256').update(reading.document).digest('hex')).toBe(next.documentSha256);
    // whose consent it was is forgotten: asked again
    expect(reading.request).toMatchObject({ id: next.id, agreed: null, turn: { handover: false } });
    await sign(reading);
  });

  test('before the packet: the first waits unsigned, nothing follows it, and no document is left', async () => {
    const { first, kept } = await diedAfterFirst((database, id, { id: nextId, documentSha256, documentLength }) => {
      database.prepare('DELETE FROM requests WHERE id = ?').run(nextId);
      // as if this were another one, of which no packet came to be
      database.prepare(`UPDATE requests SET id = id || '-b', state = 'signing', released = 1, private = NULL WHERE id = ?`).run(id);
      database.prepare('INSERT INTO completing (only, request, record_number, sealed_sha256, next, next_sha256, next_length) VALUES (1, ?, 99, ?, ?, ?, ?)').run(`${id}-b`, 'cd'.repeat(32), nextId, documentSha256, documentLength);
    });
    expect(kept).toEqual([]);
    const { requests } = await deskState('a state', () => true);
    expect(requests.filter(({ follows }) => follows?.startsWith(first))).toEqual([]);
    expect(requests.find(({ id }) => id === `${first}-b`)?.state).toBe('assigned');
  });
});

test('trails name each other, who was at the tablet, and who answered what', () => {
  const [initials, second, companion, staff] = chain.map(trailOf);
  expect(initials?.at(-1)).toMatchObject({ action: 'request.completed', details: { next: chain[1]?.id } });
  const packetSha256 = initials?.at(-1)?.details['packetSha256'];
  expect(second?.[0]).toMatchObject({ action: 'request.received', details: { follows: chain[0]?.id, packetSha256, sha256: chain[1]?.documentSha256 } });
  expect(second?.map(({ action }) => action)).toEqual([
    'request.received', 'request.assigned', 'request.released', 'consent.carried', 'language.chosen', 'document.shown', 'page.viewed', 'page.viewed', 'signature.refused', 'signing.begun',
    'signature.done', 'check.answered', 'check.answered', 'document.signed', 'packet.closed', 'request.completed',
  ]);
  expect(second?.filter(({ action }) => action === 'check.answered').map(({ details }) => details)).toEqual([{ box: 1, place: 'page 2, tag', checked: false }, { box: 2, place: 'page 2, tag', checked: true }]);
  expect([initials, second, companion, staff].map((trail) => trail?.find(({ action }) => action === 'signature.done')?.actor.kind)).toEqual(['guest', 'guest', 'companion', 'staff']);
  // what the document calls its boxes is its own word
  expect(JSON.stringify(trails)).not.toContain('newsletter');
});
