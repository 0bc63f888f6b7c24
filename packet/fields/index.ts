/** Where to sign. Before: `packet/intake`, which made D. After: `packet/sign-document.ts`. */
export { findFields } from './find-fields.ts';
export type { Field, Rect } from './field.ts';
