/**
 * A tenant's folder on the administrator's machine. Never on a station.
 *
 *   root.cert.pem  root.key.pem     the root; its key may be kept elsewhere, and brought when it is needed
 *   editions/0001/ editions/0002/   one folder for each thing done, with what was made by it: papers, certificates,
 *                                   the administrator's key
 *
 * Nothing is ever changed or overwritten: an edition is written beside, flushed, and renamed to the next number. A crash
 * leaves the edition or nothing, and of two people who work at once, the second is refused. Papers and lists carry numbers
 * of their own, in their file names and signed inside. Whoever works on an old copy of the folder makes a second paper of
 * the same number; stations refuse that.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { flushFolder, writeNewFile } from '../file-secret-store.ts';
import { crlIssuedBy, readCrl, type RevocationList } from '../read-crl.ts';
import type { DeviceList, TenantConfiguration } from './documents.ts';
import { tenantOfRoot } from './names.ts';
import { openPaper } from './paper.ts';

export const FILES = { rootKey: 'root.key.pem', rootCertificate: 'root.cert.pem', editions: 'editions', administratorKey: 'administrator.key.pem', administratorCertificate: 'administrator.cert.pem' } as const;

/** Numbered papers, by the beginning of their file names. */
export const PAPERS = { configuration: ['configuration', 'cms'], devices: ['device-list', 'cms'], crl: ['revocations', 'crl'] } as const;

/** A tenant as it is now; signatures on all of it were checked. */
export interface Tenant {
  /** Absolute. */
  folder: string;
  name: string;
  /** Certificate, DER. */
  root: Uint8Array;
  administrator: { certificate: Uint8Array; keyPath: string };
  /** The latest of each. Null: none was made yet. */
  configuration: { paper: TenantConfiguration; cms: Uint8Array; path: string } | null;
  devices: { paper: DeviceList; cms: Uint8Array; path: string };
  crl: { list: RevocationList; der: Uint8Array; path: string };
  /** Number of the last edition. */
  edition: number;
}

export function paperFile(kind: keyof typeof PAPERS, number: number): string {
  return `${PAPERS[kind][0]}-${number}.${PAPERS[kind][1]}`;
}

/** @throws KeyError `TENANT_INCOMPLETE`, `PAPER_*`, `CRL_MALFORMED`, `CERTIFICATE_MALFORMED` for a folder that somebody changed */
export async function openTenant(folder: string): Promise<Tenant> {
  const path = resolve(folder);
  const root = readCertificate(read(join(path, FILES.rootCertificate)));
  const files = editionFiles(path);
  // By the certificate: the key may be lost, and one of an administrator before must not take its place.
  const administrator = files.findLast((file) => basename(file) === FILES.administratorCertificate);
  const [configuration, devices, crl] = (['configuration', 'devices', 'crl'] as const).map((kind) => latest(files, kind));
  if (administrator === undefined || devices === undefined || crl === undefined) throw incomplete(join(path, FILES.editions));
  const crlDer = read(crl);
  if (!crlIssuedBy(crlDer, root)) throw new KeyError('PAPER_NOT_GENUINE', `${crl} was not signed by the root in this folder.`);
  const open = async <K extends 'countersign tenant configuration' | 'countersign device list'>(kind: K, file: string) => {
    const cms = read(file);
    return { paper: (await openPaper(kind, cms, root, null)).paper, cms, path: file };
  };
  return {
    folder: path, name: tenantOfRoot(root), root,
    administrator: { certificate: readCertificate(read(administrator)), keyPath: join(dirname(administrator), FILES.administratorKey) },
    configuration: configuration === undefined ? null : await open('countersign tenant configuration', configuration),
    devices: await open('countersign device list', devices),
    crl: { list: readCrl(crlDer), der: crlDer, path: crl },
    edition: editionNumbers(path).at(-1)!,
  };
}

/** Every certificate that was given to a station, DER. */
export function givenCertificates(folder: string): Uint8Array[] {
  return editionFiles(folder).filter((file) => /\.(device|seal)\.cert\.pem$/.test(file)).map((file) => readCertificate(read(file)));
}

/**
 * Files by their names, as the next edition.
 * @returns the edition's folder
 * @throws KeyError `TENANT_CHANGED`, `SECRET_STORE`; nothing was added
 */
export function addEdition(folder: string, after: number, files: Record<string, Uint8Array | string>): string {
  const edition = join(folder, FILES.editions, String(after + 1).padStart(4, '0'));
  const unfinished = mkdtempSync(join(folder, 'unfinished-'));
  try {
    for (const [name, content] of Object.entries(files)) writeNewFile(join(unfinished, name), Buffer.from(content));
    rename(unfinished, edition);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  flushFolder(join(folder, FILES.editions));
  return edition;
}

/** A folder is never renamed over one that has files in it. */
function rename(unfinished: string, edition: string): void {
  try {
    renameSync(unfinished, edition);
  } catch (cause) {
    if (!existsSync(edition)) throw new KeyError('SECRET_STORE', `${edition}: ${(cause as Error).message}`, { cause });
    throw new KeyError('TENANT_CHANGED', `${edition} is there already: somebody else made it meanwhile. Nothing was added; run the command again.`, { cause });
  }
}

/** All files of all editions, in the order of the editions. */
function editionFiles(folder: string): string[] {
  const editions = join(folder, FILES.editions);
  return editionNumbers(folder).flatMap((number) => {
    const edition = join(editions, String(number).padStart(4, '0'));
    return readdirSync(edition).map((file) => join(edition, file));
  });
}

/** @throws KeyError `TENANT_INCOMPLETE` where one is missing between two others */
function editionNumbers(folder: string): number[] {
  const editions = join(folder, FILES.editions);
  const numbers = entries(editions).filter((name) => /^\d{4,}$/.test(name)).map(Number).sort((a, b) => a - b);
  if (numbers.length === 0 || numbers.some((number, index) => number !== index + 1)) throw incomplete(editions);
  return numbers;
}

function latest(files: readonly string[], kind: keyof typeof PAPERS): string | undefined {
  const pattern = new RegExp(`[\\\\/]${PAPERS[kind][0]}-\\d+\\.${PAPERS[kind][1]}$`);
  return files.findLast((file) => pattern.test(file));
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw incomplete(folder, cause);
  }
}

function read(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw incomplete(path, cause);
  }
}

function incomplete(path: string, cause?: unknown): KeyError {
  return new KeyError('TENANT_INCOMPLETE', `${path} is missing or incomplete. Name the tenant's folder with --folder, or restore it from its latest copy.`, { cause });
}
