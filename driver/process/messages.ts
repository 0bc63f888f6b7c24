/**
 * What station and pen process say to each other, over Node's IPC channel with `advanced` serialization: typed arrays and
 * BigInts cross as they are. Both ends are our own program in the same version, so there is no version number.
 *
 * A source has a number, given by the station when it opens one and never used again, so that what a source of a process
 * that died still had under way cannot be taken for another's.
 */
import type { Losses, PenSourceInfo } from '#biometrics/capture.ts';
import type { PenErrorCode } from '../errors.ts';
import type { PadPicture } from '../pad.ts';
import type { AttachedPen } from '../pens.ts';
import type { PackedReports } from './packed-reports.ts';

/**
 * Node 24 reads what comes over pipes and sockets into one block of 64 KiB again and again and hands out copies. It cannot be reached,
 * and short messages overwrite its beginning only: the last stroke would lie in the rest of it. Several times the block, for what
 * arrives in pieces fills its beginning only, too.
 */
export const FILLING_BYTES = 1024 * 1024;

/** How often the pen process says that it is alive. */
export const ALIVE_MS = 1_000;

export interface SerialPort { path: string; protocol: 'isdv4' | 'stu' | 'topaz'; baudRate?: number }

/** What only a physical signature pad can settle; see `docs/pens.md`. What is left out is as `../stu/` takes it to be. */
export interface StuSettings { crcInitial?: number; bitOrder?: 'msb' | 'lsb'; whiteBit?: 0 | 1; byteOrder?: 'little' | 'big' }

export interface PenSettings {
  serial: SerialPort[];
  stu?: StuSettings;
  /** Pads on USB are listed and not asked what they give: another process of ours talks to them. */
  leavePads?: boolean;
}

export interface ErrorMessage { code: PenErrorCode; message: string }

/** `PenFindings` without the reports, which are added to, not repeated. */
export interface FindingsMessage { losses: Losses; anomalies: Record<string, number>; complete: boolean }

export interface PadMessage { width: number; height: number; toPixels: readonly [number, number, number, number, number, number] }

/** To the pen process. */
export type Order =
  | { type: 'start'; settings: PenSettings }
  | { type: 'open'; source: number; pen: string }
  | { type: 'close'; source: number }
  /** Every sample before `next` has been handed to the listener. */
  | { type: 'taken'; source: number; next: number }
  | { type: 'show'; source: number; call: number; picture: PadPicture }
  | { type: 'clear'; source: number; call: number }
  | { type: 'stop' };

/** One batch, in the encoding of `biometrics/samples.ts`; reports and findings that belong to it. */
export interface BatchMessage { type: 'batch'; source: number; samples: Uint8Array; reports: PackedReports | null; findings: FindingsMessage }

/** From the pen process. */
export type News =
  | { type: 'pens'; pens: AttachedPen[] }
  | { type: 'opened'; source: number; info: PenSourceInfo; pad: PadMessage | null; findings: FindingsMessage; reports: boolean }
  | { type: 'refused'; source: number; error: ErrorMessage; info: PenSourceInfo | null }
  | BatchMessage
  /** `samples`: how many the source gave in all. */
  | { type: 'ended'; source: number; error: ErrorMessage | null; info: PenSourceInfo; findings: FindingsMessage; samples: number }
  | { type: 'closed'; source: number }
  | { type: 'button'; source: number; id: string }
  | { type: 'answer'; source: number; call: number; error: ErrorMessage | null }
  | { type: 'log'; line: string }
  /** Every `ALIVE_MS`: its event loop goes round. */
  | { type: 'alive' }
  /** After the end of a source, so that nothing of its batches stays where the station's channel reads into. */
  | { type: 'filling'; zeros: Uint8Array };
