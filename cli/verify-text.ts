/**
 * The result of `countersign verify` on a terminal. Before: `verify.ts`; the words that the station's page shares are `packet/verify/words.ts`.
 * What an examiner may quote stands under each record that was opened.
 */
import type { Assessment } from '#biometrics/assessment.ts';
import type { Finding, OpenedRecordResult, PapersResult, RevisionResult, SealedRecordResult, SignatureResult, VerifyResult } from '#packet/verify/result.ts';
import { auditWords, belongingWords, documentWords, onOneLine, packetVersionWords, revisionWords, signatureFacts, signatureTitle, timeStampWords, trustWords, voidWords } from '#packet/verify/words.ts';

export function describeResult(file: string, anyResult: VerifyResult): string {
  const result = onOneLine(anyResult);
  const { audit } = result;
  const of = (severity: Finding['severity']): Finding[] => result.findings.filter((finding) => finding.severity === severity);
  // why it is not valid, before what it is
  const errors = of('error');
  const others = [...of('warning'), ...of('note')];
  return [
    `${onOneLine(file)}: ${verdict(result)}`,
    '',
    ...(errors.length === 0 ? [] : [...errors.map(describeFinding), '']),
    ...result.signatures.flatMap(describeSignature),
    ...result.timeStamps.map((stamp) => `${timeStampWords(stamp)}${stamp.intact && stamp.trusted === null ? ' (--trust-timestamps)' : ''}`),
    ...(result.timeStamps.length === 0 ? [] : ['']),
    ...describeRevisions(result.revisions),
    ...[documentWords(result)].filter((line) => line !== null),
    ...result.sealedRecords.flatMap(describeRecord),
    ...result.packetVersions.map((version) => `Packet: ${packetVersionWords(version)}`),
    ...(audit === null ? [] : [`Audit trail: ${auditWords(audit)}`]),
    ...result.voids.map((each) => `Void statement: ${voidWords(each)}`),
    ...describePapers(result.papers),
    ...(others.length === 0 ? [] : ['', ...others.map(describeFinding)]),
    '',
  ].join('\n');
}

function verdict({ indication, subIndication, valid, trusted, voids, findings }: VerifyResult): string {
  const beside = `${findings.some(({ code }) => code === 'DEMO') ? ' DEMO, not evidence.' : ''}${voids.some(({ believed }) => believed) ? ' DECLARED VOID by the hotel, see below.' : ''}`;
  if (valid && trusted === null) return `UNCHANGED since it was sealed (TOTAL-PASSED).${beside} By whom it was sealed was not checked: give --trust.`;
  if (valid) return `VALID (TOTAL-PASSED).${beside}`;
  const words = indication === 'TOTAL-FAILED' ? 'NOT VALID' : 'NOT SHOWN TO BE VALID';
  return `${words} (${indication}, ${subIndication}).${beside}`;
}

function describeSignature(signature: SignatureResult): string[] {
  return [signatureTitle(signature), ...signatureFacts(signature).map(({ label, text }) => `  ${`${label}:`.padEnd(11)}${text}`), ''];
}

/** One revision is what every signed file has. */
function describeRevisions(revisions: VerifyResult['revisions']): string[] {
  if (revisions.length < 2) return [];
  return [`Revisions: ${revisions.length}, the first up to the end of what the first signature covers`, ...revisions.flatMap(describeRevision), ''];
}

function describeRevision(revision: RevisionResult): string[] {
  const { what, sealed } = revisionWords(revision);
  return [`  ${revision.number}: ${what}`, `     ${sealed}`];
}

function describeRecord(record: SealedRecordResult): string[] {
  const { name, sha256, length, recipients, provenTime, opened } = record;
  const who = recipients.map(({ issuer, serial }) => `certificate ${serial} of ${issuer}`).join('; ');
  return [
    `Sealed signature${name === '' ? '' : ` "${name}"`}`,
    `  readable for: ${who === '' ? 'nobody known' : who}`,
    `  sealed:       ${length} bytes, SHA-256 ${sha256}${provenTime === null ? '' : `; a time-stamp proves that they existed at ${provenTime}`}`,
    `  ${belongingWords(record)}${opened === null ? ' (--key opens it)' : ''}`,
    ...(opened === null ? [] : describeOpened(opened)),
  ];
}

function describeOpened({ device, time, request, station, chain, configuration, acceptance, assessment }: OpenedRecordResult): string[] {
  const clock = time.synchronised === null ? 'not known to be synchronised' : time.synchronised ? 'synchronised' : 'NOT synchronised';
  return [
    `  signed by:    ${device.signer}, serial number ${device.serial} (${trustWords(device.trusted)}); ${device.intact ? 'unchanged' : 'CHANGED since'}`,
    `  when:         ${time.signedAt}, the station's claim (${time.source} clock, ${clock})`,
    `  says it is:   record ${chain.number} of station "${station.id}" at "${station.site}", ${station.tenant}; request ${request}; `
      + `${configuration === null ? 'no tenant configuration' : `configuration ${configuration.number}`}`,
    ...describeAcceptance(acceptance),
    ...describeAssessment(assessment),
  ];
}

const EXCEPTIONS = { mark: 'a mark, such as a cross', assisted: 'written with an assisted hand', finger: 'written with a finger' } as const;

function describeAcceptance(acceptance: OpenedRecordResult['acceptance']): string[] {
  if (acceptance === null) return ['  accepted:     the record does not say how'];
  const { refusals, exception } = acceptance;
  const before = refusals.length === 0 ? 'nothing was refused before' : `refused before: ${refusals.join(', ')}`;
  const how = exception === null ? 'it met the station\'s policy' : `accepted as ${EXCEPTIONS[exception.reason]}, by ${exception.by}`;
  return [`  accepted:     ${how}; ${before}`];
}

/** Both, where they differ: what was known when the signature was accepted, and what can be known now. */
function describeAssessment({ kept, anew, differing }: OpenedRecordResult['assessment']): string[] {
  if (kept === null) return quoted('Fitness for examination, computed now (the record holds none)', anew);
  if (differing.length === 0) return quoted(`Fitness for examination, as found at the station; the same when computed anew by ${anew.software}`, kept);
  return [
    ...quoted('Fitness for examination, as found at the station', kept), ...quoted('Computed anew now', anew), `    they differ in: ${differing.join(', ')}`,
  ];
}

function quoted(heading: string, { software, summary }: Assessment): string[] {
  return [`  ${heading} (${software}):`, `    ${summary}`];
}

function describePapers({ devices, revocationLists }: PapersResult): string[] {
  return [
    ...(devices === null ? [] : [`Device list: number ${devices.number} of ${devices.tenant}, of ${devices.issuedAt}`]),
    ...revocationLists.map(({ from, issuer, number, thisUpdate, nextUpdate }) => (
      `Revocation list: number ${number ?? 'none'} of ${issuer}, of ${thisUpdate}, next due ${nextUpdate ?? 'not said'} (${from === 'given' ? 'given' : 'came with the file'})`)),
  ];
}

const MARKS: Record<Finding['severity'], string> = { error: 'ERROR', warning: 'Warning', note: 'Note' };

function describeFinding({ code, severity, message }: Finding): string {
  return `${MARKS[severity]}: ${message} [${code}]`;
}
