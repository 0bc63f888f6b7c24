/**
 * The one error class of this folder. Callers branch on `code`, never on the message.
 */
export class ExaminerError extends Error {
  readonly code: ExaminerErrorCode;
  constructor(code: ExaminerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExaminerError';
    this.code = code;
  }
}

export type ExaminerErrorCode =
  /** Neither a packet nor a signed PDF nor a sealed record. */
  | 'NOT_EVIDENCE'
  /** A PDF or packet without any sealed record, or none under the field asked for. */
  | 'NO_SEALED_RECORD'
  /** Several sealed records, and it was not said which. The message names their fields. */
  | 'WHICH_FIELD'
  /** No private key in the form this program reads; the message says how to convert it. */
  | 'KEY_UNREADABLE'
  /** The private key lies under a passphrase; the message says how to take it out. */
  | 'KEY_ENCRYPTED'
  /** The key is not one of those the record was sealed to. */
  | 'NOT_A_RECIPIENT'
  /** The sealed record or the record inside is damaged or was changed. */
  | 'RECORD_BROKEN'
  /** A capture without a single sample. */
  | 'NOTHING_TO_REPLAY';
