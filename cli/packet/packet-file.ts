/**
 * The file that `countersign packet` works on: a signed PDF, a packet, or either in its envelope of the store; and the file that it writes.
 * What was wrapped is wrapped again, to the same key, so that nothing lies in the clear that did not before.
 */
import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { flushFolder } from '#keys/file-secret-store.ts';
import { openEnvelope, openWrapper } from '#sync-agent/index.ts';
import { read } from '../evidence.ts';

export interface PacketFile {
  bytes: Uint8Array;
  /** In the form in which the file was: as it is, or wrapped. `version`: of the packet. */
  packed(bytes: Uint8Array, version: number | null): Promise<Uint8Array>;
}

/** As the AWS Encryption SDK's message format 2.0 begins. */
const ENVELOPE = 0x02;

/**
 * @param storeKey path of the private half of the store's key (PKCS#8 PEM), for a wrapped file
 * @throws Error for a file on a station, or one that cannot be read; SyncError as `openEnvelope`
 */
export async function readPacketFile(path: string, storeKey: string | undefined): Promise<PacketFile> {
  await refuseStation(path);
  const file = await read(path);
  if (storeKey === undefined) {
    if (file[0] === ENVELOPE) throw new Error(`${path} is wrapped for the store. Name the private half of the store's key: --store-key KEY`);
    return { bytes: file, packed: async (bytes) => bytes };
  }
  const privateKeyPem = Buffer.from(await read(storeKey)).toString('utf8');
  const { bytes, context } = await openEnvelope(file, { privateKeyPem });
  const spki = new Uint8Array(createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' }));
  const named = Object.fromEntries(Object.entries(context).filter(([name]) => !name.startsWith('aws-crypto-')));
  return {
    bytes,
    async packed(next, version) {
      const sha256 = createHash('sha256').update(next).digest('hex');
      return openWrapper(null, spki).wrap(next, { ...named, sha256, ...(version === null ? {} : { version: String(version) }) });
    },
  };
}

/** Packets are opened where the envelope may be; what a stolen tablet could open would be no secret (design, promise 5). */
async function refuseStation(path: string): Promise<void> {
  const real = await realpath(path).catch(() => path);
  for (let at = dirname(real); ; at = dirname(at)) {
    if (existsSync(join(at, 'station.db'))) throw new Error(`${path} lies in the data folder of a station (${at}). Packets are never opened there: take the file to where the store's key is.`);
    if (at === dirname(at)) return;
  }
}

/** As in card.B-LT.pdf. The mark of a packet's version takes the place of an earlier one's: card.v3.asice after card.v2.asice. */
export function besideFile(file: string, mark: string): string {
  const ending = extname(file);
  const name = file.slice(0, file.length - ending.length);
  return `${VERSION.test(`.${mark}`) ? name.replace(VERSION, '') : name}.${mark}${ending}`;
}

const VERSION = /\.v\d+$/;

/**
 * Whole or not at all, and never over a file that is there: written and flushed under another name first.
 * @throws Error, and nothing is left behind, where the disk is full or the name is taken
 */
export async function keepNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}.new`;
  try {
    await writeFile(unfinished, bytes, { flag: 'wx', flush: true, mode: 0o600 });
    await nameAnew(unfinished, path);
    flushFolder(dirname(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw overwriting(path);
    throw new Error(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

/** Before anybody is asked for what could not be kept. */
export async function refuseTaken(path: string): Promise<void> {
  await refuseStation(path);
  if (existsSync(path)) throw overwriting(path);
}

/** A second name cannot take the place of a file, as renaming would; not every file system has them. */
async function nameAnew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    if (existsSync(to)) throw overwriting(to);
    await rename(from, to);
  }
}

function overwriting(path: string): Error {
  return new Error(`${path} is there already and is not overwritten. Name another file with --out.`);
}
