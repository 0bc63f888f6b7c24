/**
 * `station.json` in the data folder: what a hotel sets. All of it is optional; without the file the
 * embedded defaults run. Unknown names are refused, so that a misspelt limit is never silently the default.
 *
 * It is not signed: what must not be changed by someone at this machine (examiners, trust, policy of a
 * tenant) never comes from here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProtocolError } from '#kiosk/protocol/errors.ts';
import { finite, integer, list, matching, object, optional, parseJson, refuse, text, truth, type Reader } from '#kiosk/protocol/shape.ts';
import { tabletId } from '#kiosk/protocol/validate.ts';
import { StationError } from './errors.ts';
import { DEFAULT_LIMITS, readLimits, type Limits } from './limits.ts';
import { DEFAULT_PENS, readPensSettings, type PensSettings } from './pens/pen-settings.ts';

export interface TabletSettings { id: string; name: string }

export interface Settings {
  /** The hotel company, the hotel and this station, as they stand in object keys and certificates. */
  tenant: string;
  site: string;
  station: string;
  /** The hotel's name as guests read it. */
  hotel: string;
  /** Where the station stands, as the audit trail says it: `coordinates` (degrees, WGS 84) only where the hotel wants them there. */
  place: { address: string | null; coordinates: { latitude: number; longitude: number } | null };
  /** Of the hotel, for dates in documents: an IANA name, `Europe/Riga`. */
  timeZone: string;
  /**
   * Whether the trail is to say where the tablet is, by its browser's word, and to how many decimals of a degree (4: about 11 m). Null: it is
   * never asked.
   */
  tabletPlace: { decimals: number } | null;
  /** The desk's name, the actor of its commands until staff log-in exists. */
  desk: string;
  tablets: TabletSettings[];
  /** Whether a free tablet takes its only waiting document by itself. */
  autoRelease: boolean;
  /** Further host names under which remote tablets reach this station. */
  hosts: string[];
  pens: PensSettings;
  /** In demo mode only: a time-stamp authority to try, and files with the roots under which it is believed. Null: none is asked. */
  timeStamping: { authority: string; trust: string[] } | null;
  limits: Limits;
}

const label = matching(/^[a-z0-9][a-z0-9-]{0,40}$/, 'small letters, digits and dashes');
/** The hotel's name is stamped into every document, so it must be in a script of the bundled fonts: found out here, not in front of a guest. */
const drawableName = matching(/^(?:(?!\p{Extended_Pictographic})[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Han}\p{Script=Common}\p{Script=Inherited}]){1,80}$/u,
  'a name of at most 80 characters in Latin, Cyrillic, Greek, Arabic or Chinese letters');
/** Lines are joined by commas; no control characters, since it is shown as one line. */
const addressLine = matching(/^\P{Cc}{1,200}$/u, 'an address of at most 200 characters on one line');
const timeZone: Reader<string> = (value, at) => (typeof value === 'string' && isTimeZone(value) ? value : refuse(at, 'a time zone, e.g. "Europe/Riga"'));
const MAX_FILE = 64 * 1_024;

const readFile = object({
  tenant: optional(label),
  site: optional(label),
  station: optional(label),
  hotel: optional(drawableName),
  place: optional(object({ address: optional(addressLine), coordinates: optional(object({ latitude: degrees(90), longitude: degrees(180) })) })),
  timeZone: optional(timeZone),
  tabletPlace: optional(object({ decimals: integer(0, 6) })),
  desk: optional(text(80)),
  tablets: optional(list(object({ id: tabletId, name: text(80) }), 32)),
  autoRelease: optional(truth),
  hosts: optional(list(matching(/^[A-Za-z0-9.-]{1,253}$/, 'a host name'), 16)),
  pens: optional(readPensSettings),
  timeStamping: optional(object({ authority: matching(/^https?:\/\/[^\s@]{1,1000}$/, 'an address that begins with http:// or https://'), trust: list(text(1_000), 16) })),
  limits: optional(readLimits),
});

export const DEFAULT_SETTINGS: Settings = {
  tenant: 'demo',
  site: 'front-desk',
  station: 'station-1',
  hotel: 'Grand Hotel Norrvik',
  place: { address: null, coordinates: null },
  tabletPlace: null,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  desk: 'Front desk',
  tablets: [{ id: 'front', name: 'Front desk' }],
  autoRelease: true,
  hosts: [],
  pens: DEFAULT_PENS,
  timeStamping: null,
  limits: DEFAULT_LIMITS,
};

/** @throws StationError `SETTINGS_INVALID`, naming the file and the place in it */
export function readSettings(home: string): Settings {
  const path = join(home, 'station.json');
  const json = readIfThere(path);
  if (json === null) return DEFAULT_SETTINGS;
  try {
    const { limits, pens, place, ...read } = readFile(parseJson(json, MAX_FILE), 'station.json');
    const settings = { ...DEFAULT_SETTINGS, ...read, place: { ...DEFAULT_SETTINGS.place, ...place }, pens: { ...DEFAULT_PENS, ...pens }, limits: { ...DEFAULT_LIMITS, ...limits } } as Settings;
    const ids = settings.tablets.map(({ id }) => id);
    if (ids.length === 0) throw new ProtocolError('MALFORMED', 'station.json.tablets must name at least one tablet');
    if (new Set(ids).size !== ids.length) throw new ProtocolError('MALFORMED', 'station.json.tablets must not name one id twice');
    for (const { at, tablet } of tabletsOfPens(settings.pens)) {
      if (tablet !== null && !ids.includes(tablet)) throw new ProtocolError('MALFORMED', `station.json.${at} must be the id of a tablet of station.json.tablets`);
    }
    return settings;
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new StationError('SETTINGS_INVALID', `${path}: ${cause.message}. Correct it, or remove it to run on defaults.`, { cause });
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function degrees(most: number): Reader<number> {
  return (value, at) => (Math.abs(finite(value, at)) <= most ? (value as number) : refuse(at, `degrees from ${-most} to ${most}`));
}

function tabletsOfPens({ tablet, serial }: PensSettings): { at: string; tablet: string | null }[] {
  return [{ at: 'pens.tablet', tablet }, ...serial.map((port, index) => ({ at: `pens.serial[${index}].tablet`, tablet: port.tablet ?? null }))];
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StationError('SETTINGS_INVALID', `${path} cannot be read. Make it readable for this user.`, { cause });
  }
}
