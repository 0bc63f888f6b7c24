import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge, needsHost } from '#fixtures/needs.ts';
import { countersign, Program } from '#fixtures/program.ts';
import { signedSample } from '#fixtures/signed-sample.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testExaminer } from '#fixtures/test-certificates.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const sample = await signedSample();
const keyPem = pem('PRIVATE KEY', sample.examiner.privateKey);
const cert = at('notary.cert.pem');
writeFileSync(at('packet.asice'), sample.packet);
writeFileSync(cert, pem('CERTIFICATE', sample.examiner.certificate));
writeFileSync(at('other.cert.pem'), pem('CERTIFICATE', (await testExaminer('p256', 'Somebody else')).certificate));
writeFileSync(at('notary.key.pem'), keyPem);
const keys = (...argv: string[]) => countersign('keys', 'examiner', ...argv);
const share = (index: number): string => at(`notary.share-${index}-of-5.txt`);
const locked = at('notary.locked.json');

const splitting = await keys('split', at('notary.key.pem'), '--shares', '5', '--threshold', '3', '--delete-key');

describe('split', () => {
  test('writes private files, proves them, and only then removes the key', () => {
    expect(splitting).toMatchObject({ code: 0, stderr: '' });
    for (const file of [locked, at('notary.custody.json'), ...[1, 2, 3, 4, 5].map(share)]) {
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(existsSync(at('notary.key.pem'))).toBe(false);
    expect(JSON.parse(readFileSync(at('notary.custody.json'), 'utf8'))).toMatchObject({ threshold: 3, shares: 5, set: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  test('never overwrites, and then leaves the key where it is', async () => {
    writeFileSync(at('notary.key.pem'), keyPem);
    const before = readFileSync(share(1), 'utf8');
    expect(await keys('split', at('notary.key.pem'), '--shares', '5', '--threshold', '3', '--delete-key')).toMatchObject({ code: 2, stderr: expect.stringContaining('already there') });
    expect(readFileSync(share(1), 'utf8')).toBe(before);
    expect(readFileSync(at('notary.key.pem'), 'utf8')).toBe(keyPem);
  });
});

describe('join', () => {
  test('proves itself and writes nothing where it is not asked to', async () => {
    const files = readdirSync(folder);
    expect(await keys('join', locked, share(1), share(3), share(5), '--certificate', cert)).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing was written') });
    expect(readdirSync(folder)).toEqual(files);
  });

  test('refuses too few shares, one twice, another certificate, and a disk', async () => {
    const refusal = async (...argv: string[]) => { const { code, stderr } = await keys('join', locked, ...argv); return code === 2 ? stderr : `exit ${code}`; };
    expect(await refusal(share(1), share(2), '--certificate', cert)).toContain('3 shares are needed; 2 came');
    expect(await refusal(share(1), share(2), share(1), '--certificate', cert)).toContain('given twice');
    expect(await refusal(share(1), share(2), share(3), '--certificate', at('other.cert.pem'))).toContain('not the one of this key');
    expect(await refusal(share(1), share(2), share(3), '--certificate', cert, '--out', '/proc/key.pem')).toContain('not in memory');
  });

  test('the joined key is one that OpenSSL reads, and the one that was split', async (context) => {
    const out = at('joined.pem');
    expect(await keys('join', locked, share(2), share(3), share(4), '--certificate', cert, '--out', out, '--out-anywhere')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(out, 'utf8')).toBe(keyPem);
    const publicKey = execFileSync(judge(context, 'openssl'), ['pkey', '-in', out, '-pubout'], { encoding: 'utf8' });
    expect(publicKey).toBe(execFileSync(judge(context, 'openssl'), ['x509', '-in', cert, '-noout', '-pubkey'], { encoding: 'utf8' }));
    expect(await countersign('open', at('packet.asice'), '--key', out, '--out', at('record'))).toMatchObject({ code: 0 });
    expect(new Uint8Array(readFileSync(at('record')))).toEqual(new Uint8Array(sample.record));
  });

  test('runs one command with the key and wipes it, also where the command fails or is interrupted', async (context) => {
    if (process.platform !== 'linux') needsHost(context, 'a memory file system is known on Linux only');
    const joinAnd = (...command: string[]): string[] => ['keys', 'examiner', 'join', locked, share(1), share(2), share(3), '--certificate', cert, '--run', ...command];
    expect(await countersign(...joinAnd('cat', '{key}'))).toMatchObject({ code: 0, stdout: keyPem });
    const failing = await countersign(...joinAnd('sh', '-c', 'test -s {key} && echo {key}; exit 7'));
    expect(failing).toMatchObject({ code: 7, stdout: expect.stringMatching(/^\/dev\/shm\//) });
    expect(existsSync(dirname(failing.stdout.trim()))).toBe(false);
    expect(await countersign(...joinAnd('/no/such/program', '{key}'))).toMatchObject({ code: 2 });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const program = new Program(joinAnd('sh', '-c', 'echo {key}; exec sleep 60'));
      await program.printed((text) => text.includes('\n'));
      expect(existsSync(program.stdout.trim())).toBe(true);
      expect(await program.end(signal)).toBeGreaterThan(128);
      expect(existsSync(program.stdout.trim())).toBe(false);
    }
  });
});

describe('check', () => {
  test('says what is intact, of which set, and how many are still missing', async () => {
    const { code, stdout } = await keys('check', share(4), locked, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ intact: true, needed: 3, present: [4], missing: 2 });
  });

  test('names the damaged file, and a share of another set', async () => {
    const text = readFileSync(share(2), 'utf8');
    const last = text.trimEnd().at(-1);
    writeFileSync(at('damaged.txt'), `${text.trimEnd().slice(0, -1)}${last === 'X' ? 'Y' : 'X'}\n`);
    expect(await keys('check', share(1), at('damaged.txt'))).toMatchObject({ code: 1, stdout: expect.stringContaining('damaged.txt: This share is damaged') });
    writeFileSync(at('again.key.pem'), keyPem);
    await keys('split', at('again.key.pem'), '--shares', '2', '--threshold', '2', '--certificate', cert);
    expect(await keys('check', share(1), at('again.share-1-of-2.txt'))).toMatchObject({ code: 1, stdout: expect.stringContaining('of set') });
    expect(await keys('check', share(1), at('again.locked.json'))).toMatchObject({ code: 1, stdout: expect.stringContaining('different sets') });
  });
});
