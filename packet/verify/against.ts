/**
 * Sealed records held against each other: reuse, forks and gaps, which no record shows by itself. A station numbers its records
 * without gaps and names in each the SHA-256 of the one before (FORMAT.md section 3, `chain`).
 *
 * Before: `sighted-records.ts` lists what each file holds. After: `countersign verify --against`.
 * Does not find what is not in the folder: whoever holds the device's key and shows only one of two chains is found by an audit
 * head that left the station earlier, or by a time-stamp.
 */
import type { Finding } from './result.ts';

/** One sealed record where it was found, in the words of whoever said it: the file in clear, or the opened record. */
export interface SightedRecord {
  /** SHA-256 (hex) of the sealed record. */
  sha256: string;
  /** The document that carries it: SHA-256 of D and signing request as the signature names them; null for a record lying alone and closed. */
  document: string | null;
  request: string | null;
  /** SHA-256 (hex) of the packet around it; null where there is none. */
  packet: string | null;
  /** SHA-256 (hex) of its pen samples; null while it is closed, or where it has none. */
  samples: string | null;
  /** Null where neither a key nor an audit trail tells. */
  place: ChainPlace | null;
}

export interface ChainPlace {
  /** Names the station whose chain it is. */
  station: string;
  /** From 1. */
  number: number;
  /** SHA-256 (hex) of the sealed record before; null for the first; undefined while the record is closed. */
  previous: string | null | undefined;
}

/** A record and the file it was found in. */
export type Sighting = SightedRecord & { file: string };

/** Gaps named one by one; further ones are counted. */
const GAPS_NAMED = 20;

export const REUSE_NOT_CHECKED: Finding = {
  code: 'REUSE_NOT_CHECKED', severity: 'note',
  message: 'Whether the same signature stands in another document, or the station skipped or repeated a record, was not checked: give --against FOLDER. '
    + 'Whoever holds the station\'s key can keep two chains, sign a record anew or date one back: only a time-stamp or an audit head that left the station earlier shows it.',
};

/** @returns `error` for reuse and forks, `warning` for gaps: the folder may be incomplete. Order of the sightings does not matter. */
export function compareRecords(sightings: readonly Sighting[]): Finding[] {
  return [...reuse(sightings), ...stations(sightings).flatMap(([station, chain]) => [...forks(station, chain), ...gaps(station, chain)])];
}

function reuse(sightings: readonly Sighting[]): Finding[] {
  const placed = sightings.filter(({ document }) => document !== null);
  const records = differing(placed, ({ sha256 }) => sha256, ({ document }) => document);
  const samples = differing(sightings.filter((sighting) => sighting.samples !== null), ({ samples: hash }) => hash, ({ sha256 }) => sha256);
  const packets = differing(sightings.filter(({ packet }) => packet !== null), ({ request }) => request, ({ packet }) => packet);
  return [
    ...records.map((among) => error('RECORD_REUSED', `The same sealed record stands in different documents: ${files(among)}.`)),
    ...samples.map((among) => error('SAMPLES_REUSED', `Different sealed records hold the very same samples of the pen: ${files(among)}.`)),
    ...packets.map((among) => error('REQUEST_REUSED', `Different packets belong to the one signing request ${among[0]?.request ?? ''}: ${files(among)}.`)),
  ];
}

type Chained = Sighting & { place: ChainPlace };

function stations(sightings: readonly Sighting[]): [string, Chained[]][] {
  const chained = sightings.filter((sighting): sighting is Chained => sighting.place !== null);
  return [...Map.groupBy(chained, ({ place }) => place.station)].toSorted(([a], [b]) => a < b ? -1 : 1);
}

function forks(station: string, chain: readonly Chained[]): Finding[] {
  const opened = chain.filter(({ place }) => place.previous !== undefined);
  return [
    ...differing(chain, ({ place }) => place.number, ({ sha256 }) => sha256).map((among) => (
      error('CHAIN_FORK', `Station ${station} gave number ${among[0]?.place.number} to different records: ${files(among)}.`))),
    ...differing(opened, ({ place }) => place.previous ?? 'none', ({ sha256 }) => sha256).map((among) => (
      error('CHAIN_FORK', `Station ${station} put different records behind the same one: ${files(among)}.`))),
  ];
}

function gaps(station: string, chain: readonly Chained[]): Finding[] {
  const numbers = [...new Set(chain.map(({ place }) => place.number))].toSorted((a, b) => a - b);
  const holes = numbers.slice(1).flatMap((next, index) => {
    const from = numbers[index]! + 1;
    return from === next ? [] : [from === next - 1 ? `${from}` : `${from} to ${next - 1}`];
  });
  const named = holes.length > GAPS_NAMED ? [...holes.slice(0, GAPS_NAMED), `and ${holes.length - GAPS_NAMED} more`] : holes;
  const present = new Set(chain.map(({ sha256 }) => sha256));
  // what came before the earliest record here is expected to be elsewhere
  const orphans = chain.filter(({ place }) => place.number !== numbers[0] && place.previous !== undefined && !present.has(place.previous ?? 'none'));
  return [
    ...(named.length === 0 ? [] : [warning('CHAIN_GAP', `Station ${station}: no record here has number ${named.join(', ')}.`)]),
    ...[...new Set(orphans.map(({ file }) => file))].toSorted().map((file) => (
      warning('CHAIN_PREVIOUS_MISSING', `Station ${station}: the record before the one in ${file} is not here.`))),
  ];
}

/** Groups of equal `key` in which `value` differs. */
function differing<T extends Sighting>(sightings: readonly T[], key: (sighting: T) => unknown, value: (sighting: T) => unknown): T[][] {
  return [...Map.groupBy(sightings, key).values()].filter((among) => new Set(among.map(value)).size > 1);
}

function files(among: readonly Sighting[]): string {
  return [...new Set(among.map(({ file }) => file))].toSorted().join(', ');
}

function error(code: string, message: string): Finding {
  return { code, severity: 'error', message };
}

function warning(code: string, message: string): Finding {
  return { code, severity: 'warning', message };
}
