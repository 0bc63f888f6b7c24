/**
 * What station and screens say to each other.
 *
 * WebSocket `/ws/guest` and `/ws/desk`, JSON text frames, one message each. Commands of the desk and
 * "Done" of the guest are HTTP (see `routes.ts`), because they need an answer.
 * Before: `kiosk/station`. After: `kiosk/screens`. Validators are in `validate.ts`.
 */
import type { Affine } from '#biometrics/affine.ts';
import type { Language } from './consent.ts';
import type { Position, PositionLack } from './tablet-place.ts';
import type { DeclineReason, ExceptionReason, IdentityProof, RequestState, VoidReason } from './states.ts';

/** A rectangle on a page in PDF user space, points, origin bottom left. */
export interface Rect { x: number; y: number; width: number; height: number }

/** `signature` and `initials` are drawn with the pen; `date` is set by the station; `check` is ticked on the screen or left empty. */
export type FieldKind = 'signature' | 'initials' | 'date' | 'check';

/** Who fills it in. Several people sign one after the other, in this order. */
export type Role = 'guest' | 'companion' | 'staff';

/** A place that is filled in at the signing, as `packet/fields` finds it. */
export interface Field {
  kind: FieldKind;
  role: Role;
  /** The role, the AcroForm field's own full name, or what the tag of a check calls it. */
  name: string;
  /** The words it was found by, for the desk to choose from; of a check, the words that stand beside it, for the guest to read. */
  label: string;
  /** The name printed beside the label, where there is one: a hint for the stamp, never proof of who signs. */
  signer?: string;
  /** From 1. */
  page: number;
  rect: Rect;
  /** How it was found. `template`: where the desk once put it on this form; `fallback`: no line found, bottom of the last page. */
  found: 'acroform' | 'tag' | 'template' | 'phrase' | 'fallback';
}

/** One signing of a document: one person with the pen, one signature, one packet. */
export interface PlannedSigning {
  role: Role;
  kind: 'signature' | 'initials';
  /** Index into the request's fields: where the signature goes. Initials are drawn at their role's other places too. */
  field: number;
}

/** What the document's own words seem to say: for finding it again, never proof of who somebody is. What was not found is left out. */
export interface Hints { reservation?: string; guestName?: string; room?: string; language?: string }

/** Whose turn it is on the tablet, and what comes after it. */
export interface Turn {
  role: Role;
  kind: PlannedSigning['kind'];
  /** From 1. */
  number: number;
  of: number;
  /** Somebody else signed just before: the tablet has to change hands. */
  handover: boolean;
  /** `same`: this person signs once more. Else who comes next, or null: nobody. */
  next: 'same' | Role | null;
}

/** Times in ms; all configurable, defaults in `kiosk/station/limits.ts`. */
export interface GuestTimes {
  /** Without any touch before the warning. */
  idle: number;
  /** From the warning to the end. */
  warning: number;
  /** How long "Thank you" stays. */
  thanks: number;
  /** Touch before the pen within this time is a palm. */
  touchBeforePen: number;
  /** Buttons ignore touch for this long after the pen left. */
  touchAfterPen: number;
}

/** What the guest screen needs of a request. No name, no reservation: they are in the document. */
export interface GuestRequest {
  id: string;
  state: 'assigned' | 'shown' | 'signing';
  title: string;
  pages: number;
  /** D: GET this, hash it, send the hash back with `shown`. */
  documentUrl: string;
  documentSha256: string;
  documentLength: number;
  field: Field;
  turn: Turn;
  /** Boxes that this person may tick before signing, in the document's own words. Their answers go with "Done". */
  checks: { name: string; label: string }[];
  /** In which the document is written, as far as that is known and spoken here: a first guess for the screen. */
  language: Language | null;
  /** What the same person agreed to a moment ago, for the signing before this one: it is not asked again. */
  agreed: { language: string; sha256: string } | null;
  /** True for "try it": the screen goes through the steps by itself with the recorded pen. */
  autopilot: boolean;
}

/**
 * Who reads the pen at this tablet. `screen`: the page, from Pointer Events. `station`: the station, from the device itself;
 * ink comes back with `ink`. `nobody`: no pen here meets the policy, and no document is sent to this tablet.
 */
export type PenReader =
  | { reads: 'screen' }
  /**
   * `screen`: the guest signs in the frame on this page. `pad`: on a signature pad with a screen of its own; `tablet`: on an opaque
   * tablet in front of the guest. This page shows along.
   */
  | { reads: 'station'; name: string; where: 'screen' | 'pad' | 'tablet' }
  | { reads: 'nobody'; reason: string };

/** The desk has asked for the pen to be calibrated at this tablet: a cross is shown, the guest's place is free. */
export interface Calibrating {
  /** Where the cross stands, as a share of the viewport. */
  x: number;
  y: number;
  /** From 1. */
  step: number;
  steps: number;
  /** The last tap was not where it should have been: once more from the first cross. */
  again: boolean;
}

/**
 * For a guest whose signatures were not fit. `coming`: the desk sees it and will help. `taken`: the desk takes the next one as it is.
 * `finger`: and with a finger. Null: nobody needs help.
 */
export type GuestHelp = 'coming' | 'taken' | 'finger' | null;

/**
 * Keys are made and the tenant's administrator has not enrolled the station yet: nothing is printed to it and nothing signed.
 * The fingerprint is of its request, eight groups of four hexadecimal digits, for the administrator to compare.
 */
export interface AwaitingEnrolment { fingerprint: string }

export type StationToGuest =
  | {
      type: 'state';
      hotel: string;
      tablet: { id: string; name: string };
      /** "DEMO, not evidence" must be on every screen. */
      demo: boolean;
      /** Null: enrolled, or in demo mode. */
      awaiting: AwaitingEnrolment | null;
      /** `pen`: touch and mouse never ink. `touch`: pen and finger. `any`: demo mode. */
      instruments: 'pen' | 'touch' | 'any';
      times: GuestTimes;
      /** Who holds the key that opens a signature, as a name for the notice. */
      custodian: string;
      pen: PenReader;
      calibrating: Calibrating | null;
      help: GuestHelp;
      /** Ask the browser where the tablet is, for the trail, and say it to so many decimals of a degree. Null: never. */
      locate: { decimals: number } | null;
      /** Released to this tablet, or null: privacy screen. */
      request: GuestRequest | null;
    }
  /**
   * What the pen draws, where the station reads it. x and y in CSS pixels from the surface's upper left corner, pressure from 0 to 1;
   * null: lifted. Only for showing: the capture stays at the station.
   */
  | { type: 'ink'; request: string; attempt: number; points: (readonly [x: number, y: number, pressure: number] | null)[] }
  /** The device vanished or lost samples: this attempt is destroyed, and the guest signs again. */
  | { type: 'pen-lost'; request: string; attempt: number; why: 'gone' | 'overflow' | 'refused'; message: string }
  /** A button on the signature pad's own screen. */
  | { type: 'pad-button'; request: string; attempt: number; button: 'ok' | 'clear' | 'cancel' }
  /** Blank at once: cancelled, expired, moved. The page reloads. */
  | { type: 'blank'; request: string; why: 'cancelled' | 'expired' | 'moved' | 'other' }
  | { type: 'refused'; request: string; code: string; message: string };

/**
 * Where the viewport's upper left corner lies on the display, and the size of the display, in CSS pixels. `orientation` in degrees:
 * 0, 90, 180, 270, as Screen Orientation counts `angle`.
 */
export interface DisplayPlace { left: number; top: number; width: number; height: number; devicePixelRatio: number; orientation: number }

export type GuestToStation =
  /** First on every connection. Again, with no document on the tablet, where window or display have changed: `screen` serves calibration. */
  | {
      type: 'hello'; viewport: { width: number; height: number; devicePixelRatio: number };
      secureContext: boolean; rawUpdate: boolean; userAgent: string; screen?: DisplayPlace;
    }
  /** The first page is painted; `sha256` is of the very bytes given to pdf.js. */
  | { type: 'shown'; request: string; sha256: string }
  | { type: 'page'; request: string; page: number; ms: number }
  | { type: 'language'; request: string; language: string }
  /** On to the surface, where `agreed` says that nothing needs to be agreed to again. */
  | { type: 'sign'; request: string }
  /** "I agree". `consentSha256` is of the UTF-8 text the guest read. */
  | { type: 'consent'; request: string; language: string; consentSha256: string }
  | { type: 'clear'; request: string }
  /**
   * An attempt begins where the station reads the pen. `surface` in CSS pixels of the viewport; `toPage` from viewport pixels to
   * PDF user space.
   */
  | {
      type: 'pen-begin'; request: string; attempt: number; language: string;
      surface: { left: number; top: number; width: number; height: number };
      screen: DisplayPlace;
      toPage: Affine;
    }
  /** The attempt is over and its ink destroyed: cleared, cancelled, left. */
  | { type: 'pen-end'; request: string; attempt: number }
  /** Back from signing to the document; the ink is gone. `rotated`: the screen was turned; `pen`: no pen is left that may sign. */
  | { type: 'back'; request: string; why: 'cancel' | 'rotated' | 'pen' }
  | { type: 'decline'; request: string; reason: DeclineReason; text: string }
  /** What the browser said of where the tablet is, where the station wants it: `position`, or why there is none. */
  | { type: 'position'; request: string; position: Position | null; why: PositionLack | null }
  /** Nobody touched it for `idle + warning`; the ink is gone. */
  | { type: 'idle'; request: string }
  /** Any sign of life, at most once in 5 s: keeps the station's own idle clock from running out. */
  | { type: 'alive'; request: string };

/** Signatures of the guest who is at it now that were not fit, and what the desk may do. */
export interface DeskUnfit {
  /** Why each was refused, in order: `FITNESS_CODES` of `kiosk/station/fitness.ts`. */
  codes: string[];
  /** Enough were refused: the desk may take the next as it is, or paper instead. */
  offered: boolean;
  /** The desk has chosen so. */
  exception: ExceptionReason | null;
}

export interface DeskRequest {
  id: string;
  state: RequestState;
  title: string;
  tablet: string | null;
  receivedAt: string;
  changedAt: string;
  /** Claimed by the print client: `authenticated` is always false until staff log-in exists. */
  printedBy: { name: string; authenticated: false };
  pages: number;
  /** All that is filled in, of every kind and for everybody. Empty once it has ended. */
  fields: Field[];
  /** Who signs and where, in order. Empty: the desk has to say. */
  plan: PlannedSigning[];
  /** How many of the plan are signed: the next one is this request's own. */
  signed: number;
  /** The request whose signed document this one goes on with, or null. */
  follows: string | null;
  /** Empty once it has ended unsigned, or the title is forgotten. */
  hints: Hints;
  /** What the search for places to sign has to tell the desk. */
  warnings: string[];
  /** Whether where to sign may be shown on the page by hand, and whether that was done: `drawn`, or on an earlier print of this form (`known`). */
  placing: 'no' | 'open' | 'drawn' | 'known';
  /** Why it ended, or a message the desk must see (a refused document, a full disk). */
  reason: string | null;
  /** Present while the document is kept: for the thumbnail. */
  documentUrl: string | null;
  /** Present while the desk's copy is kept. */
  signedUrl: string | null;
  /** Null: no signature was refused, or nobody is at it. */
  unfit: DeskUnfit | null;
  /** Where the packet is on its way: in the outbox, or receipted by the store. */
  delivery: 'none' | 'waiting' | 'retrying' | 'delivered';
  /** What staff looked at to know the guest; null where nobody confirmed it, and once it has ended. */
  identity: IdentityProof | null;
  /**
   * Of a signed one: who was to sign after it and did not, in order, since what followed has ended. `kept`: the signed document is still
   * here, and they can be asked again. Null: nobody, or the statement below was made.
   */
  unsigned: { left: PlannedSigning[]; kept: boolean } | null;
  /** The hotel's statement that the signed document does not count. `at`: RFC 3339. */
  voided: { reason: VoidReason; at: string } | null;
}

export interface DeskTablet {
  id: string;
  name: string;
  connected: boolean;
  /** What the tablet said of itself in `hello`; null before. */
  secureContext: boolean | null;
  /** `ipp://…` of this tablet's print queue. */
  printer: string;
  /** Id of the request on it, or null. */
  request: string | null;
  /** What signs here, and why this and nothing else. */
  pen: DeskPen;
  /** Crosses are on its screen now: the desk can end that. */
  calibrating?: boolean;
}

/** The source chosen for a tablet, as the receptionist sees it. */
export interface DeskPen {
  /** False: nothing at this tablet meets the policy; documents are not sent to it. */
  accepted: boolean;
  /** Of the chosen source: "Wacom STU-540", "browser pen events"; empty where none is. */
  name: string;
  /** One sentence: what it gives, or what is missing and what to do. */
  detail: string;
  /** Whether it can be calibrated here. */
  calibration: 'not-needed' | 'default' | 'calibrated';
  /** What else is attached, and why it was not chosen. */
  others: { name: string; reason: string }[];
}

export type StationToDesk =
  | {
      type: 'state';
      hotel: string;
      desk: string;
      demo: boolean;
      awaiting: AwaitingEnrolment | null;
      tablets: DeskTablet[];
      requests: DeskRequest[];
      outbox: { waiting: number; retrying: number; delivered: number; lastError: string | null };
      /** Forms for which the desk showed where to sign. `fingerprint` is the key. `forgotten`: a moment ago, and it may be taken back. */
      forms: { fingerprint: string; name: string; learnedAt: string; forgotten: boolean }[];
      /** One of each kind at most: things the receptionist should know (disk almost full, store away). `happened`: it is over, and may be put away. */
      notices: { code: string; severity: 'info' | 'warning' | 'error'; message: string; happened: boolean }[];
    }
  | { type: 'refused'; code: string; message: string };
