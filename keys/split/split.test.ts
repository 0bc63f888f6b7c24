import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testExaminer } from '#fixtures/test-certificates.ts';
import { inMemory, joinKey, readLockedKey, readShare, splitKey, wipeFile, writeKeyFile, writeLockedKey, writeShare } from './index.ts';

const folder = temporaryFolder();
const { certificate, privateKey } = await testExaminer('p256');
const other = await testExaminer('p256', 'Another examiner');

/** `shares` and a threshold not above it. */
const counts = fc.integer({ min: 2, max: 8 }).chain((shares) => fc.record({ shares: fc.constant(shares), threshold: fc.integer({ min: 2, max: shares }) }));

describe('splitting and joining', () => {
  test('any subset of the threshold or more joins to the very key, through the files; any smaller one fails', async () => {
    await fc.assert(fc.asyncProperty(counts, fc.infiniteStream(fc.nat()), async (count, order) => {
      const made = await splitKey(privateKey, certificate, count);
      const locked = readLockedKey(writeLockedKey(made.locked));
      const shuffled = made.shares.map((share) => ({ share: readShare(writeShare(share)), at: order.next().value! })).sort((a, b) => a.at - b.at).map(({ share }) => share);
      for (let size = 0; size <= count.shares; size++) {
        const joined = joinKey(locked, shuffled.slice(0, size), certificate);
        if (size < count.threshold) await expect(joined).rejects.toMatchObject({ code: 'SHARES_TOO_FEW' });
        else expect(new Uint8Array(await joined)).toEqual(privateKey);
      }
    }), { numRuns: 30 });
  });

  test('every subset of three of five', async () => {
    const { locked, shares } = await splitKey(privateKey, certificate, { shares: 5, threshold: 3 });
    for (let mask = 0; mask < 32; mask++) {
      const subset = shares.filter((_, at) => mask & (1 << at));
      if (subset.length === 3) expect(new Uint8Array(await joinKey(locked, subset, certificate))).toEqual(privateKey);
    }
  });

  test('fewer shares do not open it even where they claim a lower threshold', async () => {
    const { locked, shares } = await splitKey(privateKey, certificate, { shares: 5, threshold: 3 });
    const claimed = shares.slice(0, 2).map((share) => ({ ...share, threshold: 2 }));
    await expect(joinKey({ ...locked, threshold: 2 }, claimed, certificate)).rejects.toMatchObject({ code: 'LOCKED_KEY_DAMAGED' });
  });

  test('tells what does not belong together', async () => {
    const [one, two] = [await splitKey(privateKey, certificate, { shares: 3, threshold: 2 }), await splitKey(privateKey, certificate, { shares: 3, threshold: 2 })];
    const [a, b] = one.shares;
    await expect(joinKey(one.locked, [a!, two.shares[1]!], certificate)).rejects.toMatchObject({ code: 'SHARE_OF_ANOTHER_SET' });
    await expect(joinKey(one.locked, [a!, a!], certificate)).rejects.toMatchObject({ code: 'SHARE_TWICE' });
    await expect(joinKey(two.locked, [a!, b!], certificate)).rejects.toMatchObject({ code: 'LOCKED_KEY_OF_ANOTHER_SET' });
    await expect(joinKey(one.locked, [a!, b!], other.certificate)).rejects.toMatchObject({ code: 'CERTIFICATE_OF_ANOTHER_KEY' });
    await expect(splitKey(privateKey, other.certificate, { shares: 3, threshold: 2 })).rejects.toMatchObject({ code: 'CERTIFICATE_OF_ANOTHER_KEY' });
  });

  test('refuses numbers that make no custody', async () => {
    for (const count of [{ shares: 3, threshold: 1 }, { shares: 2, threshold: 3 }, { shares: 256, threshold: 2 }, { shares: NaN, threshold: 2 }]) {
      await expect(splitKey(privateKey, certificate, count)).rejects.toMatchObject({ code: 'SPLIT_INVALID' });
    }
  });

  test('a changed byte of the locked key is noticed, and a forged share with a right checksum too', async () => {
    const { locked, shares } = await splitKey(privateKey, certificate, { shares: 3, threshold: 2 });
    for (const field of ['encrypted', 'nonce'] as const) {
      const changed = Uint8Array.from(locked[field]);
      changed[5]! ^= 1;
      await expect(joinKey({ ...locked, [field]: changed }, shares, certificate)).rejects.toMatchObject({ code: 'LOCKED_KEY_DAMAGED' });
    }
    const data = Uint8Array.from(shares[0]!.data);
    data[0]! ^= 1;
    const forged = readShare(writeShare({ ...shares[0]!, data }));
    await expect(joinKey(locked, [forged, shares[1]!], certificate)).rejects.toMatchObject({ code: 'LOCKED_KEY_DAMAGED' });
    expect(() => readLockedKey('{"format":"something else"}')).toThrow(expect.objectContaining({ code: 'LOCKED_KEY_DAMAGED' }));
  });
});

describe('a share as text', async () => {
  const { shares: [share] } = await splitKey(privateKey, certificate, { shares: 5, threshold: 3 });
  const text = writeShare(share!);

  test('every changed character is noticed, but for the look-alikes that are read as what they look like', () => {
    const characters = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ?'];
    let changes = 0;
    for (let at = 0; at < text.length; at++) {
      if (/\s/.test(text[at]!)) continue;
      for (const character of characters.filter((each) => each !== text[at]!.toUpperCase())) {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        const lookAlike = /[0O]{2}|[1IL]{2}/.test(text[at]! + character);
        if (!lookAlike) {
          expect(() => readShare(changed), changed).toThrow(expect.objectContaining({ code: 'SHARE_DAMAGED' }));
          changes++;
        }
      }
    }
    expect(changes).toBeGreaterThan(5000);
  });

  test('a missing, added or swapped character and a missing line are noticed', () => {
    const body = text.indexOf('Data:') + 14;
    for (let at = body; at < text.length - 1; at++) {
      if (text[at] === ' ' || /\s/.test(text[at]!)) continue;
      const cut = text.slice(0, at) + text.slice(at + 1);
      const doubled = text.slice(0, at) + text[at] + text.slice(at);
      for (const changed of [cut, doubled]) expect(() => readShare(changed)).toThrow(expect.objectContaining({ code: 'SHARE_DAMAGED' }));
    }
    for (const line of text.trimEnd().split('\n')) expect(() => readShare(text.replace(`${line}\n`, ''))).toThrow(expect.objectContaining({ code: 'SHARE_DAMAGED' }));
  });

  test('can be typed: case, spaces, line ends and look-alikes do not matter', () => {
    const typed = text.toLowerCase().replaceAll('\n', '\r\n\r\n').replaceAll(/ +/g, '  ');
    expect(readShare(typed)).toEqual(share);
    const [before, data] = text.split('Data:') as [string, string];
    expect(readShare(`${before}Data:${data.replaceAll('0', 'o').replaceAll('1', 'l')}`)).toEqual(share);
  });
});

describe('the joined key as a file', () => {
  test.skipIf(process.platform === 'win32')('is for its owner alone, never over another file, and wiped', () => {
    const path = join(folder, 'key.pem');
    writeKeyFile(path, privateKey);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => writeKeyFile(path, privateKey)).toThrow(expect.objectContaining({ code: 'SECRET_STORE' }));
    wipeFile(path);
    wipeFile(path);
    expect(existsSync(path)).toBe(false);
  });

  test('wiping overwrites before it removes', async () => {
    const { linkSync } = await import('node:fs');
    const [path, second] = [join(folder, 'one'), join(folder, 'two')];
    writeFileSync(path, 'secret');
    linkSync(path, second);
    wipeFile(path);
    expect(readFileSync(second)).toEqual(Buffer.alloc(6));
  });

  test('knows a memory file system by its type', () => {
    expect(inMemory('/proc/key.pem')).toBe(false);
    expect(inMemory('/no/such/folder/key.pem')).toBe(false);
    if (existsSync('/dev/shm') && /^\S+ \/dev\/shm tmpfs/m.test(readFileSync('/proc/mounts', 'utf8'))) expect(inMemory('/dev/shm/key.pem')).toBe(true);
  });
});

test('the set names the certificate by the fingerprint every tool shows', async () => {
  const { locked } = await splitKey(privateKey, certificate, { shares: 2, threshold: 2 });
  expect(locked.certificateSha256).toBe(new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase());
});
