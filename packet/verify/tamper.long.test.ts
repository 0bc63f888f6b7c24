/** Each bit that text could hide in, at every byte of a packet and of the PDF in it. Minutes, not seconds. */
import { expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { verify } from './verify.ts';

test.each(['signedPdf', 'packet'] as const)('every byte of %s', { timeout: 900_000 }, async (part) => {
  const { [part]: bytes } = await completedSigning();
  const missed: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [0x01, 0x20, 0x80]) {
      const { valid } = await verify(bytes.with(at, bytes[at]! ^ bit), {});
      if (valid) missed.push(`byte ${at}, bit ${bit}`);
    }
  }
  expect(missed).toEqual([]);
});
