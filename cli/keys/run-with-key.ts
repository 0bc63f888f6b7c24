/**
 * Runs one command with a private key in a file in memory, and wipes the file when the command ends, however it ends.
 * An ending by SIGKILL or a power cut cannot be caught: after the first the file lies in /dev/shm until the machine is
 * switched off.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { inMemory, wipeFile, writeKeyFile } from '#keys/split/index.ts';

const MEMORY = '/dev/shm';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * @param command program and arguments; `{key}` in an argument becomes the path of the key file
 * @returns the command's exit code; 128 and the signal's number where a signal ended it
 */
export async function runWithKey(pkcs8: Uint8Array, command: readonly string[]): Promise<number> {
  if (!existsSync(MEMORY) || !inMemory(join(MEMORY, 'key'))) throw new Error(`--run needs ${MEMORY} in memory (tmpfs), as Linux has it; here use --out`);
  const folder = mkdtempSync(join(MEMORY, 'countersign-'));
  const path = join(folder, 'key.pem');
  const wipe = (): void => {
    wipeFile(path);
    rmSync(folder, { recursive: true, force: true });
  };
  let pass = (_signal: NodeJS.Signals): boolean => false;
  const heard = (signal: NodeJS.Signals): void => {
    wipe();
    pass(signal);
  };
  // Before the key is written: from then on a signal wipes it.
  for (const signal of SIGNALS) process.on(signal, heard);
  try {
    writeKeyFile(path, pkcs8);
    const [program, ...rest] = command.map((argument) => argument.replaceAll('{key}', path));
    const child = spawn(program!, rest, { stdio: 'inherit' });
    pass = (signal) => child.kill(signal);
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, heard);
    wipe();
  }
}
