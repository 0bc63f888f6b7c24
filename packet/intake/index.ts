/** Intake. Before: a print job, through `kiosk/station`. After: `packet/fields` and the screens. */
export { intake, type IntakeLimits, type IntakeResult } from './intake.ts';
