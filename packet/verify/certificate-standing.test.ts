/**
 * Attacks with certificates: a device or seal that the tenant did not list, that it took back, or that has ended; and what a
 * time-stamp changes. Where OpenSSL is asked the same question, it must give the same answer.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Tag, algorithm, element, octetString, sequence } from '#biometrics/cms/der.ts';
import { openSealedRecord } from '#biometrics/open.ts';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { listEntry, testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { serialOf } from '#keys/certificate.ts';
import { encodeCrl } from '#keys/crl.ts';
import { toPem } from '#keys/pem.ts';
import { createSoftwareSigner } from '#keys/software-signer.ts';
import { stationSubject } from '#keys/tenant/names.ts';
import type { VerifyOptions, VerifyResult } from './result.ts';
import { verify } from './verify.ts';

const folder = temporaryFolder();
const MINUTE_MS = 60_000;
/** Whole seconds, as lists keep them. */
const STARTED = Math.floor(Date.now() / 1000) * 1000;
const ago = (minutes: number): string => new Date(STARTED - minutes * MINUTE_MS).toISOString();
const SIGNED_AT = ago(50);
const errors = ({ findings }: VerifyResult): string[] => findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
const told = ({ findings }: VerifyResult, code: string): string | undefined => findings.find((finding) => finding.code === code)?.message;
const undetermined = (subIndication: string) => ({ indication: 'INDETERMINATE', subIndication, valid: false });

type Signing = Awaited<ReturnType<typeof completedSigning>>;
let nord: TestTenant;
let signing: Signing;
let known: VerifyOptions;

/** What the station of a tenant signs: its name in the record is that of its certificates. */
function signedBy({ station, device, seal }: Pick<TestTenant, 'station' | 'device' | 'seal'>, crls: Uint8Array[] = []): Promise<Signing> {
  const { tenant, site, station: id } = station;
  const time = { signedAt: SIGNED_AT, source: 'system', synchronised: true, lastSync: null, steps: null, bootId: null };
  return completedSigning({ device, seal, crls, context: { tenant, site, station: { id, software: 'countersign 0.1.0', tablet: null }, time } });
}

beforeAll(async () => {
  nord = await testTenant();
  signing = await signedBy(nord);
  known = { trust: [nord.root], examinerKey: signing.examiner, devices: await nord.deviceList(), revoked: [await nord.crl()] };
});

describe('a signing of a listed station', () => {
  test('is valid, and the numbers of the lists stand in the result', async () => {
    const result = await verify(signing.packet, known);
    expect(result).toMatchObject({
      valid: true, trusted: true, sealedRecords: [{ bound: 'checked', opened: { device: { trusted: true, intact: true } } }],
      papers: { devices: { tenant: 'nord', number: 3 }, revocationLists: [{ from: 'given', number: 5, issuer: 'O=nord, CN=nord Countersign root' }] },
    });
    expect(told(result, 'REVOCATION_NOT_CHECKED')).toBeUndefined();
  });

  test('without lists: valid, and it is told that revocation was not asked', async () => {
    const result = await verify(signing.packet, { ...known, devices: undefined, revoked: undefined });
    expect(result).toMatchObject({ valid: true, papers: { devices: null, revocationLists: [] } });
    expect(told(result, 'REVOCATION_NOT_CHECKED')).toContain('was not asked');
  });

  test('a revocation list past its next update is told to be old', async () => {
    const result = await verify(signing.packet, { ...known, devices: undefined, revoked: [await nord.crl({ nextUpdate: new Date(Date.now() - MINUTE_MS) })] });
    expect(result.valid).toBe(true);
    expect(result.findings).toContainEqual(expect.objectContaining({ code: 'REVOCATION_NOT_CHECKED', severity: 'warning', message: expect.stringContaining('is old') as string }));
  });
});

describe('not in the tenant\'s list', () => {
  test('a device and a seal that the authority issued beside the list', async () => {
    const [device, seal] = [await nord.issue(stationSubject(nord.station, 'device')), await nord.issue(stationSubject(nord.station, 'seal'))];
    const result = await verify((await signedBy({ ...nord, device, seal })).packet, known);
    expect(result).toMatchObject({ ...undetermined('CHAIN_CONSTRAINTS_FAILURE'), trusted: false, sealedRecords: [{ bound: 'claimed', opened: { device: { intact: true, trusted: false } } }] });
    expect(errors(result)).toEqual(['DEVICE_NOT_LISTED', 'DEVICE_NOT_LISTED', 'DEVICE_NOT_LISTED']);
  });

  test('the device is seen with the key only, since its certificate is sealed too', async () => {
    const device = await nord.issue(stationSubject(nord.station, 'device'));
    const { packet } = await signedBy({ ...nord, device });
    expect((await verify(packet, { ...known, examinerKey: undefined })).valid).toBe(true);
    const result = await verify(packet, known);
    expect(errors(result)).toEqual(['DEVICE_NOT_LISTED']);
    expect(told(result, 'DEVICE_NOT_LISTED')).toContain('Sealed record "guest", device: device list 3 of nord');
  });

  test('a listed seal key that signs a record, and a listed device key that seals a PDF', async () => {
    const result = await verify((await signedBy({ ...nord, device: nord.seal, seal: nord.device })).signedPdf, known);
    expect(errors(result)).toEqual(['DEVICE_NOT_LISTED', 'DEVICE_NOT_LISTED']);
    expect(told(result, 'DEVICE_NOT_LISTED')).toContain('as a device certificate, and here it stands as a seal certificate');
  });

  test('a listed device that gives out its records as those of another station', async () => {
    const result = await verify((await signedBy({ ...nord, station: { ...nord.station, station: 'spa' } })).packet, known);
    expect(result).toMatchObject(undetermined('CHAIN_CONSTRAINTS_FAILURE'));
    expect(errors(result)).toEqual(['STATION_DIFFERS']);
  });
});

describe('a seal of another authority than the tenant\'s', () => {
  test('is told and believed under a root that the verifier gave, and not without', async () => {
    const { packet } = await signedBy({ ...nord, seal: await testSigner('Hotel SIA seal') });
    const result = await verify(packet, { ...known, trust: [nord.root, await testRoot()] });
    expect(result).toMatchObject({ valid: true, trusted: true });
    expect(told(result, 'SEAL_OF_AUTHORITY')).toMatch(/signature: the certificate of CN=Hotel SIA seal \(serial number [0-9a-f]+\) is of another authority than the company's/);
    expect(result.findings.find(({ code }) => code === 'SEAL_OF_AUTHORITY')?.severity).toBe('note');
    const under = await verify(packet, known);
    expect(under).toMatchObject({ valid: false, trusted: false });
    expect(told(under, 'SEAL_OF_AUTHORITY')).toBeUndefined();
    expect(errors(under)).toContain('DEVICE_NOT_LISTED');
  });

  test('is no way around the list for another tenant\'s seal, nor for a device', async () => {
    const sund = await testTenant('sund');
    const trust = [nord.root, sund.root, await testRoot()];
    expect(errors(await verify((await signedBy({ ...nord, seal: sund.seal })).signedPdf, { ...known, trust }))).toEqual(['DEVICE_NOT_LISTED']);
    expect(errors(await verify((await signedBy({ ...nord, device: await testSigner() })).signedPdf, { ...known, trust }))).toEqual(['DEVICE_NOT_LISTED']);
  });
});

describe('without the tenant\'s list, by the names that its root gives', () => {
  const unlisted = (): VerifyOptions => ({ ...known, devices: undefined });

  test('an administrator\'s key signs no record, a device no PDF, a seal no record', async () => {
    for (const device of [nord.administrator, nord.seal]) {
      const result = await verify((await signedBy({ ...nord, device })).packet, unlisted());
      expect(result).toMatchObject({ ...undetermined('CHAIN_CONSTRAINTS_FAILURE'), trusted: false, sealedRecords: [{ bound: 'claimed' }] });
      expect(errors(result)).toEqual(['CERTIFICATE_OF_OTHER_USE']);
    }
    expect(errors(await verify((await signedBy({ ...nord, seal: nord.device })).signedPdf, unlisted()))).toEqual(['CERTIFICATE_OF_OTHER_USE']);
  });

  test('a device does not give out its records as those of another station', async () => {
    for (const station of [{ ...nord.station, station: 'spa' }, { ...nord.station, site: 'tallinn' }, { ...nord.station, tenant: 'sund' }]) {
      expect(errors(await verify((await signedBy({ ...nord, station })).packet, unlisted()))).toEqual(['STATION_DIFFERS']);
    }
  });
});

test('a certificate for time-stamps, or for anything else but people\'s signatures, seals no document', async () => {
  const { key, certificate, root } = makeTokenAuthority();
  const seal = createSoftwareSigner(new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })), certificate, [root]);
  const { signedPdf } = await completedSigning({ seal });
  const result = await verify(signedPdf, { trust: [root] });
  expect(result).toMatchObject({ ...undetermined('CHAIN_CONSTRAINTS_FAILURE'), trusted: false });
  expect(errors(result)).toEqual(['KEY_USAGE']);
});

describe('revoked', () => {
  const since = { revokedAt: ago(5), invalidSince: ago(30) };

  test('by the revocation list given: since when, why, and what the record claims', async () => {
    const result = await verify(signing.packet, { ...known, revoked: [await nord.crl({ certificate: nord.device.certificate, ...since })] });
    expect(result).toMatchObject({ ...undetermined('REVOKED_NO_POE'), trusted: false, sealedRecords: [{ opened: { device: { trusted: false } } }] });
    expect(errors(result)).toEqual(['CERTIFICATE_REVOKED']);
    expect(told(result, 'CERTIFICATE_REVOKED')).toMatch(new RegExp(`revoked on ${since.revokedAt} \\(keyCompromise\\).*not to be believed since ${since.invalidSince}.*signed at ${SIGNED_AT}, before that: a claim, and nothing proves it`));
  });

  test('a record that claims a time after it', async () => {
    const result = await verify(signing.packet, { ...known, revoked: [await nord.crl({ certificate: nord.device.certificate, revokedAt: ago(5), invalidSince: ago(55) })] });
    expect(told(result, 'CERTIFICATE_REVOKED')).toContain('after that: a claim');
  });

  test('from a day that has not come: what exists now was signed before it', async () => {
    const result = await verify(signing.packet, { ...known, revoked: [await nord.crl({ certificate: nord.device.certificate, revokedAt: ago(5), invalidSince: ago(-60), reason: 'superseded' })] });
    expect(result).toMatchObject({ valid: true, trusted: true });
    expect(told(result, 'SIGNED_BEFORE_REVOCATION')).toContain('That day has not come');
  });

  test('by the device list', async () => {
    const revoked = { at: ago(5), invalidSince: ago(30), reason: 'cessationOfOperation' } as const;
    const devices = await nord.deviceList({ devices: [listEntry(nord.station, 'device', nord.device), listEntry(nord.station, 'seal', nord.seal, revoked)] });
    const result = await verify(signing.packet, { ...known, devices });
    expect(result).toMatchObject({ ...undetermined('REVOKED_NO_POE'), signatures: [{ trusted: false }, { trusted: false }] });
    expect(told(result, 'CERTIFICATE_REVOKED')).toContain('cessationOfOperation');
  });

  test('from a later day on is for what was superseded: a key in strange hands is not good until then', async () => {
    const revoked = [await nord.crl({ certificate: nord.device.certificate, revokedAt: ago(5), invalidSince: ago(-60), reason: 'keyCompromise' })];
    expect(await verify(signing.packet, { ...known, revoked })).toMatchObject(undetermined('REVOKED_NO_POE'));
  });

  test('twice in one list: the entry that goes back furthest counts', async () => {
    const entry = { serial: serialOf(nord.device.certificate), revokedAt: ago(5), reason: 'superseded' as const };
    const entries = [{ ...entry, invalidSince: ago(-60) }, { ...entry, invalidSince: ago(30) }];
    const crl = await encodeCrl({ number: 5, thisUpdate: new Date(), nextUpdate: new Date(Date.now() + MINUTE_MS), entries }, nord.authority);
    const result = await verify(signing.packet, { ...known, revoked: [crl] });
    expect(result).toMatchObject({ ...undetermined('REVOKED_NO_POE'), trusted: false });
    expect(told(result, 'CERTIFICATE_REVOKED')).toContain(ago(30));
  });

  test('a device list given that is older than the lists the record carries is told to be so', async () => {
    const own = await signedBy(nord, [await nord.crl({ number: 9 })]);
    const given = async (number: number) => verify(own.sealedRecord, { ...known, revoked: undefined, devices: await nord.deviceList({ number }) });
    expect(told(await given(3), 'REVOCATION_NOT_CHECKED')).toContain('newer than the one given');
    expect(told(await given(9), 'REVOCATION_NOT_CHECKED')).toBeUndefined();
  });

  test('by a list that the record itself carries, with nothing but the key', async () => {
    const own = await signedBy(nord, [await nord.crl({ certificate: nord.device.certificate, number: 9, ...since })]);
    const result = await verify(own.packet, { examinerKey: own.examiner });
    expect(result).toMatchObject({ ...undetermined('REVOKED_NO_POE'), papers: { revocationLists: [{ from: 'carried', number: 9 }] } });
    expect(errors(await verify(own.packet, known))).toEqual(['CERTIFICATE_REVOKED']);
  });

  test('a list given that is older than the one the record carries is told to be so', async () => {
    const own = await signedBy(nord, [await nord.crl({ number: 9 })]);
    const result = await verify(own.sealedRecord, known);
    expect(result.valid).toBe(true);
    expect(told(result, 'REVOCATION_NOT_CHECKED')).toContain('newer than the one given');
    expect(told(await verify(own.sealedRecord, { ...known, revoked: [await nord.crl({ number: 9 })] }), 'REVOCATION_NOT_CHECKED')).toBeUndefined();
  });

  test('a carried list by another issuer, changed, or that is none, says nothing', async () => {
    const other = await testTenant('sund');
    const [foreign, genuine] = [await other.crl({ certificate: nord.device.certificate }), await nord.crl({ certificate: nord.device.certificate })];
    for (const crl of [foreign, genuine.with(genuine.length - 3, genuine.at(-3)! ^ 1), Uint8Array.of(0x30, 0)]) {
      const device = { ...nord.device, chain: [...nord.device.chain, other.root] };
      const own = await signedBy({ ...nord, device }, [crl]);
      const result = await verify(own.packet, known);
      expect(result).toMatchObject({ valid: true, papers: { revocationLists: [{ from: 'given' }] } });
      expect(told(result, 'CARRIED_LIST_NOT_USED')).toBeDefined();
    }
  });

  test('the authority above', async () => {
    const result = await verify(signing.signedPdf, { ...known, devices: undefined, revoked: [await nord.crl({ certificate: nord.root })] });
    expect(result).toMatchObject(undetermined('REVOKED_CA_NO_POE'));
  });
});

describe('a sealed record with a time-stamp', () => {
  const authority = makeTokenAuthority({ to: 4000 });
  const stamp = (time: string) => ({ timeStamps: [makeToken(authority, { imprint: imprintOf(signing.sealedRecord), time: new Date(time) })], timeStampTrust: [authority.root] });
  const revokedSince = async (invalidSince: string) => ({ ...known, revoked: [await nord.crl({ certificate: nord.device.certificate, revokedAt: ago(5), invalidSince })] });

  test('from before its device was to be believed no more: it holds', async () => {
    const result = await verify(signing.sealedRecord, { ...await revokedSince(ago(10)), ...stamp(ago(20)) });
    expect(result).toMatchObject({ valid: true, trusted: true, sealedRecords: [{ provenTime: new Date(new Date(ago(20)).getTime() + 1500).toISOString() }] });
    expect(told(result, 'SIGNED_BEFORE_REVOCATION')).toContain('existed before');
  });

  test('inside a packet it holds for the record; the seal, made later, keeps its own time', async () => {
    const result = await verify(signing.packet, { ...await revokedSince(ago(10)), ...stamp(ago(20)) });
    expect(result).toMatchObject({ valid: true, sealedRecords: [{ provenTime: expect.any(String) }], signatures: [{ provenTime: null }, { provenTime: null }] });
  });

  test('over the whole packet it holds for the seals too, whose certificate was taken back since', async () => {
    const timeStamps = [makeToken(authority, { imprint: imprintOf(signing.packet), time: new Date(ago(20)) })];
    const revoked = [await nord.crl({ certificate: nord.seal.certificate, invalidSince: ago(10) })];
    const result = await verify(signing.packet, { ...known, revoked, timeStamps, timeStampTrust: [authority.root] });
    expect(result).toMatchObject({ valid: true, sealedRecords: [{ provenTime: expect.any(String) }], signatures: [{ provenTime: expect.any(String) }, { provenTime: expect.any(String) }] });
    expect(await verify(signing.packet, { ...known, revoked })).toMatchObject(undetermined('REVOKED_NO_POE'));
  });

  test.each([
    ['from after', () => stamp(ago(5)), 'proves only that it existed by', 'TIME_PROVEN'],
    ['so close before that its accuracy reaches over', () => stamp(new Date(new Date(ago(10)).getTime() - 1000).toISOString()), 'proves only that it existed by', 'TIME_PROVEN'],
    ['of an authority nobody trusts', () => ({ ...stamp(ago(20)), timeStampTrust: undefined }), 'nothing proves it', 'TIME_STAMP_NOT_PROVEN'],
    ['under another root', () => ({ ...stamp(ago(20)), timeStampTrust: [nord.root] }), 'nothing proves it', 'TIME_STAMP_NOT_PROVEN'],
    ['over other bytes', () => ({ timeStamps: [makeToken(authority, { imprint: imprintOf(signing.signedPdf), time: new Date(ago(20)) })], timeStampTrust: [authority.root] }), 'nothing proves it', 'TIME_STAMP_OF_OTHER'],
    ['that is none', () => ({ timeStamps: [Uint8Array.of(1, 2, 3)], timeStampTrust: [authority.root] }), 'nothing proves it', 'TIME_STAMP_NOT_PROVEN'],
  ])('%s: it does not', async (_, stamps, words, code) => {
    const result = await verify(signing.sealedRecord, { ...await revokedSince(ago(10)), ...stamps() });
    expect(result).toMatchObject(undetermined('REVOKED_NO_POE'));
    expect(told(result, 'CERTIFICATE_REVOKED')).toContain(words);
    expect(told(result, code)).toBeDefined();
  });

  test('whose authority says that it may be years off: it proves no more than the present does, and takes nothing away', async () => {
    const accuracy = [element(Tag.integer, Uint8Array.of(0x1f, 0xff, 0xff, 0xff))];
    const timeStamps = [makeToken(authority, { imprint: imprintOf(signing.sealedRecord), time: new Date(ago(20)), accuracy })];
    expect(await verify(signing.sealedRecord, { ...known, timeStamps, timeStampTrust: [authority.root] })).toMatchObject({ valid: true, trusted: true });
  });

  test('over its SHA-512, as other programs ask for: it holds', async () => {
    const imprint = sequence(algorithm('2.16.840.1.101.3.4.2.3'), octetString(createHash('sha512').update(signing.sealedRecord).digest()));
    const result = await verify(signing.sealedRecord, { ...await revokedSince(ago(10)), timeStamps: [makeToken(authority, { imprint, time: new Date(ago(20)) })], timeStampTrust: [authority.root] });
    expect(result).toMatchObject({ valid: true, sealedRecords: [{ provenTime: expect.any(String) }] });
  });

  test('whether its authority was revoked was not asked, and that is told', async () => {
    const result = await verify(signing.sealedRecord, { ...known, ...stamp(ago(20)) });
    expect(told(result, 'TIME_PROVEN')).toContain('Whether the authority\'s certificate was revoked was not asked');
  });

  test('whose device has ended since: it holds, and without it does not', async () => {
    const now = new Date(Date.now() + 800 * 86_400_000);
    const later = { ...known, revoked: [await nord.crl({ nextUpdate: new Date(now.getTime() + MINUTE_MS) })], now };
    const result = await verify(signing.sealedRecord, { ...later, ...stamp(ago(20)) });
    expect(result).toMatchObject({ valid: true, trusted: true });
    expect(told(result, 'HELD_BY_TIME_STAMP')).toBeDefined();
    expect(await verify(signing.sealedRecord, later)).toMatchObject(undetermined('OUT_OF_BOUNDS_NO_POE'));
    expect(await verify(signing.sealedRecord, { ...later, ...stamp(ago(120)) })).toMatchObject(undetermined('OUT_OF_BOUNDS_NO_POE'));
  });
});

describe('OpenSSL with -crl_check', () => {
  test.for([['nothing', null], ['another certificate', 'seal'], ['the device', 'device']] as const)('a list that revokes %s: the same answer', async ([, revoked], context) => {
    const openssl = judge(context, 'openssl');
    const crl = await nord.crl(revoked === null ? {} : { certificate: nord[revoked].certificate, invalidSince: ago(30) });
    const { signedData } = await openSealedRecord(signing.sealedRecord, signing.examiner);
    const write = (name: string, content: Uint8Array | string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const trusted = ['-CAfile', write('root-and-crl.pem', `${toPem('CERTIFICATE', nord.root)}${toPem('X509 CRL', crl)}`), '-crl_check'];
    const verified = spawnSync(openssl, ['verify', ...trusted, write('device.pem', toPem('CERTIFICATE', nord.device.certificate))]).status === 0;
    const cms = spawnSync(openssl, ['cms', '-verify', '-binary', '-inform', 'DER', '-in', write('signed.der', signedData), '-out', join(folder, 'out'), ...trusted]).status === 0;
    const ours = await verify(signing.sealedRecord, { ...known, devices: undefined, revoked: [crl] });
    expect([verified, cms, ours.valid]).toEqual(Array<boolean>(3).fill(revoked !== 'device'));
  });

  test('a list carried inside revokes its own signer: OpenSSL takes it from there, too', async (context) => {
    const openssl = judge(context, 'openssl');
    const ask = async (certificate: Uint8Array): Promise<[boolean, boolean]> => {
      const own = await signedBy(nord, [await nord.crl({ certificate })]);
      writeFileSync(join(folder, 'root.pem'), toPem('CERTIFICATE', nord.root));
      writeFileSync(join(folder, 'own.der'), (await openSealedRecord(own.sealedRecord, own.examiner)).signedData);
      const { status } = spawnSync(openssl, ['cms', '-verify', '-binary', '-inform', 'DER', '-in', join(folder, 'own.der'), '-out', join(folder, 'out'), '-CAfile', join(folder, 'root.pem'), '-crl_check']);
      return [status === 0, (await verify(own.sealedRecord, { trust: [nord.root], examinerKey: own.examiner })).valid];
    };
    expect(await ask(nord.seal.certificate)).toEqual([true, true]);
    expect(await ask(nord.device.certificate)).toEqual([false, false]);
  });
});
