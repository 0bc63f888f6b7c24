/** Where to sign. Before: `packet/intake`, which made D. After: `packet/sign-document.ts`. */
export { findFields } from './find-fields.ts';
export type { Field, FieldKind, Rect, Role } from './field.ts';
export type { Found, Hints } from './found.ts';
export { type DrawnField, type HintPlaces, learnTemplate, type Template } from './template.ts';
