/** The one error class of this folder. Callers branch on `code`, never on the message. */
export class PenError extends Error {
  readonly code: PenErrorCode;
  constructor(code: PenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PenError';
    this.code = code;
  }
}

export type PenErrorCode =
  /** `open` was called on a source that is open, or was closed before. */
  | 'PEN_ALREADY_OPEN'
  /** The device is held by another program. */
  | 'PEN_CLAIMED'
  /** The device vanished while it was open. */
  | 'PEN_GONE';
