/** CMS SignedData: what we sign OpenSSL verifies, what OpenSSL signs we verify, and what was changed neither does. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { attribute, buildSignedData, sha256, verifySignedData } from './cms.ts';

const folder = temporaryFolder();
const content = new TextEncoder().encode('what was signed');

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Exit code and output of `openssl cms -verify`. */
async function opensslVerify(context: TestContext, signed: Uint8Array, ...more: string[]): Promise<{ code: number | null; text: string }> {
  const { status, stdout } = spawnSync(judge(context, 'openssl'), ['cms', '-verify', '-binary', '-inform', 'DER',
    '-in', file('signed.der', signed), '-CAfile', file('root.pem', pem('CERTIFICATE', await testRoot())), ...more], { encoding: 'utf8' });
  return { code: status, text: stdout };
}

/** The attributes and algorithms as OpenSSL prints them. */
function printed(context: TestContext, signed: Uint8Array): string {
  return execFileSync(judge(context, 'openssl'), ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', file('signed.der', signed)], { encoding: 'utf8' });
}

/** A self-signed certificate and a CMS of `content` by it, both made by OpenSSL. */
function opensslSigned(context: TestContext, newKey: string[], ...options: string[]): Uint8Array {
  const openssl = judge(context, 'openssl');
  const [key, certificate, out] = ['key.pem', 'cert.pem', 'out.der'].map((name) => join(folder, name)) as [string, string, string];
  execFileSync(openssl, ['req', '-x509', '-nodes', ...newKey, '-keyout', key, '-out', certificate, '-subj', '/CN=Other', '-days', '1'], { stdio: 'ignore' });
  execFileSync(openssl, ['cms', '-sign', '-binary', '-nodetach', '-in', file('content', content), '-signer', certificate, '-inkey', key, '-outform', 'DER', '-out', out, ...options]);
  return new Uint8Array(readFileSync(out));
}

describe('what we sign', () => {
  it('is verified by OpenSSL, CAdES attribute and purpose included', async (context) => {
    const signed = await buildSignedData({ content, signer: await testSigner() });
    expect(await opensslVerify(context, signed, '-cades', '-purpose', 'smimesign')).toEqual({ code: 0, text: 'what was signed' });
    expect(await verifySignedData(signed)).toMatchObject({ valid: true, content, hasSigningCertificateV2: true, signingTime: null, problems: [] });
  });

  it('is verified detached, by us and by OpenSSL, from the content or from its digest alone', async (context) => {
    const signer = await testSigner();
    const signed = await buildSignedData({ content: null, digest: await sha256(content), signer });
    expect((await opensslVerify(context, signed, '-cades', '-content', file('content', content))).code).toBe(0);
    expect(await verifySignedData(signed, content)).toMatchObject({ valid: true, content: null });
    await expect(verifySignedData(signed)).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
    await expect(buildSignedData({ content: null, signer })).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
  });

  it('carries no signing time unless asked, and then exactly it, before and after 2050', async (context) => {
    const signer = await testSigner();
    expect(printed(context, await buildSignedData({ content, signer }))).not.toContain('signingTime');
    for (const [moment, shown] of [['2026-11-21T10:11:12Z', 'Nov 21 10:11:12 2026 GMT'], ['2051-01-02T03:04:05Z', 'Jan  2 03:04:05 2051 GMT']] as const) {
      const signed = await buildSignedData({ content, signer, signingTime: new Date(moment) });
      expect(printed(context, signed)).toContain(shown);
      expect((await verifySignedData(signed)).signingTime).toEqual(new Date(moment));
    }
  });

  it('takes further signed attributes and stays in DER order, as OpenSSL writes it again byte for byte', async (context) => {
    const extra = attribute('1.2.840.113549.1.9.52', Uint8Array.of(0x30, 0x00));
    const signed = await buildSignedData({ content, signer: await testSigner(), signedAttributes: [extra], certificates: [await testRoot(), (await testSigner('Second')).certificate] });
    expect((await opensslVerify(context, signed, '-cades')).code).toBe(0);
    const again = join(folder, 'again.der');
    execFileSync(judge(context, 'openssl'), ['cms', '-cmsout', '-inform', 'DER', '-outform', 'DER', '-in', file('signed.der', signed), '-out', again]);
    expect(new Uint8Array(readFileSync(again))).toEqual(signed);
    expect((await verifySignedData(signed)).certificates).toHaveLength(3);
  });

  it('is refused by both with a byte of content, attributes or signature changed', async (context) => {
    const signed = await buildSignedData({ content, signer: await testSigner() });
    const inContent = Buffer.from(signed).indexOf(content) + 3;
    const inDigest = Buffer.from(signed).indexOf(await sha256(content)) + 5;
    for (const at of [inContent, inDigest, signed.length - 9]) {
      const changed = signed.slice();
      changed[at]! ^= 0x01;
      expect(await verifySignedData(changed)).toMatchObject({ valid: false });
      expect((await opensslVerify(context, changed)).code).not.toBe(0);
    }
  });

  it('with any byte changed is never valid with other content, and is read or refused with a code', async () => {
    const signed = await buildSignedData({ content, signer: await testSigner() });
    for (let at = 0; at < signed.length; at++) {
      const changed = signed.slice();
      changed[at]! ^= 0x21;
      const verified = await verifySignedData(changed).catch((error: { name: string }) => error);
      if ('valid' in verified) expect(!verified.valid || Buffer.compare(verified.content!, content) === 0, `byte ${at}`).toBe(true);
      else expect(verified, `byte ${at}`).toMatchObject({ name: 'RecordError' });
    }
  });

  it('over content of its own is no signature over what the caller holds', async () => {
    const attached = await buildSignedData({ content, signer: await testSigner() });
    expect(await verifySignedData(attached, content)).toMatchObject({ valid: true });
    expect(await verifySignedData(attached, Uint8Array.of(1))).toMatchObject({ valid: false, digestMatches: false, signatureMatches: true });
  });

  it('says which part does not fit', async () => {
    const signer = await testSigner();
    const detached = await buildSignedData({ content: null, digest: await sha256(content), signer });
    expect(await verifySignedData(detached, Uint8Array.of(1))).toMatchObject({ valid: false, digestMatches: false, signatureMatches: true });
    const other = await testSigner('Somebody else');
    const impostor = await buildSignedData({ content, signer: { ...signer, sign: other.sign } });
    expect(await verifySignedData(impostor)).toMatchObject({ valid: false, digestMatches: true, signatureMatches: false });
    const swapped = await buildSignedData({ content, signer: { ...signer, sign: async () => new Uint8Array(70) } });
    expect(await verifySignedData(swapped)).toMatchObject({ valid: false, signatureMatches: false });
  });
});

describe('what others sign', () => {
  it.for([
    ['RSA with SHA-256', ['-newkey', 'rsa:2048'], ['-md', 'sha256']],
    ['RSA with SHA-512', ['-newkey', 'rsa:2048'], ['-md', 'sha512']],
    ['P-256 with SHA-256', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], ['-md', 'sha256']],
    ['P-384 with SHA-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['-md', 'sha384', '-cades']],
    ['P-521 with SHA-512', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'], ['-md', 'sha512']],
  ] as const)('%s verifies', async ([, key, options], context) => {
    const signed = opensslSigned(context, [...key], ...options);
    const verified = await verifySignedData(signed);
    expect(verified).toMatchObject({ valid: true, content, hasSigningCertificateV2: (options as readonly string[]).includes('-cades') });
    expect(verified.signingTime).toBeInstanceOf(Date);
  });

  it('content of another type than the one expected is refused, either way round', async (context) => {
    const receipt = '1.2.840.113549.1.9.16.1.1';
    const signed = opensslSigned(context, ['-newkey', 'rsa:2048'], '-econtent_type', receipt);
    await expect(verifySignedData(signed)).rejects.toMatchObject({ code: 'CMS_MALFORMED', message: expect.stringContaining(receipt) });
    expect(await verifySignedData(signed, undefined, receipt)).toMatchObject({ valid: true, content });
    const data = await buildSignedData({ content, signer: await testSigner() });
    await expect(verifySignedData(data, undefined, receipt)).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
  });

  it('an algorithm that is not known is refused by name', async (context) => {
    const signed = opensslSigned(context, ['-newkey', 'rsa:2048'], '-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss');
    await expect(verifySignedData(signed)).rejects.toMatchObject({ code: 'CMS_ALGORITHM' });
  });

  it('a signature without its certificate, or without signed attributes, is refused', async (context) => {
    await expect(verifySignedData(opensslSigned(context, ['-newkey', 'rsa:2048'], '-nocerts'))).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
    await expect(verifySignedData(opensslSigned(context, ['-newkey', 'rsa:2048'], '-noattr'))).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
  });
});
