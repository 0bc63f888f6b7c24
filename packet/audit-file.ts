/**
 * `audit.json` of a packet: the trail of one signing request and what the packet says about itself.
 * Its JSON schema is `audit.schema.json`; reading is as strict as that schema.
 *
 * Before: `audit.ts` chains the events. After: `container.ts` packs the file.
 */
import type { AuditEvent, Disclosed, EventOrigin } from './audit.ts';
import { PacketError } from './errors.ts';

/** Whose trail it is, and what it discloses. New in version 2. */
export interface AuditOrigin {
  /** Null: not said, as in files of version 1. */
  station: { tenant: string; site: string; name: string; software: string } | null;
  /** As configured at the station, WGS 84 degrees. Null: not said. */
  place: { name: string; address: string | null; coordinates: { latitude: number; longitude: number } | null } | null;
  /** Empty after erasure; the chain holds all the same. */
  disclosed: Disclosed[];
}

export interface AuditFile extends AuditOrigin {
  request: string;
  /** RFC 3339, UTC: the station's clock, a claim and no proof. */
  signedAt: string;
  demo: boolean;
  /** SHA-256 (hex) of the bytes of `consent.txt`. */
  consent: { sha256: string; language: string; version: string };
  events: AuditEvent[];
}

/** Readable: two spaces of indent, since people open it. Its hash goes over the bytes as they are written here. */
export function writeAuditFile(file: AuditFile): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: 'countersign-audit', version: 2, ...file }, null, 2)}\n`);
}

/** @throws PacketError CONTAINER_MALFORMED where the bytes do not follow the schema. The chain itself is not checked here. */
export function readAuditFile(bytes: Uint8Array): AuditFile {
  const json = parse(bytes);
  const first = (json as { version?: unknown } | null)?.version === 1;
  const { format, version, ...file } = members(json, 'audit.json', first ? MEMBERS_1 : [...MEMBERS_1, 'station', 'place', 'disclosed']);
  if (format !== 'countersign-audit' || (version !== 1 && version !== 2)) throw malformed('audit.json is not of a version this program reads; use a newer Countersign');
  const consent = members(file['consent'], 'consent', ['sha256', 'language', 'version']);
  return {
    request: text(file['request'], 'request'),
    signedAt: text(file['signedAt'], 'signedAt'),
    demo: flag(file['demo'], 'demo'),
    consent: { sha256: hash(consent['sha256'], 'consent.sha256'), language: text(consent['language'], 'consent.language'), version: text(consent['version'], 'consent.version') },
    ...(first ? { station: null, place: null, disclosed: [] } : {
      station: orNull(file['station'], 'station', readStation), place: orNull(file['place'], 'place', readPlace), disclosed: list(file['disclosed'], 'disclosed').map(readDisclosed),
    }),
    events: list(file['events'], 'events').map((event, index) => readEvent(event, index, first)),
  };
}

function readStation(value: unknown, where: string): NonNullable<AuditOrigin['station']> {
  const { tenant, site, name, software } = members(value, where, ['tenant', 'site', 'name', 'software']);
  return { tenant: text(tenant, where), site: text(site, where), name: text(name, where), software: text(software, where) };
}

function readPlace(value: unknown, where: string): NonNullable<AuditOrigin['place']> {
  const { name, address, coordinates } = members(value, where, ['name', 'address', 'coordinates']);
  return { name: text(name, where), address: textOrNull(address, where), coordinates: orNull(coordinates, where, readCoordinates) };
}

function readCoordinates(value: unknown, where: string): { latitude: number; longitude: number } {
  const { latitude, longitude } = members(value, where, ['latitude', 'longitude']);
  if (typeof latitude !== 'number' || typeof longitude !== 'number' || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw malformed(`${where} has coordinates that are none`);
  return { latitude, longitude };
}

const DISCLOSABLE: readonly string[] = ['print-user', 'print-client-address'] satisfies Disclosed['is'][];

function readDisclosed(value: unknown): Disclosed {
  const { is, value: disclosed, salt } = members(value, 'disclosed', ['is', 'value', 'salt']);
  if (!DISCLOSABLE.includes(text(is, 'disclosed'))) throw malformed('an unknown kind of detail is disclosed');
  if (!/^[0-9a-f]{32}$/.test(text(salt, 'disclosed'))) throw malformed('a detail is disclosed with a salt that is not 32 hexadecimal digits');
  return { is: is as Disclosed['is'], value: text(disclosed, 'disclosed'), salt: salt as string };
}

const MEMBERS_1 = ['format', 'version', 'request', 'signedAt', 'demo', 'consent', 'events'];
const EVENT_MEMBERS_1 = ['number', 'at', 'timeSource', 'actor', 'action', 'request', 'details', 'previous', 'hash'];

const ACTORS: readonly string[] = ['guest', 'companion', 'staff', 'desk', 'station', 'print-client', 'examiner'] satisfies AuditEvent['actor']['kind'][];

/** A trail that was begun by an older program goes on under a newer one: its first events have no origin. */
function readEvent(value: unknown, index: number, first: boolean): AuditEvent {
  const where = `event ${index + 1}`;
  const hasOrigin = !first && typeof value === 'object' && value !== null && Object.hasOwn(value, 'origin');
  const event = members(value, where, hasOrigin ? [...EVENT_MEMBERS_1, 'origin'] : EVENT_MEMBERS_1);
  const actor = members(event['actor'], `${where} actor`, ['kind', 'name', 'authenticated']);
  if (!ACTORS.includes(text(actor['kind'], where))) throw malformed(`${where} has an unknown kind of actor`);
  if (!Number.isSafeInteger(event['number'])) throw malformed(`${where} has no number`);
  return {
    number: event['number'] as number,
    at: text(event['at'], where),
    timeSource: text(event['timeSource'], where),
    actor: { kind: actor['kind'] as AuditEvent['actor']['kind'], name: textOrNull(actor['name'], where), authenticated: flag(actor['authenticated'], where) },
    action: text(event['action'], where),
    ...(hasOrigin ? { origin: readOrigin(event['origin'], where) } : {}),
    request: textOrNull(event['request'], where),
    details: details(event['details'], where),
    previous: hash(event['previous'], where),
    hash: hash(event['hash'], where),
  };
}

function readOrigin(value: unknown, where: string): EventOrigin {
  const { station, software, device } = members(value, `${where} origin`, ['station', 'software', 'device']);
  return { station: text(station, where), software: text(software, where), device: text(device, where) };
}

function orNull<T>(value: unknown, where: string, read: (value: unknown, where: string) => T): T | null {
  return value === null ? null : read(value, where);
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw malformed(`${where} is not a list`);
  return value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw malformed('audit.json is not JSON', error);
  }
}

/** The value as an object with exactly these members. */
function members(value: unknown, where: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${where} is not an object`);
  const found = Object.keys(value);
  if (found.length !== names.length || !names.every((name) => Object.hasOwn(value, name))) {
    throw malformed(`${where} must have exactly the members ${names.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

function details(value: unknown, where: string): AuditEvent['details'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${where} has no details`);
  for (const detail of Object.values(value)) {
    if (typeof detail === 'object' && detail !== null) throw malformed(`${where} has a detail that is no single value`);
    if (typeof detail === 'string') text(detail, where);
  }
  return value as AuditEvent['details'];
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw malformed(`${where}: text expected`);
  return value;
}

function textOrNull(value: unknown, where: string): string | null {
  return value === null ? null : text(value, where);
}

function flag(value: unknown, where: string): boolean {
  if (typeof value !== 'boolean') throw malformed(`${where}: true or false expected`);
  return value;
}

function hash(value: unknown, where: string): string {
  if (!/^[0-9a-f]{64}$/.test(text(value, where))) throw malformed(`${where}: a SHA-256 in lower-case hex expected`);
  return value as string;
}

function malformed(what: string, cause?: unknown): PacketError {
  return new PacketError('CONTAINER_MALFORMED', `This packet's audit trail cannot be read: ${what}.`, { cause });
}
