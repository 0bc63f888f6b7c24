/** The one error class of this folder. Callers branch on `code`, never on the message. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;
  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

export type ProtocolErrorCode =
  /** Not JSON, a missing or unknown key, or a value that is not what the message allows. */
  | 'MALFORMED'
  /** Longer than the message may be. */
  | 'TOO_LONG'
  /** A message type this program does not know. */
  | 'UNKNOWN_TYPE';
