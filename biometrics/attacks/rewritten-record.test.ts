/**
 * Whoever holds an examiner's key, or has an opened record, can write another record and seal it again: what they lack is the
 * device's signature. Each rewriting here keeps the old signature, and must be refused by us and by stock OpenSSL.
 *
 * Before: `seal.ts`, `open.ts`. Single changed bytes, recipients around the same signature and another device's signature are
 * in `seal.test.ts`. Not shown here, because no check on one record can: what the holder of the device's key writes.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { signedSample } from '#fixtures/signed-sample.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testExaminer, testRoot, testSigner, type TestExaminer } from '#fixtures/test-certificates.ts';
import type { Capture } from '../capture.ts';
import { buildEnvelope, sha256Hex } from '../cms.ts';
import { around, children, element, octetString, readDer, sequence } from '../cms/der.ts';
import type { RecordContext } from '../context.ts';
import { openSealedRecord } from '../open.ts';
import { decodeRecord, encodeRecord } from '../record.ts';
import type { Sample } from '../sample.ts';
import { sealRecord } from '../seal.ts';

const folder = temporaryFolder();
let examiners: Record<'rsa' | 'p256' | 'stranger', TestExaminer>;
let capture: Capture;
let context: RecordContext;
let signedData: Uint8Array;

beforeAll(async () => {
  examiners = { rsa: await testExaminer('rsa'), p256: await testExaminer('p256'), stranger: await testExaminer('p256', 'Stranger') };
  const sample = decodeRecord((await signedSample()).record);
  capture = sample.capture;
  context = { ...sample.context, recipients: await hashes(['rsa', 'p256']) };
  const sealed = await sealRecord(encodeRecord(capture, context), await testSigner(), [examiners.rsa.certificate, examiners.p256.certificate]);
  ({ signedData } = await openSealedRecord(sealed, examiners.p256));
});

function hashes(names: readonly (keyof typeof examiners)[]): Promise<string[]> {
  return Promise.all(names.map((name) => sha256Hex(examiners[name].certificate)));
}

/** The same SignedData, signature and certificates included, around another record (RFC 5652 section 5.1). */
function underTheOldSignature(record: Uint8Array): Uint8Array<ArrayBuffer> {
  const [type, wrapper] = children(readDer(signedData, 'CMS'), 'CMS');
  const [body] = children(wrapper!, 'CMS');
  const [version, digests, content, ...rest] = children(body!, 'SignedData');
  const [contentType] = children(content!, 'content');
  const replaced = sequence(contentType!.whole, element(around(0), octetString(record)));
  return sequence(type!.whole, element(around(0), sequence(version!.whole, digests!.whole, replaced, ...rest.map(({ whole }) => whole))));
}

function withSamples(change: (samples: Sample[]) => Sample[]): Uint8Array {
  return encodeRecord({ ...capture, samples: change(capture.samples.map((sample) => ({ ...sample }))) }, context);
}

const rewritings: readonly [name: string, rewrite: () => Uint8Array][] = [
  ['nothing but its recording time moved', () => encodeRecord(capture, { ...context, time: { ...context.time, signedAt: '2026-11-22T09:00:00Z' } })],
  ['the clocks of all samples shifted', () => withSamples((samples) => samples.map((sample) => (
    { ...sample, deviceTime: sample.deviceTime === null ? null : sample.deviceTime + 1000, hostTime: sample.hostTime + 1_000_000 })))],
  ['samples in the opposite order', () => withSamples((samples) => samples.reverse())],
  ['two neighbouring samples exchanged', () => withSamples(([first, second, ...rest]) => [second!, first!, ...rest])],
  ['one sample dropped', () => withSamples((samples) => samples.toSpliced(10, 1))],
  ['one sample inserted', () => withSamples((samples) => samples.toSpliced(10, 0, { ...samples[10]!, x: samples[10]!.x + 1 }))],
  ['all places scaled', () => withSamples((samples) => samples.map((sample) => ({ ...sample, x: sample.x * 2, y: sample.y * 2 })))],
  ['the pressure scaled', () => withSamples((samples) => samples.map((sample) => ({ ...sample, pressure: (sample.pressure ?? 0) + 1 })))],
  ['the samples of two records merged', () => withSamples((samples) => [...samples, ...samples.map((sample) => ({ ...sample, x: sample.x + 3 }))])],
  ['another document named', () => encodeRecord(capture, { ...context, document: { ...context.document, sha256: 'ab'.repeat(32) } })],
  ['another signing request named', () => encodeRecord(capture, { ...context, requestId: 'another' })],
  ['another place in the station\'s chain', () => encodeRecord(capture, { ...context, chain: { number: 2, previousSha256: 'ab'.repeat(32) } })],
];

/** Runs OpenSSL; gives its exit code and what it wrote. */
function openssl(test: TestContext, action: string, input: Uint8Array, ...options: string[]): { code: number | null; out: Uint8Array } {
  const program = judge(test, 'openssl');
  const [from, to] = [join(folder, 'in.der'), join(folder, 'out')];
  writeFileSync(from, input);
  writeFileSync(to, '');
  const { status } = spawnSync(program, ['cms', action, '-binary', '-inform', 'DER', '-in', from, '-out', to, ...options], { stdio: 'ignore' });
  return { code: status, out: new Uint8Array(readFileSync(to)) };
}

function decrypt(test: TestContext, sealed: Uint8Array, examiner: TestExaminer): { code: number | null; out: Uint8Array } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'examiner.pem')];
  writeFileSync(key, pem('PRIVATE KEY', examiner.privateKey));
  writeFileSync(certificate, pem('CERTIFICATE', examiner.certificate));
  return openssl(test, '-decrypt', sealed, '-inkey', key, '-recip', certificate);
}

async function verify(test: TestContext, signed: Uint8Array): Promise<{ code: number | null; out: Uint8Array }> {
  const root = join(folder, 'root.pem');
  writeFileSync(root, pem('CERTIFICATE', await testRoot()));
  return openssl(test, '-verify', signed, '-CAfile', root);
}

function envelope(signed: Uint8Array, names: readonly (keyof typeof examiners)[] = ['rsa', 'p256']): Promise<Uint8Array<ArrayBuffer>> {
  return buildEnvelope(signed, names.map((name) => examiners[name].certificate));
}

describe.each(['rsa', 'p256'] as const)('to the %s examiner', (type) => {
  it('the record itself, taken apart and put together again the same way, is valid', async (test) => {
    const record = encodeRecord(capture, context);
    const sealed = await envelope(underTheOldSignature(record));
    expect(await openSealedRecord(sealed, examiners[type])).toMatchObject({ signatureValid: true, record });
    expect(await verify(test, decrypt(test, sealed, examiners[type]).out)).toEqual({ code: 0, out: record });
  });

  it.for(rewritings)('%s: not what the device signed', async ([, rewrite], test) => {
    const record = rewrite();
    expect(record).not.toEqual(encodeRecord(capture, context));
    const sealed = await envelope(underTheOldSignature(record));
    expect(await openSealedRecord(sealed, examiners[type])).toMatchObject({ signatureValid: false, record });
    const decrypted = decrypt(test, sealed, examiners[type]);
    expect(decrypted.code).toBe(0);
    expect((await verify(test, decrypted.out)).code).not.toBe(0);
  });
});

describe('recipients', () => {
  it('exchanged both around the seal and in the record: the device did not sign that list', async (test) => {
    const record = encodeRecord(capture, { ...context, recipients: await hashes(['p256']) });
    const sealed = await envelope(underTheOldSignature(record), ['p256']);
    expect((await openSealedRecord(sealed, examiners.p256)).signatureValid).toBe(false);
    expect((await verify(test, decrypt(test, sealed, examiners.p256).out)).code).not.toBe(0);
  });

  it.each([
    ['added', ['rsa', 'p256', 'stranger']], ['removed', ['p256']], ['exchanged', ['p256', 'stranger']],
  ] as const)('%s around the seal, and named in a record that the device did not sign, are refused even before', async (_, names) => {
    const sealed = await envelope(signedData, names);
    await expect(openSealedRecord(sealed, examiners.p256)).rejects.toMatchObject({ code: 'RECIPIENTS_DIFFER' });
  });
});
