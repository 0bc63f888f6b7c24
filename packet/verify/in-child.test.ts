import { expect, test } from 'vitest';
import { authorityChain } from '#fixtures/authority-chain.ts';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { testRoot } from '#fixtures/test-certificates.ts';
import { verify } from './verify.ts';
import { answering, verifyInChild } from './in-child.ts';

const { packet, examiner } = await completedSigning();

test('the child gives the same answer, with roots and key', async () => {
  const options = { trust: [await testRoot()], examinerKey: examiner, now: new Date() };
  expect(await verifyInChild(packet, options)).toEqual(await verify(packet, options));
});

test('a reading that takes too long or too much is ended', async () => {
  await expect(verifyInChild(packet, {}, { deadlineMs: 1, memoryMb: 2048 })).rejects.toMatchObject({ code: 'PDF_TIMEOUT', message: expect.stringMatching(/verify.*nothing is shown/) });
  await expect(verifyInChild(new Uint8Array(150_000_000), {}, { deadlineMs: 60_000, memoryMb: 64 })).rejects.toMatchObject({ code: 'PDF_MEMORY', message: expect.stringMatching(/verify.*nothing is shown/) });
});

test('what is fetched is fetched by the parent, within its bounds: the child only asks', async () => {
  const chain = await authorityChain({ url: 'http://lists.example' });
  const { signedPdf } = await completedSigning({ seal: chain.seal });
  const lists: Record<string, Uint8Array> = { 'http://lists.example/root.crl': await chain.list('root'), 'http://lists.example/between.crl': await chain.list('between'), 'http://lists.example/between.der': chain.between };
  const asked: string[] = [];
  const instead = async (address: string): Promise<Uint8Array> => {
    asked.push(address);
    return lists[address]!;
  };
  expect(await verifyInChild(signedPdf, { trust: [chain.root], online: { instead } })).toMatchObject({ valid: true, trusted: true });
  expect(asked.toSorted()).toEqual(Object.keys(lists).toSorted());
});

test('of a child that was taken over no more is fetched than of any, and nothing inside the house', async () => {
  const answer = answering({});
  const question = { ask: 'download', address: 'http://169.254.169.254/', post: null, accept: 'application/pkix-crl', most: 1000 };
  for (let count = 0; count < 22; count++) await expect(answer(question)).rejects.toMatchObject({ code: 'REVOCATION_ADDRESS' });
  for (const odd of [null, { ask: 'time-stamp', sha256: '' }, question]) await expect(answer(odd)).rejects.toMatchObject({ code: 'REVOCATION_AWAY' });
});
