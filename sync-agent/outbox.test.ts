import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair, privateKeyPem, publicKeyDer } from '#keys/key-pair.ts';
import { openEnvelope } from './open-envelope.ts';
import { Outbox, type OutboxItem, type Receipt } from './outbox.ts';
import { wrapForPublicKey, type Wrapper } from './wrap.ts';

const folder = temporaryFolder();
let wrap: Wrapper;
let privateKey: { privateKeyPem: string };

beforeAll(async () => {
  const pair = await makeKeyPair('rsa');
  wrap = wrapForPublicKey(publicKeyDer(pair.publicKey));
  privateKey = { privateKeyPem: privateKeyPem(pair.privateKey) };
  writeFileSync(join(folder, 'store.spki'), publicKeyDer(pair.publicKey));
});

function newPath(): string {
  return join(mkdtempSync(join(folder, 'outbox-')), 'outbox.db');
}

function open(path = newPath()): Outbox {
  return Outbox.open(path, { wrap });
}

function item(id: string, content = `the packet ${id}`): OutboxItem {
  return { id, destination: 'packet', key: `nord/riga/2026/11/${id}.esdk`, bytes: Buffer.from(content), context: { packet: id } };
}

const receipt: Receipt = { store: 'folder', location: '/somewhere', sha256: 'ab', at: '2026-11-21T10:00:00.000Z', alreadyThere: false };

describe('the outbox', () => {
  it('gives the agent what the station put, wrapped', async () => {
    const path = newPath();
    const [station, agent] = [open(path), Outbox.open(path, { wrap: null })];
    await station.put(item('one'));
    expect(station.statusOf('one')).toBe('waiting');
    const claimed = agent.claim(Date.now());
    expect(claimed).toMatchObject({ id: 'one', destination: 'packet', key: 'nord/riga/2026/11/one.esdk', attempts: 0 });
    expect(await openEnvelope(claimed?.envelope as Uint8Array, privateKey)).toEqual({
      bytes: new Uint8Array(Buffer.from('the packet one')), context: { packet: 'one' },
    });
    await expect(agent.put(item('two'))).rejects.toThrow(TypeError);
  });

  it('never has the content on the disk, before delivery or after', async () => {
    const path = newPath();
    const outbox = open(path);
    const marked = 'MARKED-STROKES-4711';
    await outbox.put(item('one', marked));
    const onDisk = () => readdirSync(join(path, '..')).map((name) => readFileSync(join(path, '..', name), 'latin1')).join('');
    expect(onDisk()).toContain('nord/riga');
    expect(onDisk()).not.toContain(marked);
    outbox.receipt('one', receipt);
    outbox.close();
    expect(onDisk()).not.toContain(marked);
  });

  it('keeps a row’s fact and receipt when delivered, but no bytes', async () => {
    const path = newPath();
    const outbox = open(path);
    await outbox.put(item('one', 'x'.repeat(1_000_000)));
    outbox.receipt('one', receipt);
    expect(outbox.statusOf('one')).toBe('delivered');
    expect(outbox.receiptOf('one')).toEqual(receipt);
    expect(outbox.claim(Date.now())).toBeNull();
    outbox.close();
    expect(readFileSync(path).length).toBeLessThan(100_000);
  });

  it('takes the same item again without a second row, and refuses another under its id', async () => {
    const outbox = open();
    await Promise.all([outbox.put(item('one')), outbox.put(item('one'))]);
    await outbox.put(item('one'));
    expect(outbox.status()).toEqual({ waiting: 1, retrying: 0, delivered: 0, lastError: null });
    await expect(outbox.put(item('one', 'another packet'))).rejects.toMatchObject({ code: 'OUTBOX_CONFLICT' });
    outbox.receipt('one', receipt);
    await outbox.put(item('one'));
    expect(outbox.statusOf('one')).toBe('delivered');
  });

  it('never gives up an item, and lets others pass it', async () => {
    const outbox = open();
    await outbox.put(item('poison'));
    await outbox.put(item('good'));
    let now = 1_000;
    for (let failures = 0; failures < 100; failures++) {
      expect(outbox.claim(now)).toMatchObject({ id: failures === 0 ? 'poison' : 'good' });
      outbox.fail('poison', `failure ${failures + 1}`, now + 1_000);
      now += 10;
    }
    expect(outbox.status()).toEqual({ waiting: 1, retrying: 1, delivered: 0, lastError: 'failure 100' });
    outbox.receipt('good', receipt);
    expect(outbox.claim(now)).toBeNull();
    expect(outbox.claim(now + 1_000)).toMatchObject({ id: 'poison', attempts: 100 });
    expect(outbox.claim(now + 1_000, new Set(['poison']))).toBeNull();
    outbox.receipt('poison', receipt);
    expect(outbox.status()).toEqual({ waiting: 0, retrying: 0, delivered: 2, lastError: null });
  });

  it('of version 1 keeps what waits, and takes heads and addenda from then on', async () => {
    const path = newPath();
    const first = open(path);
    await first.put(item('one'));
    first.close();
    const database = new Database(path);
    const { sql } = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'item'`).get() as { sql: string };
    database.exec(`ALTER TABLE item RENAME TO kept; DROP INDEX item_due; ${sql.replace(", 'head', 'void', 'addendum'", '')};
      INSERT INTO item SELECT * FROM kept; DROP TABLE kept; CREATE INDEX item_due ON item (next_at, number) WHERE receipt IS NULL`);
    database.pragma('user_version = 1');
    database.close();
    const outbox = open(path);
    await outbox.put({ ...item('head-1'), destination: 'head' });
    expect(outbox.claim(Date.now())).toMatchObject({ id: 'one', destination: 'packet' });
    expect(outbox.claim(Date.now(), new Set(['one']))).toMatchObject({ id: 'head-1', destination: 'head' });
    await outbox.put({ ...item('time-stamp-1'), destination: 'addendum' });
    expect(outbox.statusOf('time-stamp-1')).toBe('waiting');
  });

  it('of a newer program is left alone', () => {
    const path = newPath();
    open(path).close();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.close();
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'OUTBOX_NEWER' }));
  });

  it('that is no database says so', () => {
    const path = newPath();
    writeFileSync(path, 'not a database, but long enough to be taken for one'.repeat(100));
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'OUTBOX_FAILED' }));
    expect(() => open(join(folder, 'no', 'folder', 'outbox.db'))).toThrow(expect.objectContaining({ code: 'OUTBOX_FAILED' }));
  });
});

/** A process that opens the outbox, says "ready", puts one item and says "kept"; its system calls are interfered with. */
const PUT_ONE = `
  import { readFileSync } from 'node:fs';
  import { Outbox } from '${import.meta.dirname}/outbox.ts';
  import { wrapForPublicKey } from '${import.meta.dirname}/wrap.ts';
  const [path, spki] = process.argv.slice(1);
  const outbox = Outbox.open(path, { wrap: wrapForPublicKey(readFileSync(spki)) });
  try {
    await outbox.put({ id: 'one', destination: 'packet', key: 'k', bytes: Buffer.alloc(300000, 7), context: {} });
    console.log('kept');
  } catch (error) { console.log(error.code); }`;

function putUnder(strace: string, inject: string, path: string): { stdout: string; signal: string | null } {
  return spawnSync(strace, ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`,
    process.execPath, '--input-type=module', '-e', PUT_ONE, path, join(folder, 'store.spki')], { encoding: 'utf8' });
}

describe('when the machine fails', () => {
  it('a put that was cut off leaves nothing, and one that was told "kept" is there', async (context) => {
    const strace = judge(context, 'strace');
    const seen = new Set<string>();
    for (let when = 1; when <= 6; when++) {
      const path = newPath();
      open(path).close();
      const { stdout } = putUnder(strace, `fsync,fdatasync:signal=KILL:when=${when}`, path);
      const outbox = open(path);
      if (stdout === 'kept\n') expect(outbox.statusOf('one')).toBe('waiting');
      const claimed = outbox.claim(Date.now());
      if (claimed !== null) expect((await openEnvelope(claimed.envelope, privateKey)).bytes.length).toBe(300_000);
      seen.add(`${stdout.trim()} ${outbox.statusOf('one')}`);
      outbox.close();
    }
    expect([...seen].some((each) => each.startsWith('kept'))).toBe(true);
    expect([...seen].some((each) => !each.startsWith('kept'))).toBe(true);
  });

  it('a full disk is told as such, and nothing half is left', (context) => {
    const strace = judge(context, 'strace');
    const path = newPath();
    open(path).close();
    expect(putUnder(strace, 'pwrite64:error=ENOSPC:when=20+', path).stdout).toBe('OUTBOX_FULL\n');
    const outbox = open(path);
    expect(outbox.has('one')).toBe(false);
    outbox.close();
  });
});
