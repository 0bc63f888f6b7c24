/**
 * How far the ink is behind the pen while a signature of 2 s at 200 reports a second is written, in real time.
 * Our screen draws once for each frame, so half a frame (8 ms at 60 Hz) of waiting is in its median;
 * signature_pad draws as events come, at most every 16 ms. Nobody sees either before the frame is shown.
 */
import { drawInRealTime } from '#fixtures/browser.ts';
import { PEER, type DrawingSurface } from './drawing-surfaces.ts';
import { loops, RATE } from './handwriting.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { inTurns, medianPeer } from './rounds.ts';
import { median, percentile } from './statistics.ts';

const SECONDS = 2;
const ROUNDS = 4;

export async function eventToDraw(ours: DrawingSurface, peer: DrawingSurface, tell: Tell): Promise<Measurement[]> {
  tell(`  pen to canvas, ${ROUNDS} signatures each`);
  const delays = await inTurns(ROUNDS, () => signedOn(ours), () => signedOn(peer));
  return [0.5, 0.95].map((share) => {
    const [own, its] = [delays.ours, delays.peer].map((rounds) => rounds.map((round) => percentile(round, share)));
    return measurement(`pen event to canvas draw, p${share * 100}`, median(own ?? []), 'ms', medianPeer(PEER, its ?? []));
  });
}

/** @returns the delay of every report, ms */
async function signedOn({ page, box, clear }: DrawingSurface): Promise<number[]> {
  await page.bringToFront();
  await page.evaluate(() => { window.drawDelays = []; });
  await drawInRealTime(page, loops(box, SECONDS * RATE));
  const delays = await page.evaluate(() => window.drawDelays);
  await clear();
  return delays;
}
