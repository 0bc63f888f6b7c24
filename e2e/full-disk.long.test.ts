/**
 * "Bad input", a full disk: the print client, the guest and the desk are told in words, nothing crashes, nothing is
 * lost, and once there is room everything goes on. The disk is a small tmpfs of its own; only root on Linux may mount one.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, type TestContext } from 'vitest';
import type { Desk } from '#cli/demo/desk.ts';
import type { Guest } from '#cli/demo/guest.ts';
import { findProgram, needsHost } from '#fixtures/needs.ts';
import { eventually, startHouse, type TestHouse } from './house.ts';
import { openKept, outboxStatus, storedEnvelopes } from './packets.ts';
import { begun, card, notice, printed } from './signing.ts';

const disk = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
/** KB: for nothing, for a part of the packet, for the packet but not for noting it, for all but the desk's copy, for all. */
const ROOM = [4, 90, 120, 140, 160, 400];
const filler = join(disk, 'filler');
let house: TestHouse | undefined;
let desk: Desk;
let guest: Guest;

beforeEach(async (context) => {
  makeRoom();
  house ??= await startOnSmallDisk(context);
});
afterAll(async () => {
  guest?.session.close();
  desk?.close();
  await house?.stop();
  const umount = findProgram('umount');
  if (umount !== null) spawnSync(umount, [disk]);
  rmSync(disk, { recursive: true, force: true });
});

async function startOnSmallDisk(context: TestContext): Promise<TestHouse> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) needsHost(context, 'only root on Linux may mount a small disk');
  const mount = findProgram('mount');
  if (mount === null || findProgram('umount') === null) needsHost(context, 'mount and umount are not here');
  const { status, stderr } = spawnSync(mount, ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { encoding: 'utf8' });
  if (status !== 0) needsHost(context, `no small disk may be mounted here (${stderr})`);
  const started = await startHouse({ folder: disk, settings: {} });
  desk = await started.desk();
  guest = await started.guest();
  return started;
}

/** Takes every byte that is left, but for these. */
function fill(leaving = 0): void {
  const file = openSync(filler, 'w');
  try {
    for (let size = 1_048_576; size >= 1; size = size === 1 ? 0 : size >> 1) while (writes(file, size));
    ftruncateSync(file, Math.max(0, fstatSync(file).size - leaving));
  } finally {
    closeSync(file);
  }
}

function writes(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
}

function makeRoom(): void {
  rmSync(filler, { force: true });
}

it('warns the desk while the disk fills', async () => {
  expect(await notice(desk, 'DISK_LOW')).toMatch(/disk is almost full.*Make room/);
});

it('refuses a print job in words, at the print client and at the desk, and takes it when there is room', async () => {
  const at = house as TestHouse;
  fill();
  expect(await at.print(await card(), 'No room')).toMatchObject({ state: 'aborted', message: expect.stringContaining('disk is full') });
  expect(await notice(desk, 'JOB_REFUSED', 'No room')).toContain('disk is full');
  makeRoom();
  const waiting = await printed(at, desk, 'Room again');
  await desk.session.post(`/desk/requests/${waiting.id}/cancel`, { reason: 'other' });
  expect(await at.pid()).toBe(at.ready.pid);
});

it('keeps a guest’s document when Done finds no room, says so to guest and desk, and Done again completes', async () => {
  const at = house as TestHouse;
  const { request, done } = await begun(desk, guest, await printed(at, desk, 'Signed without room'));
  fill();
  const answer = await done();
  expect({ status: answer.status, ...await answer.json() as object }).toMatchObject({ status: 507, code: 'DISK_FULL', detail: 'Please wait a moment. Staff have been informed.' });
  expect(await notice(desk, 'DISK_FULL')).toMatch(/disk is full.*press Done again/);
  expect(storedEnvelopes(at.home, request.id)).toEqual([]);
  makeRoom();
  expect((await done()).status).toBe(200);
  await desk.delivered(request.id);
  const { notices } = await at.ask({ command: 'status' });
  expect(notices).not.toContainEqual(expect.objectContaining({ code: 'DISK_FULL' }));
  const { verified } = await openKept(at.home, readFileSync(storedEnvelopes(at.home, request.id)[0] as string));
  expect(verified).toMatchObject({ valid: true, trusted: true, audit: { intact: true } });
  expect(await at.pid()).toBe(at.ready.pid);
});

it.each(ROOM)('thanks the guest exactly when the packet is complete, with %d KB left at Done', async (kilobytes) => {
  const at = house as TestHouse;
  const { request, done } = await begun(desk, guest, await printed(at, desk, `With ${kilobytes} KB`));
  fill(kilobytes * 1024);
  const first = await done();
  makeRoom();
  const inOutbox = outboxStatus(at.home, request.id) !== 'none';
  expect([200, 507]).toContain(first.status);
  if (first.status === 200) expect(inOutbox).toBe(true);
  // what reached the outbox completes by itself; Done again is thanked either way
  if (inOutbox) await desk.request(['completed'], request.id);
  expect((await done()).status).toBe(200);
  await desk.request(['completed'], request.id);
  await desk.delivered(request.id);
  expect(storedEnvelopes(at.home, request.id)).toHaveLength(1);
  expect(readdirSync(join(at.home, 'documents')).filter((name) => name.includes(`${request.id}.document`))).toEqual([]);
  expect(await at.pid()).toBe(at.ready.pid);
});

it('delivers to a store on the same disk once there is room', async () => {
  const at = house as TestHouse;
  process.kill(at.ready.syncPid, 'SIGSTOP');
  const { request, done } = await begun(desk, guest, await printed(at, desk, 'Store without room'));
  expect((await done()).status).toBe(200);
  fill();
  process.kill(at.ready.syncPid, 'SIGCONT');
  // with the outbox on the same disk, only the log can say so
  await eventually('a failed delivery', () => /not delivered \(STORE_FULL\).*Make room/.test(at.said.err));
  // one that starts anew on the full disk waits, too
  const failures = at.said.err.split('STORE_FULL').length;
  process.kill(at.ready.syncPid, 'SIGKILL');
  await eventually('the next sync-agent', () => /sync-agent ended unexpectedly/.test(at.said.err) && (at.said.err.split('STORE_FULL').length > failures || /disk is full: nothing was kept/.test(at.said.err)));
  makeRoom();
  await desk.delivered(request.id);
  expect(storedEnvelopes(at.home, request.id)).toHaveLength(1);
});
