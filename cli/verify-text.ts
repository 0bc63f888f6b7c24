/**
 * The result of `countersign verify` in words. Before: `verify.ts`. What an examiner may quote stands under each record that was opened.
 *
 * Names, ids and summaries in it are whatever the file says: they may begin no line of their own, and command no terminal.
 */
import type { Assessment } from '#biometrics/assessment.ts';
import type { Finding, OpenedRecordResult, PapersResult, RevisionResult, SealedRecordResult, SignatureResult, TimeStampResult, VerifyResult } from '#packet/verify/result.ts';

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
    ...result.timeStamps.map(describeTimeStamp),
    ...(result.timeStamps.length === 0 ? [] : ['']),
    ...describeRevisions(result.revisions),
    ...describeDocument(result),
    ...result.sealedRecords.flatMap(describeRecord),
    ...(audit === null ? [] : [`Audit trail: ${audit.events} events, ${audit.intact ? 'unbroken' : 'BROKEN'}`]),
    ...describePapers(result.papers),
    ...(others.length === 0 ? [] : ['', ...others.map(describeFinding)]),
    '',
  ].join('\n');
}

/** Every text in it without line breaks, control characters and marks that turn the direction of writing. */
function onOneLine<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, '\u{fffd}') as T;
  if (Array.isArray(value)) return value.map(onOneLine) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, onOneLine(member)])) as T;
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
    `  when:      ${claimedTime ?? 'not said'}, by the sealer's own clock; ${provenTime === null ? 'no time is proven' : `a time-stamp proves that it existed at ${provenTime}`}`,
    '',
  ];
}

function describeTimeStamp({ over, field, time, authority, intact, trusted, provenTime }: TimeStampResult): string {
  const what = over === 'signature' ? `Time-stamp over signature "${field}"` : `Time-stamp "${field}" over the whole file before it`;
  const worth = !intact ? 'it DOES NOT HOLD' : provenTime !== null ? 'trusted' : trusted === null ? 'whether to believe it was not checked (--trust-timestamps)' : 'NOT believed, see below';
  return `${what}: ${time}, by ${authority}; ${worth}`;
}

/** One revision is what every signed file has. */
function describeRevisions(revisions: VerifyResult['revisions']): string[] {
  if (revisions.length < 2) return [];
  return [`Revisions: ${revisions.length}, the first up to the end of what the first signature covers`, ...revisions.flatMap(describeRevision), ''];
}

const KINDS: Record<RevisionResult['changes'][number]['kind'], string> = {
  'validation-data': 'validation data', metadata: 'metadata, which no page shows', signature: 'a signature', 'document-time-stamp': 'a time-stamp over the document',
  'form-field': 'filled in, form field',
};

function describeRevision({ number, length, allowed, changes, problem, seals }: RevisionResult): string[] {
  const added = changes.map(({ kind, field, visible }) => `${KINDS[kind]}${field === null ? '' : ` "${field}"`}${visible ? ', shown on a page' : ''}`).join('; ');
  const who = seals.map(({ field, signer, claimedTime, provenTime }) => (
    `"${field}" by ${signer ?? 'unknown'}, ${provenTime === null ? `at ${claimedTime ?? 'a time not said'} by its own clock` : `proven to have existed at ${provenTime}`}`));
  return [
    `  ${number}: ${length} bytes; ${allowed ? `added: ${number === 1 ? 'the document' : added === '' ? 'nothing that counts' : added}` : `NOT ALLOWED: ${problem ?? ''}`}`,
    `     ${seals.length === 0 ? 'covered by no signature of its own' : `sealed: ${who.join('; ')}`}`,
  ];
}

function describeDocument({ document, kind }: VerifyResult): string[] {
  if (document === null) return [];
  const where = kind === 'sealed-record' ? `Document that it names: ${document.length} bytes` : `Document as the guest saw it: the first ${document.length} bytes`;
  return [`${where}, SHA-256 ${document.sha256}`];
}

function describeRecord({ name, sha256, length, documentSha256, bound, recipients, provenTime, opened }: SealedRecordResult): string[] {
  const who = recipients.map(({ issuer, serial }) => `certificate ${serial} of ${issuer}`).join('; ');
  return [
    `Sealed signature${name === '' ? '' : ` "${name}"`}`,
    `  readable for: ${who === '' ? 'nobody known' : who}`,
    `  sealed:       ${length} bytes, SHA-256 ${sha256}${provenTime === null ? '' : `; a time-stamp proves that they existed at ${provenTime}`}`,
    `  ${opened === null ? closedWords(documentSha256) : boundWords(bound)}`,
    ...(opened === null ? [] : describeOpened(opened)),
  ];
}

function closedWords(document: string | null): string {
  return document === null ? 'closed: to which document it belongs stands inside (--key opens it)' : 'closed: that it belongs to this document is claimed, not checked (--key opens it)';
}

function boundWords(bound: SealedRecordResult['bound']): string {
  return bound === 'checked' ? 'opened: it names this document, by the length and SHA-256 above' : 'opened: that it belongs to a document was not shown, see below';
}

function describeOpened({ device, time, request, station, chain, configuration, acceptance, assessment }: OpenedRecordResult): string[] {
  const trust = device.trusted === null ? 'not checked' : device.trusted ? 'trusted' : 'NOT trusted';
  const clock = time.synchronised === null ? 'not known to be synchronised' : time.synchronised ? 'synchronised' : 'NOT synchronised';
  return [
    `  signed by:    ${device.signer}, serial number ${device.serial} (${trust}); ${device.intact ? 'unchanged' : 'CHANGED since'}`,
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
