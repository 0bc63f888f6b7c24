import { expect, test } from 'vitest';
import { recordedPen } from '#kiosk/sample/index.ts';
import { assess, assessing } from './assessment.ts';
import { drawingInk, dynamicsFreeInk, inkInMm } from './ink.ts';
import { packingSamples, packSamples } from './sample-columns.ts';
import { atOnce, type Steps, withPauses } from './steps.ts';

/** One stroke: all samples touch. */
const capture = { ...recordedPen(), samples: recordedPen().samples.map((sample) => ({ ...sample, switches: sample.switches | 1 })) };
const strokes = inkInMm(capture, { x: 0, y: 0, width: 400, height: 120 });

test.each<[string, () => Steps<unknown>, unknown]>([
  ['samples', () => packingSamples(capture.samples), packSamples(capture.samples)],
  ['ink', () => drawingInk(strokes), dynamicsFreeInk(strokes)],
  ['an assessment', () => assessing(capture, 'Test 1'), assess(capture, 'Test 1')],
])('%s: made in several steps, the same as at once', async (_, begin, expected) => {
  expect([...begin()].length).toBeGreaterThan(1);
  expect(await withPauses(begin(), () => Promise.resolve())).toEqual(expected);
});

test('it pauses after a step that took long, not after each, and what is thrown comes through', async () => {
  function* work(busyMs: number): Steps<string> {
    for (let step = 0; step < 3; step++) {
      for (const until = performance.now() + busyMs; performance.now() < until;);
      yield;
    }
    if (busyMs === 0) throw new RangeError('no more');
    return 'done';
  }
  let pauses = 0;
  const pause = async (): Promise<void> => { pauses++; };
  expect(await withPauses(work(6), pause)).toBe('done');
  expect(pauses).toBe(3);
  await expect(withPauses(work(0), pause)).rejects.toThrow('no more');
  expect(() => atOnce(work(0))).toThrow('no more');
});
