/**
 * What draws during one attempt at a signature. Chosen when the attempt begins and never exchanged in it.
 *
 * Before it: pointer events of this page (`screen-pen.ts`), the pen that the station reads (`station-pen.ts`), or the
 * recorded pen of "try it" (`played-pen.ts`). After it: `signing-pad.ts` shows the ink and hands over the capture.
 */
import type { Affine, Box } from '#biometrics/affine.ts';
import type { InkPoint } from '#biometrics/ink.ts';
import type { Sample } from '#biometrics/sample.ts';
import type { StationToGuest } from '#kiosk/protocol/messages.ts';
import type { ScreenCapture, StationCapture } from '#kiosk/protocol/routes.ts';

/** Why the station gave up an attempt. */
export type PenLoss = Extract<StationToGuest, { type: 'pen-lost' }>['why'];
/** A button on a signature pad's own screen. */
export type PadButton = Extract<StationToGuest, { type: 'pad-button' }>['button'];

/** Where the signing surface lies in the viewport, CSS pixels, and how viewport pixels become PDF user space. */
export interface Place { box: Box; toPage: Affine }

export interface AttemptListener {
  /** The pen went on. CSS pixels from the surface's upper left corner, pressure from 0 to 1; null: lifted. */
  drawn(points: readonly (InkPoint | null)[]): void;
  /** All that was drawn is void (a palm). What is left of it is drawn again. */
  erased(): void;
  /** The attempt is over and its samples are gone. */
  lost(why: PenLoss): void;
  button(button: PadButton): void;
  /** A recording has come to its end. */
  played(): void;
}

export interface AttemptPen {
  /** True where the ink's width comes from speed, for instruments without pressure. May change with the first contact. */
  readonly widthFromSpeed: boolean;
  open(listener: AttemptListener): void;
  /** What "Done" sends, but for what the screen knows itself. */
  capture(): { header: ScreenCapture | StationCapture; samples: Sample[] };
  /** Stops listening and destroys the samples. Closing twice is no error. */
  close(): void;
}
