/**
 * A document, from the bytes that were printed to the packet that outsiders check.
 *
 * Before: the station brings a print job, a sealed record (`biometrics/`) and a seal key (`keys/`).
 * Way of one document: `intake/` → `fields/` → `sign-document.ts` → `audit.ts` → `container.ts`.
 * After: the packet goes to `sync-agent/`; `verify/` and `examiner/` read it, on any machine.
 */
export { PacketError, type PacketErrorCode } from './errors.ts';

export { intake, type IntakeLimits, type IntakeResult } from './intake/index.ts';
export { findFields, type Field, type Rect } from './fields/index.ts';
export { drawText, embedFonts, measureText, type FontSet, type TextOptions } from './text/index.ts';
export type { Filling } from './filled-field.ts';
export { signDocument, type SignDocumentOptions, type SignedDocument } from './sign-document.ts';

export { canonicalJson, type Json } from './canonical-json.ts';
export { appendEvent, verifyTrail, type AuditEvent, type TrailCheck } from './audit.ts';
export { buildPacket, MIME_TYPE, readPacket, type Packet, type PacketContents } from './container.ts';
export { readSignedPdf, type PdfSealedRecord, type PdfSignature, type SignedPdf } from './read-signed-pdf.ts';
export { verify } from './verify/verify.ts';
export { verifyInChild } from './verify/in-child.ts';
export type { Finding, Indication, SealedRecordResult, SignatureResult, VerifyOptions, VerifyResult } from './verify/result.ts';
