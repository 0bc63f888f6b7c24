/** A signature that left without a time-stamp gets one later, once, over crashes and restarts; the authority is right, away or lying. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { schemaBreaks, type JsonSchema } from '#fixtures/json-schema.ts';
import { judge } from '#fixtures/needs.ts';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { startStandInAuthority, type StandIn } from '#fixtures/time-stamp-authority.ts';
import { CUSTODY_FILES, custodyFolder, type SigningKeys } from '#keys/index.ts';
import { verifyTrail } from '#packet/audit.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { readAddendum } from '#packet/time-stamp/index.ts';
import { raiseFresh } from '#packet/upgrade/index.ts';
import { openEnvelope } from '#sync-agent/open-envelope.ts';
import { GUEST } from './audit-log.ts';
import { closeStation, openStation } from './open-station.ts';
import { noLongerOwed, oweTimeStamp, payOwedTimeStamps } from './owed-time-stamps.ts';
import { finishCompleting } from './recovery.ts';
import { raiseLevel } from './signature-level.ts';
import { signingThread } from './signing-thread.ts';
import { deskActor, type Station } from './station.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
/** Beyond every pause after a failure. */
const later = (): number => Date.now() + 86_400_000;
let authority: StandIn;
let station: Station;
let keys: SigningKeys;
const logged: string[] = [];

async function restarted(): Promise<void> {
  if (station !== undefined) await closeStation(station);
  station = await openStation(home, (line) => logged.push(line));
  keys = station.keys as SigningKeys;
}

beforeAll(async () => {
  // in this thread: its own takes seconds to start, and `enrolled-station.test.ts` goes through it
  vi.spyOn(signingThread, 'raise').mockImplementation(({ how, ...fresh }) => raiseFresh(fresh, how));
  authority = await startStandInAuthority();
  mkdirSync(home);
  writeFileSync(join(folder, 'tsa.pem'), pem('CERTIFICATE', authority.root));
  writeFileSync(join(home, 'station.json'), JSON.stringify({ timeStamping: { authority: authority.url, trust: [join(folder, 'tsa.pem')] } }));
  await restarted();
});
beforeEach(() => { authority.answer = 'granted'; });
afterAll(async () => { await Promise.all([closeStation(station), authority.close()]); });

function signing(): string {
  const { id } = station.requests.receive({
    id: randomUUID(), tablet: 'front', documentSha256: 'ab'.repeat(32), documentLength: 1, autopilot: false, form: null,
    details: { title: 'Card', printedBy: 'reception', pages: 1, rotations: [0], fields: [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 1, y: 1, width: 9, height: 9 }, found: 'phrase' }], hints: {}, warnings: [] },
  }, deskActor(station), {});
  station.requests.release(id, deskActor(station));
  station.requests.shown(id, 'ab'.repeat(32));
  station.requests.signing(id, { actor: GUEST, action: 'consent.given' });
  return id;
}

async function sealed(id: string): ReturnType<typeof raiseLevel> {
  const pdf = await handSignedPdf({ seal: keys.seal });
  return raiseLevel(station, id, { signedPdf: pdf, byteRange: readSignedPdf(pdf).signatures[0]!.byteRange! }, keys);
}

async function handedOver(id: string): Promise<void> {
  await station.outbox.put({ id, destination: 'packet', key: `${id}.esdk`, bytes: Buffer.from(`packet of ${id}`), context: { packet: id } });
  finishCompleting(station, id);
}

const owed = (): unknown[] => station.database.prepare('SELECT request FROM owed_time_stamps').pluck().all();
const noted = (id: string): unknown[] => [station.audit.events(id), station.audit.stationEvents()].map((trail) => trail.filter(({ action, details }) => action === 'time-stamp.added' && details['request'] === id).length);

test('away at Done: B-B leaves at once, the next one does not ask, and when the network is back an addendum follows, once', async (context) => {
  authority.answer = 'reset';
  const first = signing();
  expect((await sealed(first)).details).toEqual({ level: 'B-B', notHigher: 'TIME_STAMP_AWAY', sealedBy: expect.stringContaining('of a demonstration: no evidence') });
  await handedOver(first);
  const asked = authority.requests.length;
  const next = signing();
  expect((await sealed(next)).details).toMatchObject({ level: 'B-B', notHigher: 'TIME_STAMP_NOT_ASKED' });
  expect(authority.requests).toHaveLength(asked);
  await handedOver(next);

  // while the breaker is open nobody is asked; a new start knows what is owed
  authority.answer = 'granted';
  await payOwedTimeStamps(station);
  expect(authority.requests).toHaveLength(asked);
  await restarted();
  expect(owed()).toHaveLength(2);
  await payOwedTimeStamps(station, later());
  await payOwedTimeStamps(station, later());
  expect(owed()).toEqual([]);
  expect(authority.requests).toHaveLength(asked + 2);
  expect([noted(first), noted(next)]).toEqual([[1, 1], [1, 1]]);
  expect(verifyTrail(station.audit.events(first)).intact).toBe(true);

  const items = Array.from({ length: 4 }, (_, at) => at).reduce<ReturnType<Station['outbox']['claim']>[]>((found) => [...found, station.outbox.claim(Date.now(), new Set(found.map((item) => item!.id)))], []);
  const item = items.find((each) => each?.id === `time-stamp-${first}`)!;
  expect(item).toMatchObject({ destination: 'addendum', key: expect.stringMatching(/^demo\/front-desk\/addenda\/\d{4}\/\d\d\/[0-9a-f-]+\.p7s\.esdk$/) });
  const { bytes, context: told } = await openEnvelope(item.envelope, { privateKeyPem: readFileSync(join(custodyFolder(home), CUSTODY_FILES.storeKey), 'utf8') });
  expect(told).toMatchObject({ packet: first, purpose: 'addendum' });
  const addendum = (await readAddendum(bytes))!;
  const packetSha256 = createHash('sha256').update(`packet of ${first}`).digest('hex');
  expect(addendum).toMatchObject({ request: first, packetSha256, demo: true });
  expect(schemaBreaks(JSON.parse(readFileSync(new URL('../../packet/addendum.schema.json', import.meta.url), 'utf8')) as JsonSchema, JSON.parse(JSON.stringify({ ...addendum, token: undefined })))).toEqual([]);

  // OpenSSL alone: whose word it is, and what the token says
  const openssl = judge(context, 'openssl');
  const at = (name: string) => join(folder, name);
  writeFileSync(at('addendum.p7s'), bytes);
  writeFileSync(at('token.der'), addendum.token);
  const said = execFileSync(openssl, ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', at('addendum.p7s'), '-CAfile', join(home, 'keys/root.cert.pem'), '-purpose', 'any'], { stdio: 'pipe' });
  expect(JSON.parse(said.toString())).toMatchObject({ format: 'countersign-addendum', packetSha256 });
  expect(spawnSync(openssl, ['ts', '-verify', '-token_in', '-in', at('token.der'), '-digest', addendum.signatureSha256, '-CAfile', at('tsa.pem')], { encoding: 'utf8' }).stdout).toContain('Verification: OK');
});

test('a crash after each step leaves one addendum and one note', async () => {
  authority.answer = 'unavailable';
  const id = signing();
  await sealed(id);
  // Done came, the packet did not: nothing is fetched for it yet, and nothing is forgotten
  await payOwedTimeStamps(station, later());
  expect(owed()).toEqual([id]);
  await handedOver(id);
  await restarted();
  authority.answer = 'granted';
  const put = vi.spyOn(station.outbox, 'put').mockRejectedValueOnce(new Error('the power went'));
  await payOwedTimeStamps(station, later());
  expect(owed()).toEqual([id]);
  const asked = authority.requests.length;
  await restarted();
  // what is signed already needs no authority, whoever else waits for one
  const other = signing();
  await handedOver(other);
  station.database.prepare('INSERT INTO owed_time_stamps (request, signature_sha256, next_at) VALUES (?, ?, -1)').run(other, 'ab'.repeat(32));
  station.timeStamping.authority.failed();
  vi.spyOn(station.requests, 'note').mockImplementationOnce(() => { throw new Error('the power went again'); });
  await payOwedTimeStamps(station, later());
  put.mockRestore();
  expect(station.outbox.has(`time-stamp-${id}`)).toBe(true);
  expect(noted(id)).toEqual([0, 0]);
  await restarted();
  station.timeStamping.authority.failed();
  await payOwedTimeStamps(station, later());
  expect(owed()).toEqual([other]);
  noLongerOwed(station, other);
  expect(noted(id)).toEqual([1, 1]);
  expect(authority.requests).toHaveLength(asked);
});

test('one that the outbox does not take is left for later and told once, and the others go on; a full disk keeps all, and asks nobody for more', async () => {
  await restarted();
  logged.length = 0;
  const ids: string[] = [];
  for (const at of [0, 1]) {
    const id = signing();
    ids.push(id);
    await handedOver(id);
    station.database.prepare('INSERT INTO owed_time_stamps (request, signature_sha256, next_at) VALUES (?, ?, ?)').run(id, 'ab'.repeat(32), at);
  }
  const [stuck = '', next = ''] = ids;
  const { put } = station.outbox;
  const refusing = (error: Error, which = 'time-stamp-') => vi.spyOn(station.outbox, 'put').mockImplementation((item) => (item.id.startsWith(which) ? Promise.reject(error) : put.call(station.outbox, item)));
  const full = refusing(Object.assign(new Error('no room'), { code: 'OUTBOX_FULL' }));
  const asked = authority.requests.length;
  const now = Date.now();
  await payOwedTimeStamps(station, now);
  await payOwedTimeStamps(station, now);
  expect([owed(), full.mock.calls.length, authority.requests.length]).toEqual([expect.arrayContaining([stuck, next]), 1, asked + 1]);
  expect(logged).toEqual([expect.stringContaining('the disk is full')]);

  full.mockRestore();
  const refused = refusing(new Error('other content'), `time-stamp-${stuck}`);
  await payOwedTimeStamps(station, later());
  expect([owed(), noted(next)]).toEqual([[stuck], [1, 1]]);
  // not at once again
  await payOwedTimeStamps(station, now);
  expect(refused.mock.calls.filter(([{ id }]) => id.endsWith(stuck))).toHaveLength(1);
  await payOwedTimeStamps(station, later());
  expect(station.database.prepare('SELECT attempts FROM owed_time_stamps').pluck().get()).toBe(2);
  expect(logged.filter((line) => line.includes('other content'))).toHaveLength(1);
  expect(station.notices.list().map(({ code }) => code)).toEqual(['TIME_STAMP_NOT_SENT']);
  refused.mockRestore();
  await payOwedTimeStamps(station, later());
  expect([owed(), noted(stuck), station.notices.list()]).toEqual([[], [1, 1], []]);
});

test('Done once more while others are paid: the time-stamp is for the signature that left', async () => {
  const first = signing();
  await handedOver(first);
  const again = signing();
  for (const [id, at] of [[first, 0], [again, 1]] as const) station.database.prepare('INSERT INTO owed_time_stamps (request, signature_sha256, next_at) VALUES (?, ?, ?)').run(id, 'ab'.repeat(32), at);
  const { put } = station.outbox;
  const putting = vi.spyOn(station.outbox, 'put').mockImplementationOnce(async (item) => {
    await put.call(station.outbox, item);
    oweTimeStamp(station, again, 'ef'.repeat(32));
    await handedOver(again);
  });
  await payOwedTimeStamps(station, later());
  putting.mockRestore();
  expect(owed()).toEqual([]);
  expect(station.audit.events(again).at(-1)).toMatchObject({ action: 'time-stamp.added', details: { signatureSha256: 'ef'.repeat(32) } });
});

test('what was never signed is forgotten; an authority that lies is asked again later; B-T at Done leaves nothing owed', async () => {
  authority.answer = 'other-imprint';
  const left = signing();
  await sealed(left);
  station.requests.putBack(left, GUEST, 'left');
  await payOwedTimeStamps(station, later());
  expect(owed()).toEqual([]);

  const id = signing();
  await sealed(id);
  await handedOver(id);
  await restarted();
  await payOwedTimeStamps(station, later());
  expect(owed()).toEqual([id]);
  expect(station.database.prepare('SELECT attempts FROM owed_time_stamps').pluck().get()).toBe(1);
  await restarted();
  authority.answer = 'granted';
  const other = signing();
  expect((await sealed(other)).details).toMatchObject({ level: 'B-T', authority: expect.stringContaining('Stand-in') });
  expect(owed()).toEqual([id]);
});
