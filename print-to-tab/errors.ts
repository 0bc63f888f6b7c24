/**
 * The one error class of this folder. Callers branch on `code`, never on the message.
 */
export class PrintError extends Error {
  readonly code: PrintErrorCode;
  constructor(code: PrintErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PrintError';
    this.code = code;
  }
}

export type PrintErrorCode =
  /** Bytes that are not an IPP message; the text says at which byte. */
  | 'IPP_MALFORMED'
  /** The IPP message stops before its end. */
  | 'IPP_TRUNCATED'
  /** More attributes, depth or bytes than the codec's limits. */
  | 'IPP_LIMIT'
  /** A value that has no encoding: too long, out of range. */
  | 'IPP_UNENCODABLE'
  /** Thrown by a `JobStore`: not now, try again in a moment. */
  | 'BUSY'
  /** Thrown by a `JobStore`: this printer takes no jobs. */
  | 'NOT_ACCEPTING'
  /** The document is larger than the printer's `maxBytes`. */
  | 'DOCUMENT_TOO_LARGE'
  /** gzip or deflate data that does not inflate. */
  | 'COMPRESSION'
  /** Nothing arrived for `idleMs`. */
  | 'IDLE'
  /** The sender went away in the middle of the document. */
  | 'DISCONNECTED'
  /** The job was cancelled while its document was arriving. */
  | 'CANCELED'
  /** Client: the address is no printer address. */
  | 'BAD_ADDRESS'
  /** Client: nothing answers at the address. */
  | 'UNREACHABLE'
  /** Client: something answers, but it does not speak IPP. */
  | 'NOT_A_PRINTER'
  /** Client: the document itself broke off while it was sent. */
  | 'UNREADABLE'
  /** Client: the printer refused the job; the text is the printer's own. */
  | 'REFUSED';
