/**
 * Writes tenant, site and station into `station.json` before the first start: they stand in the certificates, so both
 * must say the same.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StationError } from './errors.ts';
import { prepareHome } from './home.ts';
import { readSettings } from './settings.ts';

const NAMES = ['tenant', 'site', 'station'] as const;

/** What is there already stays. @throws StationError `SETTINGS_INVALID` where it says another name, `HOME_NEWER`, `HOME_UNUSABLE` */
export function nameStation(home: string, name: Record<(typeof NAMES)[number], string>): void {
  prepareHome(home);
  readSettings(home);
  const path = join(home, 'station.json');
  const settings = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown> : {};
  for (const key of NAMES) {
    if (settings[key] !== undefined && settings[key] !== name[key]) {
      throw new StationError('SETTINGS_INVALID', `${path} names the ${key} ${JSON.stringify(settings[key])}, and ${JSON.stringify(name[key])} was asked for. Give the same name, or correct the file.`);
    }
  }
  if (NAMES.every((key) => settings[key] === name[key])) return;
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...settings, ...name }, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
