/**
 * What was measured by taps on crosses, per device and display: `calibrations.json` in the data folder, 0600, replaced as a whole.
 *
 * Before: `calibrate.ts`. After: `lay-on-screen.ts`. A file that cannot be read is ignored, and the desk is told: ink may lie
 * beside the tip then, and the record says that the default was used. It holds no samples, only maps.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DisplayPlace } from '#kiosk/protocol/messages.ts';
import { affine, finite, integer, list, matching, object, oneOf, parseJson, text } from '#kiosk/protocol/shape.ts';
import { isUsable, type Measured } from './lay-on-screen.ts';

/** Which display, as far as a page can tell: its size and how it is turned. */
export type Display = Pick<DisplayPlace, 'width' | 'height' | 'orientation'>;

interface Entry extends Measured { device: string; display: Display }

const FILE = 'calibrations.json';
const MAX_FILE = 256 * 1_024;
/** Most that are kept; the oldest goes. */
const MOST = 100;

const readFile = object({
  version: integer(1, 1),
  calibrations: list(object({
    device: text(300),
    display: object({ width: finite, height: finite, orientation: oneOf([0, 90, 180, 270]) }),
    toDisplay: affine,
    measuredAt: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'a time in UTC as RFC 3339 writes it'),
    residual: finite,
  }), MOST),
});

export class Calibrations {
  readonly #path: string;
  #entries: Entry[];
  /** Why the file was ignored; null where it was not. */
  readonly problem: string | null;

  constructor(home: string) {
    this.#path = join(home, FILE);
    const read = readEntries(this.#path);
    this.#entries = read.entries;
    this.problem = read.problem;
  }

  of(device: string, display: Display): Measured | null {
    return this.#entries.find((entry) => isFor(entry, device, display)) ?? null;
  }

  /** Durable when it returns. @throws Error of the system where the disk is full or the folder is not writable; nothing has changed then */
  keep(device: string, display: Display, { toDisplay, measuredAt, residual }: Measured): void {
    const { width, height, orientation } = display;
    const entry: Entry = { device, display: { width, height, orientation }, toDisplay, measuredAt, residual };
    this.#replace([...this.#entries.filter((other) => !isFor(other, device, display)), entry].slice(-MOST));
  }

  /** @returns false where nothing was measured. @throws as `keep` */
  forget(device: string, display: Display): boolean {
    if (this.of(device, display) === null) return false;
    this.#replace(this.#entries.filter((entry) => !isFor(entry, device, display)));
    return true;
  }

  #replace(entries: Entry[]): void {
    const file = openSync(`${this.#path}.new`, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify({ version: 1, calibrations: entries }, null, 1)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${this.#path}.new`, this.#path);
    this.#entries = entries;
  }
}

function isFor(entry: Entry, device: string, { width, height, orientation }: Display): boolean {
  return entry.device === device && entry.display.width === width && entry.display.height === height && entry.display.orientation === orientation;
}

function readEntries(path: string): { entries: Entry[]; problem: string | null } {
  try {
    const { calibrations } = readFile(parseJson(readFileSync(path, 'utf8'), MAX_FILE), FILE);
    if (!calibrations.every(({ toDisplay }) => isUsable(toDisplay))) throw new Error('a map in it cannot be used');
    return { entries: calibrations as Entry[], problem: null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], problem: null };
    return { entries: [], problem: `${path} cannot be used (${(error as Error).message}).` };
  }
}
