/**
 * Secrets as plain files of mode 0600 in a folder of mode 0700.
 *
 * Protects from other users of the machine, and from nothing else: who takes the disk has the secrets. That is why
 * `protection.held` is false. On Windows the modes mean nothing; the folder lies in the user's profile.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KeyError } from './errors.ts';
import type { SecretStore } from './secret-store.ts';

/** Makes the folder where it is missing. Names are file names, without slashes. */
export function openFileSecretStore(folder: string): SecretStore {
  makePrivateFolder(folder);
  return {
    protection: { kind: 'file', held: false, advice: 'use disk encryption' },
    read: (name) => readPrivateFile(join(folder, name)),
    write: (name, bytes) => writePrivateFile(join(folder, name), bytes),
  };
}

/** Mode 0700 for what it makes; a folder that is already there keeps its mode. @throws KeyError `SECRET_STORE` */
export function makePrivateFolder(folder: string): void {
  orThrow(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
}

/**
 * Writes beside the file, flushes, renames and flushes the folder: a power cut leaves the old bytes or the new ones.
 * @throws KeyError `SECRET_STORE`
 */
export function writePrivateFile(path: string, bytes: Uint8Array): void {
  orThrow(path, () => {
    const unfinished = `${path}.new`;
    writeFlushed(unfinished, 'w', bytes);
    renameSync(unfinished, path);
    flushFolder(dirname(path));
  });
}

/**
 * Several files, all or none: each is written and flushed beside its place first, and only when all are there do they take their places.
 * Between two of those, after a power cut, the first may be new and the others old.
 * @throws KeyError `SECRET_STORE`: none was changed
 */
export function writePrivateFiles(files: readonly { path: string; bytes: Uint8Array }[]): void {
  const written: string[] = [];
  try {
    for (const { path, bytes } of files) {
      orThrow(path, () => writeFlushed(`${path}.new`, 'w', bytes));
      written.push(`${path}.new`);
    }
  } catch (error) {
    for (const unfinished of written) rmSync(unfinished, { force: true });
    throw error;
  }
  for (const { path } of files) {
    orThrow(path, () => {
      renameSync(`${path}.new`, path);
      flushFolder(dirname(path));
    });
  }
}

/**
 * The same, but never over a file that is there.
 * @throws KeyError `SECRET_STORE`
 */
export function writeNewFile(path: string, bytes: Uint8Array): void {
  orThrow(path, () => {
    writeFlushed(path, 'wx', bytes);
    flushFolder(dirname(path));
  });
}

function writeFlushed(path: string, flags: 'w' | 'wx', bytes: Uint8Array): void {
  const file = openSync(path, flags, 0o600);
  try {
    // Until all is there: one write to a disk that is nearly full takes a part and says so without an error.
    writeFileSync(file, bytes);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Flushes the names in a folder to the disk. Windows has no such call and needs none. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Null where it is not there. @throws KeyError `SECRET_EXPOSED`, `SECRET_STORE` */
export function readPrivateFile(path: string): Uint8Array | null {
  return orThrow(path, () => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    if (mode === undefined) return null;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new KeyError('SECRET_EXPOSED', `${path} can be read by other users of this machine. Close it with: chmod 600 ${path}`);
    }
    return new Uint8Array(readFileSync(path));
  });
}

function orThrow<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof KeyError) throw cause;
    throw new KeyError('SECRET_STORE', `${path}: ${(cause as Error).message}`, { cause });
  }
}
