/** Statements that a packet is void, as `kiosk/station/void-packet.ts` makes them: what they say of a file, and whose count. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { buildSignedData } from '#biometrics/cms.ts';
import type { Signer } from '#biometrics/signer.ts';
import { completedSigning, CONSENT, sha256, SIGNED_AT } from '#fixtures/completed-signing.ts';
import { schemaBreaks, type JsonSchema } from '#fixtures/json-schema.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { buildPacket } from '../container.ts';
import type { VerifyOptions, VerifyResult } from './result.ts';
import { verify } from './verify.ts';

let nord: TestTenant;
let packet: Uint8Array;
let signedPdf: Uint8Array;

beforeAll(async () => {
  nord = await testTenant();
  ({ packet, signedPdf } = await completedSigning({ device: nord.device, seal: nord.seal }));
});

async function statement(changes: object = {}, signer: Signer = nord.device): Promise<Uint8Array> {
  const { tenant, site, station: name } = nord.station;
  const said = {
    format: 'countersign-void', version: 1, station: { tenant, site, name, software: 'countersign 0.1.0' }, demo: false, request: 'request-1', packetSha256: sha256(packet),
    reason: 'wrong-guest', at: '2026-11-22T10:00:00.000Z', timeSource: 'system', by: { kind: 'desk', name: 'Front desk', authenticated: false }, event: { number: 4, hash: '00'.repeat(32) }, ...changes,
  };
  const schema = JSON.parse(readFileSync(new URL('../void.schema.json', import.meta.url), 'utf8')) as JsonSchema;
  if (Object.keys(changes).every((key) => key !== 'format')) expect(schemaBreaks(schema, said)).toEqual([]);
  return buildSignedData({ content: Buffer.from(JSON.stringify(said)), signer, signingTime: new Date() });
}

const check = async (file: Uint8Array, voids: Uint8Array[], options: VerifyOptions = {}): Promise<VerifyResult> => verify(file, { trust: [nord.root], voids, ...options });
const codes = ({ findings }: VerifyResult): string[] => findings.map(({ code }) => code).filter((code) => code.startsWith('VOID') || code === 'DECLARED_VOID');

test('by its hash or its signing request: told, and the signatures are as good as before', async () => {
  const said = await statement();
  const byHash = await check(packet, [said]);
  expect(byHash).toMatchObject({ valid: true, indication: 'TOTAL-PASSED', voids: [{ names: 'packet', reason: 'wrong-guest', by: 'Front desk', trusted: true, believed: true }] });
  expect(codes(byHash)).toEqual(['DECLARED_VOID']);
  expect(await check(signedPdf, [said])).toMatchObject({ valid: true, voids: [{ names: 'request', request: 'request-1', believed: true }] });
  expect(await verify(packet, { voids: [said] })).toMatchObject({ valid: true, trusted: null, voids: [{ trusted: null, believed: true }] });
  expect((await check(packet, [])).voids).toEqual([]);
});

test('of another packet, or no statement at all: counted, and nothing said of this one', async () => {
  const [other, none] = [await statement({ request: 'request-2', packetSha256: '11'.repeat(32) }), await statement({ format: 'countersign-audit' })];
  const changed = (await statement()).with(90, 0x41);
  const result = await check(packet, [other, none, changed, Uint8Array.of(0x30, 0), new Uint8Array(100_000)]);
  expect(result).toMatchObject({ valid: true, voids: [] });
  expect(codes(result)).toEqual(['VOID_NOT_READ', 'VOID_OF_OTHER']);
  expect(result.findings.find(({ code }) => code === 'VOID_NOT_READ')?.message).toMatch(/^4 of/);
});

test.each<[string, () => Promise<{ said: Uint8Array; trust?: Uint8Array[]; revoked?: Uint8Array[] }>]>([
  ['another company, which is trusted too', async () => {
    const sued = await testTenant('sued');
    const { tenant, site, station: name } = sued.station;
    return { said: await statement({ station: { tenant, site, name, software: 'x' } }, sued.device), trust: [nord.root, sued.root] };
  }],
  ['the seal\'s key', async () => ({ said: await statement({}, nord.seal) })],
  ['an administrator', async () => ({ said: await statement({}, nord.administrator) })],
  ['a device that says it is another', async () => ({ said: await statement({ station: { tenant: 'nord', site: 'riga', name: 'bar', software: 'x' } }) })],
  ['a device that was revoked', async () => ({ said: await statement(), revoked: [await nord.crl({ certificate: nord.device.certificate })] })],
  ['a demonstration', async () => ({ said: await statement({ demo: true }) })],
])('of %s: told, and not believed', async (_, make) => {
  const { said, ...options } = await make();
  const result = await check(packet, [said], options);
  expect(result).toMatchObject({ valid: true, voids: [{ believed: false }] });
  expect(codes(result)).toEqual(['VOID_NOT_BELIEVED']);
});

test('a packet that an organisation\'s seal of another root covers: the company that it names may void it, and no other', async () => {
  const [{ audit, requestId }, organisation] = [await completedSigning(), await testSigner('Organisation')];
  const origin = { station: { tenant: 'nord', site: 'riga', name: 'lobby', software: 'x' }, place: null, disclosed: [] };
  const sealed = await buildPacket({ signedPdf: (await completedSigning({ seal: organisation })).signedPdf, audit, origin, consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: false, seal: organisation });
  const trust = [nord.root, await testRoot()];
  const of = async (tenant: TestTenant): Promise<boolean | undefined> => {
    const { tenant: name, site, station } = tenant.station;
    return (await check(sealed, [await statement({ packetSha256: sha256(sealed), station: { tenant: name, site, name: station, software: 'x' } }, tenant.device)], { trust: [...trust, tenant.root] })).voids[0]?.believed;
  };
  expect([await of(nord), await of(await testTenant('sued'))]).toEqual([true, false]);
});
