/**
 * The custody folder of demo mode: the private halves that a station must never hold, beside the data folder and
 * outside it. In production a custodian and the tenant's KMS hold them, and this folder does not exist.
 *
 * The station makes the folder once and afterwards reads only certificates and public keys in it. Whoever has both
 * folders can open everything: that is what makes it a demo.
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KeyError } from './errors.ts';
import { createExaminer, listExaminers, type Examiner } from './examiner.ts';
import { flushFolder, makePrivateFolder, writePrivateFile } from './file-secret-store.ts';
import { makeKeyPair, privateKeyPem, publicKeyDer } from './key-pair.ts';
import { fromPem, toPem } from './pem.ts';

const DEMO_EXAMINER = { name: 'DEMO examiner', type: 'p256' } as const;

/** File names in the custody folder; the examiner's are those of `createExaminer`. */
export const CUSTODY_FILES = {
  examinerKey: 'demo-examiner.key.pem',
  examinerCertificate: 'demo-examiner.cert.pem',
  storeKey: 'store.key.pem',
  storePublicKey: 'store.public.pem',
} as const;

/** What a station may know of its custody folder. */
export interface PublicHalves {
  examiners: Examiner[];
  /** SubjectPublicKeyInfo of the RSA key to which packets are wrapped, DER. */
  storePublicKey: Uint8Array;
}

/** `<home>-custody`, absolute. */
export function custodyFolder(home: string): string {
  const folder = resolve(home);
  return join(dirname(folder), `${basename(folder)}-custody`);
}

/**
 * Makes the custody folder where there is none, and reads its public halves. A folder that is there is never changed.
 * @throws KeyError `CUSTODY_INCOMPLETE`, `SECRET_STORE`
 */
export async function openDemoCustody(home: string): Promise<PublicHalves> {
  const folder = custodyFolder(home);
  if (!existsSync(folder)) await makeDemoCustody(folder);
  const examiners = listExaminers(folder);
  const storePublicKey = readPublicKey(join(folder, CUSTODY_FILES.storePublicKey));
  if (examiners.length === 0 || storePublicKey === null) {
    throw new KeyError('CUSTODY_INCOMPLETE',
      `${folder} lacks an examiner certificate or ${CUSTODY_FILES.storePublicKey}. Move the folder away to have a new one made.`);
  }
  return { examiners, storePublicKey };
}

/** Made under another name and renamed when complete: a half-made folder is never taken for a whole one. */
async function makeDemoCustody(folder: string): Promise<void> {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateFolder(unfinished);
  await createExaminer(unfinished, DEMO_EXAMINER);
  const store = await makeKeyPair('rsa');
  writePrivateFile(join(unfinished, CUSTODY_FILES.storeKey), Buffer.from(privateKeyPem(store.privateKey)));
  writePrivateFile(join(unfinished, CUSTODY_FILES.storePublicKey), Buffer.from(toPem('PUBLIC KEY', publicKeyDer(store.publicKey))));
  renameSync(unfinished, folder);
  flushFolder(dirname(folder));
}

/** SubjectPublicKeyInfo DER, or null where the file is missing or holds no public key. */
function readPublicKey(path: string): Uint8Array | null {
  return existsSync(path) ? fromPem('PUBLIC KEY', readFileSync(path, 'latin1'))[0] ?? null : null;
}
