/**
 * An organisation's seal beside the station's own: its key (or where that lies), the request for its certificate, and what the
 * authority gave back.
 *
 *   seal/1/  key.pem or key-reference.txt, public-key.pem, request.pem; certificates.pem once it is installed
 *   seal/2/  the same, of a renewal; once it is installed, the one before is destroyed
 *
 * The one file `certificates.pem` brings a seal into force, so a crash leaves the one before or the new one whole. With a key in
 * a file it is the seal at Done (`station-seal.ts`); with one in a token or a service it is put on later (`packet seal`), beside the station's.
 */
import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '#biometrics/signer.ts';
import { describeCertificate, type CertificateDescription } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { flushFolder, makePrivateFolder, writePrivateFile } from '../file-secret-store.ts';
import { fingerprint } from '../fingerprint.ts';
import { makeKeyPair, privateKeyPem, publicKeyDer, type KeyKind } from '../key-pair.ts';
import { fromPem, toPem } from '../pem.ts';
import { wipeFile } from '../split/key-file.ts';
import { openSigningKey } from './key-reference.ts';
import { checkSealCertificate, sealKindOf, type SealKind } from './seal-certificate.ts';
import { makeSealRequest, nameOf, type SealSubject } from './seal-request.ts';
import { signerWith, type SigningKey } from './signing-key.ts';

const FILE = { key: 'key.pem', reference: 'key-reference.txt', publicKey: 'public-key.pem', request: 'request.pem', certificates: 'certificates.pem' } as const;

/** Where the key is to lie: made here, or there already (see `key-reference.ts`). */
export type KeyChoice = { make: KeyKind } | { reference: string };

export interface SealRequest {
  /** PEM; may be given to anybody. */
  path: string;
  fingerprint: string;
  /** A seal is installed already, and stays in force until the new one is. */
  renewal: boolean;
}

export interface InstalledSeal extends CertificateDescription {
  kind: SealKind;
  /** SHA-256 of the root's DER, lower-case hex; its own where it is self-signed. */
  rootSha256: string;
  /** DER, root last. */
  chain: Uint8Array[];
  certificate: Uint8Array;
  /** Where its key lies. */
  reference: string;
}

/** What ends in so many days is to be renewed: time for an authority to check who asks. */
const WARN_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Makes a request. A request that is unanswered is made again with the same key, where the choice of key is the same: the name
 * in it may have been wrong.
 * @throws KeyError `NAME_INVALID`, `SECRET_STORE`; what `openSigningKey` throws
 */
export async function requestSeal(home: string, subject: SealSubject, choice: KeyChoice, askPin: () => Promise<string>): Promise<SealRequest> {
  nameOf(subject);
  const all = generationsOf(home);
  const folder = all.findLast((each) => !isInstalled(each) && isOf(each, choice)) ?? await makeGeneration(home, choice, askPin);
  const key = await openSigningKey(referenceIn(folder), askPin);
  try {
    const request = await makeSealRequest(subject, key);
    const path = join(folder, FILE.request);
    writePrivateFile(path, Buffer.from(toPem('CERTIFICATE REQUEST', request)));
    return { path, fingerprint: fingerprint(request), renewal: all.some(isInstalled) };
  } finally {
    await key.close();
  }
}

/**
 * Installs what the authority gave back, and destroys the key and papers of the seal before.
 * @param pems files as they came: PEM, with the certificates up to the root
 * @throws KeyError as `checkSealCertificate`; `CERTIFICATE_OF_ANOTHER_KEY` too where nothing was asked for
 */
export function installSeal(home: string, pems: readonly string[], now = new Date()): InstalledSeal {
  const given = pems.flatMap((pem) => fromPem('CERTIFICATE', pem));
  if (given.length === 0) {
    throw new KeyError('CERTIFICATE_MALFORMED', 'There is no certificate in PEM in these files. From others: openssl x509 -inform DER -in FILE, or openssl pkcs7 -print_certs -in FILE');
  }
  const folders = generationsOf(home);
  const folder = folders.findLast((each) => given.some((der) => isCertificateOf(der, publicKeyIn(each)))) ?? folders.at(-1);
  if (folder === undefined) throw new KeyError('CERTIFICATE_OF_ANOTHER_KEY', `No seal was asked for on ${home}. Begin with: countersign keys station csr`);
  const { certificate, chain } = checkSealCertificate(given, publicKeyIn(folder), now);
  writePrivateFile(join(folder, FILE.certificates), Buffer.from([certificate, ...chain].map((der) => toPem('CERTIFICATE', der)).join('')));
  for (const older of folders.slice(0, folders.indexOf(folder))) destroy(older);
  return readInstalled(folder);
}

/** The seal in force; null where none is installed. Dates are not asked. @throws KeyError `KEYS_INCOMPLETE`, `CERTIFICATE_MALFORMED` */
export function installedSeal(home: string): InstalledSeal | null {
  const folder = generationsOf(home).findLast(isInstalled);
  return folder === undefined ? null : readInstalled(folder);
}

/** The request that is not answered yet. */
export function pendingSealRequest(home: string): string | null {
  const last = generationsOf(home).at(-1);
  return last === undefined || isInstalled(last) ? null : join(last, FILE.request);
}

/** The seal in force with its key; null where none is installed. @throws what `openSigningKey` throws; KeyError `CERTIFICATE_OF_ANOTHER_KEY` */
export async function openSeal(home: string, askPin: () => Promise<string>): Promise<{ signer: Signer; key: SigningKey; seal: InstalledSeal } | null> {
  const seal = installedSeal(home);
  if (seal === null) return null;
  const key = await openSigningKey(seal.reference, askPin);
  return { key, seal, signer: signerWith(key, seal.certificate, seal.chain) };
}

/** What to do about a seal that ends within 30 days or has ended; null where there is time. */
export function sealWarning({ notAfter, subject }: Pick<InstalledSeal, 'notAfter' | 'subject'>, now: Date): string | null {
  const left = Date.parse(notAfter) - now.getTime();
  if (left >= WARN_DAYS * DAY_MS) return null;
  return `The seal certificate of ${subject} ${left < 0 ? 'ended' : 'ends'} on ${notAfter.slice(0, 10)}: ask the authority for a new one with countersign keys station csr.`;
}

function readInstalled(folder: string): InstalledSeal {
  const [certificate, ...chain] = fromPem('CERTIFICATE', readFileSync(join(folder, FILE.certificates), 'latin1'));
  if (certificate === undefined) throw incomplete(folder, FILE.certificates);
  return { ...describeCertificate(certificate), rootSha256: describeCertificate(chain.at(-1) ?? certificate).sha256, kind: sealKindOf(chain), certificate, chain, reference: referenceIn(folder) };
}

/** Ascending. */
function generationsOf(home: string): string[] {
  const folder = join(home, 'seal');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^[1-9]\d{0,5}$/.test(name)).map(Number).sort((a, b) => a - b).map((number) => join(folder, String(number)));
}

function isInstalled(folder: string): boolean {
  return existsSync(join(folder, FILE.certificates));
}

function isOf(folder: string, choice: KeyChoice): boolean {
  if ('reference' in choice) return referenceIn(folder) === choice.reference;
  const type = publicKeyIn(folder).asymmetricKeyType === 'rsa' ? 'rsa' : 'p256';
  return existsSync(join(folder, FILE.key)) && type === choice.make;
}

function referenceIn(folder: string): string {
  if (existsSync(join(folder, FILE.key))) return join(folder, FILE.key);
  if (!existsSync(join(folder, FILE.reference))) throw incomplete(folder, FILE.key);
  return readFileSync(join(folder, FILE.reference), 'utf8').trimEnd();
}

function publicKeyIn(folder: string): KeyObject {
  const path = join(folder, FILE.publicKey);
  if (!existsSync(path)) throw incomplete(folder, FILE.publicKey);
  return createPublicKey(readFileSync(path));
}

/** Under another name until it is whole. */
async function makeGeneration(home: string, choice: KeyChoice, askPin: () => Promise<string>): Promise<string> {
  const parent = join(home, 'seal');
  const number = Number(generationsOf(home).at(-1)?.split(/[\\/]/).at(-1) ?? 0) + 1;
  const [final, unfinished] = [join(parent, String(number)), join(parent, `${number}.new`)];
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateFolder(unfinished);
  const writeKey = (publicKey: KeyObject) => writePrivateFile(join(unfinished, FILE.publicKey), Buffer.from(toPem('PUBLIC KEY', publicKeyDer(publicKey))));
  if ('make' in choice) {
    const { privateKey, publicKey } = await makeKeyPair(choice.make);
    writePrivateFile(join(unfinished, FILE.key), Buffer.from(privateKeyPem(privateKey)));
    writeKey(publicKey);
  } else {
    const key = await openSigningKey(choice.reference, askPin);
    await key.close();
    writePrivateFile(join(unfinished, FILE.reference), Buffer.from(`${choice.reference}\n`));
    writeKey(key.publicKey);
  }
  renameSync(unfinished, final);
  flushFolder(parent);
  flushFolder(home);
  return final;
}

function isCertificateOf(der: Uint8Array, publicKey: KeyObject): boolean {
  describeCertificate(der);
  return new X509Certificate(der).publicKey.equals(publicKey);
}

function destroy(folder: string): void {
  if (existsSync(join(folder, FILE.key))) wipeFile(join(folder, FILE.key));
  rmSync(folder, { recursive: true });
}

function incomplete(folder: string, file: string): KeyError {
  return new KeyError('KEYS_INCOMPLETE', `${join(folder, file)} is missing or damaged. Restore the folder from its backup, or ask for a new seal with countersign keys station csr.`);
}
