/** The agent as its own process, killed and cut off, with S3 stood in for and with a folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { startS3Server, type S3Server } from '#fixtures/s3-server.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair, privateKeyPem, publicKeyDer } from '#keys/key-pair.ts';
import { openEnvelope } from './open-envelope.ts';
import { Outbox } from './outbox.ts';
import { wrapForPublicKey, type Wrapper } from './wrap.ts';

const folder = temporaryFolder();
const MAIN = join(import.meta.dirname, 'main.ts');
const content = new Uint8Array(200_000).fill(7);
/** Words for strace before what it is to inject. */
const QUIETLY = ['-f', '-qq', '-o', '/dev/null', '-e'];
const patient = { timeout: 15_000, interval: 20 };
let wrap: Wrapper;
let privateKey: { privateKeyPem: string };
let s3: S3Server;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  const pair = await makeKeyPair('rsa');
  wrap = wrapForPublicKey(publicKeyDer(pair.publicKey));
  privateKey = { privateKeyPem: privateKeyPem(pair.privateKey) };
  s3 = await startS3Server();
});
beforeEach(() => {
  s3.objects.clear();
  s3.requests.length = 0;
  s3.faults.length = 0;
  s3.fault = null;
});
afterAll(async () => {
  for (const { pid } of running) process.kill(-(pid as number), 'SIGKILL');
  await s3.close();
});

/** A data folder with one packet in its outbox, under an object key of its own. */
async function homeWithPacket(configuration?: object): Promise<{ home: string; outbox: Outbox; key: string }> {
  const home = mkdtempSync(join(folder, 'home-'));
  const key = `nord/riga/2026/11/${basename(home)}.esdk`;
  if (configuration !== undefined) writeFileSync(join(home, 'sync.json'), JSON.stringify(configuration));
  const outbox = Outbox.open(join(home, 'outbox.db'), { wrap });
  await outbox.put({ id: 'r-1', destination: 'packet', key, bytes: content, context: { packet: 'r-1' } });
  return { home, outbox, key };
}

/** One thread for files, because strace counts the calls of each thread by itself. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, UV_THREADPOOL_SIZE: '1', AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey };
}

type Running = ChildProcess & { logged: string };

/** In a process group of its own, so that nothing traced outlives the tests. */
function start(program: string, words: string[]): Running {
  const child = Object.assign(spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: environment(), detached: true }), { logged: '' });
  running.add(child);
  child.on('exit', () => running.delete(child));
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (child.logged += String(chunk)));
  return child;
}

function startAgent(home: string): Running {
  return start(process.execPath, [MAIN, '--home', home]);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [code] = await once(child, 'exit') as [number | null];
  return code;
}

function inS3(): object {
  return { store: { kind: 's3', bucket: s3.bucket, endpoint: s3.endpoint } };
}

describe('the agent’s process', () => {
  it('killed while it uploads, and started again, has the object there once', async () => {
    const { home, outbox, key } = await homeWithPacket(inS3());
    s3.faults.push({ kind: 'slow', ms: 400 });
    const first = startAgent(home);
    await vi.waitFor(() => expect(s3.requests).toEqual([`PUT ${key}`]), patient);
    await end(first, 'SIGKILL');
    expect(outbox.statusOf('r-1')).toBe('waiting');
    const second = startAgent(home);
    await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('delivered'), patient);
    await vi.waitFor(() => expect(s3.pending).toBe(0), patient);
    expect([...s3.objects.keys()]).toEqual([key]);
    expect(await end(second, 'SIGTERM')).toBe(0);
    const stored = s3.objects.get(key)?.bytes as Buffer;
    expect((await openEnvelope(stored, privateKey)).bytes).toEqual(content);
    expect(outbox.receiptOf('r-1')).toMatchObject({ location: `s3://${s3.bucket}/${key}` });
  });

  it('whose upload was stored without an answer finds it, and counts it as there', async () => {
    const { home, outbox } = await homeWithPacket(inS3());
    s3.faults.push({ kind: 'lost-answer' });
    const agent = startAgent(home);
    await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('delivered'), patient);
    expect(outbox.receiptOf('r-1')).toMatchObject({ alreadyThere: true });
    expect(await end(agent, 'SIGTERM')).toBe(0);
  });

  it('retries while the store is away and delivers when it is back, by itself', async () => {
    const { home, outbox } = await homeWithPacket(inS3());
    s3.fault = { kind: 'slow-down' };
    const agent = startAgent(home);
    await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('retrying'), patient);
    expect(outbox.status().lastError).toContain('SlowDown');
    s3.fault = null;
    await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('delivered'), patient);
    expect(s3.objects.size).toBe(1);
    await end(agent, 'SIGTERM');
    expect(agent.logged).toContain('not delivered (STORE_AWAY)');
    expect(agent.logged).not.toContain(s3.credentials.secretAccessKey);
  });

  it('stops in the middle of a hanging upload, and leaves the item as it was', async () => {
    const { home, outbox } = await homeWithPacket(inS3());
    s3.fault = { kind: 'hang' };
    const agent = startAgent(home);
    await vi.waitFor(() => expect(s3.requests).toHaveLength(1), patient);
    expect(await end(agent, 'SIGTERM')).toBe(0);
    expect(outbox.statusOf('r-1')).toBe('waiting');
  });

  it.for(['fsync:signal=KILL:when=1', 'fsync:signal=KILL:when=6', 'rename:signal=KILL:when=1', 'fsync:signal=KILL:when=7'])(
    'killed at a flush or rename of a folder store (%s) leaves the object whole or absent, and then delivers it', async (inject, context) => {
      const { home, outbox, key } = await homeWithPacket();
      const stored = join(home, 'store', key);
      const killed = start(judge(context, 'strace'), [...QUIETLY, `inject=${inject}`, process.execPath, MAIN, '--home', home]);
      await once(killed, 'exit');
      expect(killed.logged).not.toContain('delivered r-1');
      if (existsSync(stored)) expect((await openEnvelope(readFileSync(stored), privateKey)).bytes).toEqual(content);
      const agent = startAgent(home);
      await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('delivered'), patient);
      await end(agent, 'SIGTERM');
      const files = readdirSync(join(home, 'store'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(files.map(({ name }) => name)).toEqual([basename(key)]);
      expect((await openEnvelope(readFileSync(stored), privateKey)).bytes).toEqual(content);
    },
  );

  it('is the only one on its data folder, until it is gone, however it went', async () => {
    const { home, outbox } = await homeWithPacket();
    const first = startAgent(home);
    await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('delivered'), patient);
    const second = startAgent(home);
    expect(await once(second, 'exit')).toEqual([2, null]);
    expect(second.logged).toContain('Another sync-agent works on');
    await end(first, 'SIGKILL');
    const third = startAgent(home);
    await vi.waitFor(() => expect(third.logged).toContain('started with 0'), patient);
    expect(await end(third, 'SIGTERM')).toBe(0);
  });

  it('ends with the process that started it', async () => {
    const { home } = await homeWithPacket();
    const agent = startAgent(home);
    await vi.waitFor(() => expect(agent.logged).toContain('delivered r-1'), patient);
    agent.disconnect();
    expect(await once(agent, 'exit')).toEqual([0, null]);
  });

  it('that cannot run says why, with exit code 2', () => {
    const home = mkdtempSync(join(folder, 'home-'));
    writeFileSync(join(home, 'sync.json'), '{"store":{"kind":"tape"}}');
    for (const [words, said] of [
      [['--home', home], 'store.kind should be folder or s3'], [[], '--home must name'], [['--home', join(home, 'none')], 'is not there'],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(said) });
    }
  });

  it('tells that the store’s disk is full, and delivers when there is room', async (context) => {
    const strace = judge(context, 'strace');
    const { home, outbox } = await homeWithPacket();
    const full = start(strace, [...QUIETLY, 'inject=rename:error=ENOSPC', process.execPath, MAIN, '--home', home]);
    await vi.waitFor(() => expect(outbox.status().lastError).toMatch(/disk of .* is full/), patient);
    full.disconnect();
    await once(full, 'exit');
    const agent = startAgent(home);
    await vi.waitFor(() => expect(outbox.statusOf('r-1')).toBe('delivered'), patient);
    await end(agent, 'SIGTERM');
  });
});
