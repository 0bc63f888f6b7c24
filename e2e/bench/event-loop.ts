/**
 * How long the station's event loop is blocked at a time: all tablets, pens and screens of a hotel share it. On a real house, through
 * real signings: a document of 200 pages with a capture of 2,000 samples; one of 100 MB; and ten minutes of pen, of 200 reports a second.
 * The longest turn of each phase.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Capture } from '#biometrics/capture.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { startHouse } from '../house.ts';
import { begun, printed } from '../signing.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { printedPages, scannedPages } from './printed-pages.ts';
import { median } from './statistics.ts';

const PAGES = 200;
const SAMPLES = 2_000;
/** Of 10 MB. */
const SCANNED_PAGES = 10;
const TEN_MINUTES = 120_000;
const ROUNDS = 3;
/** The signing thread loads, after the start; and the heap is collected, after a signature. */
const SETTLED_MS = 4_000;
const phases = ['starting', 'a document arrives', 'it is shown and read', 'Done', 'the heap is collected', '100 MB arrive', '100 MB are shown', '100 MB: Done', 'ten minutes of pen: Done'] as const;
type Phase = (typeof phases)[number];

interface Turn { at: number; wall: number; cpu: number }

export async function eventLoop(tell: Tell): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const file = join(folder, 'turns');
  const watch = pathToFileURL(join(import.meta.dirname, 'watch-loop.ts'));
  const times = new Map(phases.map((phase): [string, [from: number, to: number][]] => [phase, []]));
  const during = async <Result>(phase: Phase, work: () => Promise<Result>): Promise<Result> => {
    const from = Date.now();
    const result = await work();
    times.get(phase)?.push([from, Date.now()]);
    return result;
  };
  const started = Date.now();
  const house = await startHouse({ settings: {}, env: { NODE_OPTIONS: `--import ${watch}`, COUNTERSIGN_BENCH_LOOP: file } });
  try {
    const [desk, guest] = [await house.desk(), await house.guest()];
    await sleep(SETTLED_MS);
    times.get('starting')?.push([started, Date.now()]);
    const sign = async (name: string, document: Uint8Array, samples: number, [arrives, shown, done, after]: [Phase | null, Phase | null, Phase, Phase | null]): Promise<void> => {
      tell(`  ${name}`);
      const maybe = <Result>(phase: Phase | null, work: () => Promise<Result>): Promise<Result> => (phase === null ? work() : during(phase, work));
      const waiting = await maybe(arrives, () => printed(house, desk, name, 'front', document));
      const signing = await maybe(shown, () => begun(desk, guest, waiting));
      const answer = await during(done, () => signing.done(longPen(samples)));
      if (!answer.ok) throw new Error(`Done was refused: ${await answer.text()}`);
      await maybe(after, () => sleep(SETTLED_MS));
    };
    const [usual, large] = [await printedPages(PAGES), await scannedPages(SCANNED_PAGES)];
    for (let round = 1; round <= ROUNDS; round++) {
      await sign(`a signing of ${PAGES} pages, ${round} of ${ROUNDS}`, usual, SAMPLES, ['a document arrives', 'it is shown and read', 'Done', 'the heap is collected']);
      await sign(`a signing of 100 MB, ${round} of ${ROUNDS}`, large, SAMPLES, ['100 MB arrive', '100 MB are shown', '100 MB: Done', null]);
      await sign(`ten minutes of pen, ${round} of ${ROUNDS}`, usual, TEN_MINUTES, [null, null, 'ten minutes of pen: Done', null]);
    }
    desk.close();
    guest.session.close();
    const turns = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Turn);
    return [...times].map(([phase, within]) => measurement(`longest turn of the station, ${phase}: processor`, median(within.map((window) => longest(turns, window))), 'ms'));
  } finally {
    await house.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Told from 5 ms on. */
function longest(turns: readonly Turn[], [from, to]: [number, number]): number {
  return Math.max(1, ...turns.filter(({ at, wall }) => at - wall >= from - 1 && at - wall <= to).map(({ cpu }) => cpu));
}

/** The recorded pen, its strokes once more and once more until there are enough samples; 4 ms between. */
function longPen(count: number): Capture {
  const pen = recordedPen();
  const [first, last] = [pen.samples[0], pen.samples.at(-1)] as [Capture['samples'][number], Capture['samples'][number]];
  const length = last.hostTime - first.hostTime + 4_000_000;
  return {
    ...pen, samples: Array.from({ length: count }, (_, at) => {
      const sample = pen.samples[at % pen.samples.length] as Capture['samples'][number];
      return { ...sample, deviceTime: null, hostTime: sample.hostTime + Math.floor(at / pen.samples.length) * length };
    }),
  };
}
