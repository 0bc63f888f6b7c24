/**
 * Base32 for what people copy by hand: Crockford's alphabet (https://www.crockford.com/base32.html), which has no
 * I, L, O or U. Read in either case, and O as 0, I and L as 1, as that page asks. It detects nothing by itself.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 8 characters per 5 bytes, most significant bit first; the last character is filled up with zero bits. */
export function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** Spaces and hyphens are ignored. Null where the text is not the encoding of exactly `length` bytes. */
export function fromBase32(text: string, length: number): Uint8Array | null {
  const digits = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (digits.length !== Math.ceil(length * 8 / 5) || [...digits].some((digit) => !ALPHABET.includes(digit))) return null;
  const bits = [...digits].map((digit) => ALPHABET.indexOf(digit).toString(2).padStart(5, '0')).join('');
  if (bits.slice(length * 8).includes('1')) return null;
  return Uint8Array.from({ length }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8), 2));
}
