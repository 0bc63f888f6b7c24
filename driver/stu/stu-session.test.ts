import { expect, test } from 'vitest';
import { padOverHid } from '#fixtures/stu-pad/pad-hid.ts';
import type { PadModelName } from '#fixtures/stu-pad/pad-models.ts';
import { padStroke, StuPad, type StuPadOptions } from '#fixtures/stu-pad/stu-pad.ts';
import { PenError } from '../errors.ts';
import { agreeByDiffieHellman } from './dh-exchange.ts';
import { hidStuLink } from './hid-stu-link.ts';
import { NonVolatileWrites } from './non-volatile.ts';
import { decodePenReport } from './pen-report.ts';
import { agreeByRsa, rsaKeyPair } from './rsa-exchange.ts';
import type { StuLink } from './stu-link.ts';
import { StuSession } from './stu-session.ts';

interface Attached { pad: StuPad; link: StuLink; session: StuSession; pauses: number[] }

function attached(model: PadModelName, options: StuPadOptions = {}): Attached {
  const pad = new StuPad(model, options);
  const link = hidStuLink(padOverHid(pad));
  const pauses: number[] = [];
  return { pad, link, session: new StuSession(link, async (ms) => { pauses.push(ms); }), pauses };
}

/** The link with some answers of the pad replaced. */
function answering(link: StuLink, answers: Record<number, (answer: Uint8Array) => Uint8Array>): StuSession {
  return new StuSession({ ...link, getReport: async (id, length) => (answers[id] ?? ((answer) => answer))(await link.getReport(id, length)) }, async () => undefined);
}

const keys = await rsaKeyPair();

test('a pad is asked 25 times, 50 ms apart, before it is given up, and the error has its status', async () => {
  const { pad, session, pauses } = attached('STU-520');
  pad.stickIn(1);
  await expect(session.clearScreen()).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('receiving or drawing a picture (0x01)') as string });
  expect(pauses).toEqual(Array(25).fill(50));
  expect(pad.received).toEqual([]);
});

test('a slow pad is waited for: the screen of a 520 takes 600 ms to clear', async () => {
  const { pad, session, pauses } = attached('STU-520', { busyPolls: 12 });
  await session.clearScreen();
  await session.clearScreen();
  expect(pauses.length).toBeGreaterThanOrEqual(10);
  expect(pad.received).toEqual([0x20, 0x20]);
});

test('capturing ends 80 ms after the last command at the earliest, and is given 20 ms to begin and to end', async () => {
  const { pad, session, pauses } = attached('STU-430');
  await agreeByRsa(session, keys);
  pauses.length = 0;
  await session.startCapture(7);
  expect(pad.capture?.session).toBe(7);
  await session.endCapture();
  expect(pauses).toEqual([20, 80, 20]);
  expect(pad.capture).toBeNull();
});

test('what a pad takes only at rest is not sent while it captures', async () => {
  const { pad, session } = attached('STU-430');
  await agreeByRsa(session, keys);
  await session.startCapture(1);
  const before = [...pad.received];
  await expect(session.clearScreen()).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('capturing, encrypted (0x02)') as string });
  expect(pad.received).toEqual(before);
});

test('a report that is never to be set is not sent', async () => {
  const { pad, session } = attached('STU-500');
  for (const id of [0x0a, 0x0c, 0x1a, 0x1b, 0x2f]) await expect(session.command(Uint8Array.of(id, 1, 2))).rejects.toBeInstanceOf(PenError);
  expect(pad.received).toEqual([]);
});

test('inking, thresholds, areas: little-endian, and the pad has them', async () => {
  const { pad, session } = attached('STU-540');
  await session.setInking(false);
  await session.setInkThreshold({ on: 0x123, off: 0x0ff });
  await session.setDisplayArea({ x1: 1, y1: 2, x2: 0x301, y2: 0x101 });
  pad.screen.ink(5, 5);
  pad.screen.ink(100, 100);
  await session.clearArea({ x1: 0, y1: 0, x2: 50, y2: 50 });
  expect([pad.inking, pad.threshold, pad.displayArea]).toEqual([false, [0x123, 0x0ff], { x1: 1, y1: 2, x2: 0x301, y2: 0x101 }]);
  expect([pad.screen.pixel(5, 5), pad.screen.pixel(100, 100)]).toEqual([[255, 255, 255], [0, 0, 0]]);
  expect(await session.inkThreshold()).toEqual({ on: 0x123, off: 0x0ff });
  await expect(session.setDisplayArea({ x1: 0, y1: 0, x2: 800, y2: 100 })).rejects.toMatchObject({ message: expect.stringContaining('the area is not on its screen (0x15)') as string });
});

test('a setting that wears out the pad: not where it is so already, once where it is not, never twice', async () => {
  const { pad, session } = attached('STU-530');
  const writes = new NonVolatileWrites();
  expect(await session.keep('background24', 0xffffff, writes, 'pad')).toBe(false);
  expect(await session.keep('background24', 0x102030, writes, 'pad')).toBe(true);
  expect([...pad.handleGetReport(0x2e)!]).toEqual([0x2e, 0x30, 0x20, 0x10]);
  expect(await session.keep('background24', 0x102030, writes, 'pad')).toBe(false);
  for (let round = 0; round < 3; round++) await expect(session.keep('background24', round, writes, 'pad')).rejects.toMatchObject({ code: 'PAD_REFUSED' });
  expect(pad.nonVolatileWrites.get(0x2e)).toBe(1);
  // another setting, another pad
  expect(await session.keep('brightness', 1, writes, 'pad')).toBe(true);
  expect(await attached('STU-530').session.keep('background24', 0, writes, 'other')).toBe(true);
});

test.each(['STU-300', 'STU-500', 'STU-520', 'STU-430', 'STU-430V', 'STU-530', 'STU-540'] as const)('%s: both sides have the same key, a new one each time', async (model) => {
  const { pad, link, session } = attached(model, { keyPolls: 3, busyPolls: 3 });
  const seen = new Set<string>();
  for (let round = 1; round < 4; round++) {
    const cipher = pad.model.encryption === 'v1' ? await agreeByDiffieHellman(session) : await agreeByRsa(session, keys);
    await session.startCapture(round);
    const reports: Uint8Array[] = [];
    link.onReport((report) => { reports.push(report); });
    pad.draw(padStroke([10, 20], [30, 40], 9));
    const decoded = reports.map((report) => decodePenReport(report, { option: null, capture: { cipher, session: round } }));
    expect(decoded.every((one) => typeof one === 'object')).toBe(true);
    seen.add(Buffer.from(pad.capture!.key).toString('hex'));
    await session.endCapture();
  }
  expect(seen.size).toBe(3);
});

test('a pad that offers a public key for which everybody knows the secret is refused', async () => {
  const { link } = attached('STU-500');
  const prime = (await link.getReport(0x1a, 17)).slice(1);
  const lessOne = Uint8Array.of(...prime.slice(0, 15), prime[15]! - 1);
  for (const bad of [new Uint8Array(16), Uint8Array.of(...new Uint8Array(15), 1), lessOne, prime]) {
    const session = answering(link, { 0x14: () => Uint8Array.of(0x14, ...bad) });
    await expect(agreeByDiffieHellman(session)).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('known to everybody') as string });
  }
});

test('whatever a newer pad answers wrongly while keys are agreed on is refused in words', async () => {
  const { link } = attached('STU-430');
  const byte = (at: number, value: number) => (answer: Uint8Array) => Uint8Array.from(answer, (old, index) => (index === at ? value : old));
  const wrong: [Record<number, (answer: Uint8Array) => Uint8Array>, string][] = [
    [{ 0x50: byte(4, 0xfe) }, 'did not take the public key (0xfe)'],
    [{ 0x50: byte(5, 0xfd) }, 'did not take the public key (0xfd)'],
    [{ 0x50: byte(7, 0x03) }, 'could not make a key (0x03)'],
    [{ 0x50: byte(6, 0xfa) }, 'takes too long to make a key'],
    [{ 0x50: byte(6, 0xff) }, 'has made no key'],
    [{ 0x40: byte(3, 0) }, 'parts that do not fit (0x00)'],
    [{ 0x40: byte(3, 65) }, 'parts that do not fit (0x41)'],
    [{ 0x40: byte(20, 0) }, 'not encrypted for this program'],
  ];
  for (const [answers, words] of wrong) {
    await expect(agreeByRsa(answering(link, answers), keys), words).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining(words) as string });
  }
});

test('a newer pad that has not yet begun to make a key when it is first asked is waited for', async () => {
  const { link } = attached('STU-430', { keyPolls: 3 });
  let asked = 0;
  // asked once for the public key, then for its own
  const session = answering(link, { 0x50: (answer) => Uint8Array.from(answer, (old, index) => (index === 6 && ++asked <= 2 ? 0xff : old)) });
  await agreeByRsa(session, keys);
  expect(asked).toBeGreaterThan(2);
});

test('work that must not be mixed waits for the work before it, also when that failed', async () => {
  const { session } = attached('STU-430');
  const order: string[] = [];
  const first = session.exclusive(async () => { await session.status(); order.push('first'); throw new Error('no'); });
  const second = session.exclusive(async () => { order.push('second'); });
  await expect(first).rejects.toThrow('no');
  await second;
  expect(order).toEqual(['first', 'second']);
});
