/** The states of a signing request, and which may follow which. */
export const REQUEST_STATES = ['received', 'assigned', 'shown', 'signing', 'completed', 'declined', 'cancelled', 'expired'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

const NEXT: Record<RequestState, readonly RequestState[]> = {
  received: ['assigned', 'cancelled', 'expired'],
  // back to `received`: its tablet was unpaired
  // `declined` at once: a guest may prefer paper before the document is painted
  assigned: ['shown', 'received', 'declined', 'cancelled', 'expired'],
  // back to `assigned`: the guest went idle, the tablet went away, or the desk moved it
  shown: ['signing', 'assigned', 'declined', 'cancelled', 'expired'],
  // back to `shown`: the guest pressed Cancel and reads on
  signing: ['completed', 'shown', 'assigned', 'declined', 'cancelled', 'expired'],
  completed: [],
  declined: [],
  cancelled: [],
  expired: [],
};

export function mayFollow(from: RequestState, to: RequestState): boolean {
  return NEXT[from].includes(to);
}

/** A final state: nothing but the fact of it is kept, except for `completed`. */
export function isFinal(state: RequestState): boolean {
  return NEXT[state].length === 0;
}

/** Why a guest did not sign. `paper`: prefers paper and ink. */
export const DECLINE_REASONS = ['paper', 'content', 'not-mine', 'other'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** Why the desk took a request back. */
export const CANCEL_REASONS = ['wrong-document', 'guest-left', 'signs-on-paper', 'other'] as const;
/** Paper, because no signature of this guest met the policy. Offered beside `EXCEPTION_REASONS` and nowhere else. */
export const PAPER_INSTEAD = 'refused-then-paper';
export type CancelReason = (typeof CANCEL_REASONS)[number] | typeof PAPER_INSTEAD;

/**
 * Why the desk takes the next signature as it is: the guest signs with a cross or another mark, someone helps the guest's hand, or
 * the guest signs with a finger. Written into the record (`biometrics/context.ts`).
 */
export const EXCEPTION_REASONS = ['mark', 'assisted', 'finger'] as const;
export type ExceptionReason = (typeof EXCEPTION_REASONS)[number];

/** What staff looked at to know who the guest is. The kind alone is kept: no number, no name. */
export const IDENTITY_PROOFS = ['passport', 'identity-card', 'residence-permit', 'driving-licence', 'other'] as const;
export type IdentityProof = (typeof IDENTITY_PROOFS)[number];

/** Why a signed document does not count. */
export const VOID_REASONS = ['wrong-document', 'wrong-guest', 'signed-twice', 'other'] as const;
export type VoidReason = (typeof VOID_REASONS)[number];
