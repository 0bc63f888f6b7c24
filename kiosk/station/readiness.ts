/**
 * What the desk is told of keys and papers: why nothing can be signed, and what will end soon.
 *
 * Before: `upkeep.ts`, once a second; `papers.ts`. After: notices; a document that cannot be signed any more leaves its tablet.
 */
import type { AwaitingKeys, CertificateStanding, SigningKeys } from '#keys/index.ts';
import { STATION } from './audit-log.ts';
import type { CaptureAllowed } from './capture-allowed.ts';
import { custodianOf } from './guest-messages.ts';
import type { Notice } from './notices.ts';
import { putBack, type Station } from './station.ts';

const DAY = 24 * 3_600_000;
/** Time enough for a request, a telephone call to compare, and an answer. */
const WARN_DAYS = 30;

/** Every notice of this file. */
const CODES = ['CAPTURE_NOT_ALLOWED', 'PAPERS_REFUSED', 'REVOCATION_LIST_OLD', 'CERTIFICATE_ENDS', 'RENEWAL'] as const;

export async function watchPapers(station: Station): Promise<void> {
  const custodian = custodianOf(station);
  if (await station.papers.look()) {
    station.log(station.papers.problem === null ? 'papers: new ones of the tenant are in force' : `papers: new ones were not taken. ${station.papers.problem}`);
    station.events.emit('changed');
  }
  // whoever agreed to one custodian reads the notice again before it is another
  if (custodianOf(station) !== custodian) takeBack(station, 'notice-changed');
  const { keys, problem } = station.papers;
  const allowed = station.papers.allowed();
  const found = paperNotices(keys, problem, allowed, new Date());
  for (const code of CODES) {
    const notice = found.find((each) => each.code === code);
    if (notice === undefined) station.notices.clear(code);
    else station.notices.set(notice);
  }
  if (!allowed.allowed) takeBack(station, 'not-allowed');
}

/** A guest must not read and sign in vain. */
function takeBack(station: Station, why: string): void {
  for (const { id } of station.settings.tablets) {
    const request = station.requests.on(id);
    if (request === null || station.visits.on(id)?.completing === true) continue;
    putBack(station, request, STATION, why, 'other');
  }
}

type Told = Pick<SigningKeys, 'demo' | 'awaiting' | 'certificates' | 'papers' | 'renewal'> | Pick<AwaitingKeys, 'awaiting'>;

/** Pure: what there is to say about these keys at that moment. */
export function paperNotices(keys: Told, problem: string | null, allowed: CaptureAllowed, now: Date): Notice[] {
  const notices: Notice[] = [];
  const say = (code: (typeof CODES)[number], severity: Notice['severity'], message: string): void => { notices.push({ code, severity, message }); };
  // a station that waits for its enrolment has a screen of its own for that
  if (!allowed.allowed && allowed.why !== 'awaiting') say('CAPTURE_NOT_ALLOWED', 'error', `Nothing can be signed. ${allowed.reason}`);
  if (problem !== null) say('PAPERS_REFUSED', 'error', `New papers of the company were not taken, and those before them stay in force. ${problem}`);
  if (keys.awaiting !== null) return notices;
  const { nextUpdate = null } = keys.papers?.crl ?? {};
  if (nextUpdate !== null && Date.parse(nextUpdate) < now.getTime()) {
    say('REVOCATION_LIST_OLD', 'warning', `The revocation list of this station should have been replaced by ${nextUpdate.slice(0, 10)}. Signing goes on. Ask the administrator for the latest, and install it with countersign keys station configure.`);
  }
  const soon = keys.certificates.filter((certificate) => isNear(certificate, now));
  const sentences = keys.demo ? soon.slice(0, 1).map(sentenceOfDemo) : soon.map((certificate) => sentenceOf(certificate, now));
  if (sentences.length > 0) say('CERTIFICATE_ENDS', 'warning', sentences.join(' '));
  if (keys.renewal !== null) say('RENEWAL', 'info', `New certificates were asked for. Compare with the administrator: ${keys.renewal.fingerprint}. The present ones stay in force until the enrolment is installed.`);
  return notices;
}

/** One that was replaced ends when the list says so. */
function endOf({ notAfter, revoked }: CertificateStanding): string {
  return revoked !== null && revoked.since < notAfter ? revoked.since : notAfter;
}

/** One of the station that has ended already is why nothing can be signed. An examiner's stops nothing, so nobody would hear of it. */
function isNear(certificate: CertificateStanding, now: Date): boolean {
  const left = Date.parse(endOf(certificate)) - now.getTime();
  return left < WARN_DAYS * DAY && (left >= 0 || certificate.use === 'examiner');
}

/** All of its certificates were made in the same moment, and nobody can give it others. */
function sentenceOfDemo(certificate: CertificateStanding): string {
  return `The certificates of this demonstration end on ${endOf(certificate).slice(0, 10)}: start another on a new data folder then.`;
}

function sentenceOf(certificate: CertificateStanding, now: Date): string {
  const { use, name, revoked } = certificate;
  const day = endOf(certificate).slice(0, 10);
  if (revoked !== null) return `The ${use} certificate of this station was replaced and is good until ${day}: install the new enrolment with countersign keys station enrol.`;
  return use === 'examiner'
    ? `The certificate of the examiner “${name}” ${Date.parse(certificate.notAfter) < now.getTime() ? 'ended' : 'ends'} on ${day}: ask the administrator for a configuration with a newer one.`
    : `The ${use} certificate of this station ends on ${day}: ask for a new one with countersign keys station request.`;
}
