/**
 * A local folder laid out like the bucket: the key is the path. For demo mode, and for a hotel that keeps its own disk.
 *
 * It holds what a disk holds: it is no second place in a fire, and whoever may write the folder may delete from it.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SyncError } from '../errors.ts';
import type { Receipt } from '../outbox.ts';
import { sha256 } from '../sha256.ts';
import type { Store, StoredObject } from './store.ts';

/** Portable on every file system, no hidden file, no way up. */
const SEGMENT = /^[\p{L}\p{N}_=+@~-][\p{L}\p{N}_=+@~. -]{0,199}$/u;

/** @param root made on the first object */
export function openFolderStore(root: string): Store {
  return {
    kind: 'folder',
    async put(object, signal) {
      const path = join(root, ...segments(object.key));
      try {
        const kept = await readIfThere(path);
        if (kept !== null) return receiptOfKept(kept, object, path);
        await makeFolders(dirname(path));
        await writeWhole(path, object.bytes, signal);
        return receipt(object, path, false);
      } catch (cause) {
        throw asSyncError(cause as NodeJS.ErrnoException, path);
      }
    },
  };
}

function segments(key: string): string[] {
  const parts = key.split('/');
  if (!parts.every((part) => SEGMENT.test(part))) {
    throw new SyncError('KEY_INVALID', `${JSON.stringify(key)} is no object key: segments of letters, digits and . _ - between slashes.`);
  }
  return parts;
}

function receiptOfKept(kept: Uint8Array, object: StoredObject, path: string): Receipt {
  if (sha256(kept) !== object.sha256) {
    throw new SyncError('STORE_CONFLICT', `${path} is there with other bytes; it was not replaced. Compare it by hand.`);
  }
  return receipt(object, path, true);
}

function receipt(object: StoredObject, location: string, alreadyThere: boolean): Receipt {
  return { store: 'folder', location, sha256: object.sha256, at: new Date().toISOString(), alreadyThere };
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Beside its place under one fixed name, flushed, renamed, the name flushed: there whole, or not at all. */
async function writeWhole(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const unfinished = `${path}.partial`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(bytes, { signal });
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await flushFolder(dirname(path));
}

/** The names of new folders are flushed too. */
async function makeFolders(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let each = folder; each.length >= first.length; each = dirname(each)) await flushFolder(dirname(each));
}

async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function asSyncError(cause: NodeJS.ErrnoException, path: string): Error {
  if (cause instanceof SyncError) return cause;
  switch (cause.code) {
    case 'ENOSPC': case 'EDQUOT': return new SyncError('STORE_FULL', `The disk of ${path} is full. Make room; it is tried again.`, { cause });
    case 'EACCES': case 'EPERM': case 'EROFS': return new SyncError('STORE_REFUSED', `${path} may not be written: ${cause.message}`, { cause });
    default: return new SyncError('STORE_AWAY', `${path} cannot be written: ${cause.message}`, { cause });
  }
}
