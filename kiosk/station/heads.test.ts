/** Heads of days, on a real station's parts; time is given, so nothing waits for midnight. */
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { schemaBreaks, type JsonSchema } from '#fixtures/json-schema.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { CUSTODY_FILES, custodyFolder } from '#keys/index.ts';
import type { AuditHead } from '#packet/audit-head.ts';
import { openEnvelope } from '#sync-agent/open-envelope.ts';
import { STATION } from './audit-log.ts';
import { closeDay } from './heads.ts';
import { closeStation, openStation } from './open-station.ts';
import type { Station } from './station.ts';

const [MONDAY, TUESDAY, FRIDAY] = ['2026-11-23', '2026-11-24', '2026-11-27'].map((day) => new Date(`${day}T09:00:00Z`)) as [Date, Date, Date];
const folder = temporaryFolder();
let station: Station;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: MONDAY });
  station = await openStation(join(folder, randomUUID(), 'home'), () => {});
});

afterEach(async () => {
  await closeStation(station);
  vi.useRealTimers();
});

async function restart(): Promise<void> {
  await closeStation(station);
  station = await openStation(station.home, () => {});
}

/** What the outbox holds, opened with the store's key. */
async function heads(): Promise<{ id: string; key: string; destination: string; cms: Uint8Array }[]> {
  const privateKeyPem = readFileSync(join(custodyFolder(station.home), CUSTODY_FILES.storeKey), 'utf8');
  const found = [];
  const seen = new Set<string>();
  for (let item = station.outbox.claim(Infinity); item !== null; item = station.outbox.claim(Infinity, seen)) {
    seen.add(item.id);
    found.push({ id: item.id, key: item.key, destination: item.destination, cms: (await openEnvelope(item.envelope, { privateKeyPem })).bytes });
  }
  return found;
}

function read(cms: Uint8Array): AuditHead {
  const text = Buffer.from(cms).toString('latin1');
  return JSON.parse(text.slice(text.indexOf('{\n'), text.indexOf('\n}\n') + 2)) as AuditHead;
}

test('a day is closed once, when another has begun, and openssl verifies what is shipped', async (context) => {
  expect(await closeDay(station)).toBe(false);
  station.audit.append('request-1', { actor: STATION, action: 'request.received' });
  station.audit.anchor('request-1', { state: 'completed', packetSha256: 'ab'.repeat(32) });
  vi.setSystemTime(TUESDAY);
  station.audit.note({ actor: STATION, action: 'clock.stepped' });
  const monday = station.audit.stationEvents().slice(0, -1);
  expect(await closeDay(station)).toBe(true);
  expect(await closeDay(station)).toBe(false);

  const [item, ...others] = await heads();
  expect(others).toEqual([]);
  expect(item).toMatchObject({ id: 'head-1', destination: 'head', key: 'demo/front-desk/heads/2026/station-1-2026-11-23-1.p7s.esdk' });
  const openssl = judge(context, 'openssl');
  const [file, root] = [join(folder, 'head.p7s'), join(station.home, 'keys/root.cert.pem')];
  writeFileSync(file, item!.cms);
  const checked = execFileSync(openssl, ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', file, '-CAfile', root, '-purpose', 'any', '-attime', String(TUESDAY.getTime() / 1000 + 60)], { stdio: 'pipe' });
  const last = monday.at(-1)!;
  expect(JSON.parse(checked.toString())).toMatchObject({
    number: 1, previous: null, day: '2026-11-23', demo: true, station: { tenant: 'demo', site: 'front-desk', name: 'station-1' },
    first: { number: 1, previous: '0'.repeat(64) }, last: { number: last.number, hash: last.hash },
    ended: [{ request: 'request-1', state: 'completed', events: 1, head: station.audit.events('request-1')[0]!.hash, packetSha256: 'ab'.repeat(32) }],
  });
});

test('a head follows its published schema', async () => {
  station.audit.append('request-1', { actor: STATION, action: 'request.received' });
  station.audit.anchor('request-1', { state: 'declined', packetSha256: null });
  vi.setSystemTime(TUESDAY);
  await closeDay(station);
  const [item] = await heads();
  const schema = JSON.parse(readFileSync(new URL('../../packet/audit-head.schema.json', import.meta.url), 'utf8')) as JsonSchema;
  const head = read(item!.cms);
  expect(schemaBreaks(schema, head)).toEqual([]);
  expect(schemaBreaks(schema, { ...head, ended: [{ ...head.ended[0], guest: 'Anna' }] })).toEqual(['$.ended[0].guest: unknown']);
});

test('after days off, and with more than one day left, each day gets its own head, chained to the one before', async () => {
  vi.setSystemTime(TUESDAY);
  station.audit.note({ actor: STATION, action: 'clock.stepped' });
  vi.setSystemTime(FRIDAY);
  await restart(); // a stop closes what has ended
  expect(await closeDay(station)).toBe(false);

  const found = await heads();
  expect(found.map(({ cms }) => read(cms).day)).toEqual(['2026-11-23', '2026-11-24']);
  const [first, second] = found.map(({ cms }) => read(cms)) as [AuditHead, AuditHead];
  expect(second.previous).toBe(createHash('sha256').update(`${JSON.stringify(first, null, 2)}\n`).digest('hex'));
  expect(second.first).toEqual({ number: first.last.number + 1, previous: first.last.hash });
});

test.each(['before the outbox has it', 'after the outbox has it'])('a crash %s makes no second head, and no other', async (when) => {
  vi.setSystemTime(TUESDAY);
  const put = station.outbox.put.bind(station.outbox);
  const crash = vi.spyOn(station.outbox, 'put').mockImplementation(async (item) => {
    if (when.startsWith('after')) await put(item);
    throw new Error('the power went');
  });
  await expect(closeDay(station)).rejects.toThrow('the power went');
  crash.mockRestore();
  const signed = station.meta.pendingHead!.cms;
  await restart();
  const found = await heads();
  expect(found.map(({ cms }) => Buffer.from(cms).toString('base64'))).toEqual([signed]);
  expect(station.meta).toMatchObject({ pendingHead: null, heads: { number: 1 } });
});
