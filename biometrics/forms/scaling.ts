/**
 * The scaling value of ISO/IEC 19794-7:2007: 5 bits of exponent biased by 16, then 11 bits of fraction, (1 + f/2048)·2^(e-16).
 * A channel value divided by it is in the channel's unit. Also the factor that brings raw numbers into 16 bits.
 */

/** The 16 bits nearest to a scaling; null outside 2^-16 … 65,520. */
export function encodeScaling(value: number): number | null {
  if (!(value >= 2 ** -16 && value <= decodeScaling(0xffff))) return null;
  const exponent = Math.floor(Math.log2(value));
  const steps = Math.round((value / 2 ** exponent - 1) * 2048);
  // Rounding up to 2048, and a logarithm that was rounded, both land in the neighbouring exponent by this sum.
  return ((exponent + 16) << 11) + steps;
}

export function decodeScaling(bits: number): number {
  return (1 + (bits & 0x7ff) / 2048) * 2 ** ((bits >> 11) - 16);
}

/**
 * The power of two by which values are multiplied to become whole numbers from `min` to `max`: 1 where they are, the smallest that
 * is exact up to 2^15 where there is one, else the largest that fits.
 */
export function factorFor(values: number[], min: number, max: number): number {
  const fits = (factor: number): boolean => values.every((value) => value * factor <= max && (min === 0 || value * factor >= min));
  let factor = 1;
  while (!fits(factor)) factor /= 2;
  while (factor < 2 ** 15 && fits(factor * 2) && !values.every((value) => Number.isInteger(value * factor))) factor *= 2;
  return factor;
}
