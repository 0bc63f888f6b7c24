/**
 * One house in which a guest signs again and again while strace kills the station at a chosen system call, and what
 * must be true after each kill.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import type { Desk } from '#cli/demo/desk.ts';
import { judge, needsHost } from '#fixtures/needs.ts';
import { taggedCard } from '#fixtures/tagged-card.ts';
import type { DeskRequest, StationToDesk } from '#kiosk/protocol/index.ts';
import { eventually, startHouse, type TestHouse } from './house.ts';
import { openKept, outboxStatus, storedEnvelopes } from './packets.ts';
import { begun, printed, titled } from './signing.ts';

type DeskState = Extract<StationToDesk, { type: 'state' }>;

export interface Kill {
  /** System calls, as strace names them; Linux has several for one purpose. */
  calls: string;
  /** At the how-manieth of them, counted by thread. */
  when: number;
  /** Only calls on this file or folder of the data folder; ID stands for the request's. */
  path?: string;
}

/** What a kill left: the request waiting again, or the whole packet. `untouched`: the call did not come that often. */
export type Left = 'unsigned' | 'complete' | 'untouched';

export interface KillRounds {
  /** Signs once with that kill set, checks what is left, and brings the signing to its end. */
  round(kill: Kill | 'after thank you'): Promise<Left>;
  /**
   * As `round`, of the first of two signings of one document: `untouched` and `complete` are followed by the other one, which is signed to
   * the end; what is left unsigned is signed anew, and so is what follows it.
   */
  chained(kill: Kill): Promise<Left>;
  /** After all rounds: every signing is in the store once, whole, and their records are chained without a gap. */
  checkChain(): Promise<void>;
  end(): Promise<void>;
}

/** The supervisor waits longer after each death; a house that was started anew does not. */
const KILLS_PER_HOUSE = 3;

export async function killRounds(context: TestContext): Promise<KillRounds> {
  const strace = judge(context, 'strace');
  let house = await startHouse({ settings: {} });
  const { folder } = house;
  const signed: string[] = [];
  let kills = 0;
  let number = 0;

  async function round(kill: Kill | 'after thank you', bytes?: Uint8Array): Promise<Left> {
    if (kills === KILLS_PER_HOUSE) {
      await house.stop();
      house = await startHouse({ folder });
      kills = 0;
    }
    const title = `Card ${++number}`;
    const desk = await house.desk();
    const guest = await house.guest();
    const { request, done } = await begun(desk, guest, await printed(house, desk, title, 'front', bytes));
    const pid = await house.pid();
    const tracer = kill === 'after thank you' ? null : await attach(context, strace, pid, house.home, request.id, kill);
    const thanked = await done().then(({ status }) => status === 200, () => false);
    if (kill === 'after thank you') process.kill(pid, 'SIGKILL');
    const killed = kill === 'after thank you' || await endOf(tracer as ChildProcess, house, pid);
    guest.session.close();
    desk.close();
    if (killed) kills++;
    const left = await checkLeft(house, title, request.id, thanked);
    signed.push(request.id);
    return killed ? left : 'untouched';
  }

  /** Of one document for two: however the first signing ends, there is one that follows it, once, and it can be signed. */
  async function chained(kill: Kill): Promise<Left> {
    const bytes = await taggedCard(['initials', 'staff', 'check:', 'date']);
    const left = await round(kill, bytes);
    const first = signed.at(-1) ?? '';
    const desk = await house.desk();
    const guest = await house.guest();
    try {
      const next = await following(desk, first);
      const { request, done } = await begun(desk, guest, next);
      expect((await done()).status).toBe(200);
      await desk.delivered(request.id);
      signed.push(request.id);
    } finally {
      guest.session.close();
      desk.close();
    }
    return left;
  }

  return {
    round,
    chained,
    checkChain: async () => checkChain(house, signed),
    async end() {
      await house.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The request that goes on with what this one has signed: one alone, waiting, or on the tablet already. */
async function following(desk: Desk, first: string): Promise<DeskRequest> {
  const those = ({ requests }: DeskState): DeskRequest[] => requests.filter(({ follows }) => follows === first);
  const state = await desk.session.until('the next signing', (message): message is DeskState => message.type === 'state' && those(message).length > 0);
  expect(those(state)).toHaveLength(1);
  return those(state)[0] as DeskRequest;
}

async function attach(context: TestContext, strace: string, pid: number, home: string, id: string, { calls, when, path }: Kill): Promise<ChildProcess> {
  const only = path === undefined ? [] : ['-P', join(home, path.replace('ID', id))];
  const tracer = spawn(strace, ['-f', '-o', '/dev/null', '-p', String(pid), ...only, '-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${when}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  tracer.stderr.setEncoding('utf8').on('data', (chunk: string) => { said += chunk; });
  await eventually('strace to be attached', () => said.includes('attached') || tracer.exitCode !== null);
  if (!said.includes('attached')) needsHost(context, `no process may be traced here (${said.trim()}); run as root, or allow it in kernel.yama.ptrace_scope`);
  return tracer;
}

/** What was set may also strike in the moments after "Thank you", while the desk's copy is written. */
async function endOf(tracer: ChildProcess, house: TestHouse, pid: number): Promise<boolean> {
  const again = await house.pid();
  if (tracer.exitCode === null && tracer.signalCode === null) {
    tracer.kill('SIGINT');
    await eventually('strace to end', () => tracer.exitCode !== null || tracer.signalCode !== null);
  }
  return again !== pid;
}

/** Back unsigned, and a new signing works; or complete. Never half, never both, never thanked without a packet. */
async function checkLeft(house: TestHouse, title: string, id: string, thanked: boolean): Promise<'unsigned' | 'complete'> {
  const desk = await house.desk();
  try {
    const left = await desk.request(['assigned', 'shown', 'signing', 'completed'], id);
    const inOutbox = outboxStatus(house.home, id) !== 'none';
    expect({ thanked, inOutbox, state: left.state }).toEqual({ thanked: thanked && inOutbox, inOutbox, state: inOutbox ? 'completed' : 'assigned' });
    if (!inOutbox) {
      expect(storedEnvelopes(house.home, id)).toEqual([]);
      const guest = await house.guest();
      const again = await begun(desk, guest, await titled(desk, title));
      const answer = await again.done();
      expect(answer.status, `${await answer.text()}\n${house.said.err}`).toBe(200);
      guest.session.close();
    }
    await desk.delivered(id);
    const [envelope, second] = storedEnvelopes(house.home, id);
    expect(second).toBeUndefined();
    const { verified, signedPdf, requestId } = await openKept(house.home, readFileSync(envelope as string));
    expect({ requestId, ...verified }).toMatchObject({ requestId: id, indication: 'TOTAL-PASSED', valid: true, trusted: true, audit: { intact: true } });
    await checkDeskCopy(desk, id, signedPdf);
    return inOutbox ? 'complete' : 'unsigned';
  } finally {
    desk.close();
  }
}

/** A convenience that a kill may cost, but what is there is whole. */
async function checkDeskCopy(desk: Desk, id: string, signedPdf: Uint8Array): Promise<void> {
  const copy = await desk.session.fetch(`/desk/requests/${id}/signed.pdf`);
  if (copy.status === 404) return;
  expect(Buffer.from(await copy.arrayBuffer()).equals(signedPdf)).toBe(true);
}

async function checkChain(house: TestHouse, signed: readonly string[]): Promise<void> {
  const kept = await Promise.all(storedEnvelopes(house.home).map(async (path) => openKept(house.home, readFileSync(path))));
  expect(kept.map(({ requestId }) => requestId).toSorted()).toEqual([...signed].toSorted());
  const inOrder = kept.toSorted((one, two) => one.record.context.chain.number - two.record.context.chain.number);
  let previous: string | null = null;
  for (const [index, { record: { context }, sealedRecord }] of inOrder.entries()) {
    expect(context.chain).toEqual({ number: index + 1, previousSha256: previous });
    previous = createHash('sha256').update(sealedRecord).digest('hex');
  }
}
