/**
 * A thread for what reads the samples of a capture: whether it is fit, its record and the seal around that, and its ink without
 * dynamics. The station's own thread never sees a sample of a page, and those of a pen only as they come: ten minutes of pen keep no
 * other pen waiting, and what strokes leave behind on a heap is collected where nobody waits for it.
 *
 * Before: `complete.ts`, with a capture as shared bytes. After: `record-worker.ts`, in the thread. It keeps nothing from one task to the next.
 */
import { RecordError, type RecordErrorCode } from '#biometrics/errors.ts';
import type { Signer } from '#biometrics/signer.ts';
import { ProtocolError } from '#kiosk/protocol/errors.ts';
import { isWiped, type CaptureBytes } from './capture-bytes.ts';
import { StationError } from './errors.ts';
import type { Decision } from './policy.ts';
import type { RecordTasks, Sealed } from './record-worker.ts';
import { own, TaskThread, type Input, type Limits } from './task-thread.ts';
import type { Thrown } from './task-worker.ts';

export class RecordThread {
  readonly #thread: TaskThread<RecordTasks>;

  constructor(limits: Limits = {}) {
    this.#thread = new TaskThread({ worker: new URL('record-worker.ts', import.meta.url), name: 'record', limits, asThrown });
  }

  /** Loads all that later tasks need. */
  warm(): Promise<void> {
    return this.#thread.do('warm', null);
  }

  /** `captureAccepted`, then `captureMeets`. @throws ProtocolError `MALFORMED` for samples that are none; StationError `CAPTURE_INCOMPLETE` */
  judge(asked: Input<RecordTasks, 'judge'>): Promise<Decision> {
    return whole(asked.capture, this.#thread.do('judge', asked));
  }

  /** @throws StationError `CAPTURE_TOO_LONG`, `CAPTURE_INCOMPLETE`; RecordError; what the device's key throws */
  seal(asked: Input<RecordTasks, 'seal'>, device: Signer): Promise<Sealed> {
    return whole(asked.capture, this.#thread.do('seal', { ...asked, examiners: asked.examiners.map(own), crls: asked.crls.map(own) }, device));
  }

  end(): Promise<void> {
    return this.#thread.end();
  }
}

/** One for the process. */
export const recordThread = new RecordThread();

/** Its owner may overwrite a capture at any time, and zeros look like samples: what was read of it then counts for nothing. */
function whole<Result>(capture: CaptureBytes, work: Promise<Result>): Promise<Result> {
  return work.finally(() => {
    if (isWiped(capture)) throw new StationError('CAPTURE_INCOMPLETE', 'The signature was ended while it was being finished, and nothing of it was kept. Please sign again.');
  });
}

function asThrown({ name, code, message }: Thrown): Error {
  if (code === 'BATCH_MALFORMED' || code === 'BATCH_VERSION') return new ProtocolError('MALFORMED', `the samples: ${message}`);
  if (code === 'RECORD_LIMIT') return new StationError('CAPTURE_TOO_LONG', 'That was too long for a signature. Please sign again.', { cause: new RecordError(code, message) });
  if (name === 'RecordError') return new RecordError(code as RecordErrorCode, message);
  return Object.assign(new Error(message), { name, ...(code === null ? {} : { code }) });
}
