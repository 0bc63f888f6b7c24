import { describe, expect, test } from 'vitest';
import { signedSample } from '#fixtures/signed-sample.ts';
import { pem, testExaminer } from '#fixtures/test-certificates.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import { readZip, writeZip } from '#packet/zip.ts';
import { fieldsOf, openPacket, type OpenedPacket } from './open-packet.ts';

const sample = await signedSample();
const key = new TextEncoder().encode(pem('PRIVATE KEY', sample.examiner.privateKey));

function held({ checks }: OpenedPacket): Record<string, boolean | null> {
  return Object.fromEntries(checks.map(({ id, held }) => [id, held]));
}

/** A copy with one bit changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('what was signed comes back, sample for sample', () => {
  test('from a packet', async () => {
    const opened = await openPacket(sample.packet, key);
    expect(opened.kind).toBe('packet');
    expect(opened.record.capture).toEqual(recordedPen());
    expect(opened.record.record).toEqual(sample.record);
    expect(held(opened)).toEqual({ seal: true, 'device-signature': true, document: true, 'pdf-signature': true, 'packet-signature': true });
  });

  test('from a signed PDF, and from a bare sealed record, which say what they cannot show', async () => {
    const fromPdf = await openPacket(sample.signedPdf, key);
    expect(new Uint8Array(fromPdf.sealedRecord)).toEqual(new Uint8Array(sample.sealedRecord));
    expect(held(fromPdf)).toMatchObject({ document: true, 'pdf-signature': true, 'packet-signature': null });
    const bare = await openPacket(sample.sealedRecord, key);
    expect(bare.record.capture).toEqual(recordedPen());
    expect(held(bare)).toEqual({ seal: true, 'device-signature': true, document: null, 'pdf-signature': null, 'packet-signature': null });
  });

  test('with an RSA key, and with the key as DER', async () => {
    const rsa = await signedSample({ examinerKind: 'rsa' });
    expect((await openPacket(rsa.packet, rsa.examiner.privateKey)).record.capture).toEqual(recordedPen());
  });
});

describe('a change is seen', () => {
  test('in the document', async () => {
    const at = Buffer.from(sample.document).indexOf('/MediaBox') + 15;
    expect(held(await openPacket(flipped(sample.signedPdf, at), key))).toMatchObject({ seal: true, document: false, 'pdf-signature': false });
  });

  test('in the packet, outside the signed PDF', async () => {
    const files = readZip(sample.packet);
    files.set('consent.txt', new TextEncoder().encode('I agree to anything.'));
    expect(held(await openPacket(writeZip(files), key))).toMatchObject({ document: true, 'pdf-signature': true, 'packet-signature': false });
  });

  test('in the sealed record', async () => {
    await expect(openPacket(flipped(sample.sealedRecord, sample.sealedRecord.length - 400), key)).rejects.toMatchObject({ code: 'RECORD_BROKEN' });
  });
});

describe('what cannot be opened is refused with what to do', () => {
  test('another examiner’s key', async () => {
    const other = await testExaminer('p256', 'Somebody else');
    await expect(openPacket(sample.packet, other.privateKey)).rejects.toMatchObject({ name: 'ExaminerError', code: 'NOT_A_RECIPIENT' });
  });

  test.each([
    ['no key at all', 'hello', 'KEY_UNREADABLE'],
    ['DER that is no key', '\x30\x03\x02\x01\x01', 'KEY_UNREADABLE'],
    ['a key in an older form', pem('PRIVATE KEY', sample.examiner.privateKey).replaceAll('PRIVATE', 'EC PRIVATE'), 'KEY_UNREADABLE'],
    ['a key under a passphrase', pem('PRIVATE KEY', sample.examiner.privateKey).replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'), 'KEY_ENCRYPTED'],
    ['a certificate', pem('CERTIFICATE', sample.examiner.certificate), 'KEY_UNREADABLE'],
  ])('%s', async (_, text, code) => {
    await expect(openPacket(sample.packet, new TextEncoder().encode(text))).rejects.toMatchObject({ name: 'ExaminerError', code });
  });

  test('files that are no evidence', async () => {
    await expect(openPacket(new TextEncoder().encode('hello'), key)).rejects.toMatchObject({ code: 'NOT_EVIDENCE' });
    await expect(openPacket(new Uint8Array(), key)).rejects.toMatchObject({ code: 'NOT_EVIDENCE' });
    await expect(openPacket(sample.packet.subarray(0, 5000), key)).rejects.toMatchObject({ code: 'NOT_EVIDENCE' });
    await expect(openPacket(sample.document, key)).rejects.toMatchObject({ code: 'NO_SEALED_RECORD' });
    await expect(openPacket(sample.packet, key, { field: 'nobody' })).rejects.toMatchObject({ code: 'NO_SEALED_RECORD' });
  });
});

test('the fields of a file are known without a key', () => {
  expect(fieldsOf(sample.packet)).toHaveLength(1);
  expect(fieldsOf(sample.sealedRecord)).toEqual([]);
});
