/** `countersign verify` with a tenant's lists, time-stamps and sealed records alone, as it is typed. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildSignedData } from '#biometrics/cms.ts';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { typed } from '#fixtures/typed.ts';
import { toPem } from '#keys/pem.ts';
import type { VerifyResult } from '#packet/verify/result.ts';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const INVALID_SINCE = new Date(Math.floor(Date.now() / 1000) * 1000 - 600_000).toISOString();
let nord: TestTenant;

const verify = (...args: string[]) => typed('verify', ...args);

beforeAll(async () => {
  nord = await testTenant();
  const { tenant, site, station: id } = nord.station;
  const { packet, sealedRecord, document, examiner } = await completedSigning({
    device: nord.device, seal: nord.seal,
    context: {
      tenant, site, station: { id, software: 'countersign 0.1.0', tablet: null }, chain: { number: 12, previousSha256: 'ab'.repeat(32) },
      acceptance: { refusals: ['TOO_SHORT'], exception: { reason: 'mark', by: 'A. Desk' } }, assessment: null,
    },
  });
  const authority = makeTokenAuthority();
  const voided = {
    format: 'countersign-void', version: 1, station: { tenant, site, name: id, software: 'countersign 0.1.0' }, demo: false, request: 'request-1',
    packetSha256: createHash('sha256').update(packet).digest('hex'), reason: 'signed-twice', at: new Date().toISOString(), timeSource: 'system', by: { kind: 'desk', name: 'A. Desk', authenticated: false },
  };
  const files: Record<string, Uint8Array | string> = {
    'packet.asice': packet, 'record.der': sealedRecord, 'stamped.der': sealedRecord, 'document.pdf': document,
    'stamped.der.tsr': makeToken(authority, { imprint: imprintOf(sealedRecord), time: new Date(Date.now() - 1_200_000) }),
    'root.pem': toPem('CERTIFICATE', nord.root), 'tsa.pem': toPem('CERTIFICATE', authority.root), 'examiner.key': toPem('PRIVATE KEY', examiner.privateKey),
    'request-1.p7s': await buildSignedData({ content: Buffer.from(JSON.stringify(voided)), signer: nord.device, signingTime: new Date() }),
    'devices.cms': await nord.deviceList(), 'device-signed.cms': await nord.deviceList({ signer: nord.device }),
    'revoked.pem': toPem('X509 CRL', await nord.crl({ certificate: nord.device.certificate, invalidSince: INVALID_SINCE })),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path(name), content);
});

const known = (): string[] => ['--trust', path('root.pem'), '--key', path('examiner.key')];

test('a packet with key and device list: the numbers, the device, how it was accepted and how far it can be examined', async () => {
  const { code, stdout } = await verify(path('packet.asice'), ...known(), '--devices', path('devices.cms'));
  expect(code).toBe(0);
  expect(stdout).toContain('Device list: number 3 of nord');
  expect(stdout).toMatch(/signed by: +O=nord, OU=riga, CN=device lobby, serial number [0-9a-f]+ \(trusted\); unchanged/);
  expect(stdout).toContain('record 12 of station "lobby" at "riga", nord');
  expect(stdout).toContain('accepted as a mark, such as a cross, by A. Desk; refused before: TOO_SHORT');
  expect(stdout).toContain('Fitness for examination, computed now (the record holds none)');
  expect(stdout).toContain('samples in');
  expect(stdout, 'the statement that lies beside it').toContain('VALID (TOTAL-PASSED). DECLARED VOID by the hotel');
  expect(stdout).toMatch(/Void statement: Station "lobby" at "riga", nord, desk "A\. Desk", says that this packet is void, since .*: it was signed twice \(trusted\)/);
});

test('a device that was revoked: 1, since when, and that its time is a claim', async () => {
  const { code, stdout } = await verify(path('packet.asice'), ...known(), '--revoked', path('revoked.pem'));
  expect(code).toBe(1);
  expect(stdout).toContain('NOT SHOWN TO BE VALID (INDETERMINATE, REVOKED_NO_POE)');
  expect(stdout.split('\n').slice(1, 3), 'why, before anything else').toEqual(['', expect.stringMatching(/^ERROR: Sealed record "guest", device: .* was revoked/)]);
  expect(stdout).toContain(`not to be believed since ${INVALID_SINCE}`);
  expect(stdout).toContain('a claim, and nothing proves it');
  expect(stdout).toContain('sign a record anew or date one back: only a time-stamp or an audit head');
});

test('the time-stamp beside the record is taken, and proves that it existed before', async () => {
  const revoked = ['--revoked', path('revoked.pem'), '--document', path('document.pdf')];
  const { code, stdout } = await verify(path('stamped.der'), ...known(), ...revoked, '--trust-timestamps', path('tsa.pem'), '--json');
  const result = JSON.parse(stdout) as VerifyResult;
  expect([code, result.kind, result.trusted]).toEqual([0, 'sealed-record', true]);
  expect(result.sealedRecords).toMatchObject([{ bound: 'checked', provenTime: expect.any(String) as string, opened: { acceptance: { exception: { reason: 'mark' } } } }]);
  expect(result.findings.map((finding) => finding.code)).toEqual(expect.arrayContaining(['TIME_PROVEN', 'SIGNED_BEFORE_REVOCATION', 'REUSE_NOT_CHECKED']));
});

test('a sealed record without key: 1, and what is missing', async () => {
  const { code, stdout } = await verify(path('record.der'));
  expect(code).toBe(1);
  expect(stdout).toContain('INDETERMINATE, SIGNED_DATA_NOT_FOUND');
  expect(stdout).toMatch(/sealed: +\d+ bytes, SHA-256 [0-9a-f]{64}/);
});

test.each([
  ['a list that a device signed', () => ['--trust', path('root.pem'), '--devices', path('device-signed.cms')], 'who is no administrator'],
  ['a list without a root', () => ['--devices', path('devices.cms')], '--trust'],
  ['a document for a packet', () => ['--document', path('document.pdf')], 'holds its document itself'],
  ['two device lists', () => ['--trust', path('root.pem'), '--devices', path('devices.cms'), '--devices', path('device-signed.cms')], '--devices may be given once'],
  ['a list that is not there', () => ['--trust', path('root.pem'), '--devices', path('nowhere')], 'cannot be read'],
])('%s: 2, and why', async (_, options, words) => {
  const { code, stdout, stderr } = await verify(path('packet.asice'), ...options());
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(words);
});
