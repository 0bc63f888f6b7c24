/**
 * Void statements for `countersign verify`: those named, those in the folders named, and those that lie beside the file. Of folders, only
 * files that call themselves one are taken; a child process reads them.
 * Links are not followed.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LARGEST_STATEMENT } from '#packet/verify/void-statement.ts';

/** Statements, and files looked at for them in one folder. Above either the check is refused: a statement left out could be the one. */
const LIMITS = { most: 2_000, files: 20_000 };

/** @throws Error where one cannot be read, or a folder holds too many, that of the file too */
export async function voidStatements(file: string, named: readonly string[], limits = LIMITS): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const path of named) {
    const { isFolder, size } = await stat(path).then((about) => ({ isFolder: about.isDirectory(), size: about.size }), (error: Error) => { throw new Error(`${path} cannot be read: ${error.message}`, { cause: error }); });
    if (isFolder) found.push(...await inFolder(path, true, limits.files));
    else if (size > LARGEST_STATEMENT) throw new Error(`${path} is no void statement: it has ${size} bytes, at most ${LARGEST_STATEMENT} are read`);
    else found.push(new Uint8Array(await readFile(path)));
  }
  found.push(...await inFolder(dirname(file), false, limits.files));
  const distinct = [...new Map(found.map((bytes) => [Buffer.from(bytes).toString('base64'), bytes])).values()];
  if (distinct.length > limits.most) throw new Error(`${distinct.length} void statements were found; at most ${limits.most} are read. Copy the file and those about it into a folder of their own.`);
  return distinct;
}

/** `REQUEST.p7s`, as the store has them once their envelopes are opened. */
async function inFolder(folder: string, recursive: boolean, most: number): Promise<Uint8Array[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch((error: Error) => { throw new Error(`${folder} cannot be searched for void statements: ${error.message}`, { cause: error }); });
  const paths = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.p7s')).map((entry) => join(entry.parentPath, entry.name));
  if (paths.length > most) throw new Error(`${folder} holds ${paths.length} files that may be void statements; at most ${most} are looked at. Copy the file and the statements about it into a folder of their own.`);
  const statements: Uint8Array[] = [];
  for (const path of paths) {
    if ((await stat(path)).size > LARGEST_STATEMENT) continue;
    const bytes = await readFile(path);
    if (bytes.includes('"countersign-void"')) statements.push(new Uint8Array(bytes));
  }
  return statements;
}
