/**
 * A signature pad's own screen: what is shown on it, and the places on it that act as buttons.
 *
 * Before it: whoever draws the picture (`kiosk/station/pens/`). After it: `stu/`, which encodes it for the model.
 */

/** In the pad's pixels, origin top left; `x2` and `y2` are the last pixel that belongs to it. */
export interface PadArea { x1: number; y1: number; x2: number; y2: number }

export interface PadPicture {
  /** Must be the pad's own. */
  width: number;
  height: number;
  /** 4 bytes a pixel, red green blue alpha, rows from the top; alpha is ignored. */
  rgba: Uint8Array;
  /** Contact inside one of these is a press of it, not ink: its samples are not part of the signature. */
  buttons: { id: string; area: PadArea }[];
  /** Where ink is taken and drawn by the pad itself; null: all of it but the buttons. */
  ink: PadArea | null;
}

export interface PadControls {
  readonly width: number;
  readonly height: number;
  /** Maps the raw coordinates of a sample to pixels of the pad: [a, b, c, d, e, f] as in `SurfaceInfo.toPage`. */
  readonly toPixels: readonly [number, number, number, number, number, number];
  /** @throws PenError `PAD_PICTURE`, `PAD_REFUSED`, `PEN_GONE` */
  show(picture: PadPicture): Promise<void>;
  /** Takes the ink off and shows the picture again. @throws PenError `PAD_REFUSED`, `PEN_GONE` */
  clear(): Promise<void>;
  /** Called once for each press (contact and lift inside one button). */
  onButton(listener: (id: string) => void): void;
}
