/** `countersign timestamp` in process, against an authority on loopback; OpenSSL reads what it keeps. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { algorithm, octetString, sequence } from '#biometrics/cms/der.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { startOpensslAuthority, startStandInAuthority, type StandIn } from '#fixtures/time-stamp-authority.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import * as timestamp from './timestamp.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const file = at('record.der');
let authority: StandIn;
let told = '';

beforeAll(async () => {
  authority = await startStandInAuthority();
  writeFileSync(file, 'a sealed record');
  writeFileSync(at('root.pem'), pem('CERTIFICATE', authority.root));
});
afterAll(() => authority.close());
beforeEach(() => {
  told = '';
  authority.answer = 'granted';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { told += String(text); return true; });
});
afterEach(() => vi.restoreAllMocks());

test('keeps a time-stamp beside the file, never over one, and checks it without the authority', async () => {
  expect(await timestamp.run([file, '--tsa', authority.url, '--trust', at('root.pem')])).toBe(0);
  expect(told).toContain('record.der.tsr');
  const kept = readFileSync(`${file}.tsr`);
  await expect(timestamp.run([file, '--tsa', authority.url])).rejects.toThrow(/not overwritten/);
  expect(readFileSync(`${file}.tsr`)).toEqual(kept);

  const asked = authority.requests.length;
  told = '';
  expect(await timestamp.run(['--check', file, '--trust', at('root.pem'), '--json'])).toBe(0);
  const said = JSON.parse(told) as Record<string, unknown>;
  expect(said).toMatchObject({ sha256: createHash('sha256').update('a sealed record').digest('hex'), trusted: true, problems: [], authority: 'CN=Stand-in time-stamp authority' });
  expect(said['provenTime']).toBe(said['time']);
  expect(authority.requests).toHaveLength(asked);
});

test('answers no to a changed file, to nobody trusted, to somebody else trusted', async () => {
  const kept = at('kept.tsr');
  await timestamp.run([file, '--tsa', authority.url, '--out', kept]);
  writeFileSync(at('changed.der'), 'a sealed recorD');
  const other = await startStandInAuthority();
  writeFileSync(at('other.der'), other.root);
  await other.close();
  told = '';
  expect(await timestamp.run(['--check', at('changed.der'), kept, '--trust', at('root.pem')])).toBe(1);
  expect(told).toMatch(/^NOT PROVEN\..*\nThe time-stamp is over other bytes than these\.\n$/);
  told = '';
  expect(await timestamp.run(['--check', file, kept])).toBe(1);
  expect(told).toContain('give --trust');
  expect(await timestamp.run(['--check', file, kept, '--trust', at('other.der')])).toBe(1);
  expect(await timestamp.run(['--check', file, kept, '--trust', at('other.der'), '--trust', at('root.pem')])).toBe(0);
  // all in a bundle count, not the first alone
  writeFileSync(at('both.pem'), [other.root, authority.root].map((each) => pem('CERTIFICATE', each)).join('\n'));
  expect(await timestamp.run(['--check', file, kept, '--trust', at('both.pem')])).toBe(0);
});

test('--at is the word of whoever asks: it is told to be, and cannot lie before the time-stamp itself', async () => {
  const [from, to] = [-20, -10].map((days) => new Date(Date.now() + days * 86_400_000));
  const old = makeTokenAuthority({ from: -20, to: -10 });
  const kept = at('old.tst');
  writeFileSync(kept, makeToken(old, { imprint: imprintOf(readFileSync(file)), time: new Date(from!.getTime() + 86_400_000) }));
  writeFileSync(at('old.pem'), pem('CERTIFICATE', old.root));
  const check = (...more: string[]) => timestamp.run(['--check', file, kept, '--trust', at('old.pem'), ...more]);
  expect([await check(), told.includes('Needed is proof')]).toEqual([1, true]);
  const within = new Date(to!.getTime() - 86_400_000).toISOString();
  told = '';
  expect(await check('--at', within)).toBe(0);
  expect(told).toContain(`on your word that the time-stamp was there at ${within}`);
  told = '';
  expect(await check('--at', within, '--json')).toBe(0);
  expect(JSON.parse(told)).toMatchObject({ knownAt: within });
  for (const time of ['1990-01-01T00:00:00Z', '2126-01-01T00:00:00Z']) await expect(check('--at', time), time).rejects.toThrow(/--at/);
  await expect(check('--at', '2026-11-10T00:00:00'), 'without a zone').rejects.toThrow(/give a time such as/);
});

test('a time-stamp over the SHA-512 of a file, as other programs ask for, is checked by that', async () => {
  const own = makeTokenAuthority();
  const imprint = sequence(algorithm('2.16.840.1.101.3.4.2.3'), octetString(createHash('sha512').update(readFileSync(file)).digest()));
  writeFileSync(at('sha512.tst'), makeToken(own, { imprint }));
  writeFileSync(at('own.pem'), pem('CERTIFICATE', own.root));
  expect(await timestamp.run(['--check', file, at('sha512.tst'), '--trust', at('own.pem')])).toBe(0);
  expect(await timestamp.run(['--check', at('root.pem'), at('sha512.tst'), '--trust', at('own.pem')])).toBe(1);
});

test('keeps nothing where the authority says no, or is not the one trusted', async () => {
  authority.answer = 'rejection';
  await expect(timestamp.run([file, '--tsa', authority.url, '--out', at('refused.tsr')])).rejects.toThrow(/badAlg/);
  authority.answer = 'granted';
  writeFileSync(at('elsewhere'), 'no certificate');
  await expect(timestamp.run([file, '--tsa', authority.url, '--trust', at('elsewhere'), '--out', at('refused.tsr')])).rejects.toThrow(/certificate/);
  await expect(timestamp.run([file, '--tsa', authority.url, '--out', at('no/such/folder/refused.tsr')])).rejects.toThrow(/cannot be written/);
  expect(existsSync(at('refused.tsr'))).toBe(false);
});

test.each([[[]], [['a', 'b', '--tsa', 'http://x']], [['a']], [['--check', 'a', '--tsa', 'http://x']], [['a', '--tsa', 'http://x', '--at', '2031-05-01T00:00:00Z']]])('explains how it is used to %j', async (argv) => {
  await expect(timestamp.run(argv)).rejects.toThrow(/name a file and an authority/);
});

test.each([
  [['--check', file, '--trust', at('root.pem'), '--at', 'yesterday'], /give a time such as/],
  [['--check', at('none'), '--trust', at('root.pem')], /none cannot be read/],
  [['--check', file, file, '--trust', at('root.pem')], /no RFC 3161 time-stamp/],
])('could not: %j', async (argv, message) => {
  await expect(timestamp.run(argv)).rejects.toThrow(message);
});

test('OpenSSL gives it, and verifies what is kept, by the command that the help names', async (context) => {
  const openssl = judge(context, 'openssl');
  const judged = await startOpensslAuthority(openssl, folder);
  writeFileSync(at('judged.pem'), pem('CERTIFICATE', judged.root));
  expect(await timestamp.run([file, '--tsa', judged.url, '--trust', at('judged.pem'), '--policy', '1.2.3.4.5', '--out', at('judged.tsr')])).toBe(0);
  await judged.close();
  expect(timestamp.help).toContain('openssl ts -verify -in FILE.tsr -data FILE -CAfile CERT');
  const verify = (...args: string[]) => String(execFileSync(openssl, ['ts', '-verify', ...args, '-data', file, '-CAfile', at('judged.pem')], { stdio: 'pipe' }));
  expect(verify('-in', at('judged.tsr'))).toContain('Verification: OK');
  execFileSync(openssl, ['ts', '-reply', '-in', at('judged.tsr'), '-token_out', '-out', at('judged.tst')], { stdio: 'pipe' });
  expect(verify('-in', at('judged.tst'), '-token_in')).toContain('Verification: OK');
  expect(await timestamp.run(['--check', file, at('judged.tst'), '--trust', at('judged.pem')])).toBe(0);
  expect(told).toContain('policy 1.2.3.4.5');
});
