/**
 * `npm run bench`: how long the things take that somebody waits for, and how large the record is.
 *
 * `npm run bench -- drawing packet` runs these groups only (drawing, biometrics, driver, packet, loop, fields, print, start, demo);
 * `--json` prints `[{name,value,unit,peer,ratio}]` on standard output. Progress goes to standard error. Figures are
 * medians over rounds in turn with the peer, or percentiles beside it at the same time, on this machine as it is now:
 * compare ratios, not numbers of different machines.
 */
import { parseArgs } from 'node:util';
import type { Measurement, Tell } from './measurement.ts';
import { table } from './table.ts';

type Group = (tell: Tell) => Promise<Measurement[]>;

const GROUPS: Record<string, () => Promise<Group>> = {
  drawing: async () => (await import('./drawing.ts')).drawing,
  biometrics: async () => (await import('./biometrics.ts')).biometrics,
  driver: async () => (await import('./driver.ts')).driver,
  packet: async () => (await import('./packet.ts')).packet,
  loop: async () => (await import('./event-loop.ts')).eventLoop,
  fields: async () => (await import('./fields.ts')).fields,
  print: async () => (await import('./print-to-painted.ts')).printToPainted,
  start: async () => (await import('./start.ts')).start,
  demo: async () => (await import('./demo.ts')).demo,
};

/** @returns 0 when measured, 2 when something could not be */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  const unknown = positionals.filter((name) => !Object.hasOwn(GROUPS, name));
  if (unknown.length > 0) {
    tell(`bench: there is no group "${unknown.join('", "')}". Groups: ${Object.keys(GROUPS).join(', ')}.`);
    return 2;
  }
  const measurements: Measurement[] = [];
  let failed = false;
  for (const [name, load] of Object.entries(GROUPS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    tell(`Measuring: ${name}`);
    try {
      const measure = await load();
      measurements.push(...await measure(tell));
    } catch (error) {
      failed = true;
      tell(`  ${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  process.stdout.write(values.json ? `${JSON.stringify(measurements, null, 2)}\n` : table(measurements));
  return failed ? 2 : 0;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
