/**
 * What the pen process reads from: everything attached to this machine (`attached-pens.ts`), or a stand-in of a test.
 * After it: `serve-pens.ts`.
 */
import type { PenError } from '../errors.ts';
import type { AttachedPen, AttachedPenSource } from '../pens.ts';

export interface PenBackend {
  /** Starts looking; `changed` gets every list from then on, the first one before this resolves. */
  watch(changed: (pens: AttachedPen[]) => void): Promise<void>;
  /**
   * A source of its own for one device; not open yet.
   * @throws PenError `PEN_UNKNOWN`, `PEN_GONE`, `PEN_FORBIDDEN`, `PEN_CLAIMED`, `PEN_SILENT`, `PEN_LAYOUT_UNKNOWN`
   */
  source(id: string): Promise<AttachedPenSource>;
  /** Told when what was open before can no longer be trusted: the machine slept. */
  onInterrupted(listener: (why: PenError) => void): void;
  /** Told by the server, so that looking for devices waits while a pen writes. */
  busy(): void;
  stop(): Promise<void>;
}
