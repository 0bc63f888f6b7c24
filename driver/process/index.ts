/**
 * Real devices, read in a process of their own: a native module that crashes or hangs takes no station with it.
 * Before: `../hid/`, `../stu/`, `../serial/`. After: `kiosk/station/pens/`, `cli/pens.ts`.
 */
export { startPens } from './start-pens.ts';
export type { PensOptions } from './remote-pens.ts';
