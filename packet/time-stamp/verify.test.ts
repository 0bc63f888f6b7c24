/** Tokens of OpenSSL and of the stand-in authority, right and wrong; what each of them may prove. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildSignedData, verifySignedData } from '#biometrics/cms.ts';
import { element, inPlace, octetString, oid, sequence, smallInteger } from '#biometrics/cms/der.ts';
import { judge, sharedData } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { startOpensslAuthority, type OpensslAuthorityOptions } from '#fixtures/time-stamp-authority.ts';
import { imprintOf, makeToken, makeTokenAuthority, type TokenOptions } from '#fixtures/time-stamp-token.ts';
import { fetchTimeStamp, provenTime, signatureTimeStamps, tokenIn, verifyTimeStamp, verifyTimeStampOver } from './index.ts';

const folder = temporaryFolder();
const DAY_MS = 86_400_000;
const content = Buffer.from('a sealed record');
const sha256 = new Uint8Array(createHash('sha256').update(content).digest());
const authority = makeTokenAuthority();
const { root } = authority;
const imprint = imprintOf(content);
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);
/** The certificate of the authority is good from this hour of yesterday. */
const today = new Date().toISOString().slice(0, 10);

describe('a token that holds', () => {
  test('proves that the bytes existed then, to whoever trusts its authority', async () => {
    const time = new Date('2026-11-27T01:02:03.450Z');
    const own = makeTokenAuthority({ from: -3650, to: 3650 });
    const token = makeToken(own, { imprint, time, tsa: own.certificate });
    const found = await verifyTimeStamp(token, sha256, [own.root]);
    expect(found).toMatchObject({
      time, accuracyMs: 1500, policy: '1.2.3.4.1', serial: expect.stringMatching(/^11[0-9A-F]{14}$/), authority: 'CN=Stand-in time-stamp authority', trusted: true, problems: [],
    });
    expect(Buffer.compare(found.certificate, own.certificate)).toBe(0);
    expect(provenTime(found)).toEqual(time);
    expect(await verifyTimeStampOver(token, content, [own.root])).toEqual(found);
  });

  test('proves nothing where nobody was named to be trusted, or somebody else', async () => {
    const token = makeToken(authority, { imprint });
    const unasked = await verifyTimeStamp(token, sha256);
    expect([unasked.trusted, unasked.problems, provenTime(unasked)]).toEqual([null, [], null]);
    const foreign = await verifyTimeStamp(token, sha256, [makeTokenAuthority().root]);
    expect([foreign.trusted, foreign.problems.map(({ because }) => because), provenTime(foreign)]).toEqual([false, ['NO_CERTIFICATE_CHAIN_FOUND'], null]);
  });

  test('leads to a root over a certificate that lies elsewhere, such as in the document', async () => {
    const own = makeTokenAuthority({ between: true });
    const token = makeToken(own, { imprint });
    expect((await verifyTimeStamp(token, sha256, [own.root])).problems.map(({ code }) => code)).toEqual(['ROOT_UNKNOWN']);
    expect(provenTime(await verifyTimeStamp(token, sha256, [own.root], new Date(), [own.between!]))).not.toBeNull();
    expect(provenTime(await verifyTimeStampOver(token, content, [own.between!]))).not.toBeNull();
  });

  test.each<[string, Partial<TokenOptions>, object]>([
    ['a time to the microsecond, never too early', { genTime: `${today.replaceAll('-', '')}000000.000001Z` }, { time: new Date(`${today}T00:00:00.001Z`) }],
    ['no accuracy but microseconds', { accuracy: [element(inPlace(1), Uint8Array.of(100))] }, { accuracyMs: 0.1 }],
    ['its certificate named by SHA-1 alone, as before RFC 5816', { names: 'v1' }, { problems: [] }],
    ['its certificate named by SHA-1, issuer and number', { names: 'v1-with-issuer' }, { problems: [] }],
    ['the root inside', { certificates: [root] }, { trusted: true }],
  ])('%s', async (_, options, expected) => {
    expect(await verifyTimeStamp(makeToken(authority, { imprint, ...options }), sha256, [root])).toMatchObject({ trusted: true, problems: [], ...expected });
  });
});

describe('a token that does not hold', () => {
  test.each<[string, Partial<TokenOptions>, string]>([
    ['over something else', { imprint: imprintOf(Buffer.from('another record')) }, 'TIME_STAMP_OF_OTHER'],
    ['signed by a key that is not its certificate\'s', { otherKey: true }, 'TIME_STAMP_SIGNATURE'],
    ['that names another certificate', { names: 'other-v2' }, 'TIME_STAMP_CERTIFICATE'],
    ['that names another certificate by SHA-1', { names: 'other-v1' }, 'TIME_STAMP_CERTIFICATE'],
    ['that names no certificate', { names: 'none' }, 'TIME_STAMP_CERTIFICATE'],
    ['that names another authority', { tsa: root }, 'TIME_STAMP_AUTHORITY'],
    ['with an extension one must understand', { criticalExtension: true }, 'TIME_STAMP_EXTENSION'],
    ['from before its authority\'s certificate', { time: inDays(-2) }, 'AUTHORITY_NOT_VALID_THEN'],
    ['from after it', { time: inDays(400) }, 'AUTHORITY_NOT_VALID_THEN'],
  ])('%s', async (_, options, code) => {
    const found = await verifyTimeStamp(makeToken(authority, { imprint, ...options }), sha256, [root]);
    expect(found.problems.map((problem) => problem.code)).toEqual([code]);
    expect(provenTime(found)).toBeNull();
  });

  test.each(['not-critical', 'among-others', 'other', 'none'] as const)('under a certificate that is not for time-stamps alone: %s', async (purpose) => {
    const own = makeTokenAuthority({ purpose });
    const found = await verifyTimeStamp(makeToken(own, { imprint }), sha256, [own.root]);
    expect(found.problems.map(({ code }) => code)).toEqual(['NOT_FOR_TIME_STAMPS']);
    expect(provenTime(found)).toBeNull();
  });

  test('ceases to prove when its authority\'s certificate has expired, unless it is known to have existed before', async () => {
    const own = makeTokenAuthority({ from: -20, to: -10 });
    const token = makeToken(own, { imprint, time: inDays(-15) });
    const today = await verifyTimeStamp(token, sha256, [own.root]);
    expect(today.problems).toEqual([{ because: 'OUT_OF_BOUNDS_NO_POE', code: 'AUTHORITY_EXPIRED', message: expect.stringMatching(/later time-stamp/) }]);
    expect(provenTime(today)).toBeNull();
    expect(provenTime(await verifyTimeStamp(token, sha256, [own.root], inDays(-12)))).not.toBeNull();
  });

  test('is not blamed for a clock here that is behind', async () => {
    const own = makeTokenAuthority({ from: 1 });
    expect(provenTime(await verifyTimeStamp(makeToken(own, { imprint, time: inDays(2) }), sha256, [own.root]))).not.toBeNull();
  });
});

describe('what is no token that can be read', () => {
  test.each<[string, Partial<TokenOptions>, string]>([
    ['a date that is none', { genTime: '20260230010203Z' }, 'TIME_STAMP_UNREADABLE'],
    ['a time not in UTC', { genTime: '20260227010203+0100' }, 'TIME_STAMP_UNREADABLE'],
    ['zeros behind a fraction', { genTime: '20260227010203.50Z' }, 'TIME_STAMP_UNREADABLE'],
    ['an accuracy out of range', { accuracy: [smallInteger(1), element(inPlace(0), Uint8Array.of(0x03, 0xe8))] }, 'TIME_STAMP_UNREADABLE'],
    ['data instead of a TSTInfo', { contentType: '1.2.840.113549.1.7.1' }, 'TIME_STAMP_UNREADABLE'],
    ['a SHA-1 of what was stamped', { imprint: Buffer.from('3021300906052b0e03021a05000414da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hex') }, 'TIME_STAMP_ALGORITHM'],
    ['a heap of certificates', { certificates: Array.from({ length: 33 }, (_, at) => octetString(Uint8Array.of(at))) }, 'TIME_STAMP_UNREADABLE'],
  ])('%s', async (_, options, code) => {
    await expect(verifyTimeStamp(makeToken(authority, { imprint, ...options }), sha256, [root])).rejects.toMatchObject({ name: 'PacketError', code });
  });

  test('a signature over data, and a token where a signature should be', async () => {
    const signature = await buildSignedData({ content, signer: await testSigner() });
    await expect(verifyTimeStamp(signature, sha256)).rejects.toMatchObject({ code: 'TIME_STAMP_UNREADABLE' });
    await expect(verifySignedData(makeToken(authority, { imprint }))).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
  });

  test('more bytes than any token has', async () => {
    await expect(verifyTimeStamp(new Uint8Array(300_000).fill(0x30), sha256)).rejects.toMatchObject({ code: 'TIME_STAMP_UNREADABLE' });
  });

  test('under a certificate that is nested deeper than any stack reaches', async () => {
    let nested = new Uint8Array();
    for (let depth = 0; depth < 20_000; depth++) nested = Buffer.concat([Uint8Array.of(0x24, 0x83, nested.length >> 16, nested.length >> 8, nested.length), nested]);
    const own = makeTokenAuthority({ extra: [sequence(oid('2.5.29.17'), octetString(nested))] });
    await expect(verifyTimeStamp(makeToken(own, { imprint }), sha256, [own.root])).resolves.toMatchObject({ time: expect.any(Date) });
  });

  test('truncated at every byte', async () => {
    const token = makeToken(authority, { imprint });
    for (let length = 0; length < token.length; length++) {
      await expect(verifyTimeStamp(token.subarray(0, length), sha256, [root]), `${length} bytes`).rejects.toMatchObject({ code: 'TIME_STAMP_UNREADABLE' });
      await expect(tokenIn(token.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ code: 'TIME_STAMP_UNREADABLE' });
    }
  });

  test('with any byte changed it proves no other time', async () => {
    const token = makeToken(authority, { imprint, nonce: Uint8Array.of(7) });
    const { time, serial, policy, accuracyMs, authority: name } = await verifyTimeStamp(token, sha256, [root]);
    let proving = 0;
    for (let at = 0; at < token.length; at++) {
      const changed = token.slice();
      changed[at]! ^= 0x21;
      const found = await verifyTimeStamp(changed, sha256).catch((error: { name: string }) => error);
      if ('name' in found) expect(found, `byte ${at}`).toMatchObject({ name: 'PacketError' });
      else if (found.problems.length === 0 && provenTime(await verifyTimeStamp(changed, sha256, [root])) !== null) {
        proving += 1;
        expect(found, `byte ${at}`).toMatchObject({ time, serial, policy, accuracyMs, authority: name });
      }
    }
    // A CMS signature covers neither versions nor the list of digest algorithms.
    expect(proving).toBeLessThan(30);
  });
});

describe('OpenSSL', () => {
  const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  const P384 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'];
  test.for<[string, OpensslAuthorityOptions]>([
    ['P-256, its certificate named by SHA-256', {}],
    ['RSA with SHA-512, its certificate named by SHA-1', { key: RSA, digest: 'sha512', reference: 'sha1' }],
    ['P-384 with SHA-384, the chain named', { key: P384, digest: 'sha384', chain: true }],
  ])('its token holds here, and ours there: %s', async ([, options], context) => {
    const openssl = judge(context, 'openssl');
    const judged = await startOpensslAuthority(openssl, folder, options);
    const { token, timeStamp } = await fetchTimeStamp(judged.url, sha256, { roots: [judged.root] });
    await judged.close();
    expect(timeStamp).toMatchObject({ trusted: true, problems: [], policy: '1.2.3.4.1', accuracyMs: 1500.1, serial: '02' });
    expect(timeStamp.authority).toBe('O=Judge, CN=OpenSSL authority');
    expect(opensslAccepts(openssl, token, content, judged.root)).toBe(true);

    const changed = token.slice();
    changed[Buffer.from(token).indexOf(Buffer.of(0x18, 15)) + 4]! ^= 1;
    expect(opensslAccepts(openssl, changed, content, judged.root)).toBe(false);
    expect(provenTime(await verifyTimeStamp(changed, sha256, [judged.root]))).toBeNull();
    expect(opensslAccepts(openssl, token, Buffer.from('other'), judged.root)).toBe(false);
    expect((await verifyTimeStampOver(token, Buffer.from('other'))).problems.map(({ code }) => code)).toEqual(['TIME_STAMP_OF_OTHER']);
  });

  test('finds the stand-in\'s token as it should be', (context) => {
    const openssl = judge(context, 'openssl');
    expect(opensslAccepts(openssl, makeToken(authority, { imprint, tsa: authority.certificate }), content, root)).toBe(true);
    expect(opensslAccepts(openssl, makeToken(authority, { imprint, names: 'v1-with-issuer' }), content, root)).toBe(true);
    expect(opensslAccepts(openssl, makeToken(authority, { imprint, names: 'other-v2' }), content, root)).toBe(false);
  });
});

test('a signature time-stamp in a PDF that pyHanko signed', async (context) => {
  const pdf = readFileSync(sharedData(context, 'pdf', 'pyhanko__minimal-signed-twice-second-created.pdf')).toString('latin1');
  const stamped: string[] = [];
  for (const [, hex] of pdf.matchAll(/\/Contents\s*<([0-9a-fA-F]{2000,})>/g)) {
    const padded = Buffer.from(hex!, 'hex');
    const cms = new Uint8Array(padded.subarray(0, 4 + padded.readUInt16BE(2)));
    // The content is not at hand here, and need not be: the token is over the signature value.
    const { signature, unsignedAttributes } = await verifySignedData(cms, new Uint8Array());
    for (const token of await signatureTimeStamps(unsignedAttributes)) {
      const found = await verifyTimeStampOver(token, signature);
      expect(found.problems).toEqual([]);
      expect((await verifyTimeStampOver(token, signature.subarray(1))).problems.map(({ code }) => code)).toEqual(['TIME_STAMP_OF_OTHER']);
      stamped.push(`${found.time.toISOString()} ${found.authority}`);
    }
  }
  expect(stamped).toEqual(['20:22', '21:19'].map((minute) => `2021-01-11T18:${minute}.000Z CN=Globalsign TSA for AATL on DSS - SHA384 - G5, O=GMO GlobalSign Ltd, C=GB`));
});

function opensslAccepts(openssl: string, token: Uint8Array, data: Uint8Array, trusted: Uint8Array): boolean {
  const [tokenFile, dataFile, rootFile] = ['token', 'data', 'root.pem'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(tokenFile, token);
  writeFileSync(dataFile, data);
  execFileSync(openssl, ['x509', '-inform', 'DER', '-out', rootFile], { input: trusted });
  try {
    return execFileSync(openssl, ['ts', '-verify', '-token_in', '-in', tokenFile, '-data', dataFile, '-CAfile', rootFile], { stdio: 'pipe' }).includes('Verification: OK');
  } catch {
    return false;
  }
}
