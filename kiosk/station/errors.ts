/**
 * The one error class of this folder. Callers branch on `code`, never on the message; the message is a
 * sentence for the person in front of the screen. `problem.ts` gives each code its HTTP status.
 */
export class StationError extends Error {
  readonly code: StationErrorCode;
  constructor(code: StationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StationError';
    this.code = code;
  }
}

export type StationErrorCode =
  /** The data folder was written by a newer Countersign. */
  | 'HOME_NEWER'
  /** The data folder cannot be made, read or kept private. */
  | 'HOME_UNUSABLE'
  /** Another station has this data folder open. */
  | 'ALREADY_RUNNING'
  /** `station.json` says something it may not. */
  | 'SETTINGS_INVALID'
  /** Asked to listen beyond this machine without TLS. */
  | 'LISTEN_NEEDS_TLS'
  /** The port is taken, or may not be used. */
  | 'PORT_UNUSABLE'
  /** No session: the address was opened without its token, or the token was used before. */
  | 'NO_SESSION'
  /** A session of the other kind, or for another tablet. */
  | 'FORBIDDEN'
  /** The Host header names another machine (DNS rebinding). */
  | 'WRONG_HOST'
  /** The request comes from a page of another origin. */
  | 'WRONG_ORIGIN'
  /** No such route, file, or kept document. */
  | 'NOT_FOUND'
  /** The route takes another method. */
  | 'METHOD_NOT_ALLOWED'
  /** The body is longer than the route takes. */
  | 'TOO_LARGE'
  /** The body is not what the route takes. */
  | 'BAD_BODY'
  /** The screens were not built yet. */
  | 'SCREENS_MISSING'
  | 'NO_SUCH_REQUEST'
  | 'NO_SUCH_TABLET'
  /** The request is in a state that does not allow it. */
  | 'NOT_NOW'
  /** Another document is on the tablet. */
  | 'TABLET_BUSY'
  /** There are several lines to sign on, and none was picked. */
  | 'FIELD_NOT_PICKED'
  /** As many forms are remembered as there is room for. */
  | 'FORMS_FULL'
  /** Boxes on the page that cannot be signed in. */
  | 'BOX_UNUSABLE'
  /** "Done" without an answer to each box to tick, or with other boxes. */
  | 'CHECKS_DIFFER'
  /** The document has no such field. */
  | 'NO_SUCH_FIELD'
  /** The signature is being finished at this moment. */
  | 'COMPLETING'
  /** What the screen displayed is not the document. */
  | 'DOCUMENT_DIFFERS'
  /** "Done" without "I agree", or with other words than were agreed to. */
  | 'CONSENT_MISSING'
  /** Policy takes a pen only. */
  | 'INSTRUMENT_REFUSED'
  /** A dot, or hardly more. */
  | 'CAPTURE_TOO_SHORT'
  /** One straight line. */
  | 'CAPTURE_LINE'
  /** Hardly longer than a blink. */
  | 'CAPTURE_TOO_FAST'
  /** More than a record holds: longer, or a stroke of more than ten metres. */
  | 'CAPTURE_TOO_LONG'
  /** A pen that measures pressure gave none, or never another. */
  | 'CAPTURE_NO_PRESSURE'
  /** Not enrolled, no examiner, a certificate that has ended …: see `capture-allowed.ts`. */
  | 'CAPTURE_NOT_ALLOWED'
  /** No pen at this tablet gives what the hotel asks for. */
  | 'PEN_INSUFFICIENT'
  /** The pen or the browser lost a part of the signature. */
  | 'CAPTURE_INCOMPLETE'
  /** No room left on the disk. */
  | 'DISK_FULL'
  /** Only in demo mode. */
  | 'DEMO_ONLY'
  /** A command of the control socket that nobody knows. */
  | 'UNKNOWN_COMMAND'
  /** A fault of ours; details stand in the log. */
  | 'INTERNAL';
