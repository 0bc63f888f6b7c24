import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { schemaBreaks, type JsonSchema } from '#fixtures/json-schema.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { CUSTODY_FILES, custodyFolder } from '#keys/index.ts';
import { verifyTrail } from '#packet/audit.ts';
import { openEnvelope } from '#sync-agent/open-envelope.ts';
import { GUEST } from './audit-log.ts';
import { confirmIdentity } from './desk-commands.ts';
import { closeStation, openStation } from './open-station.ts';
import { finishCompleting } from './recovery.ts';
import { deskActor, type Station } from './station.ts';
import { trailFacts } from './trail-facts.ts';
import { voidPacket } from './void-packet.ts';

const folder = temporaryFolder();
const PACKET = Buffer.from('a packet');
let station: Station;

beforeAll(async () => { station = await openStation(join(folder, 'home'), () => {}); });
afterAll(async () => closeStation(station));

function received(): string {
  return station.requests.receive({
    id: randomUUID(), tablet: 'front', documentSha256: 'ab'.repeat(32), documentLength: 1, autopilot: false, form: null,
    details: { title: 'Card', printedBy: 'reception', pages: 1, rotations: [0], fields: [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 1, y: 1, width: 9, height: 9 }, found: 'phrase' }], hints: {}, warnings: [] },
  }, deskActor(station), {}).id;
}

async function completed(): Promise<string> {
  const id = received();
  station.requests.release(id, deskActor(station));
  station.requests.shown(id, 'ab'.repeat(32));
  station.requests.signing(id, { actor: GUEST, action: 'consent.given' });
  await station.outbox.put({ id, destination: 'packet', key: `${id}.esdk`, bytes: PACKET, context: { packet: id } });
  finishCompleting(station, id);
  return id;
}

function voids(id: string): string[] {
  return station.audit.events(id).filter(({ action }) => action === 'packet.voided').map(({ details }) => String(details['reason']));
}

test('a mistake is followed by a signed statement that names the packet, once, and nothing is deleted', async (context) => {
  const id = await completed();
  expect(trailFacts(station, id).voided).toBeNull();
  await voidPacket(station, id, 'wrong-guest');
  expect(trailFacts(station, id).voided).toMatchObject({ reason: 'wrong-guest' });
  await voidPacket(station, id, 'other');
  expect(voids(id)).toEqual(['wrong-guest']);
  expect(station.requests.get(id).state).toBe('completed');
  expect(station.outbox.has(id)).toBe(true);
  expect(station.audit.stationEvents().at(-1)).toMatchObject({ action: 'packet.voided', details: { request: id } });
  expect(verifyTrail(station.audit.events(id)).intact).toBe(true);

  const item = station.outbox.claim(Date.now(), new Set([id]))!;
  expect(item).toMatchObject({ id: `void-${id}`, destination: 'void', key: expect.stringMatching(/^demo\/front-desk\/voids\/\d{4}\/\d\d\/[0-9a-f-]+\.p7s\.esdk$/) });
  const { bytes } = await openEnvelope(item.envelope, { privateKeyPem: readFileSync(join(custodyFolder(station.home), CUSTODY_FILES.storeKey), 'utf8') });
  const file = join(folder, 'void.p7s');
  writeFileSync(file, bytes);
  const root = join(station.home, 'keys/root.cert.pem');
  const said = execFileSync(judge(context, 'openssl'), ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', file, '-CAfile', root, '-purpose', 'any'], { stdio: 'pipe' });
  expect(schemaBreaks(JSON.parse(readFileSync(new URL('../../packet/void.schema.json', import.meta.url), 'utf8')) as JsonSchema, JSON.parse(said.toString()))).toEqual([]);
  expect(JSON.parse(said.toString())).toMatchObject({
    format: 'countersign-void', request: id, reason: 'wrong-guest', packetSha256: createHash('sha256').update(PACKET).digest('hex'), demo: true, by: { kind: 'desk', name: 'Front desk', authenticated: false },
  });
});

test('after a crash between trail and outbox it is shipped when the desk asks again, with the first reason', async () => {
  const id = await completed();
  const crash = vi.spyOn(station.outbox, 'put').mockRejectedValue(new Error('the power went'));
  await expect(voidPacket(station, id, 'signed-twice')).rejects.toThrow('the power went');
  crash.mockRestore();
  expect(station.outbox.has(`void-${id}`)).toBe(false);
  await voidPacket(station, id, 'other');
  expect(voids(id)).toEqual(['signed-twice']);
  expect(station.outbox.has(`void-${id}`)).toBe(true);
});

test('what is not signed is not void, and identity is confirmed before signing', async () => {
  const waiting = received();
  await expect(voidPacket(station, waiting, 'other')).rejects.toMatchObject({ code: 'NOT_NOW' });
  expect(trailFacts(station, waiting).identity).toBeNull();
  confirmIdentity(station, waiting, 'passport');
  expect(trailFacts(station, waiting).identity).toBe('passport');
  expect(station.audit.events(waiting).at(-1)).toMatchObject({ action: 'identity.confirmed', actor: { kind: 'desk' }, origin: { device: 'desk' }, details: { seen: 'passport' } });
  expect(() => confirmIdentity(station, randomUUID(), 'passport')).toThrow(expect.objectContaining({ code: 'NO_SUCH_REQUEST' }));
});
