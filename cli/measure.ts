/** `countersign measure RECORD`: how far a record, opened before, can be examined, and how the pen moved. Nothing is stored. */
import { parseArgs } from 'node:util';
import { assess } from '#biometrics/assessment.ts';
import { derive, type Derived, type Movement } from '#biometrics/derived/derive.ts';
import { decodeRecord } from '#biometrics/record.ts';
import packageJson from '../package.json' with { type: 'json' };
import { read } from './evidence.ts';

export const help = `countersign measure RECORD [--json]

Tells what limits an examination of the capture, then each stroke and each lift between strokes: time, path, greatest speed,
pressure. RECORD is what "countersign open" wrote. Everything is computed anew from the raw samples; formulas, handling
of missing samples and sources are in biometrics/derived/README.md. Nothing here decides whether a signature is genuine.

  --json   one line: {"software","summary","findings","clock","units","strokes","lifts","samples"}; "samples" holds one array
           for each quantity with one entry for each sample, null where it cannot be computed

Exit codes: 0 measured; 2 the record cannot be read.
`;

const QUANTITIES = [
  'time', 'down', 'run', 'x', 'y', 'speed', 'acceleration', 'jerk', 'curvature', 'pressure', 'pressureRate', 'tiltX', 'tiltY', 'azimuth', 'altitude',
] as const satisfies (keyof Movement)[];

/** @returns 0. What keeps it from reading is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error('name a record: countersign measure RECORD');
  const { capture } = decodeRecord(await read(path));
  const assessment = assess(capture, `countersign ${packageJson.version}`);
  const derived = derive(capture);
  process.stdout.write(values.json ? `${JSON.stringify({ ...assessment, ...asColumns(derived) })}\n` : `${assessment.summary}\n\n${table(derived)}`);
  return 0;
}

function asColumns({ clock, lengthUnit, movements, strokes, lifts }: Derived): object {
  return {
    clock, units: unitsOf(lengthUnit), strokes, lifts,
    samples: Object.fromEntries(QUANTITIES.map((name) => [name, movements.map((movement) => movement[name])])),
  };
}

function unitsOf(length: Derived['lengthUnit']): Record<string, string> {
  return {
    time: 's', duration: 's', x: length, y: length, path: length, speed: `${length}/s`, acceleration: `${length}/s²`, jerk: `${length}/s³`,
    curvature: `1/${length}`, pressure: 'levels', pressureRate: 'levels/s', tiltX: 'deg', tiltY: 'deg', azimuth: 'deg', altitude: 'deg',
  };
}

/** Strokes and lifts in the order of time. */
function table({ clock, lengthUnit, movements, strokes, lifts }: Derived): string {
  const header = ['', 'samples', 'from s', 'lasts s', `path ${lengthUnit}`, `fastest ${lengthUnit}/s`, 'pressure'];
  const rows = strokes.flatMap((stroke, index) => {
    const lift = lifts[index];
    return [row(`stroke ${index + 1}`, stroke, movements, true), ...(lift === undefined ? [] : [row('  lift', lift, movements, false)])];
  });
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)));
  const lines = all.map((cells) => cells.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)).join('  '));
  return `${lines.join('\n')}\n\nTime by the ${clock} clock; –: cannot be computed; pressure in levels of the device, not a force.\n`;
}

function row(name: string, { first, last, duration, path }: Derived['strokes'][number], movements: readonly Movement[], inContact: boolean): string[] {
  const whole = movements.slice(first, last + 1);
  // A lift lasts from surface to surface, but only what lies between was in the air.
  const within = whole.filter(({ down }) => down === inContact);
  const number = (value: number | null, digits: number): string => value === null ? '–' : value.toFixed(digits);
  const speed = greatest(within.map((movement) => movement.speed));
  const pressures = within.map(({ pressure }) => pressure).filter((pressure) => pressure !== null);
  const [least, most] = [greatest(pressures.map((pressure) => -pressure)), greatest(pressures)];
  return [
    name, String(within.length), number(whole[0]!.time, 3), number(duration, 3), number(path, 1), number(speed, 0),
    least === null ? '–' : `${0 - least} to ${most}`,
  ];
}

function greatest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((most, value) => value === null ? most : Math.max(most ?? value, value), null);
}
