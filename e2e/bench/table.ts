/** The measurements as people read them: two lines each, for a peer's name is long. */
import type { Measurement } from './measurement.ts';

export function table(measurements: readonly Measurement[]): string {
  const width = Math.max(0, ...measurements.map(({ name }) => name.length));
  return measurements.map((one) => `${one.name.padEnd(width)}  ${figure(one.value, one.unit)}\n${beside(one, width)}`).join('');
}

function beside({ peer, ratio, unit }: Measurement, width: number): string {
  if (peer === null) return '';
  return `${'beside'.padStart(width)}  ${figure(peer.value, unit)}  ${peer.name}${ratio === null ? '' : ` (ours is ${ratio} of it)`}\n`;
}

function figure(value: number, unit: string): string {
  return `${String(value).padStart(8)} ${unit}`;
}
