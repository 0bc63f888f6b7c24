/**
 * Pens that the station reads itself, and which pen signs at which tablet.
 *
 * Before: `driver/process` (attached devices), guest screens (`pen-begin`, `pen-end`), the desk (calibration), `station.json`.
 * After: ink for guest screens; one capture for `complete.ts`; `DeskPen` for the desk. See README.md.
 */
import { Attempts } from './attempts.ts';
import type { Calibrating } from './calibrate.ts';
import { Calibrations } from './calibrations.ts';
import { Roster } from './roster.ts';
import type { PensSettings } from './pen-settings.ts';

/** What the station holds about pens. */
export interface StationPens {
  readonly roster: Roster;
  readonly attempts: Attempts;
  readonly calibrations: Calibrations;
  /** By tablet. */
  readonly calibrating: Map<string, Calibrating>;
}

/** @param owner the tablet that has what is attached, where settings do not say otherwise */
export function openPens(home: string, settings: PensSettings, owner: string, log: (line: string) => void): StationPens {
  return { roster: new Roster(settings, owner, log), attempts: new Attempts(), calibrations: new Calibrations(home), calibrating: new Map() };
}
