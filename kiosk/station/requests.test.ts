import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createAtRestKey } from '#keys/at-rest-key.ts';
import { isFinal } from '#kiosk/protocol/states.ts';
import { verifyTrail } from '#packet/audit.ts';
import { AuditLog, GUEST, STATION, type Actor } from './audit-log.ts';
import { openDatabase, type StationDatabase } from './database.ts';
import { StationError } from './errors.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { Requests, type SigningRequest } from './requests.ts';

const DESK: Actor = { kind: 'desk', name: 'Front desk', authenticated: false };
const folder = mkdtempSync(join(tmpdir(), 'countersign-requests-'));
afterAll(() => rmSync(folder, { recursive: true }));

let path: string;
let database: StationDatabase;
let audit: AuditLog;
let requests: Requests;

beforeEach(() => {
  path = join(folder, `${randomUUID()}.db`);
  database = openDatabase(path);
  audit = new AuditLog(database, 'salt', { station: 'demo/front-desk/station-1', software: 'countersign 0' });
  requests = new Requests(database, createAtRestKey(randomBytes(32)), audit, () => {});
  return () => database.close();
});

function receive(tablet = 'front', title = 'Registration card'): SigningRequest {
  const rect = { x: 1, y: 2, width: 3, height: 4 };
  return requests.receive({
    id: randomUUID(), tablet, documentSha256: 'ab'.repeat(32), documentLength: 1000, autopilot: false, form: null,
    details: { title, printedBy: 'reception', pages: 1, rotations: [0], fields: [{ kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: 1, rect, found: 'phrase' }], hints: {}, warnings: [] },
  }, audit.printUser('reception'), {});
}

describe('a request', () => {
  test('goes its whole way', () => {
    const { id } = receive();
    requests.release(id, DESK);
    requests.shown(id, 'ab'.repeat(32));
    requests.signing(id, { actor: GUEST, action: 'consent.given' });
    requests.reading(id, { actor: GUEST, action: 'signing.left' });
    requests.signing(id, { actor: GUEST, action: 'consent.given' });
    let also = 0;
    requests.complete(id, 'ab'.repeat(32), () => { also++; });
    expect(requests.get(id)).toMatchObject({ state: 'completed', released: false, timesShown: 1 });
    expect(also).toBe(1);
    expect(() => requests.end(id, 'cancelled', DESK, 'other')).toThrow(expect.objectContaining({ code: 'NOT_NOW' }));
  });

  test('waits while another is on its tablet, and crossing ones stay apart', () => {
    const [first, second, bar] = [receive(), receive(), receive('bar')];
    requests.release(first.id, DESK);
    requests.release(bar.id, DESK);
    expect(() => requests.release(second.id, DESK)).toThrow(expect.objectContaining({ code: 'TABLET_BUSY' }));
    expect(requests.on('front')?.id).toBe(first.id);
    expect(requests.on('bar')?.id).toBe(bar.id);
    requests.putBack(first.id, STATION, 'idle');
    requests.release(second.id, DESK);
    expect(requests.on('front')?.id).toBe(second.id);
  });

  test('cannot be released twice into one tablet even past the program’s own check', () => {
    const [first, second] = [receive(), receive()];
    requests.release(first.id, DESK);
    expect(() => database.prepare('UPDATE requests SET released = 1 WHERE id = ?').run(second.id)).toThrow(/UNIQUE/);
  });

  test('with several lines needs one picked', () => {
    const request = requests.receive({
      id: randomUUID(), tablet: 'front', documentSha256: 'ab'.repeat(32), documentLength: 1, autopilot: false, form: null,
      details: { ...receive().details!, fields: [...receive().details!.fields, ...receive().details!.fields] },
    }, STATION, {});
    expect(() => requests.release(request.id, DESK)).toThrow(expect.objectContaining({ code: 'FIELD_NOT_PICKED' }));
    for (const wrong of [{ role: 'guest', kind: 'signature', field: 2 }, { role: 'companion', kind: 'signature', field: 1 }, { role: 'guest', kind: 'initials', field: 1 }] as const) {
      expect(() => requests.setPlan(request.id, DESK, [wrong])).toThrow(expect.objectContaining({ code: 'NO_SUCH_FIELD' }));
    }
    requests.setPlan(request.id, DESK, [{ role: 'guest', kind: 'signature', field: 1 }]);
    requests.release(request.id, DESK);
    expect(requests.get(request.id).field).toBe(1);
  });

  test.each(['declined', 'cancelled', 'expired'] as const)('that is %s leaves id, times, state and reason, in every file of the database', (state) => {
    const title = 'Unmistakable Zebra Crossing';
    const { id } = receive('front', title);
    requests.release(id, DESK);
    requests.end(id, state, GUEST, 'other');
    const { receivedAt, changedAt } = requests.get(id);
    expect(requests.get(id)).toEqual({
      id, state, receivedAt, changedAt, reason: 'other', tablet: null, released: false, timesShown: 0,
      documentSha256: null, documentLength: null, plan: null, field: null, follows: null, placeable: false, autopilot: false, details: null,
    });
    database.close();
    for (const name of readdirSync(folder).filter((name) => join(folder, name).startsWith(path))) {
      const bytes = readFileSync(join(folder, name));
      expect(bytes.includes(title)).toBe(false);
      expect(bytes.includes('reception')).toBe(false);
    }
  });

  test('whatever is asked of it in whatever order, its trail is whole, and an end is an end', () => {
    const steps = fc.constantFrom('release', 'shown', 'signing', 'reading', 'putBack', 'restart', 'move', 'decline', 'cancel', 'expire', 'complete');
    fc.assert(fc.property(fc.array(steps, { maxLength: 14 }), (asked) => {
      const { id } = receive(randomUUID());
      for (const step of asked) {
        const before = requests.get(id);
        const refused = refusalOf(() => take(step, id));
        if (isFinal(before.state)) expect(refused?.code).toBe('NOT_NOW');
        if (refused !== null) expect(requests.get(id)).toEqual(before);
      }
      const events = audit.events(id);
      expect(verifyTrail(events)).toMatchObject({ intact: true });
      expect(isFinal(requests.get(id).state)).toBe(audit.stationEvents().some(({ action, details }) => action === 'trail.closed' && details['request'] === id && details['head'] === events.at(-1)?.hash));
    }), { numRuns: 40 });
    expect(verifyTrail(audit.stationEvents())).toMatchObject({ intact: true });
  });
});

test('what a program of version 1 left waiting is read well: the line it picked, or the choice it left to the desk', () => {
  const old = join(folder, `${randomUUID()}.db`);
  const key = createAtRestKey(randomBytes(32));
  const before = openDatabase(old, MIGRATIONS.slice(0, 1));
  const line = (name: string) => ({ name, label: `${name} signature`, page: 1, rect: { x: 1, y: 2, width: 3, height: 4 }, found: 'phrase' });
  const left = { one: { field: 0, fields: [line('guest')] }, picked: { field: 1, fields: [line('guest'), line('companion')] }, open: { field: null, fields: [line('guest'), line('guest')] } };
  for (const [id, { field, fields }] of Object.entries(left)) {
    const details = key.encrypt(Buffer.from(JSON.stringify({ title: 'Card', printedBy: 'x', pages: 1, rotations: [0], fields })), `request ${id}`);
    before.prepare(`INSERT INTO requests (id, state, tablet, received_at, changed_at, document_sha256, document_length, field, private) VALUES (?, 'assigned', ?, 'a', 'a', 'ab', 1, ?, ?)`).run(id, id, field, details);
  }
  before.close();
  const after = openDatabase(old);
  const read = new Requests(after, key, new AuditLog(after, 'salt', { station: 's', software: 's' }), () => {});
  expect(Object.keys(left).map((id) => read.get(id).plan?.signings)).toEqual([[{ role: 'guest', kind: 'signature', field: 0 }], [{ role: 'companion', kind: 'signature', field: 1 }], []]);
  expect(read.get('picked')).toMatchObject({ field: 1, follows: null, placeable: false, details: { hints: {}, warnings: [], fields: [{ kind: 'signature', role: 'guest' }, { kind: 'signature', role: 'companion' }] } });
  read.release('one', DESK);
  expect(() => read.release('open', DESK)).toThrow(expect.objectContaining({ code: 'FIELD_NOT_PICKED' }));
  after.close();
});

function refusalOf(work: () => void): StationError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof StationError) return error;
    throw error;
  }
}

function take(step: string, id: string): void {
  const entry = { actor: GUEST, action: step };
  switch (step) {
    case 'release': return requests.release(id, DESK);
    case 'shown': return requests.shown(id, 'ab'.repeat(32));
    case 'signing': return requests.signing(id, entry);
    case 'reading': return requests.reading(id, entry);
    case 'putBack': return requests.putBack(id, STATION, 'idle');
    case 'restart': return requests.restart(id);
    case 'move': return requests.move(id, DESK, randomUUID());
    case 'decline': return requests.end(id, 'declined', GUEST, 'paper');
    case 'cancel': return requests.end(id, 'cancelled', DESK, 'other');
    case 'expire': return requests.end(id, 'expired', STATION, 'expired');
    default: return requests.complete(id, 'ab'.repeat(32), () => {});
  }
}
