/**
 * Point 5: one flipped byte is found, by our own commands and by programs that know nothing of us: in the signed PDF
 * and the packet by `verify`, `pdfsig` and `openssl`, in the sealed record by `verify --key` and `openssl`, in the
 * envelope by `sync open`. Every position: `packet/verify/tamper.long.test.ts`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { readSignedPdf } from '#packet/index.ts';
import { countersign, startHouse, type TestHouse } from './house.ts';
import { custodyPath, openKept, storedEnvelopes, trustOf, type KeptPacket } from './packets.ts';
import { begun, printed } from './signing.ts';

let house: TestHouse;
let kept: KeptPacket;
let envelope: Uint8Array;
let scratch: string;

beforeAll(async () => {
  house = await startHouse({ settings: {} });
  const [desk, guest] = [await house.desk(), await house.guest()];
  const { request, done } = await begun(desk, guest, await printed(house, desk, 'Card'));
  expect((await done()).status).toBe(200);
  await desk.delivered(request.id);
  guest.session.close();
  desk.close();
  envelope = readFileSync(storedEnvelopes(house.home)[0] as string);
  kept = await openKept(house.home, envelope);
  scratch = join(house.folder, 'scratch');
  mkdirSync(scratch);
});
afterAll(async () => house?.end());

/** Writes a file beside the house. @returns its path */
function file(name: string, bytes: Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, bytes);
  return path;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] as number) ^ 0x01);
}

function verifyFile(path: string, ...more: string[]): ReturnType<typeof countersign> {
  return countersign(['verify', path, '--trust', trustOf(house.home), '--json', ...more]);
}

/** The PDF's signature taken apart as ISO 32000-2, 12.8.1 says: what is signed, and the CMS over it. */
function signatureOf(pdf: Uint8Array): { signed: Uint8Array; cms: Uint8Array; contentsAt: number } {
  const [start = 0, length = 0, second = 0, rest = 0] = readSignedPdf(kept.signedPdf).signatures[0]?.byteRange ?? [];
  const hex = Buffer.from(pdf.subarray(length + 1, second - 1)).toString('latin1');
  return { signed: Buffer.concat([pdf.subarray(start, start + length), pdf.subarray(second, second + rest)]), cms: Buffer.from(hex, 'hex'), contentsAt: length + 1 };
}

/** A CMS over its content, by OpenSSL. */
function opensslAccepts(openssl: string, cms: Uint8Array, content: Uint8Array): boolean {
  const args = ['cms', '-verify', '-binary', '-cades', '-inform', 'DER', '-in', file('cms.der', cms), '-content', file('content', content), '-CAfile', trustOf(house.home), '-purpose', 'any', '-out', join(scratch, 'out')];
  return spawnSync(openssl, args).status === 0;
}

function pdfsigAccepts(pdfsig: string, path: string): boolean {
  const { stdout } = spawnSync(pdfsig, [path], { encoding: 'utf8' });
  return /Total document signed/.test(stdout) && /Signature is Valid/.test(stdout);
}

describe('in the signed PDF', () => {
  const places = {
    'the document': () => 5_000,
    'the last byte of the document': () => kept.verified.document!.length - 1,
    'the sealed record': () => Buffer.from(kept.signedPdf).indexOf(kept.sealedRecord) + 100,
    'the stamped ink': () => {
      const form = Buffer.from(kept.signedPdf).indexOf('/BBox', kept.verified.document!.length);
      return Buffer.from(kept.signedPdf).indexOf('stream', form) + 50;
    },
    'the trailer': () => kept.signedPdf.length - 12,
  };

  it('none: everyone accepts it', async (context) => {
    const path = file('as-it-is.pdf', kept.signedPdf);
    expect((await verifyFile(path)).code).toBe(0);
    expect(pdfsigAccepts(judge(context, 'pdfsig'), path)).toBe(true);
    const { signed, cms } = signatureOf(kept.signedPdf);
    expect(opensslAccepts(judge(context, 'openssl'), cms, signed)).toBe(true);
  });

  it.for(Object.keys(places) as (keyof typeof places)[])('%s', async (place, context) => {
    const pdf = flipped(kept.signedPdf, places[place]());
    await foundByAll(context, pdf);
  });

  it('the signature value at the end of the CMS', async (context) => {
    const { cms, contentsAt } = signatureOf(kept.signedPdf);
    // DER: two bytes of length behind 30 82; what follows is room that was not needed
    const at = contentsAt + 2 * (4 + Buffer.from(cms).readUInt16BE(2) - 10);
    await foundByAll(context, kept.signedPdf.with(at, kept.signedPdf[at] === 0x30 ? 0x31 : 0x30));
  });

  async function foundByAll(context: TestContext, pdf: Uint8Array): Promise<void> {
    const path = file('changed.pdf', pdf);
    const { code, out } = await verifyFile(path);
    expect({ code, ...JSON.parse(out) as object }).toMatchObject({ code: 1, valid: false });
    expect(pdfsigAccepts(judge(context, 'pdfsig'), path)).toBe(false);
    const { signed, cms } = signatureOf(pdf);
    expect(opensslAccepts(judge(context, 'openssl'), cms, signed)).toBe(false);
  }
});

describe('in the packet', () => {
  it('any of its bytes, by verify', async () => {
    for (const part of [0.1, 0.5, 0.95]) {
      const { code, out } = await verifyFile(file('changed.asice', flipped(kept.packet, Math.floor(kept.packet.length * part))));
      expect({ part, code, ...JSON.parse(out) as object }).toMatchObject({ part, code: 1, valid: false });
    }
  });

  it('any of its files, even where the zip was made anew, by verify and by openssl or sha256sum', async (context) => {
    const openssl = judge(context, 'openssl');
    const sha256sum = judge(context, 'sha256sum');
    const files = unzipSync(kept.packet);
    const signature = files['META-INF/signature001.p7s'] as Uint8Array;
    const manifest = files['META-INF/ASiCManifest001.xml'] as Uint8Array;
    expect(opensslAccepts(openssl, signature, manifest)).toBe(true);
    expect(opensslAccepts(openssl, signature, flipped(manifest, 200))).toBe(false);
    for (const name of Object.keys(files).filter((each) => each !== 'mimetype')) {
      const bytes = files[name] as Uint8Array;
      const changed = { ...files, [name]: flipped(bytes, bytes.length >> 1) };
      const packet = zipSync({ mimetype: [changed['mimetype'] as Uint8Array, { level: 0 }], ...changed });
      const { code, out } = await verifyFile(file('anew.asice', packet));
      expect({ name, code, ...JSON.parse(out) as object }).toMatchObject({ name, code: 1, valid: false });
      if (name.startsWith('META-INF/') || name === 'SHA256SUMS') continue;
      const folder = join(scratch, 'unpacked');
      for (const [inner, content] of Object.entries(changed)) {
        mkdirSync(join(folder, inner, '..'), { recursive: true });
        writeFileSync(join(folder, inner), content);
      }
      expect({ name, status: spawnSync(sha256sum, ['--status', '-c', 'SHA256SUMS'], { cwd: folder }).status }).toEqual({ name, status: 1 });
    }
  });
});

describe('in the sealed record', () => {
  it('by openssl, which opens the untouched one', (context) => {
    const openssl = judge(context, 'openssl');
    const opens = (sealed: Uint8Array) => spawnSync(openssl, [
      'cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file('sealed.der', sealed),
      '-inkey', custodyPath(house.home, 'examinerKey'), '-recip', custodyPath(house.home, 'examinerCertificate'), '-out', join(scratch, 'record.der'),
    ]).status === 0;
    expect(opens(kept.sealedRecord)).toBe(true);
    for (const at of [kept.sealedRecord.length >> 1, kept.sealedRecord.length - 1]) expect(opens(flipped(kept.sealedRecord, at))).toBe(false);
  });

  it('by verify --key', async () => {
    const key = custodyPath(house.home, 'examinerKey');
    const whole = await verifyFile(file('whole.pdf', kept.signedPdf), '--key', key);
    expect({ code: whole.code, ...JSON.parse(whole.out) as object }).toMatchObject({ code: 0, sealedRecords: [{ bound: 'checked' }] });
    const at = Buffer.from(kept.signedPdf).indexOf(kept.sealedRecord) + (kept.sealedRecord.length >> 1);
    const changed = await verifyFile(file('changed.pdf', flipped(kept.signedPdf, at)), '--key', key);
    const { valid, sealedRecords } = JSON.parse(changed.out) as { valid: boolean; sealedRecords: { bound: string }[] };
    expect({ code: changed.code, valid }).toEqual({ code: 1, valid: false });
    for (const { bound } of sealedRecords) expect(bound).not.toBe('checked');
  });
});

describe('in the envelope', () => {
  it('by sync open, which writes nothing then', async () => {
    const out = join(scratch, 'opened.asice');
    const open = (bytes: Uint8Array) => countersign(['sync', 'open', file('envelope.esdk', bytes), '--key', custodyPath(house.home, 'storeKey'), '--out', out]);
    expect((await open(envelope)).code).toBe(0);
    expect(Buffer.from(kept.packet).equals(readFileSync(out))).toBe(true);
    writeFileSync(out, '');
    for (const at of [1, 30, 700, envelope.length >> 1, envelope.length - 10]) {
      const { code, err } = await open(flipped(envelope, at));
      expect({ at, code, err }).toEqual({ at, code: 1, err: expect.stringMatching(/^countersign sync: .+\n$/) });
    }
    expect(readFileSync(out)).toHaveLength(0);
  });
});
