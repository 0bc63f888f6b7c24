/**
 * biometrics: what a signature is and how it is kept. Samples → capture → record → sealed record, and back.
 *
 * Before it: `driver/` gives samples, `kiosk/station/` the context, `keys/` the signer.
 * After it: `packet/` carries the sealed record, `examiner/` opens it. Runs in browsers too.
 *
 * The format is FORMAT.md; its vectors are in `fixtures/records/`.
 */
export * from './capture.ts';
export * from './capture-json.ts';
export * from './cms.ts';
export * from './context.ts';
export * from './errors.ts';
export * from './findings.ts';
export * from './forms/csv.ts';
export * from './forms/json.ts';
export * from './ink.ts';
export * from './limits.ts';
export * from './open.ts';
export * from './record.ts';
export * from './sample.ts';
export * from './samples.ts';
export * from './seal.ts';
export * from './signer.ts';
export * from './units.ts';
