/** One line of the bench: ours, and a named peer doing the comparable thing in the same run. */

export interface Peer {
  /** What it is and what it leaves out. */
  name: string;
  value: number;
}

export interface Measurement {
  name: string;
  value: number;
  unit: 'ms' | 's' | 'MB' | 'B/sample' | 'samples' | 'reports/s' | 'B/report' | 'B/record' | 'share';
  peer: Peer | null;
  /** Ours divided by the peer's: below 1 is better, in every unit above but reports/s and share (0 to 1). Null without a peer, or where it is 0. */
  ratio: number | null;
}

/** Says on standard error what is being measured, and what is missing. */
export type Tell = (line: string) => void;

export function measurement(name: string, value: number, unit: Measurement['unit'], peer: Peer | null = null): Measurement {
  return {
    name, value: rounded(value), unit,
    peer: peer === null ? null : { name: peer.name, value: rounded(peer.value) },
    ratio: peer === null || peer.value === 0 ? null : rounded(value / peer.value),
  };
}

/** No measurement here is worth more than three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
