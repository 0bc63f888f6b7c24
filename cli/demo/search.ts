/** Looks for bytes in every file below a folder: what should have left no trace, or should never be in the clear. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @returns the files that hold any of the needles, relative to the folder. */
export function filesHolding(folder: string, needles: readonly Uint8Array[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readIfThere(path);
      return needles.some((needle) => bytes.includes(Buffer.from(needle)));
    })
    .map((path) => relative(folder, path));
}

/** A browser's profile changes while it is searched: a file that is gone meanwhile holds nothing. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** A text as it could lie in a file: UTF-8, UTF-16 either way, and as PDF writes it in hexadecimal. */
export function textForms(text: string): Uint8Array[] {
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  return [Buffer.from(text), little, big, Buffer.from(big.toString('hex')), Buffer.from(big.toString('hex').toUpperCase())];
}
