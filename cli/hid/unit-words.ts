/** A Unit item in words (HID 1.11, section 6.2.2.7): nibbles of system, length, mass, time, temperature, current, luminous intensity. */

const LINEAR = ['g', 's', 'K', 'A', 'cd'];
const ENGLISH = ['slug', 's', '°F', 'A', 'cd'];
const SYSTEMS: Record<number, string[] | undefined> = { 1: ['cm', ...LINEAR], 2: ['rad', ...LINEAR], 3: ['in', ...ENGLISH], 4: ['deg', ...ENGLISH] };

/** `cm`, `10^-3 in`, `10^2 cm·g·s^-2`; empty where there is no unit. */
export function unitWords(unit: number, exponent: number): string {
  const system = unit & 0xf;
  const names = SYSTEMS[system];
  if (unit !== 0 && names === undefined) return `unit 0x${unit.toString(16)}`;
  const factors = (names ?? []).map((name, nth) => factor(name, signedNibble(unit >>> (4 * (nth + 1))))).filter((word) => word !== '');
  return [exponent === 0 ? '' : `10^${exponent}`, factors.join('·')].filter((word) => word !== '').join(' ');
}

function factor(name: string, power: number): string {
  if (power === 0) return '';
  return power === 1 ? name : `${name}^${power}`;
}

function signedNibble(value: number): number {
  const nibble = value & 0xf;
  return nibble > 7 ? nibble - 16 : nibble;
}
