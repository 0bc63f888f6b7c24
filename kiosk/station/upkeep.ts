/**
 * What happens by itself: new papers of the tenant, idle guests, documents for a free tablet, expiry, old desk copies, a filling disk.
 * One look at everything a second; each rule is a function that can be tested without waiting.
 */
import { statfs } from 'node:fs/promises';
import { STATION } from './audit-log.ts';
import { StationError } from './errors.ts';
import { settleInterrupted } from './follow-up.ts';
import { closeDays } from './heads.ts';
import { inMegabytes } from './limits.ts';
import { penChoice } from './pens/tablet-pens.ts';
import { isSettled } from './plan.ts';
import { autoReleased, type Waiting } from './policy.ts';
import { watchPapers } from './readiness.ts';
import { payOwedTimeStamps } from './owed-time-stamps.ts';
import type { SigningRequest } from './requests.ts';
import { sealWatch } from './seal-notice.ts';
import { end, isBeingFinished, putBack, refuseWhileCompleting, release, type Station } from './station.ts';

const EVERY = 1_000;

/** @returns a function that ends it */
export function startUpkeep(station: Station): () => void {
  const steps = stepsOf(station);
  /** What each step failed with the last time. */
  const said = new Map<string, string>();
  const look = async () => {
    for (const [name, step] of steps) {
      if (!station.database.open) return;
      // one that fails, as on a full disk, must not keep the others from being done
      await (async () => step())().then(() => said.delete(name), (error: Error) => {
        if (said.get(name) !== error.message) station.log(`${name}: ${error.message}`);
        said.set(name, error.message);
      });
    }
  };
  const timer = setInterval(() => void look(), EVERY);
  return () => clearInterval(timer);
}

function stepsOf(station: Station): [name: string, step: () => Promise<void> | void][] {
  let delivery = '';
  const lookAtSeal = sealWatch(station);
  const payOwed = oneAtOnce(() => payOwedTimeStamps(station), (error) => station.log(`owed time-stamps: ${error.message}`));
  return [
    ['papers', () => watchPapers(station)],
    ['the seal', () => lookAtSeal(new Date())],
    ['owed time-stamps', payOwed],
    ['the clock', () => noteClockStep(station)],
    ['an interrupted Done', () => finishInterrupted(station)],
    ['idle guests', () => returnIdle(station)],
    ['documents for free tablets', () => releaseByItself(station)],
    ['expiry', () => expire(station)],
    ['the desk’s copies', () => forgetDeskCopies(station)],
    ['old notices', () => station.notices.forgetOld(Date.now())],
    ['the head of a day', () => closeDays(station)],
    ['the disk', () => watchDisk(station)],
    ['the outbox', () => {
      const now = JSON.stringify(station.outbox.status());
      if (now !== delivery) station.events.emit('changed');
      delivery = now;
    }],
  ];
}

/** Begins it unless it is still under way: an authority may be slow, and nothing else waits for it. */
function oneAtOnce(work: () => Promise<void>, failed: (error: Error) => void): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    work().catch(failed).finally(() => { running = false; });
  };
}

/** Whoever reads the trail later must know where its times do not run on. */
export function noteClockStep(station: Station): void {
  const step = station.clock.look();
  if (step !== null) station.audit.note({ actor: STATION, action: 'clock.stepped', details: { ms: step.ms } });
}

/** A full disk may have let the packet into the outbox and then stopped the station from noting it. */
function finishInterrupted(station: Station): void {
  if (station.settings.tablets.some(({ id }) => station.visits.on(id)?.completing === true)) return;
  settleInterrupted(station);
}

/** The screen reports idle guests itself; this is for a screen that hangs, and for a document that a full disk kept from going back. */
export function returnIdle(station: Station): void {
  const failed = station.settings.tablets.flatMap(({ id }) => {
    try {
      returnFrom(station, id);
      return [];
    } catch (error) {
      // one tablet's must not keep another's on its screen
      return [error];
    }
  });
  if (failed.length > 0) throw failed[0];
}

function returnFrom(station: Station, tablet: string): void {
  const { idle, warning, idleGrace } = station.settings.limits;
  const visit = station.visits.on(tablet);
  const request = station.requests.on(tablet);
  if (request === null || isBeingFinished(station, request)) return;
  if (visit === null) return station.requests.putBack(request.id, STATION, 'interrupted');
  if (Date.now() - visit.lastSign > idle + warning + idleGrace) putBack(station, request, STATION, 'idle', 'other');
}

export function releaseByItself(station: Station): void {
  if (!station.settings.autoRelease || !station.papers.allowed().allowed) return;
  const assigned = station.requests.list(['assigned']);
  for (const { id: tablet } of station.settings.tablets) {
    // a release that would be refused is not tried
    if (station.pens.calibrating.has(tablet) || penChoice(station, tablet).source === null) continue;
    const state = { connected: station.visits.connected(tablet), busy: station.visits.on(tablet) !== null, idleMs: station.visits.idleMs(tablet) };
    const next = autoReleased(state, assigned.filter((request) => request.tablet === tablet).map(waiting), station.settings.limits.autoRelease);
    if (next !== null) release(station, next, STATION);
  }
}

function waiting({ id, timesShown, plan, details }: SigningRequest): Waiting {
  return { id, timesShown, settled: plan !== null && isSettled(plan, details?.fields ?? []) };
}

export function expire(station: Station): void {
  const before = new Date(Date.now() - station.settings.limits.requestExpiry);
  for (const id of station.requests.receivedBefore(before)) {
    const request = station.requests.get(id);
    try {
      refuseWhileCompleting(station, request);
      end(station, request, 'expired', STATION, 'expired', 'expired');
    } catch (error) {
      // a guest has just pressed Done: the signature counts
      if (!(error instanceof StationError)) throw error;
    }
  }
}

export function forgetDeskCopies(station: Station): void {
  const before = new Date(Date.now() - station.settings.limits.deskCopy);
  for (const id of station.requests.completedBefore(before)) {
    station.documents.delete('signed', id);
    station.requests.forget(id);
  }
}

async function watchDisk(station: Station): Promise<void> {
  const { bavail, bsize } = await statfs(station.home);
  const free = bavail * bsize;
  // the guest who waited with a signature has gone, or signed otherwise
  if (!station.settings.tablets.some(({ id }) => station.visits.on(id)?.refusals.at(-1) === 'DISK_FULL')) station.notices.clear('DISK_FULL');
  if (free >= station.settings.limits.diskNotice) return station.notices.clear('DISK_LOW');
  station.notices.set({ code: 'DISK_LOW', severity: 'warning', message: `The station’s disk is almost full: under ${inMegabytes(roundUp(free))} left. Make room soon, or documents can no longer be taken.` });
}

/** In steps, so that the notice does not change with every byte. */
function roundUp(bytes: number): number {
  const step = 64 * 1_024 * 1_024;
  return Math.ceil(bytes / step) * step;
}
