import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { deflateSync, zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { completedSigning, sha256 } from '#fixtures/completed-signing.ts';
import { judge, sharedData } from '#fixtures/needs.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot } from '#fixtures/test-certificates.ts';
import { readSignedPdf, signedBytes } from './read-signed-pdf.ts';

const folder = temporaryFolder();
const { document, signedPdf, sealedRecord, requestId, seal } = await completedSigning();
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

test('what stands in a signed PDF of ours', () => {
  const { signatures, sealedRecords, revisions } = readSignedPdf(signedPdf);
  expect(signatures).toMatchObject([{
    field: 'guest', subFilter: 'ETSI.CAdES.detached', wholeFile: true, end: signedPdf.length, problems: [], claimedTime: '2026-11-21T09:00:00.000Z',
    countersign: { documentSha256: sha256(document), documentLength: document.length, requestId, sealedRecordSha256: sha256(sealedRecord) },
  }]);
  expect(sealedRecords).toEqual([{ name: 'guest', bytes: sealedRecord, sha256: sha256(sealedRecord), documentSha256: sha256(document), documentLength: document.length }]);
  expect(revisions).toHaveLength(2);
});

test('the CMS it cuts out is the one that openssl verifies over the bytes it cuts out', async (context) => {
  const openssl = judge(context, 'openssl');
  const [{ cms, byteRange }] = readSignedPdf(signedPdf).signatures as [ReturnType<typeof readSignedPdf>['signatures'][0]];
  writeFileSync(join(folder, 'root.pem'), pem('CERTIFICATE', await testRoot()));
  writeFileSync(join(folder, 'cms.der'), cms);
  writeFileSync(join(folder, 'data'), signedBytes(signedPdf, byteRange!));
  const verify = () => execFileSync(openssl, ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'cms.der', '-content', 'data', '-CAfile', 'root.pem', '-purpose', 'any', '-out', 'verified'], { cwd: folder, stdio: 'pipe' });
  expect(verify).not.toThrow();
});

test('a packed sealed record is unpacked, and one packed too well is not', async () => {
  const put = async (packed: Uint8Array) => {
    const pdf = await handSignedPdf({
      seal, countersign: { requestId, sealedRecord }, dictionary: (text) => text.replace(/CSGN_SealedRecord \d+/, 'CSGN_SealedRecord 60'),
      objects: new Map([[60, `<< /Filter [/FlateDecode] /Length ${packed.length} >>\nstream\n${latin1(packed)}\nendstream`]]),
    });
    return readSignedPdf(pdf).sealedRecords[0]?.bytes;
  };
  expect(await put(zlibSync(sealedRecord))).toEqual(sealedRecord);
  expect(await put(deflateSync(new Uint8Array(20_000_000), { level: 9 }))).toEqual(new Uint8Array());
  expect(await put(zlibSync(sealedRecord).subarray(0, 40))).toEqual(new Uint8Array());
});

test('a field in an object stream, below a parent, still names its signature', async () => {
  const field = '<< /FT /Sig /V 6 0 R /Parent 41 0 R /T (guest) >>';
  const parent = '<< /T (\\376\\377\\000V\\001\\023) >>';
  const packed = zlibSync(bytes(`40 0 41 ${field.length + 1} ${field} ${parent}`));
  const pdf = await handSignedPdf({
    seal, dictionary: (text) => text.replace('/Type /Sig', '/Type/#53ig'),
    objects: new Map([[7, 'null'], [50, `<< /Type /ObjStm /N 2 /First ${`40 0 41 ${field.length + 1} `.length} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n${latin1(packed)}\nendstream`]]),
  });
  expect(readSignedPdf(pdf).signatures).toMatchObject([{ field: 'Vē.guest', problems: [] }]);
});

test('times with a zone, and what is no time', async () => {
  const time = async (text: string) => readSignedPdf(await handSignedPdf({ seal, dictionary: (dictionary) => dictionary.replace('D:20261121090000Z', text) })).signatures[0]?.claimedTime;
  expect(await time("D:20261121110000+02'00'")).toBe('2026-11-21T09:00:00.000Z');
  expect(await time("D:20261121033000-05'30")).toBe('2026-11-21T09:00:00.000Z');
  expect(await time('yesterday')).toBeNull();
  expect(await time('D:20269999999999Z')).toBeNull();
});

describe('junk', () => {
  test('text that looks like a signature in a stream, a string or a comment is none', () => {
    const fake = '9 0 obj << /Type /Sig /ByteRange [0 1 2 3] /Contents <3000> >> endobj 10 0 obj << /FT /Sig /V 9 0 R >> endobj';
    expect(readSignedPdf(writeObjects(plainPdf(), new Map([[8, `<< /Length ${fake.length} >>\nstream\n${fake}\nendstream`], [11, `(${fake})`]]), 0)).signatures).toEqual([]);
  });

  test('around and between objects it changes nothing', async () => {
    const noisy = bytes(`${latin1(plainPdf())}\n(((<<<[[[ obj 1 obj endobj 5 5 obj 7 0 obj << /A [ ( \u00ff\u0000 >>\n`);
    expect(readSignedPdf(await handSignedPdf({ seal, document: noisy })).signatures).toMatchObject([{ field: 'guest', problems: [] }]);
  });

  test('whatever bytes are changed, reading ends and says what it found', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(signedPdf.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }), (changes) => {
      const changed = signedPdf.slice();
      for (const [at, byte] of changes) changed[at] = byte;
      expect(readSignedPdf(changed).length).toBe(signedPdf.length);
    }), { numRuns: 200 });
  });

  test('whatever PDF tokens stand in whatever order', () => {
    const token = fc.constantFrom('1 0 obj ', 'endobj ', '<<', '>>', '[', ']', '(', ')', '<', '>', 'stream\n', 'endstream ', '/V 1 0 R ', '/FT /Sig ', '/ByteRange [0 1 2 3] ', '/Contents <3000> ', '/Length 5 ', '/Type /ObjStm /N 9 /First 3 ', '1 0 R ', '/Parent 1 0 R ', '%', '\n', '\\', '-', '1.5 ', 'null ');
    fc.assert(fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
      expect(readSignedPdf(bytes(`%PDF-1.7\n${tokens.join('')}`)).signatures).toBeInstanceOf(Array);
    }), { numRuns: 1000 });
  });

  test.each([
    ['unclosed strings', '1 0 obj ('], ['unclosed arrays', '1 0 obj ['], ['unclosed dictionaries', '1 0 obj << /A '], ['unclosed hex', '1 0 obj <0'],
    ['streams without an end', '1 0 obj << >> stream\n'], ['digits', '1'], ['spaces', ' '], ['references', '1 0 R '], ['parents in a ring', '1 0 obj << /FT /Sig /Parent 1 0 R /V 1 0 R >> endobj '],
    ['objects of objects', '1 0 obj << /Type /ObjStm /N 9999 /First 0 >> stream\nendstream '],
  ])('of %s, it is read to the end or given up, in time', (_, unit) => {
    const hostile = bytes(`%PDF-1.7\n${unit.repeat(Math.ceil(300_000 / unit.length))}`);
    let outcome: unknown;
    try {
      outcome = readSignedPdf(hostile).signatures;
    } catch (error) {
      outcome = error;
    }
    expect(outcome).toSatisfy((value) => Array.isArray(value) || (value as { code?: string }).code === 'SIGNATURE_UNREADABLE');
  });
});

test('real files of others: the same signatures that pdfsig lists', (context) => {
  const pdfsig = judge(context, 'pdfsig');
  const files = sharedData(context, 'pdf');
  for (const name of readdirSync(files).filter((file) => file.startsWith('pyhanko__') && file.endsWith('.pdf'))) {
    const ranges = execFileSync('sh', ['-c', `"${pdfsig}" "${join(files, name)}" 2>/dev/null || true`], { encoding: 'utf8' }).matchAll(/Signed Ranges: \[0 - (\d+)\], \[(\d+) - (\d+)\]/g);
    const listed = Array.from(ranges, ([, ...numbers]) => numbers.map(Number));
    const found = readSignedPdf(new Uint8Array(readFileSync(join(files, name)))).signatures.map(({ byteRange, end }) => [byteRange?.[1], byteRange?.[2], end]);
    expect(found, name).toEqual(listed);
  }
});
