/** `countersign demo` as a whole, from the command to its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countersign } from '../house.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { timed } from './rounds.ts';

/** @throws Error if a promise did not hold: the time of a demo that failed says nothing */
export async function demo(tell: Tell): Promise<Measurement[]> {
  tell('  the whole demo, once');
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const time = await timed(async () => {
      const { code } = await countersign(['demo', '--json', '--out', join(folder, 'out')]);
      if (code !== 0) throw new Error(`the demo ended with ${code}; "npm run demo" says why`);
    });
    return [measurement('demo, whole', time / 1_000, 's')];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
