/**
 * Pen samples in a browser. Before: Pointer Events of Chromium. After: `kiosk/screens/guest`.
 * A leaf over `biometrics`: keeps the contract of `driver/source.ts` without importing it.
 */
export { PointerSource, type PointerElement, type PointerListener, type PointerOptions } from './pointer-source.ts';
export { PenPresence } from './pen-presence.ts';
export { type PenEvent, type SurfaceBox } from './event-sample.ts';
