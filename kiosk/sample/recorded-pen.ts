/**
 * The recorded signature for `npm run demo` and "try it": a synthetic one, made by `make-recorded-pen.ts`.
 * Its x and y are a pad's counts (`perMm` in the channels) with no place on a page: whoever replays it fits it
 * into the field.
 */
import { readFileSync } from 'node:fs';
import { captureFromJson } from '#biometrics/capture-json.ts';
import type { Capture } from '#biometrics/capture.ts';

/** A fresh copy at each call: about 2.5 s at 250 reports a second, four strokes, in-air samples between them. */
export function recordedPen(): Capture {
  return captureFromJson(readFileSync(new URL('recorded-pen.json', import.meta.url), 'utf8'));
}
