/**
 * The pens attached to this machine, as the rest of the house sees them: a list that changes, and a source for each.
 *
 * Before it: `process/`, where devices are read in a process of their own. After it: `kiosk/station/pens/`, which
 * chooses one, and `cli/pens.ts`, which shows them.
 */
import type { PenErrorCode } from './errors.ts';
import type { PadControls } from './pad.ts';
import type { PenSource } from './source.ts';

export type AttachedKind = 'hid' | 'stu-hid' | 'stu-serial' | 'isdv4' | 'topaz';

/** What a pen can give, from its layout or its model; null where it cannot be known before it is used. */
export interface PenAbilities {
  /** Distinct logical pressure values (4096 for 0 to 4095); 0: no pressure. */
  pressureLevels: number;
  /** Which angles the device itself gives. */
  tilt: 'tilt' | 'azimuth-altitude' | 'both' | 'none';
  twist: boolean;
  /** Reports while the pen is above the surface. */
  inAir: boolean;
  /** Reports a second as documented or told by the device; null: not known. */
  rate: number | null;
  /** How time and loss are known: the device's clock, its sequence number, both, or neither. */
  clock: 'device-clock' | 'sequence' | 'both' | 'none';
  /** Active area in millimetres; null where the device does not say. */
  sizeMm: { width: number; height: number } | null;
}

/** Why a pen that is attached cannot be read, and what to do about it. */
export interface PenProblem { code: PenErrorCode; message: string; advice: string }

export interface AttachedPen {
  /** The same for the same device in the same role after it was unplugged and plugged in again, where it can be told apart. */
  id: string;
  kind: AttachedKind;
  name: string;
  vendorId: number | null;
  productId: number | null;
  serialNumber: string | null;
  bus: string | null;
  /** Where the meaning of its reports is known from. */
  layout: 'system' | 'known-device' | 'protocol' | null;
  gives: PenAbilities | null;
  /** Screen of its own, in pixels: a signature pad. */
  pad: { width: number; height: number; colours: 2 | 65_536 | 16_777_216 } | null;
  /** Null: it can be opened, as far as can be told without opening it. */
  problem: PenProblem | null;
}

export interface AttachedPenSource extends PenSource {
  /** Null for everything but a signature pad. */
  readonly pad: PadControls | null;
}

export interface Pens {
  /** In a stable order. */
  list(): readonly AttachedPen[];
  /** Calls `listener` after every change of the list. @returns a function that ends that. */
  onChange(listener: () => void): () => void;
  /** A source that is not open yet. @throws PenError `PEN_UNKNOWN` */
  source(id: string): AttachedPenSource;
  /** Closes every source. */
  stop(): Promise<void>;
}
