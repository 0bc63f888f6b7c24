/**
 * A trail in English, for a person who is no engineer: first the facts, then what happened, a sentence for each event.
 * Before: `audit.ts`. After: `audit-page.ts` draws it. Where words and `audit.json` differ, `audit.json` counts.
 */
import { pseudonym, type AuditEvent } from './audit.ts';
import type { AuditFile } from './audit-file.ts';

export interface Fact { label: string; value: string }
export interface Row { number: string; time: string; who: string; what: string }

/** What somebody wants to know first. Hashes stand last. */
export function factsOf(file: AuditFile): Fact[] {
  const { events, place, station } = file;
  const detail = (action: string, name: string): string | null => valueOf(events.findLast((event) => event.action === action), name);
  const facts: [string, string | null][] = [
    ['Signed', `${time(file.signedAt)} UTC, by the station’s own clock (${events.at(-1)?.timeSource ?? 'not said how set'}): claimed, not proven by this page`],
    ['Where', place === null ? null : [place.name, place.address, place.coordinates === null ? null : `${place.coordinates.latitude}, ${place.coordinates.longitude}`].filter((part) => part !== null).join(', ')],
    ['Tablet at', tabletAt(events)],
    ['On', station === null ? null : `station ${station.tenant}/${station.site}/${station.name}${tabletOf(events)}, ${station.software}`],
    ['Read', readOf(events)],
    ['Agreed to', `the notice in consent.txt, version ${file.consent.version}, language ${file.consent.language}${when(events, 'consent.given')}`],
    ['Identity', identityOf(events)],
    ['Printed by', printedBy(file)],
    ['Exceptions', exceptionsOf(events)],
    ['Request', file.request],
    ['Document shown', hash(detail('document.shown', 'sha256'))],
    ['Signed document', hash(detail('document.signed', 'signedPdfSha256'))],
    ['Sealed by', detail('document.signed', 'sealedBy')],
    ['Notice', hash(file.consent.sha256)],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}

/** Pages looked at are among the facts and left out here. */
export function rowsOf({ events, disclosed, signedAt }: AuditFile): Row[] {
  const day = signedAt.slice(0, 10);
  return events.filter(({ action }) => action !== 'page.viewed').map((event) => ({
    number: String(event.number),
    time: event.at.startsWith(day) ? event.at.slice(11, 19) : time(event.at),
    who: whoOf(event, disclosed),
    what: WORDS[event.action]?.(event.details) ?? otherWords(event),
  }));
}

type Details = AuditEvent['details'];

const WORDS: Record<string, (details: Details) => string> = {
  'request.received': ({ pages, follows, leftOut }) => (follows === undefined
    ? `The document was received, ${counted(pages, 'page')}.`
    : `The document is what request ${follows} has signed, ${counted(pages, 'page')}.${leftOut === undefined ? '' : ` The desk left out: ${leftOut}.`}`),
  'request.assigned': ({ tablet }) => `It was meant for the tablet “${tablet}”.`,
  'request.released': ({ field, role = 'guest', kind, signing = 1, of = 1 }) => `It was sent to the tablet, for the ${kind === 'initials' ? 'initials' : 'signature'} of the ${role}${of === 1 ? '' : ` (${signing} of ${of})`}, at: ${field ?? 'no place said'}.`,
  'request.moved': ({ tablet }) => `It was moved to the tablet “${tablet}”.`,
  'request.returned': ({ why }) => `It went back from the tablet to the desk (${why}).`,
  'signers.chosen': ({ signings }) => `The desk chose who signs: ${signings === '' ? 'nobody yet' : signings}.`,
  'fields.drawn': () => 'The desk drew on the pages where to sign.',
  'fields.restored': () => 'The desk took back what it had drawn.',
  'field.picked': ({ field }) => `The place to sign was chosen: ${field ?? 'not said'}.`,
  'language.chosen': ({ language }) => `The language of the screen was chosen: ${language}.`,
  'screen.restarted': () => 'The screen started anew; what was agreed to had to be agreed to again.',
  'document.shown': () => 'The document appeared on the tablet, the very bytes that were received.',
  'document.differs': () => 'The tablet showed something else than the document; nothing could be signed.',
  'consent.given': ({ language, version }) => `The notice was agreed to (version ${version}, language ${language}).`,
  'consent.carried': ({ language, version }) => `The same person had agreed to the notice for the signature before (version ${version}, language ${language}).`,
  'check.answered': ({ box, place, name, checked }) => `${box === undefined ? `The box “${name}”` : `Box ${box} to tick (${place})`} was ${checked === true ? 'ticked' : 'left empty'}.`,
  'place.told': ({ latitude, longitude, accuracyMetres }) => `The tablet said where it is: ${latitude}, ${longitude}, give or take ${accuracyMetres} m.`,
  'place.unknown': ({ why }) => `The tablet was asked where it is, and did not say (${why}).`,
  'identity.confirmed': ({ seen }) => `Staff looked at a proof of identity: ${seen}. No number was kept.`,
  'signing.begun': () => 'Signing began.',
  'signing.left': ({ why }) => `Signing was left again (${why}).`,
  'ink.cleared': () => 'What was drawn was cleared.',
  'exception.chosen': ({ reason }) => `The desk decided to take the next signature as it is (${reason}).`,
  'exception.carried': ({ reason }) => `The desk had decided so for the same person’s signature before, and this one is taken as it is as well (${reason}).`,
  'exception.undone': () => 'The desk took that decision back.',
  'signature.refused': ({ code }) => `A signature was not accepted (${code}) and is gone.`,
  'signature.done': ({ role = 'guest', instrument, clears }) => `The ${role} signed (${instrument}) and pressed Done; cleared before: ${counted(clears, 'time')}.`,
  'document.signed': ({ level }) => `The document was stamped with the signature and sealed${level === undefined ? '' : level === 'B-B' ? ', without a time-stamp (level PAdES B-B)' : `, with a time-stamp by an authority (level PAdES ${level})`}.`,
  'packet.closed': () => 'This packet was closed.',
};

function otherWords({ action, details }: AuditEvent): string {
  return [action, ...Object.entries(details).map(([name, value]) => `${name}: ${value}`)].join(', ');
}

function whoOf({ actor, origin }: AuditEvent, disclosed: AuditFile['disclosed']): string {
  const device = origin === undefined || origin.device === actor.kind ? '' : ` (${origin.device.replace(':', ' ')})`;
  switch (actor.kind) {
    case 'guest': return `Guest${device}`;
    case 'companion': return `Companion${device}`;
    case 'staff': return `Staff${device}`;
    case 'station': return 'Station';
    case 'desk': return `Desk: ${actor.name ?? 'no name'}${actor.authenticated ? '' : ', as configured'}`;
    case 'print-client': {
      const known = disclosed.find(({ is, salt, value }) => is === 'print-user' && pseudonym(salt, value) === actor.name);
      return `Print client${known === undefined ? '' : `: ${known.value}, as claimed`}${device}`;
    }
    case 'examiner': return `Examiner: ${actor.name ?? 'no name'}`;
  }
}

/** Seconds for each page, however often it was looked at. */
function readOf(events: readonly AuditEvent[]): string | null {
  const seconds = new Map<string, number>();
  for (const { action, details } of events) {
    if (action !== 'page.viewed') continue;
    const page = String(details['page']);
    seconds.set(page, (seconds.get(page) ?? 0) + Number(details['ms']) / 1000);
  }
  if (seconds.size === 0) return 'no page was reported as looked at';
  const pages = Array.from(seconds, ([page, s]) => `page ${page}: ${s.toFixed(1)} s`);
  return pages.length <= 12 ? pages.join('; ') : `${pages.slice(0, 12).join('; ')}; and ${pages.length - 12} more pages, in audit.json`;
}

/** The tablet's own word, and how sure its browser was. */
function tabletAt(events: readonly AuditEvent[]): string | null {
  const details = events.findLast(({ action }) => action === 'place.told')?.details;
  return details === undefined ? null : `${details['latitude']}, ${details['longitude']} (give or take ${details['accuracyMetres']} m), as the tablet itself said`;
}

function identityOf(events: readonly AuditEvent[]): string {
  const seen = events.filter(({ action }) => action === 'identity.confirmed').map(({ details }) => String(details['seen']));
  return seen.length === 0 ? 'no check by staff is recorded' : `staff confirmed having looked at: ${[...new Set(seen)].join(', ')}`;
}

function exceptionsOf(events: readonly AuditEvent[]): string | null {
  const refused = events.filter(({ action }) => action === 'signature.refused').length;
  const chosen = events.findLast(({ action }) => action.startsWith('exception.'));
  const parts = [...(refused === 0 ? [] : [`${counted(refused, 'signature')} not accepted`]), ...(chosen !== undefined && chosen.action !== 'exception.undone' ? [`the desk took the last one as it is (${chosen.details['reason']})`] : [])];
  return parts.length === 0 ? null : parts.join('; ');
}

function printedBy({ disclosed }: AuditFile): string | null {
  const value = (is: string): string | undefined => disclosed.find((detail) => detail.is === is)?.value;
  const user = value('print-user');
  return user === undefined ? null : `${user}, as the print program claimed, from ${value('print-client-address') ?? 'an unknown address'}`;
}

function tabletOf(events: readonly AuditEvent[]): string {
  const device = events.findLast(({ origin }) => origin?.device.startsWith('tablet:'))?.origin?.device;
  return device === undefined ? '' : `, ${device.replace(':', ' ')}`;
}

function when(events: readonly AuditEvent[], action: string): string {
  const event = events.findLast((found) => found.action === action);
  return event === undefined ? '' : `, at ${time(event.at)} UTC`;
}

function valueOf(event: AuditEvent | undefined, name: string): string | null {
  const value = event?.details[name];
  return typeof value === 'string' ? value : null;
}

function hash(value: string | null): string | null {
  return value === null ? null : `SHA-256 ${value}`;
}

function time(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}

function counted(value: Details[string] | undefined, of: string): string {
  return `${value ?? '?'} ${of}${value === 1 ? '' : 's'}`;
}
