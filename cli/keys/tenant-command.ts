/** What the commands on a tenant's folder have in common. */
import type { ParseArgsConfig } from 'node:util';
import { openTenant, type Tenant, type Unlock } from '#keys/tenant/index.ts';
import { passphraseSource } from './passphrase.ts';

export const OPTIONS = {
  folder: { type: 'string', default: '.' }, 'passphrase-file': { type: 'string' }, 'root-key': { type: 'string' }, json: { type: 'boolean', default: false },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

interface Values { folder: string; 'passphrase-file'?: string | undefined; 'root-key'?: string | undefined }

/** The tenant, and how its keys are opened when they are needed. */
export async function open({ folder, ...values }: Values): Promise<{ tenant: Tenant; unlock: Unlock & { passphrase: () => Promise<string> } }> {
  const rootKey = values['root-key'];
  return { tenant: await openTenant(folder), unlock: { passphrase: passphraseSource(values['passphrase-file']), ...(rootKey === undefined ? {} : { rootKey }) } };
}

export function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}

export function only(positionals: readonly string[], say: string): string {
  const [one, ...more] = positionals;
  if (one === undefined || more.length > 0) throw new Error(say);
  return one;
}

/** What is to be added to a command that is shown to be typed next. */
export function sameFolder({ folder, ...values }: Values): string {
  const rootKey = values['root-key'];
  return `${folder === OPTIONS.folder.default ? '' : ` --folder ${forShell(folder)}`}${rootKey === undefined ? '' : ` --root-key ${forShell(rootKey)}`}`;
}

/** One word of a POSIX shell: the name of a file that a stranger sent may hold a command. */
export function forShell(word: string): string {
  return /^[\w./@%+:~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** @throws Error where it is none: an empty text would count as 0 */
export function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,4}$/.test(text)) throw new Error(`--${option} ${JSON.stringify(text)}: should be a whole number`);
  return text === undefined ? undefined : Number(text);
}
