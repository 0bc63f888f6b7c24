/** Messages between station and screens. Before: `kiosk/station`. After: `kiosk/screens`. A leaf. */
export * from './states.ts';
export * from './errors.ts';
export * from './validate.ts';
export * from './done.ts';
export * from './consent.ts';
export * from './signings.ts';
export type * from './messages.ts';
export type * from './routes.ts';
