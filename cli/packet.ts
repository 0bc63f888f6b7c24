/**
 * `countersign packet upgrade FILE …`: brings a signed PDF, or the one in a packet, to a higher PAdES level, where the envelope may be opened
 * and there is a network; never on a tablet. The file is read in a child process; this one asks the authorities.
 *
 * Does not judge whether the file is genuine: `countersign verify` does.
 */
import { parseArgs } from 'node:util';
import { readCertificates } from '#keys/certificate.ts';
import { fromPem } from '#keys/pem.ts';
import { SOFTWARE } from '#kiosk/station/software.ts';
import { tokenIn } from '#packet/time-stamp/index.ts';
import { LEVELS, upgradeInChild, type Level, type UpgradeStep } from '#packet/upgrade/index.ts';
import { looksLikeZip } from '#packet/zip.ts';
import { read } from './evidence.ts';
import { besideFile, keepNewFile, readPacketFile, refuseTaken } from './packet/packet-file.ts';

export const help = `countersign packet upgrade FILE --to B-T|B-LT|B-LTA --tsa URL --trust CERT [--online] [--out FILE]

Makes a signed PDF, or the one in a packet (.asice), verifiable for longer (PAdES, ETSI EN 319 142-1). What its signatures cover
stays as it is. Of a packet, a next version is made: it holds the one before whole, names it by its hash, and is stamped too.

  B-T    a time-stamp over each signature: when it existed is proven from then on, even if its certificate is revoked later
  B-LT   and the certificates, revocation lists and OCSP answers that a verifier needs, kept inside
  B-LTA  and a time-stamp over all of it. Of a file that has one already, it renews it: do so before the certificate of
         the last authority ends

  --to LEVEL          B-T, B-LT or B-LTA
  --tsa URL           a time-stamp authority (RFC 3161). Only hashes and random numbers go there
  --trust CERTS       roots that signers and authorities lead to (PEM, all in the file, or DER); several times, at least once
  --certificate CERTS those that lie between and are not in the file (PEM or DER); several times
  --crl FILE          a revocation list (PEM or DER); several times
  --ocsp FILE         an OCSP answer (DER); several times
  --token FILE        a time-stamp that was fetched before over a signature value (.tsr, bare, or the addendum that a
                      station sent after its packet); several times
  --store-key KEY     FILE is wrapped for the store (.esdk): the private half of the store's key (PEM). The result is
                      wrapped again
  --online            may go to the addresses in the certificates for lists, OCSP answers and issuers: whoever runs them
                      learns that somebody here asks. Not to private networks
  --private           with --online: to private networks too
  --out FILE          the result; default: FILE with the level, or the packet's version, before its ending, as in
                      card.B-LTA.pdf and card.v2.asice. Never overwritten
  --json              what was done as one line of JSON

countersign packet seal FILE [--home FOLDER] [--place TEXT] [--crl FILE]… [--store-key KEY] [--out FILE] [--json]

Adds the organisation's seal to a signed PDF, as a later signature, or to a packet, as its next version (countersign keys
station csr). With --crl, a seal that was revoked is refused. Default: FILE.sealed.pdf, or FILE.v2.asice.

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
      token: { type: 'string', multiple: true, default: [] }, 'store-key': { type: 'string' }, json: { type: 'boolean', default: false },
    },
  });
  const [action, file, ...more] = positionals;
  const to = levelOf(values.to);
  if (action !== 'upgrade' || file === undefined || more.length > 0 || to === null || values.trust.length === 0 || (values.private && !values.online)) throw new Error(USAGE);
  const given = await readPacketFile(file, values['store-key']);
  const named = values.out ?? (looksLikeZip(given.bytes) ? null : besideFile(file, to));
  // before anybody is asked
  if (named !== null) await refuseTaken(named);
  const upgraded = await upgradeInChild(given.bytes, {
    to, tsa: values.tsa ?? null, software: SOFTWARE,
    trust: (await each(values.trust, readCertificates)).flat(),
    tokens: await each(values.token, tokenIn),
    given: { certificates: (await each(values.certificate, readCertificates)).flat(), crls: await each(values.crl, readList), ocsps: await each(values.ocsp, (bytes) => bytes) },
    online: values.online ? { allowPrivate: values.private } : null,
  });
  const { bytes, version, steps, notes } = upgraded;
  const out = named ?? besideFile(file, `v${version}`);
  if (bytes !== null) await keepNewFile(out, await given.packed(bytes, version));
  process.stdout.write(values.json
    ? `${JSON.stringify({ file, out: bytes === null ? null : out, level: to, version, steps, notes })}\n`
    : `${bytes === null ? `${file} is ${to} already. Nothing was written.\n` : `${out}: ${to}${version === null ? '' : `, version ${version} of the packet`}.\n${steps.map((step) => `  ${described(step)}\n`).join('')}`}${notes.map((note) => `${note}\n`).join('')}`);
  return 0;
}

function levelOf(text: string | undefined): Level | null {
  return LEVELS.find((level) => level === text) ?? null;
}

/** @throws what `take` throws, its message begun with the file's name: several are given */
export function each<T>(paths: readonly string[], take: (bytes: Uint8Array) => T | Promise<T>): Promise<T[]> {
  return Promise.all(paths.map(async (path) => {
    const bytes = await read(path);
    try {
      return await take(bytes);
    } catch (error) {
      if (error instanceof Error) error.message = `${path}: ${error.message}`;
      throw error;
    }
  }));
}

/** PEM or DER. */
export function readList(bytes: Uint8Array): Uint8Array {
  return fromPem('X509 CRL', Buffer.from(bytes).toString('latin1'))[0] ?? bytes;
}

function described(step: UpgradeStep): string {
  if (step.step === 'validation-data') return `validation data: ${step.certificates} certificates, ${step.crls} revocation lists, ${step.ocsps} OCSP answers`;
  const what = step.step === 'signature-time-stamp' ? `time-stamp over signature "${step.field}"` : `document time-stamp "${step.field}"`;
  return `${what}: ${step.time.toISOString()}, ${step.authority}`;
}
