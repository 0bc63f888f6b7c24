/** Who can sign a document and where: the same for the desk that asks and the station that decides. */
import type { Field, PlannedSigning, Role } from './messages.ts';

/** In this order they sign. */
export const ROLES = ['guest', 'companion', 'staff'] as const satisfies readonly Role[];

/** Initials come before the same person's signature. */
const KINDS = ['initials', 'signature'] as const satisfies readonly PlannedSigning['kind'][];

/** A signing that the document has room for. */
export interface Offer {
  role: Role;
  kind: PlannedSigning['kind'];
  /** Indexes of the fields for it. Of initials the first alone, which stands for all of them. */
  lines: number[];
}

export function offersOf(fields: readonly Field[]): Offer[] {
  return ROLES.flatMap((role) => KINDS.flatMap((kind): Offer[] => {
    const lines = fields.flatMap((field, index) => (field.role === role && field.kind === kind ? [index] : []));
    return lines.length === 0 ? [] : [{ role, kind, lines: kind === 'initials' ? lines.slice(0, 1) : lines }];
  }));
}
