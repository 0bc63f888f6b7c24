/**
 * The key folder of a tenant's station.
 *
 *   keys/at-rest.key, keys/transport.pem
 *   keys/generation-1/       device.key.pem, seal.key.pem, enrolment-request.json; enrolment.cms once it is enrolled
 *   keys/generation-2/       the same, of a renewal; once it is enrolled, the one before is destroyed
 *   keys/configuration.cms   where a newer one came than the enrolment brought; keys/revocation.crl likewise
 *
 * A generation is made under another name and renamed when complete, and the one file `enrolment.cms` brings it into
 * force. So a crash at any moment leaves the generation that was in force as it was, or the new one whole.
 * The folder of a station in demo mode looks otherwise: see `station-demo.ts`.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { dirname, join } from 'node:path';
import { KeyError } from './errors.ts';
import { publicKeyDer } from './key-pair.ts';
import { wipeFile } from './split/key-file.ts';

/** Names in the key folder; `examiners` is of demo mode, and must never hold a private key. */
export const KEY_FOLDER = { atRest: 'at-rest.key', configuration: 'configuration.cms', crl: 'revocation.crl', examiners: 'examiners' } as const;

/** Names in the folder of a generation. */
export const GENERATION = { deviceKey: 'device.key.pem', sealKey: 'seal.key.pem', request: 'enrolment-request.json', enrolment: 'enrolment.cms' } as const;

export interface Generation { number: number; folder: string }

export interface Generations {
  /** The latest that is enrolled. */
  inForce: Generation | null;
  /** A later one whose enrolment has not come yet. */
  pending: Generation | null;
}

/** What the key folder is of; `none` where it is not there. */
export function kindOfKeys(folder: string): 'none' | 'demo' | 'tenant' {
  if (!existsSync(folder)) return 'none';
  return generationNumbers(folder).length === 0 ? 'demo' : 'tenant';
}

export function generationsOf(folder: string): Generations {
  const all = generationNumbers(folder).map((number) => ({ number, folder: generationFolder(folder, number) }));
  const enrolled = (each: Generation): boolean => existsSync(join(each.folder, GENERATION.enrolment));
  const inForce = all.findLast(enrolled) ?? null;
  const last = all.at(-1) ?? null;
  return { inForce, pending: last !== null && last.number !== inForce?.number ? last : null };
}

export function generationFolder(folder: string, number: number): string {
  return join(folder, `generation-${number}`);
}

/** Ascending. */
function generationNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => /^generation-([1-9]\d{0,5})$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
}

/** Destroys the keys of what was replaced: they are of no use but to a thief. What a flash medium keeps of overwritten files, it keeps. */
export function dropGenerationsBefore(folder: string, number: number): void {
  for (const older of generationNumbers(folder)) {
    if (older >= number) continue;
    const path = generationFolder(folder, older);
    for (const key of [GENERATION.deviceKey, GENERATION.sealKey]) wipeFile(join(path, key));
    rmSync(path, { recursive: true });
  }
}

/** The same for whatever is older than what is in force: left where a crash, or the end of the power, came right after an enrolment. */
export function dropReplacedKeys(folder: string): void {
  if (kindOfKeys(folder) !== 'tenant') return;
  const { inForce } = generationsOf(folder);
  if (inForce !== null) dropGenerationsBefore(folder, inForce.number);
}

/** Changes whenever a paper or a generation does; costs a few calls of `stat`. The time of change is not the writer's to choose, as that of modification is. */
export function papersStamp(folder: string): string {
  if (kindOfKeys(folder) !== 'tenant') return '';
  const sealFolder = join(dirname(folder), 'seal');
  const seals = existsSync(sealFolder) ? readdirSync(sealFolder).sort().map((name) => join(sealFolder, name, 'certificates.pem')) : [];
  const files = [...seals, ...generationNumbers(folder).map((number) => join(generationFolder(folder, number), GENERATION.enrolment)), join(folder, KEY_FOLDER.configuration), join(folder, KEY_FOLDER.crl)];
  const stamps = files.map((file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? '-' : `${found.ctimeMs} ${found.ino} ${found.size}`;
  });
  return stamps.join(';');
}

/**
 * The private half of an examiner's key opens signatures: on a station it would undo what sealing is for.
 * @param examiners certificates in force, DER: a private key of one of them is refused wherever it lies in the key folder
 * @throws KeyError `EXAMINER_KEY_HERE`
 */
export function refuseExaminerKeys(folder: string, examiners: readonly Uint8Array[] = []): void {
  if (!existsSync(folder)) return;
  const publicHalves = new Set(examiners.map((certificate) => base64(publicKeyDer(new X509Certificate(certificate).publicKey))));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const key = publicHalfOf(path);
    if (key === null) continue;
    if (entry.parentPath === join(folder, KEY_FOLDER.examiners) || publicHalves.has(key)) {
      throw new KeyError('EXAMINER_KEY_HERE', `${path} is an examiner’s private key. It opens every signature sealed to it and must never lie on a station: give it back to its holder, wipe it here, and think of it as known to others.`);
    }
  }
}

/** SubjectPublicKeyInfo of the private key in a file, Base64; empty for one under a passphrase; null where it is none. */
function publicHalfOf(path: string): string | null {
  if (statSync(path).size > MAX_KEY_FILE) return null;
  const bytes = readFileSync(path);
  const pem = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(bytes.toString('latin1'));
  try {
    const key = pem ? createPrivateKey(bytes) : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
    return base64(publicKeyDer(createPublicKey(key)));
  } catch {
    return pem ? '' : null;
  } finally {
    bytes.fill(0);
  }
}

/** More than any private key has. */
const MAX_KEY_FILE = 64 * 1_024;

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
