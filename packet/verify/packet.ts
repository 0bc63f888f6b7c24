/**
 * A packet: its container signature, every digest, its exact bytes, the audit trail, and the signed PDF inside
 * (EN 319 162-1; EN 319 102-1).
 *
 * The bytes of a packet are a function of its files, so it is rebuilt and compared: what no signature covers (dates,
 * attributes, gaps between files) cannot carry anything either.
 */
import { checkDisclosed, verifyTrail } from '../audit.ts';
import { digests, readPacket, type Packet } from '../container.ts';
import { PacketError } from '../errors.ts';
import { MANIFEST_NAME, sameBytes, SIGNATURE_NAME, SUMS_NAME, writeSums } from '../manifest.ts';
import { versionOf } from '../packet-version.ts';
import { sha256 } from '../sha256.ts';
import { writeZip } from '../zip.ts';
import { tellDemo } from './demo.ts';
import { checkVersions } from './packet-versions.ts';
import { checkPdf, type CheckedPdf } from './pdf.ts';
import type { Asked } from './asked.ts';
import type { Report, SignatureResult, VerifyResult } from './result.ts';
import { checkSignature } from './signature.ts';
import { NOTHING_STORED } from './validation-data.ts';

export interface CheckedPacket extends CheckedPdf, Pick<VerifyResult, 'audit' | 'packetVersions'> {}

/** @returns null where the container cannot be taken apart; the report says why. */
export async function checkPacket(bytes: Uint8Array, asked: Asked, report: Report): Promise<CheckedPacket | null> {
  const packet = read(bytes, report);
  if (packet === null) return null;
  if (!sameBytes(writeZip(packet.files), bytes)) {
    report.fail('FORMAT_FAILURE', 'CONTAINER_CHANGED', 'The container around the files was changed or packed anew: something stands in it that no signature covers.');
  }
  const later = await checkVersions(packet, asked, report);
  const container = await checkContainer(packet, later.proven, asked, report);
  const audit = checkAudit(packet, report);
  const pdf = await checkPdf(packet.signedPdf, asked, report);
  checkBelonging(packet, pdf, report);
  if (container.intact && container.wholeFile) asked.tenant = packet.station?.tenant ?? null;
  if (packet.demo) tellDemo(asked, report);
  return {
    ...pdf, signatures: [...pdf.signatures, container, ...later.signatures], timeStamps: [...pdf.timeStamps, ...later.timeStamps],
    packetVersions: later.versions, audit,
  };
}

function read(bytes: Uint8Array, report: Report): Packet | null {
  try {
    return readPacket(bytes);
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    report.fail('FORMAT_FAILURE', error.code, error.message);
    return null;
  }
}

async function checkContainer({ request, manifest, signature, files, sums, consent }: Packet, known: Date | null, asked: Asked, report: Report): Promise<SignatureResult> {
  const checked = await checkSignature({ what: 'The container\'s signature', cms: signature, content: manifest.bytes, baseline: 'CAdES', claimedTime: null, ours: true, field: SIGNATURE_NAME, known, stored: NOTHING_STORED }, asked, report);
  const before = report.errors;
  const data = new Map([...files].filter(([name]) => versionOf(name) === 1 && name !== 'mimetype' && name !== MANIFEST_NAME && name !== SIGNATURE_NAME));
  const found = await digests(data);
  for (const { name, sha256: digest } of found) {
    const claimed = manifest.entries.find((entry) => entry.name === name);
    if (claimed === undefined) report.fail('FORMAT_FAILURE', 'FILE_NOT_SIGNED', `${name} is in the packet, but its manifest does not name it.`);
    else if (claimed.sha256 !== digest) report.fail('HASH_FAILURE', 'FILE_CHANGED', `${name} was changed after the packet was signed.`);
  }
  for (const { name } of manifest.entries) {
    if (!data.has(name)) report.fail('FORMAT_FAILURE', 'FILE_MISSING', `${name} is missing from the packet.`);
  }
  if (!sameBytes(sums, writeSums(found.filter(({ name }) => name !== SUMS_NAME)))) report.fail('HASH_FAILURE', 'SUMS_DIFFER', `${SUMS_NAME} does not list the files of the packet.`);
  if (await sha256(consent.bytes) !== consent.sha256) report.fail('HASH_FAILURE', 'CONSENT_DIFFERS', 'The consent text is not the one that the audit trail names.');
  return {
    field: SIGNATURE_NAME,
    intact: checked.intact,
    trusted: checked.trusted,
    wholeFile: report.errors === before,
    level: checked.level,
    signer: checked.signer,
    certificateSha256: checked.certificateSha256,
    vouched: checked.vouched,
    request,
    claimedTime: checked.signingTime,
    provenTime: checked.provenTime?.toISOString() ?? null,
  };
}

function checkAudit({ audit, disclosed }: Packet, report: Report): NonNullable<VerifyResult['audit']> {
  const { intact, events, problems } = verifyTrail(audit);
  for (const problem of problems) report.fail('HASH_FAILURE', 'TRAIL_BROKEN', `Audit trail: ${problem}`);
  for (const problem of checkDisclosed(disclosed, audit)) report.fail('HASH_FAILURE', 'DISCLOSED_DIFFERS', `Audit trail: ${problem}`);
  return { intact, events };
}

/**
 * Every part must speak of the same signing request: a packet put together from two is none. Where others signed the document before,
 * theirs stand in the PDF too: the last of ours is this packet's, and where the trail says which request it follows, the one before is that's.
 */
function checkBelonging({ request, audit, consent }: Packet, { requestIds, sealedRecords }: CheckedPdf, report: Report): void {
  if (requestIds.length === 0) report.fail('FORMAT_FAILURE', 'DOCUMENT_NOT_OURS', 'The PDF in this packet was not signed by Countersign.');
  const follows = audit[0]?.details['follows'];
  for (const [id, expected] of [[requestIds.at(-1), request], ...(follows === undefined ? [] : [[requestIds.at(-2), follows]])]) {
    if (requestIds.length > 0 && id !== expected) report.fail('HASH_FAILURE', 'DOCUMENT_OF_ANOTHER_REQUEST', `The PDF belongs to the signing request ${id ?? '(none)'}, the packet to ${expected}.`);
  }
  const stranger = audit.find((event) => event.request !== null && event.request !== request);
  if (stranger !== undefined) report.fail('HASH_FAILURE', 'TRAIL_OF_ANOTHER_REQUEST', `Event ${stranger.number} of the audit trail belongs to the signing request ${stranger.request}.`);
  for (const { name, consentSha256 } of sealedRecords.slice(-1)) {
    if (consentSha256 !== null && consentSha256 !== consent.sha256) report.fail('HASH_FAILURE', 'RECORD_OF_ANOTHER_CONSENT', `Sealed record "${name}" was signed under another consent text.`);
  }
}
