import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureAllowed, type CaptureFacts } from './capture-allowed.ts';
import { paperNotices } from './readiness.ts';

const NOW = new Date('2026-06-15T12:00:00Z');
const device = { use: 'device', name: '', notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2027-01-01T00:00:00.000Z', revoked: null } as const;
const seal = { ...device, use: 'seal' } as const;
const split = { set: '00'.repeat(8), threshold: 2, shares: 3 };
const ready: CaptureFacts = { demo: false, awaiting: false, examiners: [{ name: 'Ozola', split: false }], custody: 'any', certificates: [device, seal], rolledBack: '' };
const whyNot = (facts: Partial<CaptureFacts>, now = NOW): string | null => {
  const answer = captureAllowed({ ...ready, ...facts }, now);
  return answer.allowed ? null : answer.why;
};

describe('capture is allowed', () => {
  test('where the station is enrolled, an examiner is named and both certificates are good', () => {
    expect(captureAllowed(ready, NOW)).toEqual({ allowed: true });
  });

  test.each<[string, Partial<CaptureFacts>]>([
    ['awaiting', { awaiting: true, examiners: [], certificates: [] }],
    ['rolled-back', { rolledBack: 'configuration' }],
    ['no-examiner', { examiners: [] }],
    ['not-split', { custody: 'split' }],
    ['not-split', { custody: 'split', examiners: [{ name: 'Ozola', split: true }, { name: 'Berg', split: false }] }],
    ['ended', { certificates: [{ ...device, notAfter: '2026-06-15T11:59:59.000Z' }, seal] }],
    ['ended', { certificates: [device, { ...seal, notAfter: '2026-06-15T11:59:59.000Z' }] }],
    ['not-yet-valid', { certificates: [{ ...device, notBefore: '2026-06-15T12:00:01.000Z' }, seal] }],
    ['revoked', { certificates: [{ ...device, revoked: { since: '2026-06-14T00:00:00.000Z', reason: 'keyCompromise' } }, seal] }],
    ['revoked', { certificates: [device, { ...seal, revoked: { since: '2026-06-14T00:00:00.000Z', reason: 'superseded' } }] }],
  ])('not where %s', (why, facts) => {
    expect(whyNot(facts)).toBe(why);
  });

  test('with a split demanded and every key split', () => {
    expect(whyNot({ custody: 'split', examiners: [{ name: 'Ozola', split: true }] })).toBeNull();
  });

  test('with a certificate that was replaced, until the day its list says; with one taken back, whatever the clock says', () => {
    const revoked = { since: '2026-06-20T00:00:00.000Z', reason: 'superseded' } as const;
    const facts = { certificates: [{ ...device, revoked }, seal] };
    expect(whyNot(facts)).toBeNull();
    expect(whyNot(facts, new Date('2026-06-20T00:00:00Z'))).toBe('revoked');
    expect(whyNot({ certificates: [{ ...device, revoked: { ...revoked, reason: 'cessationOfOperation' } }, seal] })).toBe('revoked');
  });

  test('never with anything against it, however many things are', () => {
    const against: Partial<CaptureFacts>[] = [
      { awaiting: true }, { rolledBack: 'revocation list' }, { examiners: [] }, { custody: 'split', examiners: [{ name: 'x', split: false }] },
      { certificates: [{ ...device, notAfter: '2026-01-02T00:00:00.000Z' }] },
    ];
    fc.assert(fc.property(fc.subarray(against, { minLength: 1 }), (some) => {
      expect(captureAllowed(Object.assign({ ...ready }, ...some) as CaptureFacts, NOW).allowed).toBe(false);
    }));
  });
});

describe('the desk', () => {
  type Keys = Parameters<typeof paperNotices>[0];
  const keys = (changes: object): Keys => ({
    demo: false, awaiting: null, certificates: [device, seal], renewal: null, papers: { crl: { nextUpdate: '2026-07-01T00:00:00.000Z' } }, ...changes,
  }) as unknown as Keys;
  const told = (changes: object, now = NOW): string[] => paperNotices(keys(changes), null, { allowed: true }, now).map(({ code, severity }) => `${severity} ${code}`);

  test('hears nothing while all is well', () => {
    expect(told({})).toEqual([]);
  });

  test('is warned 30 days before a certificate ends, and not more than that', () => {
    expect(told({}, new Date('2026-12-01T23:59:59Z'))).toEqual(['warning REVOCATION_LIST_OLD']);
    expect(told({ papers: null }, new Date('2026-12-02T00:00:01Z'))).toEqual(['warning CERTIFICATE_ENDS']);
    const examiner = { use: 'examiner', name: 'Ozola', notBefore: device.notBefore, notAfter: '2026-07-01T00:00:00.000Z', revoked: null };
    const [notice] = paperNotices(keys({ certificates: [device, seal, examiner] }), null, { allowed: true }, NOW);
    expect(notice?.message).toMatch(/“Ozola” ends on 2026-07-01: ask the administrator/);
    const [ended] = paperNotices(keys({ certificates: [device, seal, examiner] }), null, { allowed: true }, new Date('2026-08-01T00:00:00Z')).filter(({ code }) => code === 'CERTIFICATE_ENDS');
    expect(ended?.message).toMatch(/“Ozola” ended on 2026-07-01: ask the administrator/);
  });

  test('of a demonstration is not sent to an administrator, whom it does not have', () => {
    const demo = { demo: true, papers: null };
    const [notice] = paperNotices(keys(demo), null, { allowed: true }, new Date('2026-12-20T00:00:00Z'));
    expect(notice?.message).toMatch(/^The certificates of this demonstration end on 2027-01-01: .*new data folder/);
    const answer = captureAllowed({ ...ready, demo: true }, new Date('2027-02-01T00:00:00Z'));
    expect(answer).toMatchObject({ allowed: false, why: 'ended', reason: expect.stringMatching(/new data folder/) });
  });

  test('is warned of an old revocation list, of a replaced certificate, of a renewal under way, and of papers that were not taken', () => {
    expect(told({ papers: { crl: { nextUpdate: '2026-06-15T11:00:00.000Z' } } })).toEqual(['warning REVOCATION_LIST_OLD']);
    expect(told({ certificates: [{ ...device, revoked: { since: '2026-06-20T00:00:00.000Z', reason: 'superseded' } }, seal] })).toEqual(['warning CERTIFICATE_ENDS']);
    expect(told({ renewal: { path: '', fingerprint: '3FA9 …' } })).toEqual(['info RENEWAL']);
    expect(paperNotices(keys({}), 'It is forged.', { allowed: true }, NOW)).toEqual([{ code: 'PAPERS_REFUSED', severity: 'error', message: expect.stringContaining('It is forged.') }]);
  });

  test('reads why nothing can be signed and what to do; a station that awaits its enrolment has a screen for it', () => {
    const said = captureAllowed({ ...ready, custody: 'split' }, NOW);
    expect(paperNotices(keys({ examiners: [{ custody: split }] }), null, said, NOW)).toEqual([
      { code: 'CAPTURE_NOT_ALLOWED', severity: 'error', message: expect.stringMatching(/^Nothing can be signed\. .*“Ozola”.*Ask the administrator/) },
    ]);
    expect(paperNotices(keys({ awaiting: { path: '', fingerprint: '' } }), null, captureAllowed({ ...ready, awaiting: true }, NOW), NOW)).toEqual([]);
  });
});
