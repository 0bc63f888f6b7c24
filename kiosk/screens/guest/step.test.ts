import { describe, expect, test } from 'vitest';
import type { GuestRequest, PenReader } from '#kiosk/protocol/messages.ts';
import { nextState, START, type GuestEvent, type GuestState } from './step.ts';

const request = (id: string): GuestRequest => ({
  id, state: 'assigned', title: 'Card', pages: 1, documentUrl: '/d', documentSha256: '0'.repeat(64), documentLength: 1, autopilot: false, checks: [], language: null, agreed: null,
  turn: { role: 'guest', kind: 'signature', number: 1, of: 1, handover: false, next: null },
  field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: 1, rect: { x: 0, y: 0, width: 1, height: 1 }, found: 'phrase' },
});
const station = (on: GuestRequest | null, pen: PenReader = { reads: 'screen' }): GuestEvent => ({
  type: 'station',
  message: {
    type: 'state', hotel: 'H', tablet: { id: 't', name: 'T' }, demo: true, awaiting: null, instruments: 'pen', custodian: 'C', request: on, pen, calibrating: null, help: null, locate: null,
    times: { idle: 1, warning: 1, thanks: 1, touchBeforePen: 1, touchAfterPen: 1 },
  },
});
const agreed: GuestEvent = { type: 'agreed', consent: { sha256: 'a'.repeat(64), language: 'en' } };
const after = (...events: GuestEvent[]): GuestState => events.reduce(nextState, START);
const signing = [station(request('a')), { type: 'sign' }, agreed] as const satisfies GuestEvent[];

test('privacy until the station releases a document, then document, notice, signing', () => {
  expect(after(station(null)).step).toBe('privacy');
  expect(after(station(request('a'))).step).toBe('document');
  expect(after(station(request('a')), { type: 'sign' }).step).toBe('notice');
  expect(after(...signing).step).toBe('signing');
});

test('there is no way to the surface past the notice', () => {
  expect(after(station(request('a')), agreed).step).toBe('document');
});

test('what the station refused stands there until the guest has gone that way again', () => {
  const refused: GuestEvent = { type: 'station', message: { type: 'refused', request: 'a', code: 'DISK_FULL', message: 'The disk is full.' } };
  expect(after(...signing, refused).refused).toBe('The disk is full.');
  expect(after(...signing, refused, { type: 'back', note: null }, { type: 'sign' }).refused).toBe('The disk is full.');
  expect(after(...signing, refused, { type: 'back', note: null }, { type: 'sign' }, agreed).refused).toBeNull();
});

test('a document taken back, or exchanged for another guest’s, blanks the screen at every step before Done', () => {
  for (const length of [1, 2, 3]) {
    const before = signing.slice(0, length);
    expect(after(...before, { type: 'station', message: { type: 'blank', request: 'a', why: 'cancelled' } }).step).toBe('blank');
    expect(after(...before, station(null)).step).toBe('blank');
    expect(after(...before, station(request('b')))).toMatchObject({ step: 'blank', request: null, consent: null });
  }
});

test('Done for a document that is no longer here blanks the screen; nothing else does while it is being answered', () => {
  expect(after(...signing, { type: 'send' }, station(null), { type: 'withdrawn' })).toMatchObject({ step: 'blank', request: null, consent: null });
  expect(after(...signing, { type: 'send' }, station(null), { type: 'sendFailed', note: null }).step).toBe('signing');
  expect(after(...signing, { type: 'withdrawn' }).step).toBe('signing');
});

test('a blank for another document changes nothing', () => {
  expect(after(...signing, { type: 'station', message: { type: 'blank', request: 'z', why: 'expired' } }).step).toBe('signing');
});

test('the station repeating itself does not exchange the request, so nothing is loaded twice', () => {
  const before = after(...signing);
  expect(nextState(before, station(request('a'))).request).toBe(before.request);
});

test('while Done is answered, the station letting go of the request does not blank the screen', () => {
  expect(after(...signing, { type: 'send' }, station(null)).step).toBe('sending');
  expect(after(...signing, { type: 'send' }, { type: 'lost', inked: true }).step).toBe('sending');
});

test('a lost connection in mid-stroke leads back to the document, and says that the ink is gone', () => {
  expect(after(...signing, { type: 'lost', inked: true })).toMatchObject({ step: 'document', note: 'inkLostDisconnected', connected: false });
  expect(after(...signing, { type: 'lost', inked: false })).toMatchObject({ step: 'document', note: null });
});

test('nobody can go on to sign while the station is away', () => {
  expect(after(station(request('a')), { type: 'lost', inked: false }, { type: 'sign' }).step).toBe('document');
});

test('the next guest’s document never cuts short the last word to this one', () => {
  expect(after(...signing, { type: 'send' }, { type: 'ended', ending: 'thanks' }, station(request('b')))).toMatchObject({ step: 'end', ending: 'thanks' });
});

test('where no pen may sign, there is no way to the notice, but for the demonstration, which brings its own', () => {
  const nobody: PenReader = { reads: 'nobody', reason: 'no pen with pressure' };
  expect(after(station(request('a'), nobody), { type: 'sign' }).step).toBe('document');
  expect(after(station({ ...request('a'), autopilot: true }, nobody), { type: 'sign' }).step).toBe('notice');
  expect(after(station(request('a'), nobody), station(request('a')), { type: 'sign' }).step).toBe('notice');
});

describe('several signings of one document', () => {
  const turn = (change: Partial<GuestRequest['turn']>): GuestRequest['turn'] => ({ ...request('x').turn, ...change });
  const first = { ...request('a'), turn: turn({ kind: 'initials', of: 2, next: 'same' }) } as const;
  const second = { ...request('b'), turn: turn({ number: 2, of: 2 }), agreed: { language: 'en', sha256: 'a'.repeat(64) } };
  const sending = [station(first), { type: 'sign' }, agreed, { type: 'send' }] as const satisfies GuestEvent[];
  const goneOn = { step: 'document', request: { id: 'b' }, consent: null, agreed: second.agreed, note: 'nowSignature' };

  test('the same person goes on, whichever is heard first: the answer or the next document', () => {
    expect(after(...sending, station(second), { type: 'signed' })).toMatchObject(goneOn);
    expect(after(...sending, { type: 'signed' })).toMatchObject({ step: 'between', request: { id: 'a' } });
    expect(after(...sending, { type: 'signed' }, station(first)).step).toBe('between');
    expect(after(...sending, { type: 'signed' }, station(second))).toMatchObject(goneOn);
  });

  test('what was agreed to is not asked again while the station knows it, and is once it does not', () => {
    const before = [...sending, station(second), { type: 'signed' }] as const satisfies GuestEvent[];
    expect(after(...before, { type: 'sign' })).toMatchObject({ step: 'signing', consent: second.agreed });
    expect(after(...before, station({ ...second, agreed: null }), { type: 'sign' })).toMatchObject({ step: 'notice', request: { agreed: second.agreed } });
  });

  test('where the next document does not come, or is for somebody else, the turn is over', () => {
    expect(after(...sending, station(null), { type: 'signed' })).toMatchObject({ step: 'end', ending: 'thanks' });
    expect(after(...sending, { type: 'signed' }, station(null))).toMatchObject({ step: 'end', ending: 'thanks' });
    expect(after(...sending, station({ ...second, turn: turn({ role: 'companion', handover: true }) }), { type: 'signed' })).toMatchObject({ step: 'end', ending: 'thanks' });
  });

  test('somebody else begins only once the tablet is in their hands', () => {
    const other = station({ ...request('c'), turn: turn({ role: 'companion', number: 2, of: 2, handover: true }) });
    expect(after(other).step).toBe('handover');
    expect(after(other, { type: 'sign' }).step).toBe('handover');
    expect(after(other, { type: 'begin' }).step).toBe('document');
    expect(after(...sending.with(0, station({ ...first, turn: turn({ next: 'companion' }) })), { type: 'signed' })).toMatchObject({ step: 'end', ending: 'toCompanion' });
    expect(after(...sending.with(0, station({ ...first, turn: turn({ role: 'staff', next: null }) })), { type: 'signed' })).toMatchObject({ step: 'end', ending: 'thanksStaff' });
  });
});
