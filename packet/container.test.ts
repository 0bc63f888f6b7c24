import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completedSigning, CONSENT, SIGNED_AT } from '#fixtures/completed-signing.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot } from '#fixtures/test-certificates.ts';
import { buildPacket, MIME_TYPE, readPacket } from './container.ts';
import { readZip, writeZip } from './zip.ts';

const signing = await completedSigning();
const { packet, signedPdf, audit, requestId, seal } = signing;
const malformed = expect.objectContaining({ code: 'CONTAINER_MALFORMED' });

test('everything comes back out of a packet as it went in', () => {
  expect(readPacket(packet)).toMatchObject({
    signedPdf, audit, request: requestId, signedAt: SIGNED_AT.toISOString(), demo: false, consent: CONSENT,
  });
});

test('the type stands at byte 38, where programs look for it (EN 319 162-1 clause A.1)', () => {
  expect(new TextDecoder().decode(packet.subarray(30, 38 + MIME_TYPE.length))).toBe(`mimetype${MIME_TYPE}`);
});

test('the same contents give the same bytes, up to the signature value', async () => {
  const again = await buildPacket({ signedPdf, audit, consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: false, seal });
  const unsigned = (bytes: Uint8Array) => Array.from(readZip(bytes)).filter(([name]) => !name.endsWith('.p7s'));
  expect(unsigned(again)).toEqual(unsigned(packet));
});

test('without one of its files, or with another first, it is no packet', () => {
  const files = readZip(packet);
  for (const name of files.keys()) {
    const without = new Map(files);
    without.delete(name);
    expect(() => readPacket(writeZip(without))).toThrow(malformed);
  }
  expect(() => readPacket(writeZip(new Map(Array.from(files).reverse())))).toThrow(malformed);
});

test('a manifest in other words, even if they say the same, is refused', () => {
  const files = readZip(packet);
  const name = 'META-INF/ASiCManifest001.xml';
  const manifest = new TextDecoder().decode(files.get(name));
  for (const changed of [manifest.replace('?>', '?><!-- -->'), manifest.replace('Rootfile="true"', 'Rootfile="1"'), manifest.replaceAll('asic:', 'a:')]) {
    expect(() => readPacket(writeZip(new Map([...files, [name, new TextEncoder().encode(changed)]])))).toThrow(malformed);
  }
});

describe('outside judges', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'packet.asice'), packet);
  for (const [name, bytes] of readZip(packet)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

  test('unzip finds no errors', (context) => {
    expect(run(judge(context, 'unzip'), '-t', 'packet.asice')).toContain('No errors detected');
  });

  test('sha256sum -c accepts SHA256SUMS', (context) => {
    expect(run(judge(context, 'sha256sum'), '-c', 'SHA256SUMS').trim().split('\n')).toEqual(['document.pdf: OK', 'audit.json: OK', 'consent.txt: OK']);
  });

  test('openssl cms verifies the manifest to the root, and not a changed one', async (context) => {
    const openssl = judge(context, 'openssl');
    writeFileSync(join(folder, 'root.pem'), pem('CERTIFICATE', await testRoot()));
    const check = (manifest: string) => run(openssl, 'cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'META-INF/signature001.p7s', '-content', manifest, '-CAfile', 'root.pem', '-purpose', 'any', '-out', 'verified');
    expect(() => check('META-INF/ASiCManifest001.xml')).not.toThrow();
    writeFileSync(join(folder, 'changed.xml'), Buffer.from(readPacket(packet).manifest.bytes).toString().replace('consent.txt', 'c0nsent.txt'));
    expect(() => check('changed.xml')).toThrow(/verification failure/);
  });

  test('openssl and sha256sum agree about every digest in the manifest', (context) => {
    const openssl = judge(context, 'openssl');
    for (const { name, sha256 } of readPacket(packet).manifest.entries) expect(run(openssl, 'dgst', '-sha256', '-r', name)).toContain(sha256);
  });
});
