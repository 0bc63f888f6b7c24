/**
 * Which pen signs at a tablet, as one pure function with the reason beside each decision.
 *
 * Before: `roster.ts` (what is attached) and `visits.ts` (what the tablet says of itself). After: `tablet-pens.ts`.
 *
 * The best that meets the minimum is taken: the device itself before Pointer Events, because a browser merges and rounds what it
 * passes on; then what gives pressure and tilt, pressure alone, position alone; then more levels, a clock of its own, and the
 * order of the list. It does not see whether a device tells the truth: HID reports are not authenticated.
 */
import type { AttachedPen } from '#driver/pens.ts';
import { count, demands, givenBy, missing, pageAccepted, POINTER_EVENTS, type Gives } from './pen-policy.ts';
import type { PenMinimum } from './pen-settings.ts';

/** What a tablet's page said of itself, and where its connection comes from. */
export interface TabletFacts {
  secureContext: boolean;
  rawUpdate: boolean;
  userAgent: string;
  /** The page runs on this very machine: what is attached here lies in front of it. */
  local: boolean;
}

export interface Candidate {
  pen: AttachedPen;
  /** Id of the tablet it belongs to. */
  tablet: string;
}

export interface PenChoice {
  source: { reads: 'station'; pen: AttachedPen } | { reads: 'screen' } | null;
  /** As the desk reads it. */
  name: string;
  /** What the chosen one gives; or what is missing, and what to do. */
  detail: string;
  /** One sentence for each candidate that was not chosen. */
  others: { name: string; reason: string }[];
}

export interface Choosing {
  tablet: string;
  candidates: readonly Candidate[];
  minimum: PenMinimum;
  /** Null: the tablet was never here. */
  facts: TabletFacts | null;
}

const BROWSER = 'Browser pen events';

interface Fit { pen: AttachedPen; gives: Gives | null }

/** @returns what signs, and why nothing else does */
export function choosePen({ tablet, candidates, minimum, facts }: Choosing): PenChoice {
  const fits: Fit[] = [];
  const others: PenChoice['others'] = [];
  for (const { pen, tablet: owner } of candidates) {
    const gives = givenBy(pen);
    const against = whyNot(pen, gives, owner === tablet, minimum, facts);
    if (against === null) fits.push({ pen, gives });
    else others.push({ name: pen.name, reason: against });
  }
  // stable: equals keep the order of the list
  const [best, ...rest] = fits.sort((a, b) => rank(b.gives) - rank(a.gives) || levels(b) - levels(a) || clock(b) - clock(a));
  const againstPointer = whyNotPointer(minimum, facts);
  if (best === undefined && againstPointer === null) return { source: { reads: 'screen' }, name: BROWSER, detail: pointerDetail(facts), others };
  others.unshift(...rest.map(({ pen }) => ({ name: pen.name, reason: `${best?.pen.name} is there and gives at least as much.` })));
  if (best === undefined) return nothing(minimum, facts, [...others, { name: BROWSER, reason: againstPointer ?? '' }]);
  others.push({ name: BROWSER, reason: againstPointer ?? `${best.pen.name} is read directly; a browser passes on merged and rounded events.` });
  return { source: { reads: 'station', pen: best.pen }, name: best.pen.name, detail: attachedDetail(best), others };
}

/** Null: it may sign here. In the order in which a receptionist can do something about it. */
function whyNot(pen: AttachedPen, gives: Gives | null, own: boolean, minimum: PenMinimum, facts: TabletFacts | null): string | null {
  if (!own) return 'It belongs to another tablet of this station (pens.tablet in station.json).';
  // what lies on this machine's desk is not in front of a guest elsewhere
  if (facts?.local === false) return 'It is attached to the station’s machine, and this tablet is another one.';
  if (pen.problem !== null) return `${pen.problem.message} ${pen.problem.advice}`.trim();
  if (gives === null) return demands(minimum).length === 0 ? null : 'What it gives is not known before it is used, and this hotel asks for a minimum.';
  const lacking = missing(minimum, gives);
  return lacking.length === 0 ? null : `It is not enough for this hotel: it gives ${lacking.join(', ')}.`;
}

/** A tablet that was never here may still turn out to be good enough: its facts decide when it comes. */
function whyNotPointer(minimum: PenMinimum, facts: TabletFacts | null): string | null {
  const page = pageAccepted(facts?.secureContext ?? null);
  if (!page.accepted) return 'The page was opened without TLS, so the browser keeps raw samples back. Open the tablet’s https address.';
  const lacking = missing(minimum, POINTER_EVENTS);
  return lacking.length === 0 ? null : `They are not enough for this hotel: a browser gives ${lacking.join(', ')}.`;
}

function nothing(minimum: PenMinimum, facts: TabletFacts | null, others: PenChoice['others']): PenChoice {
  const wanted = demands(minimum);
  const asked = wanted.length === 0 ? 'No pen can be read here.' : `No pen here gives what this hotel asks for: ${wanted.join(', ')}.`;
  const todo = facts?.local === false ? 'Use another tablet, or open this one over https.' : 'Attach such a pen, or see below what keeps each from being used.';
  return { source: null, name: '', detail: `${asked} ${todo}`, others };
}

/** Pressure and tilt 3, pressure 2, position 1; what is not known 0. */
function rank(gives: Gives | null): number {
  if (gives === null) return 0;
  if (gives.pressureLevels === 0) return 1;
  return gives.tilt ? 3 : 2;
}

function levels({ gives }: Fit): number {
  return gives?.pressureLevels ?? 0;
}

function clock({ gives }: Fit): number {
  return gives?.deviceClock === true ? 1 : 0;
}

function attachedDetail({ pen, gives }: Fit): string {
  if (gives === null) return 'Read directly by the station. What it gives is known only when it is used.';
  const rate = pen.gives?.rate ?? null;
  const facts = [
    gives.pressureLevels === 0 ? 'no pressure' : `${count(gives.pressureLevels)} levels of pressure`,
    gives.tilt ? 'tilt' : 'no tilt',
    ...(rate === null ? [] : [`${count(rate)} reports a second`]),
    gives.deviceClock ? 'a clock of its own' : 'no clock of its own',
  ];
  return `Read directly by the station: ${facts.join(', ')}.`;
}

function pointerDetail(facts: TabletFacts | null): string {
  if (facts === null) return 'The tablet was not here yet; what its browser gives is checked when it comes.';
  const kept = facts.rawUpdate ? 'every event that the browser passes on' : 'events merged once per screen frame: this browser gives no raw ones';
  const windows = facts.userAgent.includes('Windows') ? ', at most 1,024 levels of pressure (Windows)' : '';
  return `Read by the page: ${kept}${windows}, tilt in whole degrees, no clock of the pen’s own.`;
}
