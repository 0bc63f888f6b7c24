/**
 * "Is this genuine?", for a signed PDF or a packet, from its bytes alone and without any network.
 *
 * Words and logic of ETSI EN 319 102-1, with one deviation that the issue asks for: without a root to trust, the
 * standard would answer INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND to everything. Here `--trust` left out means that
 * the question is only "was anything changed?": TOTAL-PASSED then says just that, `trusted` is null, and the warning
 * TRUST_NOT_CHECKED stands in the findings. With a root given, an unknown signer is INDETERMINATE, never valid.
 *
 * Not evaluated: time-stamps, revocation, differences between revisions. Each is named in a finding where it matters.
 * The bytes may be anything: the command runs this in a child process (`in-child.ts`).
 */
import { looksLikeZip } from '../zip.ts';
import { checkPacket } from './packet.ts';
import { checkPdf } from './pdf.ts';
import { Report, type VerifyOptions, type VerifyResult } from './result.ts';
import { sha256 } from '../sha256.ts';

/** @throws nothing that the bytes could cause: what cannot be read is a finding. */
export async function verify(bytes: Uint8Array, options: VerifyOptions): Promise<VerifyResult> {
  const report = new Report();
  const asked = options.trust?.length === 0 ? { ...options, trust: undefined } : options;
  const checked = looksLikeZip(bytes)
    ? await checkPacket(bytes, asked, report)
    : { ...await checkPdf(bytes, asked, report), audit: null };
  const { indication, subIndication, valid, findings } = report.conclude();
  const signatures = checked?.signatures ?? [];
  return {
    indication,
    subIndication,
    valid,
    trusted: asked.trust === undefined ? null : signatures.length > 0 && signatures.every(({ trusted }) => trusted === true),
    document: checked?.document ?? { sha256: await sha256(bytes), length: bytes.length },
    signatures,
    sealedRecords: (checked?.sealedRecords ?? []).map(({ name, sha256, documentSha256, bound, recipients }) => ({ name, sha256, documentSha256, bound, recipients })),
    audit: checked?.audit ?? null,
    findings,
  };
}
