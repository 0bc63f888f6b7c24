/**
 * Shows what a pen sends while it sends it, and goes on when it was pulled out and plugged in again.
 * Before it: `Pens`. After it: a `Display`: the terminal, or lines for another program. Nothing is kept.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttachedPen, PenError, Pens, PenSource } from '#driver/index.ts';
import type { Display } from './display.ts';
import { Rate } from './rate.ts';

/** A pen that was just plugged in may be listed before it answers. */
const RETRY_MS = 500;

interface OpenPen { source: PenSource; ended: Promise<PenError | null> }

/** Returns when `stop` is aborted. @throws PenError as `PenSource.open`, the first time: later it waits for the pen */
export async function watchPen(pens: Pens, pen: AttachedPen, display: Display, stop: AbortSignal): Promise<void> {
  let open: OpenPen | null = await opened(pens, pen.id, display, () => { /* that it is there is no news */ });
  while (open !== null) {
    const why = await Promise.race([open.ended, aborted(stop)]);
    if (why === null) return open.source.close();
    display.lost(pen, why.message);
    open = await openedAgain(pens, pen, display, stop);
  }
}

/** @param begun called before anything that it sends is shown: a pen may send before it says that it is open */
async function opened(pens: Pens, id: string, display: Display, begun: () => void): Promise<OpenPen> {
  const source = pens.source(id);
  const rate = new Rate();
  const { promise: ended, resolve } = Promise.withResolvers<PenError | null>();
  await source.open({
    samples: (samples) => {
      begun();
      rate.add(samples.length, performance.now());
      display.samples(samples, source, rate);
    },
    ended: resolve,
  });
  begun();
  return { source, ended };
}

/** Null where `stop` came first. */
async function openedAgain(pens: Pens, pen: AttachedPen, display: Display, stop: AbortSignal): Promise<OpenPen | null> {
  let told = false;
  const begun = (): void => {
    if (!told) display.back(pen);
    told = true;
  };
  while (!stop.aborted) {
    await attached(pens, pen.id, stop);
    if (stop.aborted) break;
    try {
      return await opened(pens, pen.id, display, begun);
    } catch {
      await sleep(RETRY_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return null;
}

/** Resolves when the pen is listed and can be opened, or `stop` is aborted. */
function attached(pens: Pens, id: string, stop: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => { if (pens.list().some((pen) => pen.id === id && pen.problem === null)) resolve(); };
  const unsubscribe = pens.onChange(look);
  look();
  return Promise.race([promise, aborted(stop).then(() => undefined)]).finally(unsubscribe);
}

function aborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => { signal.addEventListener('abort', () => resolve(null), { once: true }); });
}
