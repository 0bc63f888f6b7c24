/**
 * Is the disk under the data folder encrypted? Where the operating system protects no at-rest key for us,
 * this is what keeps a stolen machine from telling what waited on it (promise 5).
 */
import { spawnSync } from 'node:child_process';
import type { Finding } from './finding.ts';

const id = 'disk-encryption';
const advice = 'Turn on disk encryption: LUKS on Linux, FileVault on macOS, BitLocker on Windows.';

export function diskEncryption(folder: string): Finding {
  const encrypted = QUESTIONS[process.platform]?.(folder) ?? null;
  if (encrypted === null) return { id, state: 'unknown', detail: 'could not be found out on this machine', advice };
  return encrypted
    ? { id, state: 'ok', detail: 'the disk under the data folder is encrypted', advice: '' }
    : { id, state: 'warning', detail: 'the disk under the data folder is not encrypted; for documents that wait, promise 5 is not held: use disk encryption', advice };
}

const QUESTIONS: Partial<Record<NodeJS.Platform, (folder: string) => boolean | null>> = { linux: deviceMapper, darwin: fileVault, win32: bitLocker };

/** The block device under the folder, and everything it stands on, as lsblk's JSON has them. */
function deviceMapper(folder: string): boolean | null {
  const device = output('findmnt', ['-n', '-o', 'SOURCE', '--target', folder])?.trim().replace(/\[.*$/, '');
  if (device === undefined || device === '') return null;
  const types = output('lsblk', ['-n', '-s', '-o', 'TYPE', device]);
  return types === null ? null : types.split('\n').some((type) => type.includes('crypt'));
}

function fileVault(): boolean | null {
  const status = output('fdesetup', ['status']);
  return status === null ? null : status.includes('FileVault is On');
}

function bitLocker(folder: string): boolean | null {
  const status = output('manage-bde', ['-status', folder.slice(0, 2)]);
  return status === null ? null : /Protection Status:\s+Protection On/.test(status);
}

function output(program: string, args: string[]): string | null {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 5_000 });
  return result.status === 0 ? result.stdout : null;
}
