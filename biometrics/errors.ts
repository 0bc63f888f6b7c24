/**
 * The one error class of this folder. Callers branch on `code`, never on the message.
 */
export class RecordError extends Error {
  readonly code: RecordErrorCode;
  constructor(code: RecordErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RecordError';
    this.code = code;
  }
}

export type RecordErrorCode =
  /** A batch of samples that does not follow the layout in `samples.ts`. */
  | 'BATCH_MALFORMED'
  /** A batch of a newer layout than this program reads. */
  | 'BATCH_VERSION'
  /** A record that does not follow FORMAT.md; the message says at which byte or key. */
  | 'RECORD_MALFORMED'
  /** A record of a newer format version than this program reads. */
  | 'RECORD_VERSION'
  /** A record or capture above one of the limits of FORMAT.md. */
  | 'RECORD_LIMIT'
  /** ASN.1 that is not the CMS structure expected here. */
  | 'CMS_MALFORMED'
  /** The CMS is well formed but uses an algorithm this format does not allow. */
  | 'CMS_ALGORITHM'
  /** None of the recipients of a sealed record belongs to the key given. */
  | 'CMS_NOT_A_RECIPIENT'
  /** The content did not decrypt: wrong key, or a changed byte. */
  | 'CMS_DECRYPT'
  /** The recipients around the seal are not the ones the signed record names. */
  | 'RECIPIENTS_DIFFER'
  /** Sealing was asked for without any examiner certificate. */
  | 'NO_RECIPIENT';
