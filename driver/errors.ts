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
  /** No attached pen has this id. */
  | 'PEN_UNKNOWN'
  /** The system does not let this user read the device; the message says what to change. */
  | 'PEN_FORBIDDEN'
  /** The device is held by the operating system or by another program. */
  | 'PEN_CLAIMED'
  /** The device is there and does not answer, or answers what its protocol does not know. */
  | 'PEN_SILENT'
  /** What its reports mean is known neither from the system nor to us. */
  | 'PEN_LAYOUT_UNKNOWN'
  /** The device vanished while it was open. */
  | 'PEN_GONE'
  /** More samples came than a capture may hold, or nobody took them for too long: they would have been lost in silence. */
  | 'PEN_OVERFLOW'
  /** A HID report descriptor breaks the rules of HID 1.11; the message names the byte. */
  | 'DESCRIPTOR_MALFORMED'
  /** A hid-recorder file cannot be read; the message names the line. */
  | 'RECORDING_MALFORMED'
  /** A signature pad refused a command; the message has its status and result code. */
  | 'PAD_REFUSED'
  /** The picture does not fit the pad. */
  | 'PAD_PICTURE';
