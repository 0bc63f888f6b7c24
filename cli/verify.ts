/**
 * `countersign verify FILE [--trust CERT] [--key KEY] [--against FOLDER]`: is this signed PDF or packet genuine?
 *
 * The file is a stranger's: it is read in a child process with a deadline and a memory limit.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readCertificate, readPrivateKey } from '#keys/certificate.ts';
import { REUSE_NOT_CHECKED } from '#packet/verify/against.ts';
import { verifyInChild } from '#packet/verify/in-child.ts';
import type { Finding, SealedRecordResult, SignatureResult, VerifyResult } from '#packet/verify/result.ts';
import { findingsAgainst } from './against-folder.ts';

export const help = `countersign verify FILE [OPTIONS]

Checks a signed PDF or a packet, of Countersign or of anyone, without any network: was anything changed, who sealed
it, and do the document, the sealed signature and the audit trail belong together?

  --trust CERT  a root certificate to trust (PEM or DER); may be given several times. Without it the answer is only
                whether anything was changed since it was sealed, not by whom it was sealed
  --key KEY     an examiner's private key (PEM or DER): opens the sealed records and checks that they belong to this
                document
  --against FOLDER
                also holds its sealed records against those of every packet, signed PDF and sealed record in the folder:
                the same signature in two documents, and numbers that a station gave twice or left out. More is found
                with --key
  --json        the result as one line of JSON

Exit codes: 0 valid; 1 not valid, or not shown to be; 2 could not check.
`;

/** @returns 0 valid, 1 not. Anything that keeps it from checking is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { file, trust, key, against, json } = parse(argv);
  const [bytes, roots, privateKey] = await Promise.all([
    read(file),
    Promise.all(trust.map(async (path) => readCertificate(await read(path)))),
    key === undefined ? undefined : read(key).then(readPrivateKey),
  ]);
  const examinerKey = privateKey === undefined ? undefined : { privateKey };
  const checked = await verifyInChild(bytes, { trust: roots.length === 0 ? undefined : roots, examinerKey });
  const unchecked = checked.sealedRecords.length === 0 ? [] : [REUSE_NOT_CHECKED];
  const more = against === undefined ? unchecked : await findingsAgainst(against, { file, bytes }, examinerKey);
  const result = withFindings(checked, more);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(file, result));
  return result.valid ? 0 : 1;
}

/** A file whose record is used twice, or whose station keeps two chains, is not shown to be right, whole as it may be. */
function withFindings(result: VerifyResult, more: readonly Finding[]): VerifyResult {
  const findings = [...result.findings, ...more];
  if (!result.valid || more.every(({ severity }) => severity !== 'error')) return { ...result, findings };
  return { ...result, indication: 'INDETERMINATE', subIndication: 'GENERIC', valid: false, findings };
}

interface Asked { file: string; trust: string[]; key: string | undefined; against: string | undefined; json: boolean }

function parse(argv: string[]): Asked {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      trust: { type: 'string', multiple: true, default: [] }, key: { type: 'string' }, against: { type: 'string' }, json: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('Name one file: countersign verify FILE [--trust CERT] [--key KEY] [--against FOLDER]');
  return { file, trust: values.trust, key: values.key, against: values.against, json: values.json };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function describe(file: string, result: VerifyResult): string {
  const { document, audit } = result;
  return [
    `${file}: ${verdict(result)}`,
    '',
    ...result.signatures.flatMap(describeSignature),
    `Document as the guest saw it: the first ${document.length} bytes, SHA-256 ${document.sha256}`,
    ...result.sealedRecords.map(describeRecord),
    ...(audit === null ? [] : [`Audit trail: ${audit.events} events, ${audit.intact ? 'unbroken' : 'BROKEN'}`]),
    ...(result.findings.length === 0 ? [] : ['', ...result.findings.map(describeFinding)]),
    '',
  ].join('\n');
}

function verdict({ indication, subIndication, valid, trusted, findings }: VerifyResult): string {
  const demo = findings.some(({ code }) => code === 'DEMO') ? ' DEMO, not evidence.' : '';
  if (valid && trusted === null) return `UNCHANGED since it was sealed (TOTAL-PASSED).${demo} By whom it was sealed was not checked: give --trust.`;
  if (valid) return `VALID (TOTAL-PASSED).${demo}`;
  const words = indication === 'TOTAL-FAILED' ? 'NOT VALID' : 'NOT SHOWN TO BE VALID';
  return `${words} (${indication}, ${subIndication}).${demo}`;
}

function describeSignature({ field, signer, intact, trusted, wholeFile, level, claimedTime, provenTime }: SignatureResult): string[] {
  const trust = trusted === null ? 'not checked' : trusted ? 'trusted' : 'NOT trusted';
  return [
    `Signature "${field}" (${level})`,
    `  sealed by: ${signer ?? 'unknown'} (${trust})`,
    `  unchanged: ${intact ? 'yes' : 'NO'}; covers ${wholeFile ? 'everything' : 'NOT everything'}`,
    `  when:      ${provenTime === null ? `${claimedTime ?? 'not said'}, by the sealer's own clock; no time is proven` : `${provenTime}, proven by a time-stamp`}`,
    '',
  ];
}

function describeRecord({ name, bound, recipients }: SealedRecordResult): string {
  const who = recipients.map(({ issuer, serial }) => `certificate ${serial} of ${issuer}`).join('; ');
  const said = bound === 'checked' ? 'opened: it names this document' : 'closed: that it belongs to this document is claimed, not checked (--key opens it)';
  return `Sealed signature "${name}"\n  readable for: ${who === '' ? 'nobody known' : who}\n  ${said}`;
}

const MARKS: Record<Finding['severity'], string> = { error: 'ERROR', warning: 'Warning', note: 'Note' };

function describeFinding({ code, severity, message }: Finding): string {
  return `${MARKS[severity]}: ${message} [${code}]`;
}
