/**
 * Bytes made to hurt a reader, at the places an outsider's bytes do not reach: inside the encryption, and inside a valid
 * signature. A stolen device key must not give its thief more than false records: no crash, no gigabytes.
 *
 * Truncation of the envelope at every byte, and hostile ASN.1 in the place of a whole sealed record, are in `seal.test.ts`.
 */
import { deflateSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { signedSample } from '#fixtures/signed-sample.ts';
import { testExaminer, testSigner, type TestExaminer } from '#fixtures/test-certificates.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { buildEnvelope, buildSignedData, sha256Hex, verifySignedData } from '../cms.ts';
import { around, children, element, oid, readDer, sequence } from '../cms/der.ts';
import { openSealedRecord, readSealedRecord } from '../open.ts';
import { decodeRecord, encodeRecord } from '../record.ts';
import type { Signer } from '../signer.ts';

/** Peak memory that reading one hostile record may add: a few times the 64 MiB that a section may have at most. */
const ROOM_KB = 400 * 1024;
const HEADER = [0x43, 0x53, 0x47, 0x52, 3];

let device: Signer;
let examiner: TestExaminer;
let record: Uint8Array;
let signedData: Uint8Array;

beforeAll(async () => {
  [device, examiner] = await Promise.all([testSigner(), testExaminer('p256')]);
  const { capture, context } = decodeRecord((await signedSample()).record);
  record = encodeRecord(capture, { ...context, recipients: [await sha256Hex(examiner.certificate)] });
  signedData = await sign(record);
});

function sign(content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return buildSignedData({ content, signer: device, certificates: [examiner.certificate] });
}

/** Opens it, and gives the code with which that is refused; the peak of memory is looked at on the way. */
async function refusal(signed: Uint8Array): Promise<unknown> {
  const sealed = await buildEnvelope(signed, [examiner.certificate]);
  const before = process.resourceUsage().maxRSS;
  const error: unknown = await openSealedRecord(sealed, examiner).then(() => null, (thrown: unknown) => thrown);
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(ROOM_KB);
  expect(error).toMatchObject({ name: 'RecordError' });
  return (error as { code: unknown }).code;
}

/** What becomes of every shorter beginning of the bytes: each different outcome once. An `expect` for each would take most of the time. */
async function outcomesOfCuts(bytes: Uint8Array, read: (cut: Uint8Array) => unknown): Promise<string[]> {
  const outcomes = new Set<string>();
  for (let length = 0; length < bytes.length; length++) {
    try {
      await read(bytes.subarray(0, length));
      outcomes.add(`${length} bytes are read`);
    } catch (error) {
      outcomes.add(`${(error as Error).name} ${(error as { code?: unknown }).code}`);
    }
  }
  return [...outcomes];
}

function cbor(...bytes: number[]): Uint8Array {
  return Uint8Array.from([...HEADER, ...bytes]);
}

/** The record with another pen section: `length` bytes announced over the deflate stream given. */
function withPenSection(length: number, deflate: Uint8Array): Uint8Array {
  const body = decodeCbor(record.subarray(HEADER.length)) as { samples: { pen: unknown } };
  body.samples.pen = { length, deflate };
  return new Uint8Array([...HEADER, ...encodeCbor(body)]);
}

describe('inside a valid device signature', () => {
  it('the record itself opens', async () => {
    await expect(openSealedRecord(await buildEnvelope(signedData, [examiner.certificate]), examiner)).resolves.toMatchObject({ signatureValid: true });
  });

  it.each([
    ['arrays nested a million deep', () => new Uint8Array([...HEADER, ...new Uint8Array(1_000_000).fill(0x81)]), 'RECORD_LIMIT'],
    ['a million small items', () => new Uint8Array([...HEADER, 0x9a, 0x00, 0x0f, 0x42, 0x40, ...new Uint8Array(1_000_000)]), 'RECORD_LIMIT'],
    ['an array of 4 billion that is not there', () => cbor(0x9a, 0xff, 0xff, 0xff, 0xff), 'RECORD_LIMIT'],
    ['a map of 2^53 entries that is not there', () => cbor(0xbb, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 'RECORD_LIMIT'],
    ['4 GiB of bytes that are not there', () => cbor(0x5a, 0xff, 0xff, 0xff, 0xff), 'RECORD_MALFORMED'],
    ['4 GiB of text that are not there', () => cbor(0x7a, 0xff, 0xff, 0xff, 0xff), 'RECORD_MALFORMED'],
    ['an array without an end', () => cbor(0x9f, 0x00, 0x00), 'RECORD_MALFORMED'],
    ['the same name twice', () => cbor(0xa2, 0x61, 0x61, 0x00, 0x61, 0x61, 0x00), 'RECORD_MALFORMED'],
    ['nothing', () => new Uint8Array(), 'RECORD_MALFORMED'],
    ['a section that announces 64 MiB over four bytes', () => withPenSection(64 * 1024 * 1024, Uint8Array.of(3, 0, 0, 0)), 'RECORD_MALFORMED'],
    ['a section that holds more than it announces', () => withPenSection(10, deflateSync(new Uint8Array(60_000_000))), 'RECORD_MALFORMED'],
    ['a section that announces 4 GiB', () => withPenSection(2 ** 32, Uint8Array.of(3, 0)), 'RECORD_LIMIT'],
  ])('%s: refused within bounded memory', async (_, hostile, code) => {
    expect(await refusal(await sign(hostile()))).toBe(code);
  });

  it('a record cut off at any byte is refused with a code', async () => {
    expect(await outcomesOfCuts(record, decodeRecord)).toEqual(['RecordError RECORD_MALFORMED']);
    expect(await refusal(await sign(record.subarray(0, record.length - 1)))).toBe('RECORD_MALFORMED');
  });
});

describe('inside the encryption', () => {
  it('SignedData cut off at any byte is refused with a code', async () => {
    expect(await outcomesOfCuts(signedData, verifySignedData)).toEqual(['RecordError CMS_MALFORMED']);
  });

  it.each([
    ['nested a hundred thousand deep', () => new Uint8Array(200_000).fill(0x30)],
    ['of a length without an end', () => Uint8Array.of(0x30, 0x80, 0, 0)],
    ['announcing 4 GiB', () => Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
    ['announcing more than any machine has', () => Uint8Array.of(0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['empty', () => new Uint8Array()],
  ])('ASN.1 %s is refused within bounded memory', async (_, hostile) => {
    expect(await refusal(hostile())).toBe('CMS_MALFORMED');
  });

  it('an indefinite length around the right content is refused: BER is not DER', async () => {
    const { content } = readDer(signedData, 'CMS');
    expect(await refusal(new Uint8Array([0x30, 0x80, ...content, 0, 0]))).toBe('CMS_MALFORMED');
  });
});

describe('around the seal', () => {
  /** The sealed record with other recipients, which anyone can write: nothing authenticates them. */
  async function withRecipients(change: (infos: Uint8Array[]) => Uint8Array[]): Promise<Uint8Array> {
    const [type, wrapper] = children(readDer(await buildEnvelope(signedData, [examiner.certificate]), 'CMS'), 'CMS');
    const [version, infos, ...rest] = children(children(wrapper!, 'CMS')[0]!, 'CMS');
    const changed = element(0x31, ...change(children(infos!, 'CMS').map(({ whole }) => whole)));
    return sequence(type!.whole, element(around(0), sequence(version!.whole, changed, ...rest.map(({ whole }) => whole))));
  }

  it.each([
    [33, 'RECORD_LIMIT'], [1000, 'RECORD_LIMIT'], [50_000, 'CMS_MALFORMED'],
  ])('%i recipients are refused unread', async (count, code) => {
    const sealed = await withRecipients(([info]) => Array<Uint8Array>(count).fill(info!));
    const before = process.resourceUsage().maxRSS;
    expect(() => readSealedRecord(sealed)).toThrow(expect.objectContaining({ code }));
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(ROOM_KB);
  });

  it('no recipient at all: nobody opens it', async () => {
    await expect(openSealedRecord(await withRecipients(() => []), examiner)).rejects.toMatchObject({ name: 'RecordError' });
  });

  it('the same recipient twice is refused: the device named each once', async () => {
    await expect(openSealedRecord(await withRecipients(([info]) => [info!, info!]), examiner)).rejects.toMatchObject({ code: 'RECIPIENTS_DIFFER' });
  });

  it('the content under the type of EnvelopedData is refused by name, and so is EnvelopedData under ours', async () => {
    const [, wrapper] = children(readDer(await buildEnvelope(signedData, [examiner.certificate]), 'CMS'), 'CMS');
    const renamed = sequence(oid('1.2.840.113549.1.7.3'), wrapper!.whole);
    await expect(openSealedRecord(renamed, examiner)).rejects.toMatchObject({ code: 'CMS_ALGORITHM' });
    const [version, infos, content] = children(children(wrapper!, 'CMS')[0]!, 'CMS');
    const withoutTag = sequence(version!.whole, infos!.whole, content!.whole);
    const posing = sequence(oid('1.2.840.113549.1.9.16.1.23'), element(around(0), withoutTag));
    await expect(openSealedRecord(posing, examiner)).rejects.toMatchObject({ code: 'CMS_MALFORMED' });
  });
});
