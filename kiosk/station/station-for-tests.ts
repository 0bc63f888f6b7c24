/** A station in a folder of its own, for tests: settings as given, screens as empty pages. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pens } from '#driver/pens.ts';
import type { Limits } from './limits.ts';
import type { PensSettings } from './pens/pen-settings.ts';
import type { Settings } from './settings.ts';
import { startStation, type RunningStation, type StationOptions } from './start-station.ts';

export type TestSettings = Partial<Omit<Settings, 'limits' | 'pens'>> & { limits?: Partial<Limits>; pens?: Partial<PensSettings> };

export interface TestStation {
  home: string;
  station: RunningStation;
  logged: string[];
  /** Stops it and starts it again on the same folder. */
  restart(): Promise<void>;
  /** Stops it and removes the folder. */
  end(): Promise<void>;
}

/** A machine without pens: no process is started to look for them. */
const NO_PENS: Pens = { list: () => [], onChange: () => () => {}, source: () => { throw new Error('no pen'); }, stop: async () => {} };

/** Tests share the processors with others; what the deadline of a document does is tried where it is the point. */
export const PATIENT: Partial<Limits> = { intakeMs: 60_000 };

/** `prepare` makes what is there before the first start: the keys of a tenant's station. */
export type TestOptions = Partial<StationOptions> & { prepare?: (home: string) => Promise<void> };

/** @param within where the folder is made */
export async function startTestStation(settings: TestSettings = {}, { prepare, ...options }: TestOptions = {}, within = tmpdir()): Promise<TestStation> {
  const folder = mkdtempSync(join(within, 'countersign-station-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  for (const screen of ['guest', 'desk', 'genuine']) {
    mkdirSync(join(folder, 'screens', screen), { recursive: true });
    writeFileSync(join(folder, 'screens', screen, 'index.html'), `<!doctype html><title>${screen}</title>`);
  }
  writeFileSync(join(home, 'station.json'), JSON.stringify({ autoRelease: false, ...settings, limits: { ...PATIENT, ...settings.limits } }));
  await prepare?.(home);
  const logged: string[] = [];
  const startPens = async () => NO_PENS;
  const start = () => startStation({ home, startPens, port: 0, printerPort: 0, screens: join(folder, 'screens'), log: (line) => logged.push(line), ...options });
  const test: TestStation = {
    home,
    logged,
    station: await start(),
    async restart() {
      await test.station.stop();
      test.station = await start();
    },
    async end() {
      await test.station.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** Files under a folder that hold these bytes. */
export function filesHolding(folder: string, bytes: Uint8Array): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && readFileSync(join(folder, name)).includes(Buffer.from(bytes)));
}
