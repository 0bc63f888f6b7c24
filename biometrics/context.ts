/**
 * What stands beside the capture in a record: which document and field and what was on the screen, which station under
 * which configuration, which consent, which place in the station's chain, how the time was known, how far the capture can be
 * examined, and who can open it. FORMAT.md section 3.
 */
import type { Assessment } from './assessment.ts';
import { MAX_RECIPIENTS } from './limits.ts';
import { boolean, dictionary, digest, instant, integer, list, nullable, number, object, oneOf, text, type Shape } from './shape.ts';

export interface RecordContext {
  requestId: string;
  tenant: string;
  site: string;
  /** `software` as name and version: "countersign 0.1.0". `tablet`: its id at this station; null where the record does not say. */
  station: { id: string; software: string; tablet: string | null };
  /** The tenant's signed configuration in force: its number and SHA-256 (hex) of its bytes; null in demo mode. */
  configuration: { number: number; sha256: string } | null;
  /** True: "DEMO, not evidence". */
  demo: boolean;
  /** D, the document as it was displayed: SHA-256 (hex) and length in bytes. */
  document: { sha256: string; length: number };
  /** Where it was signed: page counted from 0, rectangle in PDF points, origin bottom left. */
  field: { name: string; page: number; rect: { x: number; y: number; width: number; height: number } };
  /** What the guest saw; null in records before version 3. */
  shown: Shown | null;
  /** The notice the guest agreed to: SHA-256 (hex) of its UTF-8 text, and when. */
  consent: { sha256: string; version: string; language: string; agreedAt: string };
  /** The station's gap-free record number, from 1, and SHA-256 (hex) of its sealed record before this one. */
  chain: { number: number; previousSha256: string | null };
  /** How often the guest signed and how often ink was cleared before this capture. Their strokes are not kept. */
  attempts: number;
  clears: number;
  /** How the signature came to be accepted; null in records before version 3. */
  acceptance: Acceptance | null;
  /** Wall clock (RFC 3339) and how it was known. */
  time: RecordTime;
  /** Fitness for examination as it was found at the station; null in records before version 3. */
  assessment: Assessment | null;
  /** SHA-256 (hex) of every examiner certificate (DER) the record is sealed to. */
  recipients: string[];
}

export interface Shown {
  /** SHA-256 (hex) of the very bytes the screen gave to its renderer, as the screen reported it. */
  sha256: string;
  /** Language of the screen. */
  language: string;
  /**
   * What was under the ink: the field's part of the page, an empty frame with that part above it, the picture on a pad's own screen,
   * or nothing (an opaque tablet, with the frame on a screen beside it).
   */
  underInk: 'page' | 'frame' | 'pad' | 'nothing';
  /** Pages looked at, in order: number from 0, for how long in ms. The first 256. */
  pages: { page: number; ms: number }[];
  /** The screen's viewport in CSS pixels, and the browser as it names itself; null where no screen took part. */
  viewport: { width: number; height: number; devicePixelRatio: number } | null;
  userAgent: string | null;
}

export interface Acceptance {
  /** Codes of the refusals before this capture, in order: a dot, too short, no pressure, … */
  refusals: string[];
  /** After refusals the desk took this one as it is, and why: a mark (a cross), an assisted hand, a finger. Null: the station's policy decided. */
  exception: { reason: 'mark' | 'assisted' | 'finger'; by: string } | null;
}

export interface RecordTime {
  signedAt: string;
  /** How the clock is set: `system`, `ntp`, `ptp`, … */
  source: string;
  /** Whether the machine says that its clock follows a time server; null where it could not say. */
  synchronised: boolean | null;
  /** The last synchronisation the machine knows of, and the server; null where it does not say. */
  lastSync: { at: string; server: string | null } | null;
  /** Steps of the wall clock against the monotonic clock since the station started: when noticed, and by how many ms (positive: forward). Null where nobody watched. */
  steps: { at: string; ms: number }[] | null;
  /** Names this run of the operating system. */
  bootId: string | null;
}

const count = integer(0, Number.MAX_SAFE_INTEGER);

const shown: Shape<Shown> = object<Shown>({
  sha256: digest,
  language: text,
  underInk: oneOf('page', 'frame', 'pad', 'nothing'),
  pages: list(object({ page: count, ms: number })),
  viewport: nullable(object({ width: number, height: number, devicePixelRatio: number })),
  userAgent: nullable(text),
});

const acceptance: Shape<Acceptance> = object<Acceptance>({
  refusals: list(text),
  exception: nullable(object({ reason: oneOf('mark', 'assisted', 'finger'), by: text })),
});

const assessment: Shape<Assessment> = object<Assessment>({
  software: text,
  findings: list(object({ code: text, severity: oneOf('info', 'warning'), message: text, values: dictionary(number) })),
  summary: text,
});

const timeMembers = { signedAt: instant, source: text, synchronised: nullable(boolean), bootId: nullable(text) };

const members = {
  requestId: text,
  tenant: text,
  site: text,
  demo: boolean,
  document: object({ sha256: digest, length: count }),
  field: object({ name: text, page: count, rect: object({ x: number, y: number, width: number, height: number }) }),
  consent: object({ sha256: digest, version: text, language: text, agreedAt: instant }),
  chain: object({ number: count, previousSha256: nullable(digest) }),
  attempts: count,
  clears: count,
  recipients: list(digest, MAX_RECIPIENTS),
};

/** Checks a context read from outside, or given by a caller. @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export const contextShape: Shape<RecordContext> = object<RecordContext>({
  ...members,
  station: object({ id: text, software: text, tablet: nullable(text) }),
  configuration: nullable(object({ number: count, sha256: digest })),
  shown: nullable(shown),
  acceptance: nullable(acceptance),
  time: object<RecordTime>({
    ...timeMembers,
    lastSync: nullable(object({ at: instant, server: nullable(text) })),
    steps: nullable(list(object({ at: instant, ms: number }))),
  }),
  assessment: nullable(assessment),
});

interface ContextV2 extends Omit<RecordContext, 'station' | 'configuration' | 'shown' | 'acceptance' | 'time' | 'assessment'> {
  station: { id: string; software: string };
  time: Omit<RecordTime, 'lastSync' | 'steps'>;
}

const contextMembersV2 = object<ContextV2>({ ...members, station: object({ id: text, software: text }), time: object(timeMembers) });

/** Versions 1 and 2 of the record said less: what they do not say is null. */
export const contextShapeV2: Shape<RecordContext> = (value, where) => {
  const { station, time, ...rest } = contextMembersV2(value, where);
  return {
    ...rest, station: { ...station, tablet: null }, time: { ...time, lastSync: null, steps: null },
    configuration: null, shown: null, acceptance: null, assessment: null,
  };
};
