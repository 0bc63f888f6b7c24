/**
 * Where samples come from. Before: a pen. After: `biometrics/capture.ts`.
 * In a browser: `driver/pointer/`, which is a leaf of its own and is not re-exported here.
 */
export { PenError, type PenErrorCode } from './errors.ts';
export { captureOf, type PenFindings, type PenListener, type PenSource } from './source.ts';
export type { AttachedPen, AttachedPenSource, PenAbilities, PenProblem, Pens } from './pens.ts';
export type { PadControls, PadPicture } from './pad.ts';
export { RecordedPen, type RecordedPenOptions } from './recorded.ts';
