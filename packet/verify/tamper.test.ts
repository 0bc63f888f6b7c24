/** A changed byte is found, wherever it is: at positions all over a real signed PDF and its packet. Every position: `tamper.long.test.ts`. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sealedRecordFor, SIGNED_AT, CONSENT, trail } from '#fixtures/completed-signing.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { testExaminer, testSigner } from '#fixtures/test-certificates.ts';
import { buildPacket } from '../container.ts';
import { readSignedPdf } from '../read-signed-pdf.ts';
import { signDocument } from '../sign-document.ts';
import { verify } from './verify.ts';

const requestId = 'request-1';
const [document, seal, examiner] = await Promise.all([cardPdf(), testSigner('Test seal'), testExaminer('p256')]);
const sealedRecord = await sealedRecordFor(document, requestId, examiner);
const { signedPdf } = await signDocument({
  document, documentSha256: createHash('sha256').update(document).digest('hex'), sealedRecord, requestId, seal,
  field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: 1, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' },
  ink: [{ width: 0.55, points: [[0, 0], [6, 12], [12, 0], [18, 12]] }],
  signerName: 'Līga Bērziņa', place: 'Rīga', signedAt: SIGNED_AT, demo: false,
});
const packet = await buildPacket({ signedPdf, audit: trail(requestId, document), consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: false, seal });

test('what signDocument and buildPacket made is valid, and the sealed record belongs to it', async () => {
  expect(await verify(packet, { examinerKey: examiner })).toMatchObject({ valid: true, sealedRecords: [{ bound: 'checked' }], signatures: [{ level: 'PAdES-B-B' }, { level: 'CAdES-B-B' }] });
});

test('a byte changed anywhere in the PDF', async () => {
  for (let at = 0; at < signedPdf.length; at += 997) expect(await verify(flipped(signedPdf, at), {}), `byte ${at}`).toMatchObject({ valid: false });
});

test('a byte changed anywhere in the packet', async () => {
  for (let at = 0; at < packet.length; at += 1499) expect(await verify(flipped(packet, at), {}), `byte ${at}`).toMatchObject({ valid: false });
});

test('a byte changed in the CMS, the room behind it, or the brackets around it', async () => {
  const [start, end] = readSignedPdf(signedPdf).signatures[0]!.byteRange!.slice(1) as [number, number];
  for (const at of [start - 1, start, end - 1, end]) expect(await verify(flipped(signedPdf, at), {}), `byte ${at}`).toMatchObject({ valid: false });
  for (let at = start; at < end; at += 131) expect(await verify(flipped(signedPdf, at), {}), `byte ${at}`).toMatchObject({ valid: false });
});

test('a hex digit of the signature in the other case', async () => {
  const start = readSignedPdf(signedPdf).signatures[0]!.byteRange![1];
  const letter = signedPdf.findIndex((byte, at) => at > start && byte >= 0x61 && byte <= 0x66);
  const result = await verify(signedPdf.with(letter, signedPdf[letter]! - 0x20), {});
  expect(result).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', valid: false });
});

test('bytes cut off at the end, added at the end, or put in front', async () => {
  for (const bytes of [signedPdf, packet]) {
    for (const changed of [bytes.subarray(0, -1), bytes.subarray(0, bytes.length >> 1), new Uint8Array([...bytes, 0x0a]), new Uint8Array([0x0a, ...bytes])]) {
      expect(await verify(changed, {})).toMatchObject({ valid: false });
    }
  }
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, bytes[at]! ^ (1 << (at % 8)));
}
