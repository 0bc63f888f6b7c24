/** `countersign packet upgrade` in process: what it writes, and what it leaves alone. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, promises, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { storeKeys } from '#fixtures/enrolment.ts';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { startStandInAuthority, type StandIn } from '#fixtures/time-stamp-authority.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { buildSignedData, verifySignedData } from '#biometrics/cms.ts';
import { readPacket } from '#packet/container.ts';
import { readSignedPdf, signedBytes } from '#packet/read-signed-pdf.ts';
import { writeAddendum } from '#packet/time-stamp/index.ts';
import { openEnvelope, openWrapper } from '#sync-agent/index.ts';
import * as packet from './packet.ts';

// in this process: `packet/upgrade/in-child.test.ts` starts one
vi.mock('#packet/child/index.ts', () => {
  type Work = (parameters: unknown, input: Uint8Array, ask: unknown) => Promise<{ result: unknown; output?: Uint8Array }>;
  let work: Work | null = null;
  const throughPipe = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return {
    serve: (given: Work) => { work = given; },
    runInChild: async (_module: URL, parameters: unknown, input: Uint8Array, _limits: unknown, _failures: unknown, answer: unknown) => {
      await import('#packet/upgrade/child.ts');
      const { result, output = new Uint8Array() } = await (work as unknown as Work)(throughPipe(parameters), input, answer);
      return { result: throughPipe(result), output };
    },
  };
});

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
let authority: StandIn;
let told = '';
let asked: string[];

beforeAll(async () => {
  authority = await startStandInAuthority();
  writeFileSync(at('card.pdf'), await handSignedPdf({ seal: await testSigner('Test seal') }));
  writeFileSync(at('seal-root.pem'), pem('CERTIFICATE', await testRoot()));
  // all in a bundle count, not the first alone
  writeFileSync(at('roots.pem'), [(await testSigner('Another root')).certificate, authority.root].map((each) => pem('CERTIFICATE', each)).join('\n'));
  asked = ['upgrade', at('card.pdf'), '--tsa', authority.url, '--trust', at('seal-root.pem'), '--trust', at('roots.pem')];
});
afterAll(() => authority.close());
beforeEach(() => {
  told = '';
  authority.answer = 'granted';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { told += String(text); return true; });
});
afterEach(() => vi.restoreAllMocks());

test('leaves nothing behind where it could not, works when tried again, and never writes over a file', async () => {
  const before = readFileSync(at('card.pdf'));
  authority.answer = 'unavailable';
  await expect(packet.run([...asked, '--to', 'B-T'])).rejects.toMatchObject({ code: 'TIME_STAMP_AWAY' });
  expect(existsSync(at('card.B-T.pdf'))).toBe(false);
  authority.answer = 'granted';
  expect(await packet.run([...asked, '--to', 'B-T'])).toBe(0);
  expect(told).toMatch(/card\.B-T\.pdf: B-T\.\n {2}time-stamp over signature "guest": .*Z, CN=Stand-in time-stamp authority\n$/);
  expect(readFileSync(at('card.pdf'))).toEqual(before);
  if (process.platform !== 'win32') expect(statSync(at('card.B-T.pdf')).mode & 0o777).toBe(0o600);
  await expect(packet.run([...asked, '--to', 'B-T'])).rejects.toThrow(/not overwritten/);
  told = '';
  expect(await packet.run(['upgrade', at('card.B-T.pdf'), ...asked.slice(2), '--to', 'B-T', '--json'])).toBe(0);
  expect(JSON.parse(told)).toEqual({ file: at('card.B-T.pdf'), out: null, level: 'B-T', version: null, steps: [], notes: [] });
});

test('a wrapped packet comes out wrapped as its next version, for the same key, with the time-stamp of an addendum inside; nothing of it on a station', async () => {
  const { packet: bytes, requestId } = await completedSigning();
  const { signedPdf } = readPacket(bytes);
  const where = readSignedPdf(signedPdf).signatures[0]!;
  const { signature } = await verifySignedData(where.cms, signedBytes(signedPdf, where.byteRange!));
  const sha256 = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');
  const token = makeToken(makeTokenAuthority(), { imprint: imprintOf(Buffer.from(signature)) });
  const content = writeAddendum({ station: { tenant: 'nord', site: 'riga', name: 'lobby', software: 'x' }, demo: false, request: requestId, packetSha256: sha256(bytes), signatureSha256: sha256(signature), time: new Date().toISOString(), timeStamp: Buffer.from(token).toString('base64') });
  writeFileSync(at('addendum.p7s'), await buildSignedData({ content, signer: await testSigner('Device'), signingTime: new Date() }));
  writeFileSync(at('store.pem'), storeKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const envelope = await openWrapper(null, storeKeys.publicKey.export({ type: 'spki', format: 'der' })).wrap(bytes, { packet: requestId, purpose: 'packet', sha256: sha256(bytes) });
  for (const name of ['station/store/one.esdk', 'one.esdk']) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), envelope);
  }
  writeFileSync(at('station/station.db'), '');
  // an addendum of an authority that is not trusted is not taken: then the authority is asked
  const args = [...asked.slice(2), '--to', 'B-T', '--token', at('addendum.p7s')];
  await expect(packet.run(['upgrade', at('one.esdk'), ...args])).rejects.toThrow(/--store-key/);
  await expect(packet.run(['upgrade', at('station/store/one.esdk'), ...args, '--store-key', at('store.pem')])).rejects.toThrow(/data folder of a station/);
  await expect(packet.run(['upgrade', at('one.esdk'), ...args, '--store-key', at('store.pem'), '--out', at('station/two.esdk')])).rejects.toThrow(/data folder of a station/);
  expect(await packet.run(['upgrade', at('one.esdk'), ...args, '--store-key', at('store.pem'), '--json'])).toBe(0);
  expect(JSON.parse(told)).toMatchObject({ out: at('one.v2.esdk'), level: 'B-T', version: 2 });
  const opened = await openEnvelope(readFileSync(at('one.v2.esdk')), { privateKeyPem: readFileSync(at('store.pem'), 'utf8') });
  expect(opened.context).toMatchObject({ packet: requestId, purpose: 'packet', version: '2', sha256: sha256(opened.bytes) });
  expect(readPacket(opened.bytes).versions[0]!.about.previous.sha256).toBe(sha256(bytes));
  expect(readFileSync(at('one.esdk'))).toEqual(Buffer.from(envelope));
});

test('a full disk leaves nothing behind, and a retry works', async () => {
  const { keepNewFile } = await import('./packet/packet-file.ts');
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  vi.spyOn(promises, 'writeFile').mockRejectedValueOnce(full);
  syncBuiltinESMExports();
  await expect(keepNewFile(at('kept.pdf'), Uint8Array.of(1))).rejects.toThrow(/cannot be written: ENOSPC/);
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual([]);
  await keepNewFile(at('kept.pdf'), Uint8Array.of(1));
  await expect(keepNewFile(at('kept.pdf'), Uint8Array.of(2))).rejects.toThrow(/not overwritten/);
  expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual(['kept.pdf']);
  expect([...readFileSync(at('kept.pdf'))]).toEqual([1]);
});

test('a next version takes the mark of the one before; a file that is not what it is named for is called by its name', async () => {
  const { besideFile } = await import('./packet/packet-file.ts');
  expect(['a/card.esdk', 'a/card.v2.esdk', 'a/card.v12.esdk', 'a/v2.asice'].map((file) => besideFile(file, 'v3'))).toEqual(['a/card.v3.esdk', 'a/card.v3.esdk', 'a/card.v3.esdk', 'a/v2.v3.asice']);
  expect(besideFile('card.v2.pdf', 'B-LT')).toBe('card.v2.B-LT.pdf');
  await expect(packet.run([...asked, '--to', 'B-T', '--out', at('no.pdf'), '--token', at('seal-root.pem')])).rejects.toMatchObject({ code: 'TIME_STAMP_UNREADABLE', message: expect.stringMatching(/seal-root\.pem: /) as string });
  await expect(packet.run([...asked, '--to', 'B-T', '--out', at('no.pdf'), '--certificate', at('card.pdf')])).rejects.toThrow(/card\.pdf: /);
});

test.each([[['--to', 'B-X']], [[]], [['--to', 'B-T', '--private']]])('%j is no order', async (args) => {
  await expect(packet.run([...asked, ...args])).rejects.toThrow(/name what to do/);
});
