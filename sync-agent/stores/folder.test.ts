import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { sha256 } from '../sha256.ts';
import { openFolderStore } from './folder.ts';

const folder = temporaryFolder();
const running = new AbortController().signal;

function object(key: string, content = 'an envelope') {
  const bytes = Buffer.from(content);
  return { key, bytes, sha256: sha256(bytes) };
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('a folder store', () => {
  it('lays objects out as the bucket does, for nobody else to read', async () => {
    const root = join(folder, 'laid-out');
    const receipt = await openFolderStore(root).put(object('nord/rīga/2026/11/r-1-ab.esdk'), running);
    const path = join(root, 'nord', 'rīga', '2026', '11', 'r-1-ab.esdk');
    expect(readFileSync(path, 'utf8')).toBe('an envelope');
    expect(receipt).toMatchObject({ store: 'folder', location: path, sha256: sha256(Buffer.from('an envelope')), alreadyThere: false });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'nord')).mode & 0o777).toBe(0o700);
    expect(filesUnder(root)).toEqual(['r-1-ab.esdk']);
  });

  it('answers for the same object again, and never replaces it by another', async () => {
    const root = join(folder, 'again');
    const store = openFolderStore(root);
    await store.put(object('a/b'), running);
    expect(await store.put(object('a/b'), running)).toMatchObject({ alreadyThere: true });
    await expect(store.put(object('a/b', 'another'), running)).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect(readFileSync(join(root, 'a/b'), 'utf8')).toBe('an envelope');
  });

  it('finishes what a crash left half written', async () => {
    const root = join(folder, 'crashed');
    mkdirSync(join(root, 'a'), { recursive: true });
    writeFileSync(join(root, 'a/b.partial'), 'an env');
    await openFolderStore(root).put(object('a/b'), running);
    expect(filesUnder(root)).toEqual(['b']);
  });

  it.each(['../up', 'a/../../up', '/etc/passwd', 'a//b', 'a/.hidden', '', 'a\\b', 'a/b\0', 'a/'])('keeps to its folder: %j', async (key) => {
    await expect(openFolderStore(join(folder, 'kept', 'to')).put(object(key), running)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('says that the folder is away, and works when it is back', async () => {
    const root = join(folder, 'away');
    writeFileSync(root, 'a file where the folder should be');
    const store = openFolderStore(root);
    await expect(store.put(object('a/b'), running)).rejects.toMatchObject({ code: 'STORE_AWAY', message: expect.stringContaining(root) });
  });
});
