import { expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { testRoot } from '#fixtures/test-certificates.ts';
import { verify } from './verify.ts';
import { verifyInChild } from './in-child.ts';

const { packet, examiner } = await completedSigning();

test('the child gives the same answer, with roots and key', async () => {
  const options = { trust: [await testRoot()], examinerKey: examiner, now: new Date() };
  expect(await verifyInChild(packet, options)).toEqual(await verify(packet, options));
  expect(await verifyInChild(packet, {})).toEqual(await verify(packet, {}));
});

test('a reading that takes too long or too much is ended', async () => {
  await expect(verifyInChild(packet, {}, { deadlineMs: 1, memoryMb: 2048 })).rejects.toMatchObject({ code: 'PDF_TIMEOUT', message: expect.stringMatching(/verify.*nothing is shown/) });
  await expect(verifyInChild(new Uint8Array(150_000_000), {}, { deadlineMs: 60_000, memoryMb: 64 })).rejects.toMatchObject({ code: 'PDF_MEMORY', message: expect.stringMatching(/verify.*nothing is shown/) });
});
