/**
 * Documents on disk: D while it waits, and the desk's copy of a signed PDF. Both only under the at-rest key.
 *
 * Before: `job-intake.ts` puts D here. After: the screens read it; `complete.ts` signs it.
 * A file is written under a temporary name, synced and renamed, so a name always stands for a whole file.
 * Overwriting before deletion is not attempted: on flash it reaches other cells. What protects a deleted
 * file is that its key never lay beside it in the clear where the machine has a secret store.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { AtRestKey } from '#keys/at-rest-key.ts';
import { inSlices, letGo, roomFor } from '#keys/slices.ts';

/** `document`: D. `signed`: the desk's copy. */
export type Kind = 'document' | 'signed';

const NAME = /^([A-Za-z0-9-]{1,64})\.(document|signed)$/;

export class Documents {
  readonly #folder: string;
  readonly #key: AtRestKey;

  constructor(home: string, key: AtRestKey) {
    this.#folder = join(home, 'documents');
    this.#key = key;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Durable when it returns. @throws the system's error, e.g. `ENOSPC`; nothing is left behind then */
  async put(kind: Kind, id: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(kind, id);
    try {
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        const encrypted = await this.#key.encryptLarge(bytes, label(kind, id));
        await file.writeFile(encrypted);
        await letGo(encrypted);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
      await this.#syncFolder();
    } catch (error) {
      await rm(`${path}.new`, { force: true });
      throw error;
    }
  }

  /** @returns null where it is not kept (any more). @throws KeyError if the file was changed or moved */
  async get(kind: Kind, id: string): Promise<Uint8Array | null> {
    try {
      const encrypted = await bytesOf(this.#path(kind, id));
      const bytes = await this.#key.decryptLarge(encrypted, label(kind, id));
      await letGo(encrypted);
      return bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  has(kind: Kind, id: string): boolean {
    return existsSync(this.#path(kind, id));
  }

  delete(kind: Kind, id: string): void {
    rmSync(this.#path(kind, id), { force: true });
  }

  /** What is kept, whole files only. */
  kept(): { kind: Kind; id: string }[] {
    return readdirSync(this.#folder).flatMap((name) => {
      const [, id, kind] = NAME.exec(name) ?? [];
      return id === undefined ? [] : [{ id, kind: kind as Kind }];
    });
  }

  /** Removes what a crash left half written. */
  sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      if (name.endsWith('.new')) rmSync(join(this.#folder, name), { force: true });
    }
  }

  /** POSIX: the name itself is durable only once its folder is. */
  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  #path(kind: Kind, id: string): string {
    return join(this.#folder, `${id}.${kind}`);
  }
}

/** @throws the system's error, e.g. `ENOENT` */
async function bytesOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = roomFor((await file.stat()).size);
    for await (const slice of inSlices(bytes)) await fill(slice, file);
    return bytes;
  } finally {
    await file.close();
  }
}

/** A file that has become shorter meanwhile leaves zeros, which do not decrypt. */
async function fill(slice: Uint8Array, file: FileHandle): Promise<void> {
  for (let at = 0; at < slice.length;) {
    const { bytesRead } = await file.read(slice, at);
    if (bytesRead === 0) return;
    at += bytesRead;
  }
}

function label(kind: Kind, id: string): string {
  return `${kind} ${id}`;
}
