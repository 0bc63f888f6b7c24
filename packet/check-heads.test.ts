/** A row of heads, signed by a test's device: what is taken away, put in, or written anew is found. */
import { expect, test } from 'vitest';
import { buildSignedData } from '#biometrics/cms.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { appendEvent, type AuditEvent } from './audit.ts';
import { BEFORE_FIRST_HEAD, makeHead, type HeadChain } from './audit-head.ts';
import { checkHeads } from './check-heads.ts';

const PACKET = 'ab'.repeat(32);
const station = { tenant: 'nord', site: 'riga', name: 'lobby', software: 'countersign 0' };

/** Three days; a request ended on the second. */
async function row(changed = '') {
  const device = await testSigner('Test device');
  const files: { name: string; bytes: Uint8Array }[] = [];
  let before: HeadChain = BEFORE_FIRST_HEAD;
  let last: AuditEvent | null = null;
  for (const day of ['23', '24', '25']) {
    const details = { request: 'request-1', state: 'completed', events: 9, head: PACKET, packetSha256: PACKET };
    const event: AuditEvent = appendEvent(last, {
      at: `2026-11-${day}T10:00:00.000Z`, timeSource: 'system', actor: { kind: 'station', name: null, authenticated: true }, request: null,
      ...(day === '24' ? { action: 'trail.closed', details } : { action: `station.started${changed}`, details: {} }),
    });
    last = event;
    const { bytes, after } = makeHead({ station, demo: false, closedAt: '2026-11-26T00:00:01.000Z' }, before, [event]);
    files.push({ name: `head-${after.number}`, bytes: await buildSignedData({ content: bytes, signer: device }) });
    before = after;
  }
  return files;
}

const whole = await row();
const trust = [await testRoot()];

test('an unbroken row, in any order, with the packet that it names', async () => {
  expect(await checkHeads(whole.toReversed(), new Set([PACKET]), trust)).toEqual({
    heads: 3, first: { number: 1, day: '2026-11-23' }, last: { number: 3, day: '2026-11-25' }, trusted: true, packets: 1, missing: [], problems: [],
  });
});

test('a packet that vanished is missed, though nothing else tells of it', async () => {
  expect(await checkHeads(whole, new Set(), trust)).toMatchObject({ missing: ['request-1'], problems: [] });
});

test('a head taken away, doubled, changed, of a trail written anew, or of a stranger is told', async () => {
  const [first, second, third] = whole as [typeof whole[0], typeof whole[0], typeof whole[0]];
  const problems = async (files: typeof whole, roots = trust) => (await checkHeads(files, new Set([PACKET]), roots)).problems.join(' ');
  expect(await problems([first, third])).toMatch(/Heads 2 to 2 are missing/);
  expect(await problems([...whole, second])).toMatch(/two heads with number 2/);
  const changed = Uint8Array.from(second.bytes);
  const at = Buffer.from(changed).indexOf('"day": "2026');
  changed[at + 9]! ^= 1;
  expect(await problems([first, { name: 'x', bytes: changed }, third])).toMatch(/x: the signature does not hold.*are missing/);
  const anew = await row('!');
  expect(await problems([anew[0]!, second, third])).toMatch(/head 2 does not follow head 1/);
  expect(await problems(whole, [])).toMatch(/does not lead to a root/);
  const { bytes } = makeHead({ station, demo: false, closedAt: '' }, BEFORE_FIRST_HEAD, [appendEvent(null, {
    at: '\u001b[2J', timeSource: '', actor: { kind: 'station', name: null, authenticated: true }, action: '', request: null, details: {},
  })]);
  expect(await problems([{ name: 'z', bytes: await buildSignedData({ content: bytes, signer: await testSigner('Stranger') }) }])).toBe('z: it is not a head of a version that this program reads.');
  expect(await problems([first, { name: 'y', bytes: new Uint8Array(3) }])).toMatch(/y: it cannot be read/);
});
