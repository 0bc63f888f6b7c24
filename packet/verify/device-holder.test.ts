/**
 * Attacks by whoever holds a device's key: it signs what they like, and one file does not show it. What is shown all the same, and
 * that `verify` names what is not. Reuse, forks and gaps among several files: `against.test.ts`.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { compareRecords, REUSE_NOT_CHECKED } from './against.ts';
import type { VerifyOptions } from './result.ts';
import { sightedRecords } from './sighted-records.ts';
import { verify } from './verify.ts';

const MINUTE_MS = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
const tsa = makeTokenAuthority();
let nord: TestTenant;

beforeAll(async () => {
  nord = await testTenant();
});

function signedAt(time: string, requestId = 'request-1'): ReturnType<typeof completedSigning> {
  const { tenant, site, station: id } = nord.station;
  return completedSigning({
    device: nord.device, seal: nord.seal, requestId,
    context: {
      tenant, site, station: { id, software: 'countersign 0.1.0', tablet: null }, chain: { number: 1, previousSha256: null }, assessment: null,
      time: { signedAt: time, source: 'system', synchronised: true, lastSync: null, steps: null, bootId: null },
    },
  });
}

async function codes(bytes: Uint8Array, options: VerifyOptions): Promise<{ valid: boolean; found: string[] }> {
  const { valid, findings } = await verify(bytes, { trust: [nord.root], devices: await nord.deviceList(), ...options });
  return { valid, found: findings.map(({ code }) => code) };
}

describe('backdating', () => {
  test('by less than the certificate\'s age: one file does not show it, and the command says that only a time-stamp would', async () => {
    const { sealedRecord, examiner } = await signedAt(ago(40));
    expect(await codes(sealedRecord, { examinerKey: examiner })).toEqual({ valid: true, found: ['DOCUMENT_NOT_CHECKED'] });
    expect(REUSE_NOT_CHECKED.message).toMatch(/sign a record anew or date one back: only a time-stamp or an audit head .* shows it/);
  });

  test('to before the device had its certificate is told', async () => {
    const { sealedRecord, examiner } = await signedAt(ago(200));
    expect((await codes(sealedRecord, { examinerKey: examiner })).found).toContain('TIME_OUTSIDE_CERTIFICATE');
  });

  test('a time later than a time-stamp saw the record is told', async () => {
    const { sealedRecord, examiner } = await signedAt(ago(10));
    const stamped = (minutes: number): VerifyOptions => (
      { examinerKey: examiner, timeStamps: [makeToken(tsa, { imprint: imprintOf(sealedRecord), time: new Date(ago(minutes)) })], timeStampTrust: [tsa.root] });
    expect((await codes(sealedRecord, stamped(30))).found).toContain('TIME_CONTRADICTED');
    expect((await codes(sealedRecord, stamped(5))).found).not.toContain('TIME_CONTRADICTED');
  });
});

test('re-signing: the same strokes under another request are valid alone, and found beside the first', async () => {
  const [first, second] = [await signedAt(ago(40)), await signedAt(ago(39), 'request-2')];
  expect((await codes(second.sealedRecord, { examinerKey: second.examiner })).valid).toBe(true);
  const sightings = (await Promise.all([first, second].map(async ({ sealedRecord, examiner }, index) => (
    (await sightedRecords(sealedRecord, examiner)).map((record) => ({ ...record, file: `${index}` })))))).flat();
  expect(compareRecords(sightings).map(({ code }) => code)).toEqual(expect.arrayContaining(['SAMPLES_REUSED', 'CHAIN_FORK']));
});
