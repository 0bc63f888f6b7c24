/**
 * Seals a record: signed by the device (CMS SignedData), its DER then encrypted to the examiners
 * (AuthEnvelopedData), so that stock OpenSSL opens and verifies it. RFC 5652, 5083, 5084.
 *
 * Before it: `record.ts`. After it: `packet/` puts the sealed record into the signed PDF.
 * Does not protect from a stolen device key, nor against whoever injects reports before the driver.
 */
import { buildEnvelope, buildSignedData, sha256Hex } from './cms.ts';
import { RecordError } from './errors.ts';
import { decodeRecord } from './record.ts';
import type { Signer } from './signer.ts';

/**
 * @param record as `encodeRecord` gives it; its `context.recipients` must name exactly `examiners`
 * @param examiners X.509 certificates, DER, RSA or P-256. They travel inside the signature, so that an opener can
 *   tell which certificate each recipient's part is for
 * @param crls the latest revocation lists of the device's issuers that the station has, DER; they travel inside the signature
 * @returns DER of the sealed record
 * @throws RecordError `NO_RECIPIENT`, `RECIPIENTS_DIFFER`, `CMS_ALGORITHM`, `RECORD_*` for a record that cannot be read
 */
export async function sealRecord(
  record: Uint8Array, device: Signer, examiners: readonly Uint8Array[], crls: readonly Uint8Array[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  if (examiners.length === 0) throw new RecordError('NO_RECIPIENT', 'no examiner certificate: without one nothing may be captured');
  const named = decodeRecord(record).context.recipients.toSorted();
  const given = (await Promise.all(examiners.map(sha256Hex))).toSorted();
  if (named.join() !== given.join()) {
    throw new RecordError('RECIPIENTS_DIFFER', 'the record names other recipients than the examiners it is to be sealed to');
  }
  const signed = await buildSignedData({ content: record, signer: device, certificates: examiners, crls });
  try {
    return await buildEnvelope(signed, examiners);
  } finally {
    // the last that can be read by anyone; what else was copied on the way goes with the heap
    signed.fill(0);
  }
}
