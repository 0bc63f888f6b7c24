/**
 * What every source of pen samples keeps to: Pointer Events, HID pens, signature pads, serial pens, and a recording.
 *
 * Before it: a device. After it: `biometrics/capture.ts`, which a capture is built from by `captureOf`.
 */
import type { Capture, Losses, PenSourceInfo, SurfaceInfo } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import type { PenError } from './errors.ts';

/** Who hears the samples. Both are called synchronously and must not throw. */
export interface PenListener {
  /** New samples, in the order the device gave them; never empty, each sample handed over once. */
  samples(samples: readonly Sample[]): void;
  /** Nothing comes after this. `null`: the source came to its end or was closed; an error: the device was lost. */
  ended(error: PenError | null): void;
}

/** What a source has noticed so far about its own samples. */
export interface PenFindings {
  losses: Losses;
  /** How often each odd thing was seen. */
  anomalies: Record<string, number>;
  /** The device's reports byte for byte, or null where the source never sees them. */
  reports: Capture['reports'];
  /** False once samples are known to be missing at an end: the device vanished, the browser took the pointer away. */
  complete: boolean;
}

/**
 * A source is opened once and closed once. It hands over raw values: nothing is scaled, smoothed, sorted or dropped.
 * It judges nothing either: whether a source is good enough is the station's policy.
 *
 * States: new, open, ended; never back. `open` rejects and leaves the source ended where the device cannot be read.
 * After `open` resolved, `ended` is called exactly once: with null after `close`, or with the error that ended it
 * (`PEN_GONE`, `PEN_OVERFLOW`); then `findings().complete` is false.
 *
 * Clocks: `hostTime` is monotonic nanoseconds since `info.openedAt`, stamped where the report was read; `deviceTime`, where
 * the device has a clock, counts its ticks without wrapping. Neither is corrected by the other.
 *
 * Back-pressure: samples are pushed. What the listener cannot take at once waits where it was read; more than a capture
 * may hold (`MAX_BATCH` of `biometrics/samples.ts`) ends the source with `PEN_OVERFLOW` instead of dropping one.
 */
export interface PenSource {
  /** Final once the source has ended; a browser learns only with the first contact whether it is a pen. */
  readonly info: PenSourceInfo;
  /**
   * Starts handing samples to the listener.
   * @throws PenError `PEN_ALREADY_OPEN`, `PEN_CLAIMED`, `PEN_FORBIDDEN`, `PEN_SILENT`, `PEN_LAYOUT_UNKNOWN`, `PEN_GONE`
   */
  open(listener: PenListener): Promise<void>;
  /** Stops; `ended(null)` is called before it resolves. Closing twice is no error. */
  close(): Promise<void>;
  /** May be called at any time; final once the source has ended. */
  findings(): PenFindings;
}

/** Builds the capture of one signature from what a source gave. */
export function captureOf(source: PenSource, samples: Sample[], surface: SurfaceInfo | null): Capture {
  return { source: source.info, surface, samples, ...source.findings() };
}
