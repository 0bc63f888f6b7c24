/**
 * `countersign verify FILE`: is this signed PDF, packet or sealed record genuine, and how far can its signature be examined?
 *
 * Files and lists are strangers': they are read in a child process with a deadline and a memory limit, and no sample of the pen
 * leaves it. What is printed: `verify-text.ts`.
 */
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readCertificates, readPrivateKey } from '#keys/certificate.ts';
import { REUSE_NOT_CHECKED } from '#packet/verify/against.ts';
import { verifyInChild } from '#packet/verify/in-child.ts';
import type { Finding, VerifyResult } from '#packet/verify/result.ts';
import { findingsAgainst } from './against-folder.ts';
import { describeResult } from './verify-text.ts';
import { voidStatements } from './void-statements.ts';

export const help = `countersign verify FILE [OPTIONS]

Checks a signed PDF or a packet, of Countersign or of anyone, or a sealed record alone, without any network: was anything
changed, who sealed it and when, what was added to it later, and do the document, the sealed signature and the audit trail
belong together?

  --trust CERTS root certificates to trust (PEM, all in the file, or DER); may be given several times. Without it the answer is only
                whether anything was changed since it was sealed, not by whom it was sealed
  --devices LIST
                the tenant's device list, signed by its administrator: a certificate that is not on it is not believed
  --revoked CRL a revocation list (PEM or DER), of a root or of an authority below it; may be given several times. Both kinds of
                list count only under a --trust root
  --certificate CERTS
                certificates that lie between a signer and its root and are not in the file (PEM or DER); several times
  --key KEY     an examiner's private key (PEM or DER): opens the sealed records, checks that they belong to this document and
                which device signed them, and tells how far each can be examined, as found at the station and as found now
  --document PDF
                for a sealed record alone: the document, or the signed PDF, that it should belong to
  --timestamp TOKEN
                a time-stamp (RFC 3161) over FILE, over a signature in it (a station's addendum, .p7s) or over a sealed record
                in it; may be given several times. Left out, FILE.tsr where there is one
  --trust-timestamps CERT
                a root under which time-stamps are believed, those inside a PDF too; may be given several times. Without it
                they prove nothing
  --against FOLDER
                also holds its sealed records against those of every packet, signed PDF and sealed record in the folder:
                the same signature in two documents, and numbers that a station gave twice or left out. More is found
                with --key
  --void PATH   a statement that a packet is void (CMS), or a folder with such; may be given several times. Those lying beside FILE
                (*.p7s) are looked at in any case
  --online      may go to the addresses in the certificates, for issuers, revocation lists and OCSP answers: whoever runs them learns
                that somebody here asks. Not to private networks. Without it nothing is sent anywhere
  --private     with --online: to private networks too
  --json        the result as one line of JSON

Exit codes: 0 valid, also where it was declared void, which is told beside (--json: voids); 1 not valid, or not shown to be;
2 could not check.
`;

/** Bytes of a list or token: more is none. */
const LARGEST_PAPER = 32 * 1024 * 1024;

/** @returns 0 valid, 1 not. Anything that keeps it from checking is thrown. */
export async function run(argv: string[]): Promise<number> {
  const asked = parse(argv);
  const { file, against } = asked;
  const [bytes, voids, roots, between, privateKey, document, devices, revoked, timeStamps, timeStampTrust] = await Promise.all([
    read(file), voidStatements(file, asked.void), certificates(asked.trust), certificates(asked.certificate), optional(asked.key, async (path) => readPrivateKey(await read(path))), optional(asked.document, (path) => read(path)),
    optional(asked.devices, readPaper), Promise.all(asked.revoked.map(readPaper)), timeStampsFor(asked), certificates(asked['trust-timestamps']),
  ]);
  const examinerKey = privateKey === undefined ? undefined : { privateKey };
  const checked = await verifyInChild(bytes, { trust: roots, certificates: between, examinerKey, document, devices, revoked, timeStamps, timeStampTrust, voids, online: asked.online ? { allowPrivate: asked.private } : null });
  if (document !== undefined && checked.kind !== 'sealed-record') throw new Error(`--document is for a sealed record alone; ${file} is none, and holds its document itself`);
  const unchecked = checked.sealedRecords.length === 0 ? [] : [REUSE_NOT_CHECKED];
  const more = against === undefined ? unchecked : await findingsAgainst(against, { file, bytes }, examinerKey);
  const result = withFindings(checked, more);
  process.stdout.write(asked.json ? `${JSON.stringify(result)}\n` : describeResult(file, result));
  return result.valid ? 0 : 1;
}

/** A file whose record is used twice, or whose station keeps two chains, is not shown to be right, whole as it may be. */
function withFindings(result: VerifyResult, more: readonly Finding[]): VerifyResult {
  const findings = [...result.findings, ...more];
  if (!result.valid || more.every(({ severity }) => severity !== 'error')) return { ...result, findings };
  return { ...result, indication: 'INDETERMINATE', subIndication: 'GENERIC', valid: false, findings };
}

const many = { type: 'string', multiple: true, default: [] as string[] } as const;
/** Read as several, so that none is quietly left out for another. */
const one = { type: 'string', multiple: true, default: [] as string[] } as const;
const OPTIONS = {
  trust: many, key: one, against: one, devices: one, revoked: many, certificate: many, void: many, document: one, timestamp: many, 'trust-timestamps': many,
  online: { type: 'boolean', default: false }, private: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
} as const;

type Asked = ReturnType<typeof parse>;

function parse(argv: string[]) {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('Name one file: countersign verify FILE [--trust CERT] [--key KEY] [--against FOLDER]');
  if (values.private && !values.online) throw new Error('--private is for --online');
  const { key, against, devices, document, ...rest } = values;
  return { ...rest, key: only('key', key), against: only('against', against), devices: only('devices', devices), document: only('document', document), file };
}

function only(name: string, [first, second]: readonly string[]): string | undefined {
  if (second !== undefined) throw new Error(`--${name} may be given once`);
  return first;
}

async function certificates(paths: readonly string[]): Promise<Uint8Array[] | undefined> {
  return paths.length === 0 ? undefined : (await Promise.all(paths.map(async (path) => readCertificates(await read(path))))).flat();
}

async function optional<T>(path: string | undefined, readIt: (path: string) => Promise<T>): Promise<T | undefined> {
  return path === undefined ? undefined : readIt(path);
}

/** Those named, or the one lying beside the file under its name. */
async function timeStampsFor({ file, timestamp }: Asked): Promise<Uint8Array[]> {
  if (timestamp.length > 0) return Promise.all(timestamp.map(readPaper));
  const beside = `${file}.tsr`;
  const isThere = await stat(beside).then((found) => found.isFile(), () => false);
  return isThere ? [await readPaper(beside)] : [];
}

function readPaper(path: string): Promise<Uint8Array> {
  return read(path, LARGEST_PAPER);
}

async function read(path: string, largest = Infinity): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > largest) throw new Error(`it has ${size} bytes, at most ${largest} are read`);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
