/**
 * Opens a sealed record with an examiner's private key: decrypts, verifies the device signature, reads the record,
 * and compares the recipients around the seal with the list the device signed (CMS itself does not).
 *
 * Before it: `seal.ts`, and years. After it: `examiner/`.
 * Does not judge the device's certificate: whose it is, whether it was revoked, is for the caller.
 */
import type { Capture } from './capture.ts';
import {
  chainAbove, describeName, openEnvelope, readCertificateParts, readEnvelope, sha256Hex, verifySignedData,
  type DecryptionKey, type Envelope,
} from './cms.ts';
import type { RecordContext } from './context.ts';
import { RecordError } from './errors.ts';
import { decodeRecord } from './record.ts';

export interface SealedRecordInfo {
  /** Who can open it, as the envelope says; not authenticated before it is opened. */
  recipients: { kind: 'rsa' | 'p256'; issuer: string; serial: string }[];
  /** Bytes of the encrypted content, without the tag. */
  length: number;
}

export interface OpenedRecord {
  /** The record, byte for byte as it was signed. */
  record: Uint8Array;
  version: number;
  capture: Capture;
  context: RecordContext;
  /** The device's certificate, DER, and those above it as far as they are inside. */
  signerCertificate: Uint8Array;
  chain: Uint8Array[];
  /** The revocation lists the station had, DER. */
  crls: Uint8Array[];
  /** False: the record is not what the device signed, or another certificate than the signed one is inside. */
  signatureValid: boolean;
  /** CMS SignedData, DER: what `openssl cms -decrypt -binary` gives and `openssl cms -verify` takes. */
  signedData: Uint8Array;
}

const GCM_TAG = 16;

/** Reads what a sealed record says without a key. @throws RecordError `CMS_MALFORMED`, `CMS_ALGORITHM` */
export function readSealedRecord(sealed: Uint8Array): SealedRecordInfo {
  const { recipients, ciphertext } = readEnvelope(sealed);
  return {
    recipients: recipients.map(({ kind, name }) => ({ kind, ...describeName(name) })),
    length: ciphertext.length - GCM_TAG,
  };
}

/**
 * Opens a sealed record.
 * @throws RecordError `CMS_NOT_A_RECIPIENT`, `CMS_DECRYPT`, `RECIPIENTS_DIFFER`, `CMS_MALFORMED`, `CMS_ALGORITHM`,
 *   `RECORD_*`. A signature that does not verify is no error here but `signatureValid: false`: an examiner may have to see it.
 */
export async function openSealedRecord(sealed: Uint8Array, key: DecryptionKey): Promise<OpenedRecord> {
  const envelope = readEnvelope(sealed);
  const signedData = await openEnvelope(envelope, key);
  const { content, certificate, certificates, crls, valid } = await verifySignedData(signedData);
  if (content === null) throw new RecordError('CMS_MALFORMED', 'the signature inside the sealed record carries no record');
  const { version, capture, context } = decodeRecord(content);
  await compareRecipients(envelope, context.recipients, certificates);
  return {
    record: content, version, capture, context, signatureValid: valid, signedData,
    signerCertificate: certificate, chain: chainAbove(certificate, certificates), crls,
  };
}

/**
 * Recipients around the seal carry only issuer and serial number; the certificates inside the signature link
 * those to the hashes the device signed.
 */
async function compareRecipients({ recipients }: Envelope, signed: readonly string[], certificates: readonly Uint8Array[]): Promise<void> {
  const hashes = new Map<string, string>();
  for (const certificate of certificates) {
    const hash = await sha256Hex(certificate);
    if (signed.includes(hash)) hashes.set(readCertificateParts(certificate).name.join(), hash);
  }
  const around = recipients.map(({ name }) => hashes.get(name.whole.join()) ?? 'unknown').toSorted();
  if (around.join() !== signed.toSorted().join()) {
    throw new RecordError('RECIPIENTS_DIFFER', 'the recipients around the seal are not those the device signed: someone was added, removed or exchanged');
  }
}
