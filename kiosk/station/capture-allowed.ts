/**
 * Whether anything may be signed at this station now: a pure function, with the reason beside each answer.
 *
 * Before: `papers.ts` has the keys and papers in force. After: `station.ts` asks before a document goes to a tablet,
 * `complete.ts` asks again at "Done" (a screen that shows a document proves nothing), `readiness.ts` tells the desk.
 * Dates are compared with this machine's clock, which whoever owns the machine can set.
 */
import type { AwaitingKeys, CertificateStanding, SigningKeys } from '#keys/index.ts';

export interface CaptureFacts {
  demo: boolean;
  /** Keys are made and their certificates have not come. */
  awaiting: boolean;
  examiners: readonly { name: string; split: boolean }[];
  custody: 'any' | 'split';
  /** Device and seal. */
  certificates: readonly CertificateStanding[];
  /** What was put back to an older edition, or exchanged for another of its number: "configuration", "revocation list"; empty: nothing. */
  rolledBack: string;
}

export type NotAllowed = 'awaiting' | 'rolled-back' | 'no-examiner' | 'not-split' | 'not-yet-valid' | 'ended' | 'revoked';

export type CaptureAllowed = { allowed: true } | { allowed: false; why: NotAllowed; reason: string };

/** @returns the first reason against it, with what to do */
export function captureAllowed({ demo, awaiting, examiners, custody, certificates, rolledBack }: CaptureFacts, now: Date): CaptureAllowed {
  // nobody has said yet that these keys are this station's
  if (awaiting) return no('awaiting', 'This station waits for its enrolment. Nothing can be signed before.');
  // an older paper could bring back an examiner or a station that the administrator has taken away
  if (rolledBack !== '') return no('rolled-back', `The ${rolledBack} of this station is not the latest that it had: it was put back or exchanged. Install the latest again (countersign keys station configure), and find out who did it.`);
  // what is sealed to nobody could never be examined, and what is kept in clear would break every promise
  if (examiners.length === 0) return no('no-examiner', 'The company’s configuration names no examiner. Ask the administrator for one that does.');
  const whole = examiners.filter(({ split }) => !split);
  // one holder alone could open every signature, which is what the tenant has ruled out
  if (custody === 'split' && whole.length > 0) {
    return no('not-split', `The company demands that every examiner’s key is split among several people, and its configuration does not say so of ${whole.map(({ name }) => `“${name}”`).join(', ')}. Ask the administrator for a configuration with split keys only.`);
  }
  for (const { use, notBefore, notAfter, revoked } of certificates) {
    // no verifier would believe it
    if (revoked !== null && revokedAt(revoked, now)) return no('revoked', `The ${use} certificate of this station is revoked. Ask the administrator why; if this station is in the right hands, new keys make it good again: countersign keys station request`);
    if (now.getTime() > Date.parse(notAfter)) return no('ended', demo ? `The certificates of this demonstration ended on ${notAfter.slice(0, 10)}. Start another on a new data folder.` : `The ${use} certificate of this station ended on ${notAfter.slice(0, 10)}. Ask for a new one: countersign keys station request. If the date is wrong, set this machine’s clock.`);
    if (now.getTime() < Date.parse(notBefore)) return no('not-yet-valid', `The ${use} certificate of this station begins on ${notBefore.slice(0, 10)}, and this machine’s clock says ${now.toISOString().slice(0, 10)}. Set the clock.`);
  }
  return { allowed: true };
}

/**
 * One that was replaced stays good until the day that the list says, so that the station can fetch its new one. One that was taken
 * back for any other reason signs nothing more, whatever this machine's clock says.
 */
function revokedAt({ since, reason }: NonNullable<CertificateStanding['revoked']>, now: Date): boolean {
  return reason !== 'superseded' || now.getTime() >= Date.parse(since);
}

function no(why: NotAllowed, reason: string): CaptureAllowed {
  return { allowed: false, why, reason };
}

type Facts = Pick<SigningKeys, 'demo' | 'awaiting' | 'examiners' | 'custody' | 'certificates'> | Pick<AwaitingKeys, 'demo' | 'awaiting'>;

export function factsOf(keys: Facts, rolledBack: string): CaptureFacts {
  if (keys.awaiting !== null) return { demo: false, awaiting: true, examiners: [], custody: 'any', certificates: [], rolledBack };
  return {
    demo: keys.demo,
    awaiting: false,
    examiners: keys.examiners.map(({ name, custody }) => ({ name, split: custody !== null })),
    custody: keys.custody,
    certificates: keys.certificates.filter(({ use }) => use !== 'examiner'),
    rolledBack,
  };
}
