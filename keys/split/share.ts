/**
 * One holder's share, as text that can be printed and typed again.
 *
 * The checksum finds slips of the pen and of the eye, not malice: who changes a share can compute a new one. A changed
 * share with a right checksum is found when the key is joined, by the tag of AES-GCM.
 */
import { createHash } from 'node:crypto';
import { KeyError } from '../errors.ts';
import { fromBase32, toBase32 } from './base32.ts';

/** What the shares and the locked key of one splitting have in common. */
export interface SplitSet {
  /** 16 hexadecimal digits, drawn at random for each splitting. */
  set: string;
  /** How many shares join. */
  threshold: number;
  /** How many shares were made. */
  shares: number;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  certificateSha256: string;
}

export interface Share extends SplitSet {
  /** 1 to `shares`. */
  index: number;
  /** `SHARE_BYTES` bytes. */
  data: Uint8Array;
}

/** A 256-bit key, and one byte that says which point of the polynomial this is. */
export const SHARE_BYTES = 33;

/** Bytes of SHA-256 kept: 8 characters to type; a slip passes unseen once in 2^40. */
const CHECK_BYTES = 5;

const TITLE = 'Countersign key share, version 1';
const LABELS = ['Set', 'Share', 'Needed', 'Certificate', 'Data', 'Check'] as const;

/** Seven lines; long values in groups. */
export function writeShare(share: Share): string {
  const values = {
    Set: grouped(share.set, 4), Share: `${share.index} of ${share.shares}`, Needed: String(share.threshold),
    Certificate: grouped(share.certificateSha256, 8), Data: grouped(toBase32(share.data), 5), Check: grouped(toBase32(checksum(share)), 4),
  };
  return `${[TITLE, ...LABELS.map((label) => `${`${label}:`.padEnd(14)}${values[label]}`)].join('\n')}\n`;
}

/** Spaces, empty lines and case do not matter. @throws KeyError `SHARE_DAMAGED` */
export function readShare(text: string): Share {
  const [title, ...lines] = text.split(/\r?\n/).map((line) => line.trim().replaceAll(/\s+/g, ' ')).filter((line) => line !== '');
  if (title?.toLowerCase() !== TITLE.toLowerCase()) throw damaged(`its first line is not "${TITLE}"`);
  if (lines.length !== LABELS.length) throw damaged(`it has ${lines.length} lines below the first instead of ${LABELS.length}`);
  const [set, count, threshold, certificate, data, check] = LABELS.map((label, at) => valueOf(lines[at]!, label)) as [string, string, string, string, string, string];
  const [, index, shares] = /^(\d{1,3}) of (\d{1,3})$/i.exec(count) ?? [];
  const share: Share = {
    set: hex(set, 'Set', 16), index: Number(index), shares: Number(shares), threshold: Number(threshold),
    certificateSha256: hex(certificate, 'Certificate', 64), data: base32(data, 'Data', SHARE_BYTES),
  };
  if (!Buffer.from(base32(check, 'Check', CHECK_BYTES)).equals(checksum(share))) {
    throw damaged('its check characters do not fit the rest; compare it with the original, character by character');
  }
  return share;
}

function checksum({ set, index, shares, threshold, certificateSha256, data }: Share): Buffer {
  const text = [TITLE, set, index, shares, threshold, certificateSha256, toBase32(data)].join('\n');
  return createHash('sha256').update(text).digest().subarray(0, CHECK_BYTES);
}

function valueOf(line: string, label: string): string {
  if (!line.toLowerCase().startsWith(`${label.toLowerCase()}:`)) throw damaged(`the line "${label}:" is missing or not at its place`);
  return line.slice(label.length + 1).trim();
}

function hex(text: string, label: string, length: number): string {
  const digits = text.replaceAll(' ', '').toLowerCase();
  if (digits.length !== length || !/^[0-9a-f]+$/.test(digits)) throw damaged(`"${label}" needs ${length} characters out of 0-9 and a-f`);
  return digits;
}

function base32(text: string, label: string, length: number): Uint8Array {
  const bytes = fromBase32(text, length);
  if (bytes === null) throw damaged(`"${label}" has a character too many, too few or wrong`);
  return bytes;
}

function grouped(text: string, size: number): string {
  return text.match(new RegExp(`.{1,${size}}`, 'g'))!.join(' ');
}

function damaged(why: string): KeyError {
  return new KeyError('SHARE_DAMAGED', `This share is damaged: ${why}.`);
}
