/**
 * Poppler's pdfsig as the peer of "Done": it adds a PKCS#7 signature to a PDF, in a process of its own.
 * It does less: no sealed record, no stamp, no packet, no envelope, no fsync, no audit trail.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tell } from './measurement.ts';
import { findPeer, runProgram } from './peer-program.ts';
import { timed } from './rounds.ts';

export const PDFSIG = 'pdfsig -add-signature (a process of its own; no seal, no stamp, no packet, no fsync)';

/** @param folder for its keys and files. @returns signs a document, in ms; null where it is not installed */
export async function pdfsigPeer(folder: string, tell: Tell): Promise<((document: Uint8Array) => Promise<number>) | null> {
  const pdfsig = findPeer('pdfsig', 'poppler-utils', tell);
  const certutil = findPeer('certutil', 'libnss3-tools', tell);
  if (pdfsig === null || certutil === null) return null;
  const [input, output, noise] = ['in.pdf', 'out.pdf', 'noise'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(noise, randomBytes(64));
  await runProgram(certutil, ['-N', '-d', folder, '--empty-password']);
  await runProgram(certutil, ['-S', '-d', folder, '-n', 'bench', '-s', 'CN=bench', '-x', '-t', ',,', '-k', 'rsa', '-g', '2048', '-z', noise]);
  return (document) => {
    writeFileSync(input, document);
    return timed(() => runProgram(pdfsig, ['-add-signature', '-nssdir', folder, '-nick', 'bench', input, output]));
  };
}
