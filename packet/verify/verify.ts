/**
 * Verifies a signed PDF, a packet, or a sealed record alone, from its bytes, and without any network unless it is asked for.
 *
 * Words and logic of ETSI EN 319 102-1, with one deviation that the issue asks for: without a root to trust, the
 * standard would answer INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND to everything. Here `--trust` left out means that
 * the question is only "was anything changed?": TOTAL-PASSED then says just that, `trusted` is null, and the warning
 * TRUST_NOT_CHECKED stands in the findings. With a root given, an unknown signer is INDETERMINATE, never valid. Revocation is
 * judged by the lists given, by what lies in the file, and by what comes over the network where that was asked for. A certificate that
 * names where its revocation is told, of which nothing is known, is TRY_LATER; one that names nowhere (a tenant's) is a finding.
 *
 * The bytes may be anything: the command runs this in a child process (`in-child.ts`).
 */
import { sha256 } from '../sha256.ts';
import { looksLikeZip } from '../zip.ts';
import { tellForeignAddenda } from './addenda.ts';
import { ask, papersOf, type Asked } from './asked.ts';
import { checkBareRecord, looksLikeSealedRecord } from './bare-record.ts';
import { checkPacket } from './packet.ts';
import { checkPdf } from './pdf.ts';
import { provenTimeOf, tellUnusedTimeStamps } from './record-time.ts';
import { Report, type VerifyOptions, type VerifyResult } from './result.ts';
import { refuseUnplaced } from './tenant-papers.ts';
import { checkVoids } from './void-statement.ts';

/** @throws PacketError `PAPER_REFUSED` for lists that do not count; nothing that the bytes could cause: what cannot be read is a finding. */
export async function verify(bytes: Uint8Array, options: VerifyOptions): Promise<VerifyResult> {
  const report = new Report();
  const asked = await ask(options, report);
  if (asked.timeStamps.size > 0) asked.fileTime = await provenTimeOf('The file', bytes, asked, report);
  const checked = await check(bytes, asked, report);
  const voids = await checkVoids(options.voids ?? [], {
    bytes, signatures: checked?.signatures ?? [], earlier: (checked?.packetVersions ?? []).filter(({ intact }) => intact).map(({ previousSha256 }) => previousSha256),
  }, asked, report);
  refuseUnplaced(asked.papers);
  tellUnusedTimeStamps(asked, report);
  await tellForeignAddenda(options.timeStamps ?? [], bytes, report);
  if (asked.online !== null) report.note('ASKED_ONLINE', asked.online.asked.size === 0 ? 'No certificate here names an address that could be asked.' : `Asked: ${[...asked.online.asked].join(', ')}.`);
  const { indication, subIndication, valid, findings } = report.conclude();
  const signatures = checked?.signatures ?? [];
  const devices = (checked?.sealedRecords ?? []).flatMap(({ opened }) => opened === null ? [] : [opened.device]);
  return {
    kind: looksLikeZip(bytes) ? 'packet' : looksLikeSealedRecord(bytes) ? 'sealed-record' : 'pdf',
    indication,
    subIndication,
    valid,
    trusted: asked.trust === undefined ? null : signatures.length > 0 && [...signatures, ...devices].every(({ trusted }) => trusted === true),
    document: checked === null ? { sha256: await sha256(bytes), length: bytes.length } : checked.document,
    signatures,
    timeStamps: checked?.timeStamps ?? [],
    revisions: checked?.revisions ?? [],
    sealedRecords: (checked?.sealedRecords ?? []).map(({ name, sha256, length, documentSha256, bound, recipients, provenTime, opened }) => (
      { name, sha256, length, documentSha256, bound, recipients, provenTime, opened })),
    packetVersions: checked?.packetVersions ?? [],
    audit: checked?.audit ?? null,
    voids,
    papers: papersOf(asked),
    findings,
  };
}

async function check(bytes: Uint8Array, asked: Asked, report: Report): Promise<Pick<VerifyResult, 'document' | 'signatures' | 'timeStamps' | 'revisions' | 'sealedRecords' | 'packetVersions' | 'audit'> | null> {
  if (looksLikeZip(bytes)) return checkPacket(bytes, asked, report);
  if (looksLikeSealedRecord(bytes)) return { ...await checkBareRecord(bytes, asked, report), timeStamps: [], revisions: [], packetVersions: [], audit: null };
  return { ...await checkPdf(bytes, asked, report), packetVersions: [], audit: null };
}
