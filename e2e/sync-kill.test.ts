/**
 * Promise 6 and point 5 of the first issue: a packet is in the store exactly once, whatever happens to the sync-agent
 * and to the store on the way. In small: minutes of absence, not 72 hours. S3 is stood in for by `fixtures/s3-server.ts`.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Desk } from '#cli/demo/desk.ts';
import type { StationToDesk } from '#kiosk/protocol/index.ts';
import { startS3Server, type S3Server } from '#fixtures/s3-server.ts';
import { countersign, eventually, isAlive, startHouse, type TestHouse } from './house.ts';
import { openKept } from './packets.ts';
import { begun, printed } from './signing.ts';

type DeskState = Extract<StationToDesk, { type: 'state' }>;

let s3: S3Server;
let house: TestHouse;
let desk: Desk;

beforeAll(async () => {
  s3 = await startS3Server();
  house = await startHouse({
    settings: {}, sync: { store: { kind: 's3', bucket: s3.bucket, endpoint: s3.endpoint } },
    env: { AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey },
  });
  desk = await house.desk();
});
afterAll(async () => {
  desk?.close();
  await house?.end();
  await s3?.close();
});

async function signed(title: string): Promise<string> {
  const guest = await house.guest();
  const { request, done } = await begun(desk, guest, await printed(house, desk, title));
  expect((await done()).status).toBe(200);
  guest.session.close();
  return request.id;
}

/** The object of a request, which must be the only one of it, opened and verified. */
async function checkStored(id: string): Promise<void> {
  const keys = [...s3.objects.keys()].filter((key) => key.includes(id));
  expect(keys).toEqual([expect.stringMatching(new RegExp(`^demo/front-desk/\\d{4}/\\d\\d/${id}-[0-9a-f]{16}\\.esdk$`))]);
  const { verified, requestId } = await openKept(house.home, s3.objects.get(keys[0] as string)?.bytes as Uint8Array);
  expect({ requestId, ...verified }).toMatchObject({ requestId: id, valid: true, trusted: true });
}

it('killed while it uploads, the sync-agent is started again, and the object is there once', async () => {
  s3.faults.push({ kind: 'slow', ms: 1_500 });
  const id = await signed('Killed during upload');
  await eventually('an upload to begin', () => s3.requests.some((line) => line.startsWith('PUT') && line.includes(id)));
  process.kill(house.ready.syncPid, 'SIGKILL');
  await eventually('the sync-agent to be gone', () => !isAlive(house.ready.syncPid));
  await desk.delivered(id);
  // the upload that was under way may still arrive at the store; it must not make a second object or another one
  const uploads = () => s3.requests.filter((line) => line.startsWith('PUT') && line.includes(id)).length;
  await eventually('the second upload', () => uploads() >= 2);
  await checkStored(id);
  expect(house.said.err).toContain('The sync-agent ended unexpectedly (SIGKILL)');
});

it('while the store is away, packets wait and the desk is told; when it is back, they go by themselves', async () => {
  s3.fault = { kind: 'slow-down' };
  const id = await signed('Store away');
  const retrying = (state: DeskState) => state.requests.some((request) => request.id === id && request.delivery === 'retrying') && state.outbox.lastError !== null;
  const state = await desk.session.until('the desk to hear of the store', (message): message is DeskState => message.type === 'state' && retrying(message));
  expect(state.outbox).toMatchObject({ retrying: 1, lastError: expect.stringMatching(/SlowDown.*tried again/) });
  const status = await countersign(['sync', 'status', '--home', house.home]);
  expect({ code: status.code, out: status.out }).toEqual({ code: 1, out: expect.stringMatching(/Retrying {4}1[\s\S]*SlowDown/) });
  s3.fault = null;
  await desk.delivered(id);
  await checkStored(id);
});

it('an answer that was lost makes no second object', async () => {
  s3.faults.push({ kind: 'lost-answer' });
  const id = await signed('Lost answer');
  await desk.delivered(id);
  await checkStored(id);
  expect(house.said.err).not.toContain(s3.credentials.secretAccessKey);
});
