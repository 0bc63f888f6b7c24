/**
 * Signing requests: `received → assigned → shown → signing → completed`, or `declined`, `cancelled`, `expired`.
 *
 * Before: `job-intake.ts` receives. After: `complete.ts` completes. Every change is one transaction with its
 * audit event, and only a change that `mayFollow` allows is made. What a person could be known by (`details.ts`) lies under the
 * at-rest key, and is gone with the request's end. A document that several sign is one request after the other (`plan.ts`).
 *
 * "Released" is not a state of its own: an assigned request whose document the tablet may fetch.
 */
import type { AtRestKey } from '#keys/at-rest-key.ts';
import type { Field, PlannedSigning } from '#kiosk/protocol/messages.ts';
import { ROLES } from '#kiosk/protocol/signings.ts';
import { isFinal, mayFollow, type RequestState } from '#kiosk/protocol/states.ts';
import { STATION, type Actor, type AuditLog, type Entry } from './audit-log.ts';
import { scrub, type StationDatabase } from './database.ts';
import { readDetails, type Details } from './details.ts';
import { StationError } from './errors.ts';
import { chosenPlan, currentSigning, planAfter, suggestedPlan, withoutNext, type Plan } from './plan.ts';

export interface SigningRequest {
  id: string;
  state: RequestState;
  /** Null once it ended without a signature. */
  tablet: string | null;
  released: boolean;
  timesShown: number;
  receivedAt: string;
  changedAt: string;
  reason: string | null;
  documentSha256: string | null;
  documentLength: number | null;
  /** Null once it ended without a signature. */
  plan: Plan | null;
  /** Of the plan: what is signed with this request, an index into `details.fields`. Null: the desk has not said. */
  field: number | null;
  /** The request whose signed document this is. */
  follows: string | null;
  /** Where to sign may be drawn on it: see `form`. */
  placeable: boolean;
  autopilot: boolean;
  /** Null once erased. */
  details: Details | null;
}

interface Row {
  id: string; state: RequestState; tablet: string | null; released: number; times_shown: number; received_at: string; changed_at: string;
  reason: string | null; document_sha256: string | null; document_length: number | null; field: number | null; autopilot: number; private: Uint8Array | null;
  plan: string | null; follows: string | null; form: Uint8Array | null;
}

/** Columns a change may set besides the state. */
type Changes = Partial<Pick<Row, 'tablet' | 'released' | 'times_shown' | 'reason' | 'document_sha256' | 'document_length' | 'field' | 'private' | 'plan' | 'follows' | 'form'>>;

/** Everything that must be gone when a request ends unsigned: what stays is id, times, state and reason. */
const ERASED: Changes = { tablet: null, released: 0, document_sha256: null, document_length: null, field: null, private: null, plan: null, follows: null, form: null };

export interface NewRequest {
  id: string;
  tablet: string;
  documentSha256: string;
  documentLength: number;
  autopilot: boolean;
  details: Details;
  /** What identifies its form, as `packet/fields` gives it: JSON. Null: where to sign cannot be drawn on it. */
  form: string | null;
}

/** What follows a signing: kept under this id already, and not yet a request. */
export interface FollowUp { id: string; documentSha256: string; documentLength: number }

export class Requests {
  readonly #database: StationDatabase;
  readonly #key: AtRestKey;
  readonly #audit: AuditLog;
  readonly #changed: () => void;

  /** @param changed is called after every change, outside its transaction */
  constructor(database: StationDatabase, key: AtRestKey, audit: AuditLog, changed: () => void) {
    this.#database = database;
    this.#key = key;
    this.#audit = audit;
    this.#changed = changed;
  }

  /** A printed document, accepted and kept: `received`, and at once `assigned` to its printer's tablet. */
  receive(request: NewRequest, printedBy: Actor, received: Entry['details']): SigningRequest {
    this.#commit(() => {
      this.#insert(request, suggestedPlan(request.details.fields), null);
      this.#audit.append(request.id, { actor: printedBy, action: 'request.received', details: received, device: printedBy.kind === 'desk' ? 'desk' : `printer:${request.tablet}` });
      this.#audit.append(request.id, { actor: STATION, action: 'request.assigned', details: { tablet: request.tablet } });
    });
    return this.get(request.id);
  }

  /** @throws StationError `NO_SUCH_REQUEST` */
  get(id: string): SigningRequest {
    const row = this.#database.prepare('SELECT * FROM requests WHERE id = ?').get(id) as Row | undefined;
    if (row === undefined) throw new StationError('NO_SUCH_REQUEST', 'There is no such request. It may belong to another station.');
    return this.#read(row);
  }

  /** The newest first. */
  list(states?: readonly RequestState[], most = 500): SigningRequest[] {
    const wanted = states === undefined ? '' : `WHERE state IN (${states.map(() => '?').join(', ')})`;
    const rows = this.#database.prepare(`SELECT * FROM requests ${wanted} ORDER BY received_at DESC, rowid DESC LIMIT ?`).all(...(states ?? []), most) as Row[];
    return rows.map((row) => this.#read(row));
  }

  /** The request that goes on with what this one has signed, or null. */
  following(id: string): string | null {
    return (this.#database.prepare('SELECT id FROM requests WHERE follows = ?').pluck().get(id) as string | undefined) ?? null;
  }

  waiting(): number {
    return this.#database.prepare(`SELECT count(*) FROM requests WHERE state IN ('received', 'assigned', 'shown', 'signing')`).pluck().get() as number;
  }

  /** The request that is on a tablet now, or null. */
  on(tablet: string): SigningRequest | null {
    const row = this.#database.prepare('SELECT * FROM requests WHERE tablet = ? AND released = 1').get(tablet) as Row | undefined;
    return row === undefined ? null : this.#read(row);
  }

  /** Lets the tablet fetch the document. @throws StationError `NOT_NOW`, `TABLET_BUSY`, `FIELD_NOT_PICKED` */
  release(id: string, actor: Actor): void {
    const request = this.get(id);
    if (request.released) return;
    if (request.state !== 'assigned' || request.tablet === null) throw notNow(request, 'released');
    const { field, plan } = request;
    const signing = plan === null ? null : currentSigning(plan);
    if (field === null || plan === null || signing === null) throw new StationError('FIELD_NOT_PICKED', 'This document has several lines to sign on. Say who signs where, then release it.');
    if (this.on(request.tablet) !== null) throw new StationError('TABLET_BUSY', 'Another document is on that tablet. This one waits; release it when the tablet is free.');
    this.#change(request, 'assigned', { released: 1 }, {
      actor, action: 'request.released',
      details: { tablet: request.tablet, field: fieldName(request, field), role: signing.role, kind: signing.kind, signing: plan.signed + 1, of: plan.signings.length },
    });
  }

  /** Who signs, and where. @throws StationError `NOT_NOW` once it is on the tablet or the first has signed, `NO_SUCH_FIELD` */
  setPlan(id: string, actor: Actor, signings: readonly PlannedSigning[]): void {
    const request = this.#notBegun(id, 'given other lines');
    const plan = chosenPlan(request.details?.fields ?? [], signings);
    this.#change(request, 'assigned', { plan: JSON.stringify(plan) }, { actor, action: 'signers.chosen', details: { signings: inWords(request, plan.signings) } });
  }

  /** Other places to sign than were found, or these again. @throws StationError `NOT_NOW` once it is on the tablet or the first has signed */
  setFields(id: string, actor: Actor, details: Details): void {
    const request = this.#notBegun(id, 'given other lines');
    const plan = suggestedPlan(details.fields);
    this.#change(request, 'assigned', { plan: JSON.stringify(plan), private: this.#seal(id, details) }, {
      actor, action: details.drawn === undefined ? 'fields.restored' : 'fields.drawn', details: { fields: details.fields.length },
    });
  }

  /** What identifies its form, as it was received. Null: where to sign cannot be drawn. */
  form(id: string): string | null {
    const form = this.#database.prepare('SELECT form FROM requests WHERE id = ?').pluck().get(id) as Uint8Array | null | undefined;
    return form == null ? null : Buffer.from(this.#key.decrypt(form, formLabel(id))).toString();
  }

  #notBegun(id: string, wanted: string): SigningRequest {
    const request = this.get(id);
    if (request.state !== 'assigned' || request.released || request.plan === null || request.plan.signed > 0) throw notNow(request, wanted);
    return request;
  }

  /** To another tablet, taking it off the one it is on. @throws StationError `NOT_NOW` */
  move(id: string, actor: Actor, tablet: string): void {
    const request = this.get(id);
    if (isFinal(request.state)) throw notNow(request, 'moved');
    this.#change(request, 'assigned', { tablet, released: 0 }, { actor, action: 'request.moved', details: { tablet } });
  }

  /** The first page is painted, of the very bytes whose hash is given. */
  shown(id: string, sha256: string): void {
    const request = this.get(id);
    if (request.state === 'shown' || request.state === 'signing') return;
    this.#change(request, 'shown', { times_shown: request.timesShown + 1 }, { actor: STATION, action: 'document.shown', details: { sha256 } });
  }

  signing(id: string, entry: Entry): void {
    this.#change(this.get(id), 'signing', {}, entry);
  }

  /** From signing back to reading. */
  reading(id: string, entry: Entry): void {
    this.#change(this.get(id), 'shown', {}, entry);
  }

  /** The screen starts anew with the same document: what was agreed to must be agreed to again. */
  restart(id: string): void {
    this.#change(this.get(id), 'assigned', {}, { actor: STATION, action: 'screen.restarted' });
  }

  /** Off the tablet, waiting again. */
  putBack(id: string, actor: Actor, why: string): void {
    this.#change(this.get(id), 'assigned', { released: 0 }, { actor, action: 'request.returned', details: { why } });
  }

  /** Ends it unsigned: only the fact stays. @throws StationError `NOT_NOW` if it has ended */
  end(id: string, state: 'declined' | 'cancelled' | 'expired', actor: Actor, reason: string): void {
    const request = this.get(id);
    this.#change(request, state, { ...ERASED, reason }, { actor, action: `request.${state}`, details: { reason } });
    scrub(this.#database);
  }

  /** Ids of unsigned requests received before a time. */
  receivedBefore(time: Date): string[] {
    return this.#database.prepare(`SELECT id FROM requests WHERE state IN ('received', 'assigned', 'shown', 'signing') AND received_at < ?`).pluck().all(time.toISOString()) as string[];
  }

  /** Ids of signed requests completed before a time whose title is still kept. */
  completedBefore(time: Date): string[] {
    return this.#database.prepare(`SELECT id FROM requests WHERE state = 'completed' AND private IS NOT NULL AND changed_at <= ?`).pluck().all(time.toISOString()) as string[];
  }

  /**
   * @param packetSha256 of the packet that the outbox has
   * @param also runs in the same transaction
   * @param next becomes a request in the same transaction, on the same tablet and not yet released: the next of the plan signs it
   */
  complete(id: string, packetSha256: string | null, also: () => void, next: FollowUp | null = null): void {
    const request = this.get(id);
    this.#change(request, 'completed', { released: 0, form: null }, { actor: STATION, action: 'request.completed', details: { packetSha256, ...(next === null ? {} : { next: next.id }) } }, () => {
      if (next !== null) this.#follow(request, next, packetSha256);
      also();
    }, packetSha256);
  }

  /** As `complete` does with `next`, once what it made has ended: the desk asks once more. @param without so many of who was to sign next do not sign any more */
  followAgain(id: string, actor: Actor, next: FollowUp, packetSha256: string | null, without: number): void {
    this.#commit(() => this.#follow(this.get(id), next, packetSha256, { actor, without }));
  }

  #follow(request: SigningRequest, next: FollowUp, packetSha256: string | null, { actor, without } = { actor: STATION, without: 0 }): void {
    const { tablet, autopilot } = request;
    const plan = request.plan === null ? null : planAfter(withoutNext(request.plan, without));
    const leftOut = request.plan?.signings.slice(request.plan.signed + 1, request.plan.signed + 1 + without) ?? [];
    if (tablet === null || plan === null || request.details === null) throw new StationError('INTERNAL', `Request ${request.id} has nobody else to sign it.`);
    // who printed stands in the trail, and in the packet, of the first; what was drawn cannot be undone any more
    const { printClient: _, drawn: __, ...details } = request.details;
    this.#insert({ ...next, tablet, autopilot, details, form: null }, plan, request.id);
    this.#audit.append(next.id, { actor, action: 'request.received', details: { follows: request.id, packetSha256, pages: details.pages, sha256: next.documentSha256, ...(leftOut.length === 0 ? {} : { leftOut: inWords(request, leftOut) }) } });
    this.#audit.append(next.id, { actor: STATION, action: 'request.assigned', details: { tablet } });
  }

  #insert(request: NewRequest, plan: Plan, follows: string | null): void {
    const at = new Date().toISOString();
    const { id, tablet, documentSha256, documentLength, autopilot, details, form } = request;
    this.#database.prepare(`
      INSERT INTO requests (id, state, tablet, received_at, changed_at, document_sha256, document_length, autopilot, private, plan, follows, form)
      VALUES (?, 'assigned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id, tablet, at, at, documentSha256, documentLength, autopilot ? 1 : 0, this.#seal(id, details), JSON.stringify(plan), follows,
      form === null ? null : this.#key.encrypt(Buffer.from(form), formLabel(id)),
    );
  }

  #seal(id: string, details: Details): Uint8Array {
    return this.#key.encrypt(Buffer.from(JSON.stringify(details)), label(id));
  }

  /** After completion, when the desk's copy is gone: nobody needs the title any more. */
  forget(id: string): void {
    this.#commit(() => {
      this.#database.prepare('UPDATE requests SET private = NULL, form = NULL WHERE id = ?').run(id);
    });
    scrub(this.#database);
  }

  /** Something that happened to a request without changing it. */
  note(id: string, entry: Entry): void {
    const device = deviceOf(entry, this.get(id).tablet);
    this.#commit(() => this.#audit.append(id, { device, ...entry }));
  }

  #change(request: SigningRequest, to: RequestState, changes: Changes, entry: Entry, also: () => void = () => {}, packetSha256: string | null = null): void {
    const allowed = to === request.state ? !isFinal(to) : mayFollow(request.state, to);
    if (!allowed) throw notNow(request, to);
    const set = { ...changes, state: to, changed_at: new Date().toISOString() };
    const columns = Object.keys(set).map((column) => `${column} = @${column}`).join(', ');
    this.#commit(() => {
      this.#database.prepare(`UPDATE requests SET ${columns} WHERE id = @id`).run({ ...set, id: request.id });
      this.#audit.append(request.id, { device: deviceOf(entry, request.tablet), ...entry });
      if (isFinal(to)) this.#audit.anchor(request.id, { state: to, packetSha256 });
      also();
    });
  }

  #commit(work: () => void): void {
    this.#database.transaction(work).immediate();
    this.#changed();
  }

  #read(row: Row): SigningRequest {
    const details = row.private === null ? null : readDetails(Buffer.from(this.#key.decrypt(row.private, label(row.id))).toString());
    const plan = row.plan === null ? oldPlan(row, details) : JSON.parse(row.plan) as Plan;
    return {
      id: row.id, state: row.state, tablet: row.tablet, released: row.released === 1, timesShown: row.times_shown,
      receivedAt: row.received_at, changedAt: row.changed_at, reason: row.reason,
      documentSha256: row.document_sha256, documentLength: row.document_length, autopilot: row.autopilot === 1,
      plan, field: plan === null ? null : currentSigning(plan)?.field ?? null, follows: row.follows, placeable: row.form !== null, details,
    };
  }
}

/** Of version 1 of the database, which knew one signature for each document. */
function oldPlan({ field }: Row, details: Details | null): Plan | null {
  if (details === null) return null;
  const picked = details.fields[field ?? -1];
  if (field === null || picked === undefined) return suggestedPlan(details.fields);
  return { signings: [{ role: picked.role, kind: 'signature', field }], signed: 0, byDesk: true };
}

/** Whoever signs acts on the tablet where the document is. */
function deviceOf({ actor }: Entry, tablet: string | null): string | undefined {
  return ROLES.some((role) => role === actor.kind) && tablet !== null ? `tablet:${tablet}` : undefined;
}

function label(id: string): string {
  return `request ${id}`;
}

function formLabel(id: string): string {
  return `form ${id}`;
}

/** For the trail. An AcroForm field's own name may be anything, so only its place is said. */
export function placeOf(field: Field | undefined): string | null {
  return field === undefined ? null : `page ${field.page}, ${field.found}`;
}

function fieldName(request: SigningRequest, index: number): string | null {
  return placeOf(request.details?.fields[index]);
}

function inWords(request: SigningRequest, signings: readonly PlannedSigning[]): string {
  return signings.map(({ role, kind, field }) => `${role} ${kind} (${fieldName(request, field)})`).join(', ');
}

function notNow(request: SigningRequest, wanted: string): StationError {
  return new StationError('NOT_NOW', `The request is ${request.state} and cannot be ${wanted} now.`);
}
