/** Versions of a packet: what is added can be checked by anybody, and the packet before lies whole in the next. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { completedSigning, CONSENT, trail } from '#fixtures/completed-signing.ts';
import { schemaBreaks, type JsonSchema } from '#fixtures/json-schema.ts';
import { judge } from '#fixtures/needs.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { testTenant } from '#fixtures/test-tenant.ts';
import { startStandInAuthority, type StandIn } from '#fixtures/time-stamp-authority.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { buildSignedData, verifySignedData } from '#biometrics/cms.ts';
import type { Signer } from '#biometrics/signer.ts';
import { buildPacket, readPacket } from '../container.ts';
import { addVersion, packetAt, packetHashes } from '../packet-version.ts';
import { readSignedPdf, signedBytes } from '../read-signed-pdf.ts';
import { signDocument } from '../sign-document.ts';
import { writeAddendum } from '../time-stamp/index.ts';
import { tellForeignAddenda } from '../verify/addenda.ts';
import { Report } from '../verify/result.ts';
import { verify } from '../verify/verify.ts';
import { readZip, writeZip } from '../zip.ts';
import { sealPacket, upgradePacket, type UpgradeOptions } from './index.ts';
import { inRoom } from './signature-time-stamp.ts';
import { timeStampOver } from './upgrade-document.ts';

const folder = temporaryFolder();
const later = new Date(Date.now() + 60_000);
let authority: StandIn;
let organisation: Signer;
let first: Uint8Array;
let second: Uint8Array;
let third: Uint8Array;
let options: UpgradeOptions & { software: string };
let roots: Uint8Array[];

beforeAll(async () => {
  authority = await startStandInAuthority();
  const tenant = await testTenant();
  organisation = tenant.seal;
  roots = [await testRoot(), tenant.root];
  options = { to: 'B-T', trust: [...roots, authority.root], tsa: authority.url, tsaDeadlineMs: 500, software: 'countersign test' };
  first = (await completedSigning()).packet;
  ({ packet: second } = await upgradePacket(first, options));
  ({ packet: third } = await sealPacket(second, organisation, { signedAt: new Date(), place: null, demo: false, software: 'countersign test' }));
});
beforeEach(() => { authority.answer = 'granted'; });
afterAll(() => authority.close());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const asked = () => ({ trust: roots, timeStampTrust: [authority.root], now: later });

test('a second and a third version are valid, name the one before, and hold it byte by byte', async () => {
  const { versions, files } = readPacket(third);
  expect(versions.map(({ number, about, proof }) => [number, about.previous.sha256, about.made.how, proof.kind])).toEqual([[2, sha256(first), 'upgrade', 'time-stamp'], [3, sha256(second), 'seal', 'seal']]);
  const schema = JSON.parse(readFileSync(new URL('../packet-version.schema.json', import.meta.url), 'utf8')) as JsonSchema;
  for (const { about } of versions) expect(schemaBreaks(schema, about)).toEqual([]);
  expect(Buffer.compare(packetAt(files, 1), first)).toBe(0);
  expect(Buffer.compare(packetAt(files, 2), second)).toBe(0);
  // heads and statements about the first one find it in the third
  expect(await packetHashes(third)).toEqual([third, first, second].map(sha256));
  expect(await packetHashes(Uint8Array.of(1))).toEqual([sha256(Uint8Array.of(1))]);
  const result = await verify(third, asked());
  expect(result).toMatchObject({ indication: 'TOTAL-PASSED', valid: true, trusted: true, packetVersions: [{ number: 2, previousSha256: sha256(first), intact: true }, { number: 3, previousSha256: sha256(second), intact: true }] });
  expect(result.signatures.map(({ field, level }) => [field, level])).toEqual([
    // the document's own seal, the organisation's, the container's of the station, the third version's
    ['guest', 'PAdES-B-T'], ['Countersign seal', 'PAdES-B-B'], ['META-INF/signature001.p7s', 'CAdES-B-B'], ['META-INF/signature003.p7s', 'CAdES-B-B'],
  ]);
  expect(result.timeStamps.map(({ over, trusted }) => [over, trusted])).toEqual([['signature', true], ['packet', true]]);
  // what the version's time-stamp covers existed then, the station's seal on the container too
  expect(result.signatures[2]!.provenTime).toBe(result.timeStamps[1]!.provenTime);
});

test('OpenSSL, sha256sum and any unzip tool check all three', (context) => {
  const openssl = judge(context, 'openssl');
  const at = (name: string): string => join(folder, 'unpacked', name);
  for (const [name, bytes] of readZip(third)) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), bytes);
  }
  const cwd = join(folder, 'unpacked');
  for (const sums of ['SHA256SUMS', 'SHA256SUMS-002', 'SHA256SUMS-003']) execFileSync(judge(context, 'sha256sum'), ['--strict', '--quiet', '-c', sums], { cwd });
  writeFileSync(at('roots.pem'), roots.map((root) => pem('CERTIFICATE', root)).join(''));
  writeFileSync(at('tsa.pem'), pem('CERTIFICATE', authority.root));
  for (const number of ['001', '003']) {
    const { stderr } = spawnSync(openssl, ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', `META-INF/signature${number}.p7s`, '-content', `META-INF/ASiCManifest${number}.xml`, '-CAfile', 'roots.pem', '-purpose', 'any', '-out', 'out'], { cwd, encoding: 'utf8' });
    expect(stderr).toContain('CAdES Verification successful');
  }
  const { stdout } = spawnSync(openssl, ['ts', '-verify', '-token_in', '-in', 'META-INF/timestamp002.tst', '-data', 'META-INF/ASiCManifest002.xml', '-CAfile', 'tsa.pem'], { cwd, encoding: 'utf8' });
  expect(stdout).toContain('Verification: OK');
});

describe('what is wrong is found:', () => {
  const altered = (change: (files: Map<string, Uint8Array>) => void, packet = third): Uint8Array => {
    const files = readZip(packet);
    change(files);
    return writeZip(files);
  };
  const flipped = (bytes: Uint8Array): Uint8Array => {
    const other = new Uint8Array(bytes);
    other[Math.floor(other.length / 2)]! ^= 1;
    return other;
  };

  // of every file, of three versions: upgrade-packet.long.test.ts
  test('a byte of the document, of what a version says of itself, and of what is over its manifest', async () => {
    for (const name of ['document.pdf', 'version-002.json', 'META-INF/timestamp002.tst']) {
      expect(await verify(altered((files) => files.set(name, flipped(files.get(name)!)), second), asked()), name).toMatchObject({ valid: false });
    }
  });

  test('a file that is missing, one more, or versions in another order', async () => {
    for (const name of readZip(third).keys()) {
      expect(await verify(altered((files) => files.delete(name)), asked()), `without ${name}`).toMatchObject({ valid: false });
    }
    expect(await verify(altered((files) => files.set('document-004.pdf', Uint8Array.of(1))), asked())).toMatchObject({ valid: false });
    expect(await verify(altered((files) => { const sums = files.get('SHA256SUMS')!; files.delete('SHA256SUMS'); files.set('SHA256SUMS', sums); }), asked())).toMatchObject({ valid: false });
  });

  test('the version of another packet, and a document that is not the earlier one with more', async () => {
    const other = await upgradePacket((await completedSigning({ requestId: 'request-2' })).packet, options);
    const files = [...readZip(other.packet)].filter(([name]) => /002/.test(name));
    const mixed = writeZip(new Map([...readZip(first), ...files]));
    const { findings } = await verify(mixed, asked());
    expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['PREVIOUS_VERSION_DIFFERS', 'VERSION_OF_ANOTHER_REQUEST', 'VERSION_CHANGED_DOCUMENT']));
  });

  test('another\'s signature in the room of the first, or a time-stamp gone from it', async () => {
    const { signedPdf: pdf, request, files } = readPacket(second);
    const [where] = readSignedPdf(pdf).signatures;
    const content = signedBytes(pdf, where!.byteRange!);
    const made = { how: 'upgrade', software: 'x', at: new Date().toISOString() } as const;
    const over = async (manifest: Uint8Array) => (await timeStampOver(Buffer.from(sha256(manifest), 'hex'), options)).token;
    const withInRoom = (cms: Uint8Array) => addVersion(files, { request, signedPdf: inRoom(pdf, where!, cms)!, made }, { kind: 'time-stamp', over });
    const mallory = await buildSignedData({ content: null, digest: Buffer.from(sha256(content), 'hex'), signer: await testSigner('Mallory') });
    for (const cms of [mallory, readSignedPdf(readPacket(first).signedPdf).signatures[0]!.cms]) {
      expect((await verify(await withInRoom(cms), asked())).findings.map(({ code }) => code)).toContain('VERSION_CHANGED_DOCUMENT');
    }
  });
});

test('asked for again changes nothing; without an authority nothing is made; what fails leaves the bytes, and a retry works', async () => {
  const again = await upgradePacket(second, { ...options, tokens: [makeToken(makeTokenAuthority(), { imprint: imprintOf(Buffer.from('another')) })] });
  expect(again).toMatchObject({ version: 2, steps: [], notes: [expect.stringMatching(/^1 of the time-stamps given/)] });
  expect(again.packet).toBe(second);
  const kept = Buffer.from(first);
  authority.answer = 'unavailable';
  await expect(upgradePacket(first, options)).rejects.toMatchObject({ code: 'TIME_STAMP_AWAY' });
  const own = makeTokenAuthority();
  const pdf = readPacket(first).signedPdf;
  const where = readSignedPdf(pdf).signatures[0]!;
  const { signature } = await verifySignedData(where.cms, signedBytes(pdf, where.byteRange!));
  const token = makeToken(own, { imprint: imprintOf(Buffer.from(signature)) });
  const offline = { ...options, tsa: null, tokens: [token], trust: [...roots, own.root] };
  await expect(upgradePacket(first, offline)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  // a token that is over something else is not passed over in silence
  const strange = makeToken(own, { imprint: imprintOf(Buffer.from('another signature')) });
  await expect(upgradePacket(first, { ...offline, tokens: [strange] })).rejects.toMatchObject({ code: 'UPGRADE_REFUSED', message: expect.stringContaining('given (--token)') as string });
  expect(Buffer.compare(first, kept)).toBe(0);
  // what a station's addendum proves is believed by verify without being put in; that it was sent for another packet is told
  const addendum = async (packetSha256: string) => buildSignedData({
    content: writeAddendum({ station: { tenant: 'nord', site: 'riga', name: 'lobby', software: 'x' }, demo: false, request: 'request-1', packetSha256, signatureSha256: sha256(signature), time: new Date().toISOString(), timeStamp: Buffer.from(token).toString('base64') }),
    signer: await testSigner('Device'), signingTime: new Date(),
  });
  const foreign = await addendum('ab'.repeat(32));
  const { signatures, timeStamps, findings } = await verify(first, { trust: roots, timeStamps: [foreign], timeStampTrust: [own.root], now: later });
  expect(signatures[0]).toMatchObject({ level: 'PAdES-B-B', provenTime: expect.any(String) });
  expect(timeStamps).toMatchObject([{ over: 'signature', trusted: true }]);
  expect(findings).toContainEqual(expect.objectContaining({ code: 'ADDENDUM_OF_OTHER_PACKET', severity: 'warning', message: expect.stringContaining('abab') as string }));
  const told = async (packet: Uint8Array, packetSha256: string) => {
    const report = new Report();
    await tellForeignAddenda([token, await addendum(packetSha256)], packet, report);
    return report.conclude().findings.length;
  };
  // it names the packet, or one that the packet was made of; not one that was made of it
  expect(await Promise.all([told(first, sha256(first)), told(third, sha256(first)), told(first, sha256(second)), told(pdf, sha256(first))])).toEqual([0, 0, 1, 0]);
  // and goes into the reserved room where an authority stamps the version
  authority.answer = 'granted';
  const filled = await upgradePacket(first, { ...offline, tsa: options.tsa, trust: [...offline.trust, authority.root] });
  expect(filled.notes).toEqual([]);
  expect((await verify(filled.packet, { trust: roots, timeStampTrust: [own.root, authority.root], now: later })).signatures[0]).toMatchObject({ level: 'PAdES-B-T' });
});

test('a PDF that its last signature has locked is left as it is: the seal stands on the packet', async () => {
  const document = plainPdf();
  const field = (name: string) => ({ kind: 'signature' as const, role: 'guest' as const, name, label: name, page: 1, rect: { x: 60, y: 200, width: 100, height: 40 }, found: 'phrase' as const });
  const seal = await testSigner('Test seal');
  let pdf: Uint8Array = document;
  for (const last of [false, true]) {
    ({ signedPdf: pdf } = await signDocument({
      document: pdf, documentSha256: sha256(pdf), sealedRecord: new Uint8Array(30), requestId: 'request-1', field: field(last ? 'companion' : 'guest'), ...(last ? { last } : { later: [field('companion')] }),
      ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }], signerName: 'A', place: 'B', signedAt: new Date(), demo: false, seal,
    }));
  }
  const packet = await buildPacket({ signedPdf: pdf, audit: trail('request-1', document), consent: CONSENT, requestId: 'request-1', signedAt: new Date(), demo: false, seal });
  const { packet: sealed, field: into } = await sealPacket(packet, organisation, { signedAt: new Date(), place: null, demo: false, software: 'x' });
  expect(into).toBeNull();
  expect(Buffer.compare(readPacket(sealed).signedPdf, pdf)).toBe(0);
  const { packetVersions, signatures } = await verify(sealed, asked());
  expect(packetVersions).toMatchObject([{ number: 2, how: 'seal', intact: true }]);
  expect(signatures.at(-1)).toMatchObject({ field: 'META-INF/signature002.p7s', intact: true, trusted: true });
});

test('a version whose time is words is none of ours', async () => {
  const made = { how: 'upgrade', software: 'x', at: '2026-11-27 (proven by a notary)' } as const;
  const odd = await addVersion(readZip(first), { request: 'request-1', signedPdf: readPacket(first).signedPdf, made }, { kind: 'time-stamp', over: async () => Uint8Array.of(1) });
  expect(() => readPacket(odd)).toThrow(/version-002\.json is not written as/);
});

test('a version that no reader would unpack is not made, and nobody is asked for it', async () => {
  const filled = new Map([...readZip(first), ...Array.from({ length: 80 }, (_, at): [string, Uint8Array] => [`file-${at}`, new Uint8Array()])]);
  const made = { how: 'upgrade', software: 'x', at: new Date().toISOString() } as const;
  const over = vi.fn(async () => Uint8Array.of(1));
  const add = (files: Map<string, Uint8Array>) => addVersion(files, { request: 'request-1', signedPdf: new Uint8Array(), made }, { kind: 'time-stamp', over });
  const last = await add(filled);
  expect(readZip(last).size).toBeLessThanOrEqual(96);
  over.mockClear();
  await expect(add(new Map([...readZip(last), ['META-INF/ASiCManifest002.xml', new Uint8Array()]]))).rejects.toMatchObject({ code: 'CONTAINER_LIMIT' });
  expect(over).not.toHaveBeenCalled();
});

test('a signer that fails leaves nothing, and a retry works', async () => {
  const gone: Signer = { ...organisation, sign: () => Promise.reject(new Error('the token is not there')) };
  const how = { signedAt: new Date(), place: null, demo: false, software: 'x' };
  await expect(sealPacket(first, gone, how)).rejects.toThrow('the token is not there');
  expect((await sealPacket(first, await testSigner('Another seal'), how)).version).toBe(2);
});
