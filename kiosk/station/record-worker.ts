/**
 * What runs in the thread of `record-thread.ts`, which says what that is for. Samples are decoded for each task and overwritten after it,
 * and soon after the heap is collected.
 */
import type { Capture } from '#biometrics/capture.ts';
import type { RecordContext } from '#biometrics/context.ts';
import type { Signer } from '#biometrics/signer.ts';
import { freeHeap } from '#driver/process/heap.ts';
import type { Rect } from '#kiosk/protocol/messages.ts';
import type { ExceptionReason } from '#kiosk/protocol/states.ts';
import { readCapture, type CaptureBytes } from './capture-bytes.ts';
import { inkToNumbers, type InkNumbers } from './ink-numbers.ts';
import { overwrite } from './pens/drawn-samples.ts';
import type { PenMinimum } from './pens/pen-settings.ts';
import type { Decision } from './policy.ts';
import { serveTasks } from './task-worker.ts';

export interface Sealed {
  sealedRecord: Uint8Array;
  ink: InkNumbers;
}

export interface RecordTasks {
  warm(input: null): Promise<void>;
  judge(asked: { capture: CaptureBytes; exception: ExceptionReason | null; minimum: PenMinimum }): Promise<Decision>;
  /** `rotate`, `unit`: of the field's page, as `uprightInk` takes them. The assessment is made here, and stands in the record beside the rest of the context. */
  seal(asked: { capture: CaptureBytes; context: Omit<RecordContext, 'assessment'>; examiners: Uint8Array[]; crls: Uint8Array[]; rect: Rect; rotate: number; unit: number }, device: Signer): Promise<Sealed>;
}

const load = {
  policy: async () => Promise.all([import('./policy.ts'), import('./pens/pen-policy.ts')]),
  record: async () => Promise.all([import('#biometrics/assessment.ts'), import('#biometrics/ink.ts'), import('#biometrics/record.ts'), import('#biometrics/seal.ts'), import('./upright-ink.ts')]),
};

serveTasks<RecordTasks>({
  async warm() {
    await Promise.all([load.policy(), load.record()]);
  },

  judge: ({ capture: bytes, exception, minimum }) => reading(bytes, async (capture) => {
    const [{ captureAccepted }, { captureMeets }] = await load.policy();
    const decision = captureAccepted(capture, exception);
    return decision.accepted ? captureMeets(minimum, capture) : decision;
  }),

  seal: ({ capture: bytes, context, examiners, crls, rect, rotate, unit }, device) => reading(bytes, async (capture) => {
    const [{ assess }, { dynamicsFreeInk }, { encodeRecord }, { sealRecord }, { uprightInk }] = await load.record();
    // first: what is too long to be drawn needs no seal
    const ink = inkToNumbers(dynamicsFreeInk(uprightInk(capture, rect, { rotate, unit })));
    const record = encodeRecord(capture, { ...context, assessment: assess(capture, context.station.software) });
    try {
      return { sealedRecord: await sealRecord(record, device, examiners, crls), ink };
    } finally {
      record.fill(0);
    }
  }),
}, freeHeap);

async function reading<Result>(bytes: CaptureBytes, work: (capture: Capture) => Promise<Result>): Promise<Result> {
  const capture = readCapture(bytes);
  try {
    return await work(capture);
  } finally {
    capture.samples.splice(0).forEach(overwrite);
    for (const report of capture.reports ?? []) report.bytes.fill(0);
  }
}
