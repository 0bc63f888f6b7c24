/** One secret of a station's key folder, which must be there. */
import { join } from 'node:path';
import { KeyError } from './errors.ts';
import type { SecretStore } from './secret-store.ts';

/** @throws KeyError `KEYS_INCOMPLETE`, `SECRET_EXPOSED`, `SECRET_STORE` */
export function readSecret(secrets: SecretStore, folder: string, name: string): Uint8Array {
  const bytes = secrets.read(name);
  if (bytes === null) throw incomplete(join(folder, name));
  return bytes;
}

export function incomplete(path: string): KeyError {
  return new KeyError('KEYS_INCOMPLETE', `${path} is missing or damaged. Restore the key folder from its backup, or start with a new data folder.`);
}
