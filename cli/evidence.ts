/** What `open` and `replay` share: evidence and key from files, opened; and what was checked, in words. */
import { readFile } from 'node:fs/promises';
import { openPacket, type OpenedPacket } from '#examiner/index.ts';

/** @throws Error naming the file that cannot be read; ExaminerError from opening. */
export async function openEvidence(packet: string, key: string, field: string | undefined): Promise<OpenedPacket> {
  const [bytes, keyBytes] = await Promise.all([read(packet), read(key)]);
  try {
    return await openPacket(bytes, keyBytes, { field });
  } finally {
    keyBytes.fill(0);
  }
}

export async function read(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** True if nothing that could be checked failed. */
export function allHeld({ checks }: OpenedPacket): boolean {
  return checks.every(({ held }) => held !== false);
}

/** One line for each check. */
export function describeChecks({ checks }: OpenedPacket): string {
  return checks.map(({ held, says }) => `  ${held === null ? '–  not in this file:' : held ? '✓ ' : '✗  DID NOT HOLD:'} ${says}\n`).join('');
}
