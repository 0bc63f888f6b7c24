/**
 * Who signs a document, where, and in which order: pure. One signing is one person with the pen, one request and one packet; the next
 * is made of the document that the one before has signed (`follow-up.ts`).
 *
 * Before: `packet/fields` finds the places, the desk ticks who signs. After: `requests.ts` keeps it, `complete.ts` fills it in.
 */
import { createHash } from 'node:crypto';
import type { Field, PlannedSigning, Turn } from '#kiosk/protocol/messages.ts';
import { offersOf } from '#kiosk/protocol/signings.ts';
import { StationError } from './errors.ts';

export interface Plan {
  /** In order. Empty: there are several lines for one person, and the desk has not said which. */
  signings: PlannedSigning[];
  /** How many are signed. */
  signed: number;
  /** The desk has said so; else it is what the document suggests. */
  byDesk: boolean;
}

/**
 * What a form says outright (its own fields, tags, places that the desk has shown) is meant: everybody signs. Words beside a line only
 * suggest: the guest signs, and the desk ticks whoever signs as well.
 */
export function suggestedPlan(fields: readonly Field[]): Plan {
  const offers = offersOf(fields);
  const meant = offers.filter(({ lines: [line] }) => isExplicit(fields[line ?? -1]));
  const signature = offers.find(({ role, kind }) => role === 'guest' && kind === 'signature') ?? offers.find(({ kind }) => kind === 'signature') ?? offers[0];
  const wanted = meant.length > 0 ? meant : signature === undefined ? [] : [signature];
  const clear = wanted.every(({ lines }) => lines.length === 1);
  return { signings: clear ? wanted.map(({ role, kind, lines: [field = 0] }) => ({ role, kind, field })) : [], signed: 0, byDesk: false };
}

function isExplicit(field: Field | undefined): boolean {
  return field !== undefined && field.found !== 'phrase' && field.found !== 'fallback';
}

/** @throws StationError `NO_SUCH_FIELD` where a signing is none that the document offers, or comes twice */
export function chosenPlan(fields: readonly Field[], signings: readonly PlannedSigning[]): Plan {
  const offers = offersOf(fields);
  const inOrder = offers.flatMap(({ role, kind, lines }) => signings.filter((one) => one.role === role && one.kind === kind && lines.includes(one.field)));
  const once = new Set(inOrder.map(({ role, kind }) => `${role} ${kind}`)).size === inOrder.length;
  if (inOrder.length !== signings.length || !once) throw new StationError('NO_SUCH_FIELD', 'The document has no such line to sign on.');
  return { signings: inOrder, signed: 0, byDesk: true };
}

/** Nobody could mean another plan: all that the document offers is in it, or the desk has chosen. */
export function isSettled({ signings, byDesk }: Plan, fields: readonly Field[]): boolean {
  return signings.length > 0 && (byDesk || signings.length === offersOf(fields).length);
}

/** The signing whose turn it is. */
export function currentSigning({ signings, signed }: Plan): PlannedSigning | null {
  return signings[signed] ?? null;
}

/** The plan of the request that comes after this one's signing; null: it was the last. */
export function planAfter(plan: Plan): Plan | null {
  return plan.signed + 1 < plan.signings.length ? { ...plan, signed: plan.signed + 1 } : null;
}

/** The first so many of those who come after the current signing do not sign this document any more. */
export function withoutNext(plan: Plan, count: number): Plan {
  return { ...plan, signings: plan.signings.toSpliced(plan.signed + 1, count) };
}

export function turnOf({ signings, signed }: Plan): Turn {
  const [before, now, after] = [signings[signed - 1], signings[signed], signings[signed + 1]];
  const role = now?.role ?? 'guest';
  return {
    role, kind: now?.kind ?? 'signature', number: signed + 1, of: Math.max(1, signings.length),
    handover: before !== undefined && before.role !== role,
    next: after === undefined ? null : after.role === role ? 'same' : after.role,
  };
}

/** Other places that are filled in with this signing: of initials all others of the role; dates and boxes to tick with the role's last signing. */
export function filledWith(fields: readonly Field[], { signings }: Pick<Plan, 'signings'>, signing: PlannedSigning): Field[] {
  const last = signings.findLast(({ role }) => role === signing.role) === signing;
  return fields.filter((field, index) => {
    if (field.role !== signing.role || index === signing.field) return false;
    if (field.kind === 'initials') return signing.kind === 'initials';
    return last && (field.kind === 'date' || field.kind === 'check');
  });
}

/** What the answer to a box goes by: its own name, where that is short. A form may call its fields as it likes, at any length, and "Done" must take them all. */
export function answerName(name: string): string {
  return /^[\w-]{1,40}$/.test(name) ? name : createHash('sha256').update(name).digest('hex').slice(0, 40);
}

/** Boxes to tick before this signing. One name stands for one answer, in however many places. */
export function checksBefore(fields: readonly Field[], plan: Plan): { name: string; label: string }[] {
  const signing = currentSigning(plan);
  const checks = signing === null ? [] : filledWith(fields, plan, signing).filter(({ kind }) => kind === 'check');
  return checks.filter(({ name }, index) => checks.findIndex((other) => other.name === name) === index).map(({ name, label }) => ({ name: answerName(name), label }));
}

/** All that the signings after the first fill in: made empty in the first revision, since only what exists may be filled in later. */
export function filledLater(fields: readonly Field[], plan: Plan): Field[] {
  return plan.signings.slice(1).flatMap((signing) => [fields[signing.field], ...filledWith(fields, plan, signing)]).filter((field) => field !== undefined);
}
