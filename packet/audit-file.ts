/**
 * `audit.json` of a packet: the trail of one signing request and what the packet says about itself.
 * Its JSON schema is `audit.schema.json`; reading is as strict as that schema.
 *
 * Before: `audit.ts` chains the events. After: `container.ts` packs the file.
 */
import type { AuditEvent } from './audit.ts';
import { PacketError } from './errors.ts';

export interface AuditFile {
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
  return new TextEncoder().encode(`${JSON.stringify({ format: 'countersign-audit', version: 1, ...file }, null, 2)}\n`);
}

/** @throws PacketError CONTAINER_MALFORMED where the bytes do not follow the schema. The chain itself is not checked here. */
export function readAuditFile(bytes: Uint8Array): AuditFile {
  const { format, version, ...file } = members(parse(bytes), 'audit.json', ['format', 'version', 'request', 'signedAt', 'demo', 'consent', 'events']);
  if (format !== 'countersign-audit' || version !== 1) throw malformed('audit.json is not of a version this program reads; use a newer Countersign');
  const consent = members(file['consent'], 'consent', ['sha256', 'language', 'version']);
  if (!Array.isArray(file['events'])) throw malformed('audit.json has no list of events');
  return {
    request: text(file['request'], 'request'),
    signedAt: text(file['signedAt'], 'signedAt'),
    demo: flag(file['demo'], 'demo'),
    consent: { sha256: hash(consent['sha256'], 'consent.sha256'), language: text(consent['language'], 'consent.language'), version: text(consent['version'], 'consent.version') },
    events: file['events'].map(readEvent),
  };
}

const ACTORS: readonly string[] = ['guest', 'desk', 'station', 'print-client', 'examiner'] satisfies AuditEvent['actor']['kind'][];

function readEvent(value: unknown, index: number): AuditEvent {
  const where = `event ${index + 1}`;
  const event = members(value, where, ['number', 'at', 'timeSource', 'actor', 'action', 'request', 'details', 'previous', 'hash']);
  const actor = members(event['actor'], `${where} actor`, ['kind', 'name', 'authenticated']);
  if (!ACTORS.includes(text(actor['kind'], where))) throw malformed(`${where} has an unknown kind of actor`);
  if (!Number.isSafeInteger(event['number'])) throw malformed(`${where} has no number`);
  return {
    number: event['number'] as number,
    at: text(event['at'], where),
    timeSource: text(event['timeSource'], where),
    actor: { kind: actor['kind'] as AuditEvent['actor']['kind'], name: textOrNull(actor['name'], where), authenticated: flag(actor['authenticated'], where) },
    action: text(event['action'], where),
    request: textOrNull(event['request'], where),
    details: details(event['details'], where),
    previous: hash(event['previous'], where),
    hash: hash(event['hash'], where),
  };
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
