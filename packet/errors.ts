/**
 * The one error class of this folder. Callers branch on `code`, never on the message; the message is a
 * sentence for the person in front of the screen: what is wrong and what to do.
 */
export class PacketError extends Error {
  readonly code: PacketErrorCode;
  constructor(code: PacketErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PacketError';
    this.code = code;
  }
}

export type PacketErrorCode =
  /** No `%PDF-` within the first 1,024 bytes. */
  | 'NOT_A_PDF'
  /** A PDF that the editor or the viewer cannot read to the end. */
  | 'PDF_BROKEN'
  /** A page longer than readers agree on (ISO 32000-2, annex C.2). */
  | 'PDF_PAGE_SIZE'
  /** Encrypted, and the empty password does not open it. */
  | 'PDF_ENCRYPTED'
  /** A PDF without a single page. */
  | 'PDF_NO_PAGES'
  /** More bytes than the limit given; the message holds both numbers. */
  | 'PDF_TOO_LARGE'
  /** More pages than the limit given; the message holds both numbers. */
  | 'PDF_TOO_MANY_PAGES'
  /** Reading the PDF took longer than the deadline given; the child process was killed. */
  | 'PDF_TIMEOUT'
  /** Reading the PDF took more memory than the limit given; the child process is gone. */
  | 'PDF_MEMORY'
  /** A signed PDF that intake would have to change (scripts, files, encryption, damage): its signatures would break. */
  | 'PDF_SIGNED_ACTIVE'
  /** A certified PDF whose DocMDP or FieldMDP forbids a further signature. */
  | 'PDF_LOCKED'
  /** The text has a character that none of the bundled fonts can draw. */
  | 'NO_GLYPH'
  /** The signature field is not on a page of the document, or has no area. */
  | 'FIELD_OUTSIDE_PAGE'
  /** Something is to be filled in for which a signed document has no empty field, and none can be added to it. */
  | 'FIELD_NOT_PREPARED'
  /** The increment could not be built, or would have changed bytes of the document. */
  | 'INCREMENT_FAILED'
  /** The document given is not the one whose SHA-256 was recorded. */
  | 'DOCUMENT_CHANGED'
  /** The CMS is larger than the room kept for it in `/Contents`. */
  | 'SIGNATURE_TOO_LARGE'
  /** `/ByteRange`, `/Contents` or the CMS of a signature cannot be read. */
  | 'SIGNATURE_UNREADABLE'
  /** A packet that is not the ASiC-E container described in `container.ts`. */
  | 'CONTAINER_MALFORMED'
  /** A packet above one of the limits for unpacking. */
  | 'CONTAINER_LIMIT'
  /** An audit trail whose hash chain does not hold. */
  | 'TRAIL_BROKEN'
  /** A device list or revocation list given to `verify` that cannot be read, or that no trusted root stands behind. */
  | 'PAPER_REFUSED'
  /** What should be an RFC 3161 token or response is none. */
  | 'TIME_STAMP_UNREADABLE'
  /** A time-stamp by an algorithm that is weak, or not known here. */
  | 'TIME_STAMP_ALGORITHM'
  /** The time-stamp authority said no; the message says why, in its words and those of RFC 3161. */
  | 'TIME_STAMP_REFUSED'
  /** The answer is not to the question asked: another hash, nonce or policy. */
  | 'TIME_STAMP_OTHER'
  /** The token that came does not hold. */
  | 'TIME_STAMP_INVALID'
  /** What was given as the address of a time-stamp authority is none that is used here. */
  | 'TIME_STAMP_ADDRESS'
  /** The time-stamp authority did not answer, not in time, or not as RFC 3161 wants. Trying again may help. */
  | 'TIME_STAMP_AWAY'
  /** A PDF to be upgraded holds no signature that can be read, or one that does not hold: nothing is built upon it. */
  | 'UPGRADE_REFUSED'
  /** A certificate that should be kept for later does not lead to a root that was given. */
  | 'CHAIN_INCOMPLETE'
  /** Neither given nor to be had: a revocation list or OCSP answer for a certificate. */
  | 'REVOCATION_MISSING'
  /** A server of revocation lists or OCSP did not answer, not in time, or too much. Trying again may help. */
  | 'REVOCATION_AWAY'
  /** An address in a certificate that is not gone to: not http, or inside a private network. */
  | 'REVOCATION_ADDRESS'
  /** A revocation list or OCSP answer that is not by whom it should be, not about the certificate, or out of date. */
  | 'REVOCATION_INVALID'
  /** A certificate was revoked before the time that is proven for what it signed. */
  | 'CERTIFICATE_REVOKED';
