/**
 * `countersign timestamp FILE --tsa URL` and `countersign timestamp --check FILE`: proof that a file existed at a time, by the word of a
 * third party (RFC 3161), kept beside it.
 *
 * Does not prove when the file was made, or by whom, and says nothing of what is in it.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readCertificates } from '#keys/certificate.ts';
import { fetchTimeStamp, provenTime, tokenIn, verifyTimeStamp, type TimeStamp } from '#packet/time-stamp/index.ts';
import { read } from './evidence.ts';

export const help = `countersign timestamp FILE --tsa URL [--trust CERT] [--out FILE.tsr]
countersign timestamp --check FILE [FILE.tsr] --trust CERT

Asks a time-stamp authority (RFC 3161) to confirm that FILE, such as a sealed record, exists now, and keeps its answer
beside FILE. Only the SHA-256 of FILE and a random number leave this machine. With --check: does the answer hold?
That needs no network.

  --tsa URL     the authority, http:// or https://
  --trust CERT  a root certificate under which authorities are believed, or one below it where the answer carries no
                more than the authority's own (PEM or DER); may be given several times.
                Without it, --check answers no: anyone can make a time-stamp
  --out FILE    where the answer goes; default: FILE.tsr. What is there is never overwritten
  --policy OID  ask for this policy of the authority
  --at TIME     with --check: when you know that the answer was there already, such as 2031-05-01T00:00:00Z, for one
                whose authority's certificate has expired since
  --json        the result as one line of JSON

A time-stamp proves that FILE existed before the time it names. It does not prove when FILE was made, or by whom.
Anyone can check it: openssl ts -verify -in FILE.tsr -data FILE -CAfile CERT
Exit codes: 0 done, or it holds; 1 it does not hold, or is not shown to; 2 could not.
`;

const USAGE = 'name a file and an authority: countersign timestamp FILE --tsa URL; or what to check: countersign timestamp --check FILE --trust CERT';

/** @returns 0, or with --check 1 where nothing is proven. What keeps it from asking or checking is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false }, tsa: { type: 'string' }, trust: { type: 'string', multiple: true, default: [] }, out: { type: 'string' },
      policy: { type: 'string' }, at: { type: 'string' }, json: { type: 'boolean', default: false },
    },
  });
  const [file, kept, ...more] = positionals;
  const roots = (await Promise.all(values.trust.map(async (path) => readCertificates(await read(path))))).flat();
  const { check, tsa, out, policy, at, json } = values;
  const asked = { file: file ?? '', roots: roots.length === 0 ? undefined : roots, json };
  if (file === undefined || more.length > 0) throw new Error(USAGE);
  if (check && tsa === undefined && out === undefined && policy === undefined) return checkKept({ ...asked, kept: kept ?? `${file}.tsr`, at: at === undefined ? null : timeOf(at) });
  if (check || tsa === undefined || kept !== undefined || at !== undefined) throw new Error(USAGE);
  return stamp({ ...asked, tsa, out: out ?? `${file}.tsr`, policy });
}

interface Asked { file: string; roots: Uint8Array[] | undefined; json: boolean }

async function stamp({ file, roots, json, tsa, out, policy }: Asked & { tsa: string; out: string; policy: string | undefined }): Promise<number> {
  if (existsSync(out)) throw overwriting(out);
  const [sha256] = await digestsOf(file, 'sha256');
  const { response, timeStamp } = await fetchTimeStamp(tsa, sha256, { roots, policy });
  await keep(out, response);
  const trust = roots === undefined ? 'Whether the authority is to be trusted was not checked: give --trust.' : 'The authority is trusted under a root you gave.';
  print(json, file, out, sha256, timeStamp, null, `${out}: ${described(file, timeStamp)}
${trust}
Keep it beside the file. Check: countersign timestamp --check ${basename(file)} ${basename(out)} --trust CERT
`);
  return 0;
}

async function checkKept({ file, roots, json, kept, at }: Asked & { kept: string; at: Date | null }): Promise<number> {
  const [sha256, sha384, sha512] = await digestsOf(file, 'sha256', 'sha384', 'sha512');
  const digests = { 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 };
  const timeStamp = await verifyTimeStamp(await tokenIn(await read(kept)), digests, roots, at ?? undefined);
  if (at !== null && at < timeStamp.time) throw new Error(`--at ${at.toISOString()}: the time-stamp names ${timeStamp.time.toISOString()}, and cannot have been there before`);
  const proven = provenTime(timeStamp) !== null;
  const why = timeStamp.problems.length > 0 ? timeStamp.problems.map(({ message }) => message) : ['By whom it is was not checked: give --trust.'];
  const word = at === null ? '' : `That rests on your word that the time-stamp was there at ${at.toISOString()} (--at).\n`;
  print(json, file, kept, sha256, timeStamp, at, proven
    ? `PROVEN. ${kept}: ${described(file, timeStamp)}\n${word}Whether the authority's certificate was revoked was not asked.\n`
    : `NOT PROVEN. ${kept} names ${when(timeStamp)}: time-stamp ${whose(timeStamp)}\n${why.join('\n')}\n`);
  return proven ? 0 : 1;
}

function described(file: string, timeStamp: TimeStamp): string {
  return `${file} existed at ${when(timeStamp)}: time-stamp ${whose(timeStamp)}`;
}

function when({ time, accuracyMs }: TimeStamp): string {
  return `${time.toISOString()}${accuracyMs === null ? '' : ` (give or take ${accuracyMs / 1000} s)`}`;
}

function whose({ serial, policy, authority }: TimeStamp): string {
  return `${serial} of ${authority}, policy ${policy}.`;
}

function print(json: boolean, file: string, timeStampFile: string, sha256: Uint8Array, timeStamp: TimeStamp, at: Date | null, text: string): void {
  const { time, accuracyMs, serial, policy, authority, trusted, problems } = timeStamp;
  const proven = provenTime(timeStamp)?.toISOString() ?? null;
  const result = {
    file, timeStamp: timeStampFile, sha256: Buffer.from(sha256).toString('hex'), provenTime: proven,
    time: time.toISOString(), accuracyMs, serial, policy, authority, trusted, problems, knownAt: at?.toISOString() ?? null,
  };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : text);
}

/** By each of the algorithms, in one reading. */
async function digestsOf<const A extends string[]>(path: string, ...algorithms: A): Promise<{ [I in keyof A]: Uint8Array }> {
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  try {
    for await (const chunk of createReadStream(path)) for (const hash of hashes) hash.update(chunk as Buffer);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return hashes.map((hash) => new Uint8Array(hash.digest())) as { [I in keyof A]: Uint8Array };
}

/** Whole or not at all: a time-stamp cut off by a full disk would be in the way of the next try. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx', flush: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw overwriting(path);
    await rm(path, { force: true }).catch(() => undefined);
    throw new Error(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function overwriting(path: string): Error {
  return new Error(`${path} is there already and is not overwritten: an older time-stamp proves more. Name another file with --out.`);
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(time.getTime())) throw new Error(`--at ${text}: give a time such as 2031-05-01T00:00:00Z`);
  if (time > new Date()) throw new Error(`--at ${text}: that is yet to come, and the answer cannot be known to have been there then`);
  return time;
}
