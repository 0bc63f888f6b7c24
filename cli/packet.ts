/**
 * `countersign packet upgrade FILE …`: brings a signed PDF to a higher PAdES level, where the envelope may be opened and there is a
 * network; never on a tablet.
 *
 * Does not judge whether the file is genuine: `countersign verify` does.
 */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { readCertificate } from '#keys/certificate.ts';
import { fromPem } from '#keys/pem.ts';
import { tokenIn } from '#packet/time-stamp/index.ts';
import { LEVELS, upgradeDocument, type Level, type UpgradeStep } from '#packet/upgrade/index.ts';
import { read } from './evidence.ts';

export const help = `countersign packet upgrade FILE --to B-T|B-LT|B-LTA --tsa URL --trust CERT [--online] [--out FILE]

Makes a signed PDF verifiable for longer (PAdES, ETSI EN 319 142-1). What its signatures cover stays as it is.

  B-T    a time-stamp over each signature: when it existed is proven from then on, even if its certificate is revoked later
  B-LT   and the certificates, revocation lists and OCSP answers that a verifier needs, kept inside
  B-LTA  and a time-stamp over all of it. Of a file that has one already, it renews it: do so before the certificate of
         the last authority ends

  --to LEVEL          B-T, B-LT or B-LTA
  --tsa URL           a time-stamp authority (RFC 3161). Only hashes and random numbers go there
  --trust CERT        a root that signers and authorities lead to (PEM or DER); several times, at least once
  --certificate CERT  one that lies between and is not in the file; several times
  --crl FILE          a revocation list (PEM or DER); several times
  --ocsp FILE         an OCSP answer (DER); several times
  --token FILE        a time-stamp that was fetched before over a signature value (.tsr or bare); several times
  --online            may go to the addresses in the certificates for lists, OCSP answers and issuers: whoever runs them
                      learns that somebody here asks. Not to private networks
  --private           with --online: to private networks too
  --out FILE          the result; default: FILE with the level before its ending, as in card.B-LTA.pdf. Never overwritten
  --json              what was done as one line of JSON

countersign packet seal FILE [--home FOLDER] [--place TEXT] [--out FILE] [--json]

Adds the organisation's seal to a signed PDF, as a later signature (countersign keys station csr). Default: FILE.sealed.pdf.

FILE itself is never changed: whatever goes wrong, try again with it.
Exit codes: 0 done, or the level was reached already (then nothing is written); 2 could not.
`;

const USAGE = 'name what to do: countersign packet upgrade FILE --to B-T|B-LT|B-LTA --tsa URL --trust CERT';

/** @returns 0. What keeps it from upgrading is thrown. */
export async function run(argv: string[]): Promise<number> {
  if (argv[0] === 'seal') return (await import('./packet/seal.ts')).run(argv.slice(1));
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      to: { type: 'string' }, tsa: { type: 'string' }, out: { type: 'string' }, online: { type: 'boolean', default: false }, private: { type: 'boolean', default: false },
      trust: { type: 'string', multiple: true, default: [] }, certificate: { type: 'string', multiple: true, default: [] },
      crl: { type: 'string', multiple: true, default: [] }, ocsp: { type: 'string', multiple: true, default: [] },
      token: { type: 'string', multiple: true, default: [] }, json: { type: 'boolean', default: false },
    },
  });
  const [action, file, ...more] = positionals;
  const to = levelOf(values.to);
  if (action !== 'upgrade' || file === undefined || more.length > 0 || to === null || values.trust.length === 0 || (values.private && !values.online)) throw new Error(USAGE);
  const out = values.out ?? beside(file, to);
  if (existsSync(out)) throw overwriting(out);
  const pdf = await read(file);
  const upgraded = await upgradeDocument(pdf, {
    to, tsa: values.tsa ?? null,
    trust: await each(values.trust, readCertificate),
    tokens: await each(values.token, tokenIn),
    given: { certificates: await each(values.certificate, readCertificate), crls: await each(values.crl, readList), ocsps: await each(values.ocsp, (bytes) => bytes) },
    online: values.online ? { allowPrivate: values.private } : null,
  });
  const changed = upgraded.steps.length > 0;
  if (changed) await keep(out, upgraded.pdf);
  const { steps, notes } = upgraded;
  process.stdout.write(values.json
    ? `${JSON.stringify({ file, out: changed ? out : null, level: to, steps, notes })}\n`
    : `${changed ? `${out}: ${to}.\n${steps.map((step) => `  ${described(step)}\n`).join('')}` : `${file} is ${to} already. Nothing was written.\n`}${notes.map((note) => `${note}\n`).join('')}`);
  return 0;
}

function levelOf(text: string | undefined): Level | null {
  return LEVELS.find((level) => level === text) ?? null;
}

function each<T>(paths: readonly string[], take: (bytes: Uint8Array) => T | Promise<T>): Promise<T[]> {
  return Promise.all(paths.map(async (path) => take(await read(path))));
}

function readList(bytes: Uint8Array): Uint8Array {
  return fromPem('X509 CRL', Buffer.from(bytes).toString('latin1'))[0] ?? bytes;
}

function beside(file: string, level: Level): string {
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}.${level}${ending}`;
}

function described(step: UpgradeStep): string {
  if (step.step === 'validation-data') return `validation data: ${step.certificates} certificates, ${step.crls} revocation lists, ${step.ocsps} OCSP answers`;
  const what = step.step === 'signature-time-stamp' ? `time-stamp over signature "${step.field}"` : `document time-stamp "${step.field}"`;
  return `${what}: ${step.time.toISOString()}, ${step.authority}`;
}

/** Whole or not at all: a file cut off by a full disk would be in the way of the next try. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx', flush: true, mode: 0o600 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw overwriting(path);
    await rm(path, { force: true }).catch(() => undefined);
    throw new Error(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function overwriting(path: string): Error {
  return new Error(`${path} is there already and is not overwritten. Name another file with --out.`);
}
