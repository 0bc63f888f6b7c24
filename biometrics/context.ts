/**
 * What stands beside the capture in a record: which document and field, which station, which consent,
 * which place in the station's chain, how the time was known, and who can open it. FORMAT.md section 3.
 */
import { boolean, digest, instant, integer, list, nullable, number, object, text, type Shape } from './shape.ts';

export interface RecordContext {
  requestId: string;
  tenant: string;
  site: string;
  /** `software` as name and version: "countersign 0.1.0". */
  station: { id: string; software: string };
  /** True: "DEMO, not evidence". */
  demo: boolean;
  /** D, the document as it was displayed: SHA-256 (hex) and length in bytes. */
  document: { sha256: string; length: number };
  /** Where it was signed: page counted from 0, rectangle in PDF points, origin bottom left. */
  field: { name: string; page: number; rect: { x: number; y: number; width: number; height: number } };
  /** The notice the guest agreed to: SHA-256 (hex) of its UTF-8 text, and when. */
  consent: { sha256: string; version: string; language: string; agreedAt: string };
  /** The station's gap-free record number, from 1, and SHA-256 (hex) of its sealed record before this one. */
  chain: { number: number; previousSha256: string | null };
  /** How often the guest signed and how often ink was cleared before this capture. Their strokes are not kept. */
  attempts: number;
  clears: number;
  /** Wall clock (RFC 3339) and how it was known. `synchronised` is null where the machine could not say. */
  time: { signedAt: string; source: string; synchronised: boolean | null; bootId: string | null };
  /** SHA-256 (hex) of every examiner certificate (DER) the record is sealed to. */
  recipients: string[];
}

const count = integer(0, Number.MAX_SAFE_INTEGER);

/** Checks a context read from outside, or given by a caller. @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export const contextShape: Shape<RecordContext> = object<RecordContext>({
  requestId: text,
  tenant: text,
  site: text,
  station: object({ id: text, software: text }),
  demo: boolean,
  document: object({ sha256: digest, length: count }),
  field: object({ name: text, page: count, rect: object({ x: number, y: number, width: number, height: number }) }),
  consent: object({ sha256: digest, version: text, language: text, agreedAt: instant }),
  chain: object({ number: count, previousSha256: nullable(digest) }),
  attempts: count,
  clears: count,
  time: object({ signedAt: instant, source: text, synchronised: nullable(boolean), bootId: nullable(text) }),
  recipients: list(digest),
});
