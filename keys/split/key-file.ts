/**
 * A joined key as a file, for as long as a stock tool needs one: in memory (tmpfs), for its owner alone, overwritten at
 * the end. A tmpfs can be swapped out by a busy machine, and memory can be read by its administrator: join on a machine
 * that is used for this alone, without a network and without swap. On a disk overwriting promises little: flash writes
 * elsewhere, and file systems keep copies.
 */
import { closeSync, fsyncSync, openSync, readFileSync, realpathSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeNewFile } from '../file-secret-store.ts';
import { toPem } from '../pem.ts';

/** PEM, mode 0600, never over a file that is there. @throws KeyError `SECRET_STORE` */
export function writeKeyFile(path: string, pkcs8: Uint8Array): void {
  writeNewFile(path, Buffer.from(toPem('PRIVATE KEY', pkcs8)));
}

/** Overwrites with zeros and removes; a file that is gone already is fine. */
export function wipeFile(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(size), 0, size, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  unlinkSync(path);
}

/** Whether a file at that path would lie in memory: the innermost mount above it is a tmpfs or ramfs (Linux; elsewhere false). */
export function inMemory(path: string): boolean {
  try {
    const folder = realpathSync(dirname(resolve(path)));
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' '));
    const above = mounts.filter(([, at]) => at !== undefined && (folder === at || folder.startsWith(at === '/' ? '/' : `${at}/`)));
    const innermost = above.reduce<string[]>((best, mount) => (mount[1]!.length >= (best[1] ?? '').length ? mount : best), []);
    return ['tmpfs', 'ramfs'].includes(innermost[2] ?? '');
  } catch {
    return false;
  }
}
