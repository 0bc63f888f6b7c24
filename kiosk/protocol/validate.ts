/**
 * Strict validators of what screens send: WebSocket messages of the guest, bodies of the desk's commands.
 *
 * Before: `kiosk/screens` sends. After: `kiosk/station` acts. Unknown types, unknown keys and values out
 * of range are refused, never dropped in silence, so that a screen of another version is noticed.
 * Whether the sender may say it at all is decided in `kiosk/station/access.ts`.
 */
import { ProtocolError } from './errors.ts';
import type { FieldKind, GuestToStation, PlannedSigning, Rect, Role } from './messages.ts';
import { ROLES } from './signings.ts';
import { affine, between, finite, integer, list, matching, nullable, object, oneOf, optional, parseJson, text, truth, type Reader } from './shape.ts';
import { POSITION_LACKS } from './tablet-place.ts';
import { CANCEL_REASONS, DECLINE_REASONS, EXCEPTION_REASONS, IDENTITY_PROOFS, PAPER_INSTEAD, VOID_REASONS, type CancelReason, type ExceptionReason, type IdentityProof, type VoidReason } from './states.ts';

/** Most characters of one WebSocket message or command body. */
export const MAX_MESSAGE = 8_192;
/** Most characters of a reason given in free text. */
export const MAX_REASON_TEXT = 500;
/** Most pages a document can have in a message; the station's own limit is lower. */
const MAX_PAGE = 100_000;
/** Most candidate fields of one document. */
const MAX_FIELD = 1_000;
const ONE_DAY = 86_400_000;
/** Everybody's initials and signature. */
export const MAX_SIGNINGS = 6;
/** Most boxes that the desk can draw on one document. */
export const MAX_DRAWN = 24;
export const DRAWN_KINDS = ['signature', 'initials', 'date', 'check', 'reservation', 'guestName', 'room'] as const satisfies readonly DrawnKind[];

export const requestId = matching(/^[A-Za-z0-9-]{1,64}$/, 'a request id');
export const tabletId = matching(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a tablet id: small letters, digits and dashes');
export const sha256Hex = matching(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 small hexadecimal digits');
/** BCP 47, as far as a language and a region go. */
export const languageTag = matching(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8}){0,3}$/, 'a language tag');
const reasonText = text(MAX_REASON_TEXT);

const displayPlace = object({ left: finite, top: finite, width: finite, height: finite, devicePixelRatio: finite, orientation: oneOf([0, 90, 180, 270]) });

/** Degrees of latitude or longitude. */
const degrees = (most: number): Reader<number> => between(-most, most);

/** How often one signature may be started again. */
const attempt = integer(1, 10_000);

type Of<Type extends GuestToStation['type']> = Extract<GuestToStation, { type: Type }>;

const GUEST: { [Type in GuestToStation['type']]: Reader<Of<Type>> } = {
  hello: object({
    type: oneOf(['hello']),
    viewport: object({ width: finite, height: finite, devicePixelRatio: finite }),
    secureContext: truth,
    rawUpdate: truth,
    userAgent: text(1_000),
    screen: optional(displayPlace),
  }),
  shown: object({ type: oneOf(['shown']), request: requestId, sha256: sha256Hex }),
  page: object({ type: oneOf(['page']), request: requestId, page: integer(1, MAX_PAGE), ms: integer(0, ONE_DAY) }),
  language: object({ type: oneOf(['language']), request: requestId, language: languageTag }),
  sign: object({ type: oneOf(['sign']), request: requestId }),
  consent: object({ type: oneOf(['consent']), request: requestId, language: languageTag, consentSha256: sha256Hex }),
  clear: object({ type: oneOf(['clear']), request: requestId }),
  'pen-begin': object({
    type: oneOf(['pen-begin']), request: requestId, attempt, language: languageTag,
    surface: object({ left: finite, top: finite, width: finite, height: finite }),
    screen: displayPlace,
    toPage: affine,
  }),
  'pen-end': object({ type: oneOf(['pen-end']), request: requestId, attempt }),
  back: object({ type: oneOf(['back']), request: requestId, why: oneOf(['cancel', 'rotated', 'pen']) }),
  decline: object({ type: oneOf(['decline']), request: requestId, reason: oneOf(DECLINE_REASONS), text: reasonText }),
  position: object({
    type: oneOf(['position']), request: requestId,
    position: nullable(object({ latitude: degrees(90), longitude: degrees(180), accuracy: between(0, 1e8) })), why: nullable(oneOf(POSITION_LACKS)),
  }),
  idle: object({ type: oneOf(['idle']), request: requestId }),
  alive: object({ type: oneOf(['alive']), request: requestId }),
};

/** Reads one WebSocket text frame of a guest screen. @throws ProtocolError `MALFORMED`, `TOO_LONG`, `UNKNOWN_TYPE` */
export function readGuestMessage(json: string): GuestToStation {
  const value = parseJson(json, MAX_MESSAGE);
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(GUEST, type)) throw new ProtocolError('UNKNOWN_TYPE', 'a message of a type that this station does not know');
  return GUEST[type as GuestToStation['type']](value, type);
}

export interface MoveBody { tablet: string }
export interface PlanBody { signings: PlannedSigning[] }
/** A box that the desk drew on a page: who fills in what there, or where the form has something to find it again by. */
/** `label`: of a box to tick, for the guest to read. */
export interface DrawnBox { what: DrawnKind; role: Role; page: number; rect: Rect; label?: string }
export type DrawnKind = FieldKind | 'reservation' | 'guestName' | 'room';
export interface FieldsBody { fields: DrawnBox[]; remember: { name: string } | null }
export interface CancelBody { reason: CancelReason; text?: string }
export interface AcceptBody { reason: ExceptionReason }
export interface IdentityBody { seen: IdentityProof }
export interface VoidBody { reason: VoidReason }
export interface AgainBody { without?: number }
export interface PutAwayBody { code: string }
export interface SampleBody { tablet: string; pages?: 1 | 3 }
export interface TryBody { tablet: string }

const fieldIndex = integer(0, MAX_FIELD - 1);
const move: Reader<MoveBody> = object({ tablet: tabletId });
const role = oneOf(ROLES);
const plan: Reader<PlanBody> = object({ signings: list(object({ role, kind: oneOf(['signature', 'initials']), field: fieldIndex }), MAX_SIGNINGS) });
/** As a form or a box to tick is called at the desk. */
export const MAX_NAME = 80;
const shortName = matching(new RegExp(`^\\P{Cc}{1,${MAX_NAME}}$`, 'u'), `words of 1 to ${MAX_NAME} characters`);
const drawnBox: Reader<DrawnBox> = object({ what: oneOf(DRAWN_KINDS), role, page: integer(1, MAX_PAGE), rect: object({ x: finite, y: finite, width: finite, height: finite }), label: optional(shortName) });
const fields: Reader<FieldsBody> = object({
  fields: list(drawnBox, MAX_DRAWN),
  remember: nullable(object({ name: shortName })),
});
const cancel: Reader<CancelBody> = object({ reason: oneOf<CancelReason>([...CANCEL_REASONS, PAPER_INSTEAD]), text: optional(reasonText) });
const accept: Reader<AcceptBody> = object({ reason: oneOf(EXCEPTION_REASONS) });
const identity: Reader<IdentityBody> = object({ seen: oneOf(IDENTITY_PROOFS) });
const voided: Reader<VoidBody> = object({ reason: oneOf(VOID_REASONS) });
const again: Reader<AgainBody> = object({ without: optional(integer(0, MAX_SIGNINGS)) });
const putAway: Reader<PutAwayBody> = object({ code: matching(/^[ -~]{1,80}$/, 'the code of a notice') });
const sample: Reader<SampleBody> = object({ tablet: tabletId, pages: optional(oneOf([1, 3])) });
const nothingAsked = object({});
const tryIt: Reader<TryBody> = object({ tablet: tabletId });

/** Readers of the bodies in `routes.ts`; each takes JSON text. @throws ProtocolError `MALFORMED`, `TOO_LONG` */
export const readBody = {
  move: (json: string) => move(parseJson(json, MAX_MESSAGE), 'move'),
  plan: (json: string) => plan(parseJson(json, MAX_MESSAGE), 'plan'),
  fields: (json: string) => fields(parseJson(json, MAX_MESSAGE), 'fields'),
  cancel: (json: string) => cancel(parseJson(json, MAX_MESSAGE), 'cancel'),
  accept: (json: string) => accept(parseJson(json, MAX_MESSAGE), 'accept'),
  identity: (json: string) => identity(parseJson(json, MAX_MESSAGE), 'identity'),
  void: (json: string) => voided(parseJson(json, MAX_MESSAGE), 'void'),
  again: (json: string) => again(parseJson(json === '' ? '{}' : json, MAX_MESSAGE), 'again'),
  putAway: (json: string) => putAway(parseJson(json, MAX_MESSAGE), 'put-away'),
  sample: (json: string) => sample(parseJson(json, MAX_MESSAGE), 'sample'),
  nothing: (json: string) => nothingAsked(parseJson(json === '' ? '{}' : json, MAX_MESSAGE), 'body'),
  try: (json: string) => tryIt(parseJson(json, MAX_MESSAGE), 'try'),
};
