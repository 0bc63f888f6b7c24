/**
 * TSTInfo (RFC 3161 section 2.4.2): what a time-stamp authority says, read from the signed content of its token.
 * Written for hostile bytes: `biometrics/cms/der.ts` bounds what is read, and every number here has a limit.
 */
import { Members, Tag, around, children, inPlace, malformed, readDer, readOid, type Element } from '#biometrics/cms/der.ts';
import { toHex } from '../sha256.ts';
import { readImprint, type Imprint } from './imprint.ts';

export interface TokenInfo {
  /** Dotted object identifier of the policy it was made under. */
  policy: string;
  imprint: Imprint;
  /** Hexadecimal, upper case, at most 160 bits. */
  serial: string;
  /** To the millisecond, rounded up: what existed at genTime existed then. */
  time: Date;
  /** How far `time` may be off, in either direction; null where it does not say. */
  accuracyMs: number | null;
  /** The octets of the INTEGER; null where there is none. */
  nonce: Uint8Array<ArrayBuffer> | null;
  /** `tsa`, GeneralName, DER; null where it does not say. */
  name: Element | null;
  hasCriticalExtension: boolean;
}

const BOOLEAN = 0x01;
/** RFC 3161 section 2.4.2: 160 bits, and an octet for the sign. */
const MAX_SERIAL = 21;

/** @throws RecordError `CMS_MALFORMED`; PacketError `TIME_STAMP_ALGORITHM`, `TIME_STAMP_UNREADABLE` */
export function readTokenInfo(der: Uint8Array): TokenInfo {
  const members = new Members(readDer(der, 'TSTInfo'), 'TSTInfo');
  members.version(1);
  const policy = readOid(members.next(Tag.oid));
  const imprint = readImprint(members.next(Tag.sequence));
  const serial = members.next(Tag.integer).content;
  const time = readGenTime(members.next(Tag.generalizedTime));
  const accuracy = members.optional(Tag.sequence);
  members.optional(BOOLEAN);
  const nonce = members.optional(Tag.integer);
  const tsa = members.optional(around(0));
  const extensions = members.optional(around(1));
  members.end();
  if (serial.length === 0 || serial.length > MAX_SERIAL) throw malformed('TSTInfo', `has a serial number of ${serial.length} bytes`);
  return {
    policy, imprint, serial: toHex(serial).toUpperCase(), time, accuracyMs: accuracy === null ? null : readAccuracy(accuracy),
    nonce: nonce?.content ?? null,
    name: tsa === null ? null : readDer(tsa.content, 'tsa'),
    hasCriticalExtension: extensions !== null && children(extensions, 'TSTInfo extensions').some(isCritical),
  };
}

/** RFC 3161 section 2.4.2: YYYYMMDDhhmmss[.s…]Z, no trailing zeros in the fraction. */
function readGenTime(value: Element): Date {
  const text = new TextDecoder().decode(value.content);
  const [, year, month, day, hour, minute, second, fraction] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,11}[1-9]))?Z$/.exec(text) ?? [];
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(whole);
  // A date that is none, such as 30 February, becomes another one or no date at all.
  if (second === undefined || Number.isNaN(time.getTime()) || time.toISOString() !== whole) throw malformed('genTime', 'is no time in UTC');
  return new Date(time.getTime() + Math.ceil(Number(`0.${fraction ?? '0'}`) * 1000));
}

/** Accuracy: seconds, milliseconds 1 to 999, microseconds 1 to 999; one left out is zero. */
function readAccuracy(value: Element): number {
  const members = new Members(value, 'accuracy');
  const seconds = readNumber(members.optional(Tag.integer), 2 ** 31);
  const millis = readNumber(members.optional(inPlace(0)), 999);
  const micros = readNumber(members.optional(inPlace(1)), 999);
  members.end();
  return seconds * 1000 + millis + micros / 1000;
}

function readNumber(value: Element | null, most: number): number {
  if (value === null) return 0;
  const { content } = value;
  const number = content.reduce((sum, octet) => sum * 256 + octet, 0);
  if (content.length === 0 || content.length > 5 || content[0]! >= 0x80 || number > most) throw malformed('accuracy', 'has a number outside its range');
  return number;
}

function isCritical(extension: Element): boolean {
  const members = new Members(extension, 'TSTInfo extension');
  members.next(Tag.oid);
  const critical = members.optional(BOOLEAN);
  return critical !== null && critical.content[0] !== 0;
}
