/** What stock OpenSSL says of a sealed record, and what `open.ts` says: they must agree. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testExaminer, testRoot, testSigner, type TestExaminer } from '#fixtures/test-certificates.ts';
import { buildEnvelope, buildSignedData, sha256Hex } from './cms.ts';
import { openSealedRecord, readSealedRecord } from './open.ts';
import { encodeRecord } from './record.ts';
import { sealRecord } from './seal.ts';
import type { Signer } from './signer.ts';

const folder = temporaryFolder();
let device: Signer;
let rsa: TestExaminer;
let p256: TestExaminer;
let record: Uint8Array;
let sealed: Uint8Array;

/** A record that names `examiners` as its recipients. */
async function recordFor(examiners: readonly TestExaminer[], seed = 1): Promise<Uint8Array> {
  const [capture] = fc.sample(arbitraryCapture(), { numRuns: 1, seed });
  const [context] = fc.sample(arbitraryContext(), { numRuns: 1, seed });
  const recipients = await Promise.all(examiners.map(({ certificate }) => sha256Hex(certificate)));
  return encodeRecord(capture!, { ...context!, recipients });
}

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Runs OpenSSL; gives its exit code and what it wrote to `-out`. */
function openssl(context: TestContext, ...args: string[]): { code: number; out: Uint8Array } {
  const program = judge(context, 'openssl');
  const out = file('out', '');
  const { status } = spawnSync(program, [...args, '-out', out], { stdio: 'ignore' });
  return { code: status ?? -1, out: new Uint8Array(readFileSync(out)) };
}

function opensslDecrypt(context: TestContext, envelope: Uint8Array, examiner: TestExaminer): { code: number; out: Uint8Array } {
  return openssl(context, 'cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file('sealed.der', envelope),
    '-inkey', file('key.pem', pem('PRIVATE KEY', examiner.privateKey)), '-recip', file('examiner.pem', pem('CERTIFICATE', examiner.certificate)));
}

async function opensslVerify(context: TestContext, signedData: Uint8Array): Promise<{ code: number; out: Uint8Array }> {
  return openssl(context, 'cms', '-verify', '-binary', '-inform', 'DER', '-in', file('signed.der', signedData),
    '-CAfile', file('root.pem', pem('CERTIFICATE', await testRoot())));
}

beforeAll(async () => {
  [device, rsa, p256] = await Promise.all([testSigner(), testExaminer('rsa'), testExaminer('p256')]);
  record = await recordFor([rsa, p256]);
  sealed = await sealRecord(record, device, [rsa.certificate, p256.certificate]);
});

describe('a sealed record', () => {
  it.for(['rsa', 'p256'] as const)('is opened and verified by OpenSSL alone with the %s key', async (type, context) => {
    const decrypted = opensslDecrypt(context, sealed, type === 'rsa' ? rsa : p256);
    expect(decrypted.code).toBe(0);
    const verified = await opensslVerify(context, decrypted.out);
    expect(verified).toEqual({ code: 0, out: record });
  });

  it.for(['rsa', 'p256'] as const)('sealed to one %s examiner only is opened by OpenSSL without being told which certificate', async (type, context) => {
    const examiner = type === 'rsa' ? rsa : p256;
    const one = await sealRecord(await recordFor([examiner]), device, [examiner.certificate]);
    const { code, out } = openssl(context, 'cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file('one.der', one),
      '-inkey', file('one.pem', pem('PRIVATE KEY', examiner.privateKey)));
    expect(code).toBe(0);
    expect((await opensslVerify(context, out)).code).toBe(0);
  });

  it.each(['rsa', 'p256'] as const)('is opened by us with the %s key, with and without the certificate', async (type) => {
    const { privateKey, certificate } = type === 'rsa' ? rsa : p256;
    for (const key of [{ privateKey }, { privateKey, certificate }]) {
      const opened = await openSealedRecord(sealed, key);
      expect(opened).toMatchObject({ signatureValid: true, record, signerCertificate: device.certificate, chain: [await testRoot()] });
    }
  });

  it.for([
    ['rsa', ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256']],
    ['p256', ['-keyopt', 'ecdh_kdf_md:sha256']],
  ] as const)('sealed again by OpenSSL to the %s examiner is opened by us', async ([type, options], context) => {
    const examiner = type === 'rsa' ? rsa : p256;
    const { signedData, record: kept } = await openSealedRecord(await sealRecord(await recordFor([examiner]), device, [examiner.certificate]), examiner);
    const { code, out } = openssl(context, 'cms', '-encrypt', '-binary', '-aes-256-gcm', '-outform', 'DER', '-in', file('signed.der', signedData),
      '-recip', file('examiner.pem', pem('CERTIFICATE', examiner.certificate)), ...options);
    expect(code).toBe(0);
    expect(await openSealedRecord(out, examiner)).toMatchObject({ signatureValid: true, record: kept });
  });

  it('tells its recipients without a key, as OpenSSL names them', async (context) => {
    const { recipients } = readSealedRecord(sealed);
    expect(recipients.map(({ kind }) => kind).toSorted()).toEqual(['p256', 'rsa']);
    const path = file('examiner.pem', pem('CERTIFICATE', rsa.certificate));
    const said = execFileSync(judge(context, 'openssl'), ['x509', '-in', path, '-noout', '-serial', '-issuer', '-nameopt', 'RFC2253'], { encoding: 'utf8' });
    const { serial, issuer } = recipients.find(({ kind }) => kind === 'rsa')!;
    expect(said.toLowerCase()).toBe(`serial=${serial}\nissuer=${issuer.toLowerCase()}\n`);
  });

  it('is a clean DER structure to OpenSSL, with the signed attributes in their order', (context) => {
    const { code } = openssl(context, 'cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', file('sealed.der', sealed));
    expect(code).toBe(0);
    const again = openssl(context, 'cms', '-cmsout', '-inform', 'DER', '-outform', 'DER', '-in', file('sealed.der', sealed));
    expect(again.out).toEqual(sealed);
  });

  it('does not open with another examiner\'s key', async (context) => {
    for (const type of ['p256', 'rsa'] as const) {
      const stranger = type === 'rsa' ? { ...rsa, privateKey: (await testExaminer('rsa', 'Stranger')).privateKey } : await testExaminer('p256', 'Stranger');
      await expect(openSealedRecord(sealed, { privateKey: stranger.privateKey })).rejects.toMatchObject({ code: 'CMS_NOT_A_RECIPIENT' });
      await expect(openSealedRecord(sealed, stranger)).rejects.toMatchObject({ code: 'CMS_NOT_A_RECIPIENT' });
      expect(opensslDecrypt(context, sealed, stranger).code).not.toBe(0);
    }
  });

  it.for(['rsa', 'p256'] as const)('for one %s examiner gives the record with no byte flipped, and nothing else ever, to OpenSSL and to us', async (type, context) => {
    const examiner = type === 'rsa' ? rsa : p256;
    const one = await sealRecord(await recordFor([examiner]), device, [examiner.certificate]);
    const { signedData } = await openSealedRecord(one, examiner);
    const step = Math.floor(one.length / 50);
    for (let at = 0; at < one.length; at += step) {
      const changed = one.slice();
      changed[at]! ^= 0x01;
      await expect(openSealedRecord(changed, examiner), `byte ${at}`).rejects.toMatchObject({ name: 'RecordError' });
      const theirs = opensslDecrypt(context, changed, examiner);
      // OpenSSL overlooks a byte in a version number; it never gives other content.
      if (theirs.code === 0) expect(theirs.out, `byte ${at}`).toEqual(signedData);
    }
  });

  it('with a byte of its content flipped is refused by OpenSSL and by us', async (context) => {
    for (const fromEnd of [1, 16, 19, 500]) {
      const changed = sealed.slice();
      changed[sealed.length - fromEnd]! ^= 0x01;
      await expect(openSealedRecord(changed, rsa)).rejects.toMatchObject({ code: 'CMS_DECRYPT' });
      expect(opensslDecrypt(context, changed, rsa).code).not.toBe(0);
    }
  });

  it('is refused with a code at every truncation', async () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(() => readSealedRecord(sealed.subarray(0, length)), `${length} bytes`).toThrow(expect.objectContaining({ code: 'CMS_MALFORMED' }));
    }
  });
});

describe('sealing', () => {
  it('is refused without an examiner', async () => {
    await expect(sealRecord(record, device, [])).rejects.toMatchObject({ code: 'NO_RECIPIENT' });
  });

  it('is refused to others than the record names', async () => {
    await expect(sealRecord(record, device, [rsa.certificate])).rejects.toMatchObject({ code: 'RECIPIENTS_DIFFER' });
  });

  it('is refused to more than 32 examiners', async () => {
    const many = Array<Uint8Array>(33).fill(p256.certificate);
    await expect(buildEnvelope(record, many)).rejects.toMatchObject({ code: 'RECORD_LIMIT' });
  });

  it('is refused to a key that is neither RSA nor P-256', async () => {
    await expect(buildEnvelope(record, [Uint8Array.of(0x30, 0x00)])).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
  });
});

describe('attacks on a sealed record', () => {
  /** What an attacker can do who has opened it once, or never: any envelope around any signed content. */
  const envelopeAround = async (signed: Uint8Array, examiners: readonly TestExaminer[]) =>
    buildEnvelope(signed, examiners.map(({ certificate }) => certificate));

  it('a recipient added, removed or exchanged around the same signature is found', async () => {
    const stranger = await testExaminer('p256', 'Stranger');
    const { signedData } = await openSealedRecord(sealed, p256);
    for (const examiners of [[rsa, p256, stranger], [p256], [p256, stranger], [p256, p256]]) {
      await expect(openSealedRecord(await envelopeAround(signedData, examiners), p256)).rejects.toMatchObject({ code: 'RECIPIENTS_DIFFER' });
    }
    await expect(openSealedRecord(await envelopeAround(signedData, [p256, rsa]), p256)).resolves.toMatchObject({ signatureValid: true });
  });

  it('another record under the old signature is shown as not valid, and OpenSSL refuses it', async (context) => {
    const { signedData } = await openSealedRecord(sealed, p256);
    const forged = signedData.slice();
    const flag = Buffer.from(forged).indexOf('ddemo') + 5; // CBOR true or false, after the name "demo" of four letters
    expect([0xf4, 0xf5]).toContain(forged[flag]);
    forged[flag]! ^= 0x01;
    const opened = await openSealedRecord(await envelopeAround(forged, [rsa, p256]), p256);
    expect(opened.signatureValid).toBe(false);
    expect((await opensslVerify(context, forged)).code).not.toBe(0);
  });

  it('a signature by another device over the same record verifies as that device, and is told apart', async () => {
    const other = await testSigner('Another device');
    const resealed = await envelopeAround(await buildSignedData({ content: record, signer: other, certificates: [rsa.certificate, p256.certificate] }), [rsa, p256]);
    const opened = await openSealedRecord(resealed, p256);
    expect(opened.signerCertificate).toEqual(other.certificate);
    expect(opened.signerCertificate).not.toEqual(device.certificate);
  });

  it('a CBC envelope, which nothing authenticates, is refused', async (context) => {
    const { signedData } = await openSealedRecord(sealed, p256);
    const { code, out } = openssl(context, 'cms', '-encrypt', '-binary', '-aes-256-cbc', '-outform', 'DER', '-in', file('signed.der', signedData),
      '-recip', file('examiner.pem', pem('CERTIFICATE', rsa.certificate)));
    expect(code).toBe(0);
    await expect(openSealedRecord(out, rsa)).rejects.toMatchObject({ code: 'CMS_ALGORITHM' });
  });

  it('arbitrary bytes are refused with a code', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await expect(openSealedRecord(bytes, p256)).rejects.toMatchObject({ name: 'RecordError' });
    }));
  });

  it('ASN.1 nested a hundred thousand deep, or lying about lengths, is refused at once', () => {
    expect(() => readSealedRecord(new Uint8Array(200_000).fill(0x30))).toThrow(expect.objectContaining({ code: 'CMS_MALFORMED' }));
    expect(() => readSealedRecord(Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff))).toThrow('cut off');
    expect(() => readSealedRecord(Uint8Array.of(0x30, 0x80, 0, 0))).toThrow('not definite');
  });
});
