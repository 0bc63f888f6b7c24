/**
 * Puts a time-stamp over a signature value into that signature (EN 319 142-1 clause 5.3; RFC 3161 appendix A): as an unsigned attribute,
 * which the signature does not cover, in the room that its /Contents keeps, which its /ByteRange leaves out. No other byte changes.
 * Before: `upgrade-document.ts`, with a token that was verified. After: the same, and readers of PAdES B-T.
 */
import { attribute } from '#biometrics/cms.ts';
import { around, children, element, equalBytes, malformed, readDer, sequence, setOf, Tag, type Element } from '#biometrics/cms/der.ts';
import type { PdfSignature } from '../read-signed-pdf.ts';
import { OID } from '../time-stamp/object-identifiers.ts';

/**
 * @param cms ContentInfo with SignedData of one signer, DER
 * @returns the same with the token among the unsigned attributes; whatever is signed stands as it stood
 * @throws RecordError `CMS_MALFORMED`
 */
export function withTimeStamp(cms: Uint8Array, token: Uint8Array): Uint8Array {
  const { type, members, parts } = onlySigner(cms);
  const unsigned = parts.at(-1)?.tag === around(1) ? children(parts.pop() as Element, 'unsigned attributes') : [];
  const attributes = setOf([...unsigned.map(({ whole }) => whole), attribute(OID.timeStampToken, token)], around(1));
  const signers = setOf([sequence(...parts.map(({ whole }) => whole), attributes)]);
  return sequence(type.whole, element(around(0), sequence(...members.slice(0, -1).map(({ whole }) => whole), signers)));
}

/** @returns the signature value of its one signer. @throws RecordError `CMS_MALFORMED` */
export function signatureValueIn(cms: Uint8Array): Uint8Array {
  // signatureAlgorithm, signature, then perhaps unsigned attributes (RFC 5652 section 5.3)
  const value = onlySigner(cms).parts.findLast(({ tag }) => tag === Tag.octetString);
  if (value === undefined) throw malformed('SignerInfo', 'should hold a signature');
  return value.content;
}

/** Whether it is the same signature with the same unsigned attributes, or more of them. @throws RecordError `CMS_MALFORMED` */
export function onlyMoreUnsigned(before: Uint8Array, after: Uint8Array): boolean {
  const [earlier, later] = [before, after].map(apart) as [Apart, Apart];
  return equalBytes(earlier.rest, later.rest) && earlier.unsigned.every((each) => later.unsigned.some((other) => equalBytes(each, other)));
}

interface Apart { rest: Uint8Array; unsigned: Uint8Array[] }

function apart(cms: Uint8Array): Apart {
  const { type, members, parts } = onlySigner(cms);
  const unsigned = parts.at(-1)?.tag === around(1) ? children(parts.pop() as Element, 'unsigned attributes') : [];
  return { rest: sequence(type.whole, ...members.slice(0, -1).map(({ whole }) => whole), ...parts.map(({ whole }) => whole)), unsigned: unsigned.map(({ whole }) => whole) };
}

interface Signed { type: Element; members: Element[]; /** Of its SignerInfo. */ parts: Element[] }

/** @throws RecordError `CMS_MALFORMED` */
function onlySigner(cms: Uint8Array): Signed {
  const [type, wrapped] = children(readDer(cms, 'CMS'), 'CMS');
  const [signedData] = wrapped === undefined ? [] : children(wrapped, 'CMS');
  const members = signedData === undefined ? [] : children(signedData, 'SignedData');
  const [signer, second] = members.at(-1)?.tag === Tag.set ? children(members.at(-1) as Element, 'signers') : [];
  if (type === undefined || signer === undefined || second !== undefined) throw malformed('SignedData', 'should have exactly one signer');
  return { type, members, parts: children(signer, 'SignerInfo') };
}

/** True if nothing but the signature itself left its /Contents out: a later signature over it would break. */
export function isOpen(signature: PdfSignature, all: readonly PdfSignature[]): boolean {
  return all.every((other) => other === signature || other.end <= signature.end);
}

/** @returns the file with another CMS in the room of this signature, or null where the room is too small */
export function inRoom(pdf: Uint8Array, { byteRange }: PdfSignature, cms: Uint8Array): Uint8Array | null {
  if (byteRange === null) return null;
  const filled = new Uint8Array(pdf);
  return fillRoom(filled, byteRange, cms) ? filled : null;
}

/** Writes another CMS into the room, in place. @returns false, and nothing is written, where the room is too small */
export function fillRoom(pdf: Uint8Array, byteRange: readonly number[], cms: Uint8Array): boolean {
  const { before, behind } = roomOf(byteRange);
  const digits = behind - before - 2;
  if (cms.length * 2 > digits) return false;
  const upper = /[A-F]/.test(Buffer.from(pdf.subarray(before, behind)).toString('latin1'));
  const hex = Buffer.from(cms).toString('hex').padEnd(digits, '0');
  pdf.set(Buffer.from(upper ? hex.toUpperCase() : hex, 'latin1'), before + 1);
  return true;
}

/** The CMS in the room of a signature that this program wrote, without the zeros behind it. @throws RecordError `CMS_MALFORMED` */
export function cmsIn(pdf: Uint8Array, byteRange: readonly number[]): Uint8Array {
  const { before, behind } = roomOf(byteRange);
  const bytes = new Uint8Array(Buffer.from(Buffer.from(pdf.subarray(before + 1, behind - 1)).toString('latin1'), 'hex'));
  const [length, ofLength] = [bytes[1] ?? 0, (bytes[1] ?? 0) < 0x80 ? 0 : (bytes[1] ?? 0) & 0x7f];
  const content = ofLength === 0 ? length : bytes.subarray(2, 2 + ofLength).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.subarray(0, 2 + ofLength + content);
}

function roomOf([, before, behind]: readonly number[]): { before: number; behind: number } {
  if (before === undefined || behind === undefined) throw malformed('ByteRange', 'should have four numbers');
  return { before, behind };
}
