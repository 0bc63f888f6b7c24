import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Affine } from '#biometrics/affine.ts';
import type { Capture } from '#biometrics/capture.ts';
import { sha256Hex } from '#biometrics/cms.ts';
import { dynamicsFreeInk } from '#biometrics/ink.ts';
import { openSealedRecord } from '#biometrics/open.ts';
import { encodeSamples } from '#biometrics/samples.ts';
import { FULL_CONTEXT } from '#fixtures/records/vector-parts.ts';
import { testExaminer, testSigner, type TestExaminer } from '#fixtures/test-certificates.ts';
import { KeyError } from '#keys/errors.ts';
import { ProtocolError } from '#kiosk/protocol/errors.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { reportsInPieces, sharedRoom, type CaptureBytes } from './capture-bytes.ts';
import { StationError } from './errors.ts';
import { inkFromNumbers } from './ink-numbers.ts';
import { RecordThread } from './record-thread.ts';
import type { RecordTasks } from './record-worker.ts';
import type { Input } from './task-thread.ts';
import { uprightInk } from './upright-ink.ts';

const thread = new RecordThread();
const pen: Capture = { ...recordedPen(), reports: [{ hostTime: 5, bytes: Uint8Array.of(1, 2, 3) }] };
const surface = { width: 1280, height: 800, devicePixelRatio: 1, orientation: 0, calibration: null };
const rect = { x: 60, y: 200, width: 200, height: 50 };
let examiner: TestExaminer;
beforeAll(async () => { examiner = await testExaminer('p256'); });
afterAll(() => thread.end());

async function bytesOf(capture: Capture): Promise<CaptureBytes> {
  const batch = encodeSamples(capture.samples);
  const samples = sharedRoom(batch.length);
  samples.set(batch);
  const reports = structuredClone(capture.reports);
  return { ...capture, samples: [samples], reports: reports === null ? null : await reportsInPieces(reports) };
}

async function toSeal(capture: Capture): Promise<Input<RecordTasks, 'seal'>> {
  const { assessment: _, ...context } = FULL_CONTEXT;
  return {
    capture: await bytesOf(capture), context: { ...context, recipients: [await sha256Hex(examiner.certificate)] },
    examiners: [examiner.certificate], crls: [], rect, rotate: 0, unit: 1,
  };
}

test('a capture is sealed as it is, and assessed, by a key that stays outside; its ink comes with it', async () => {
  const asked = await toSeal(pen);
  const given = asked.capture.samples.map((batch) => Buffer.from(batch));
  const { sealedRecord, ink } = await thread.seal(asked, await testSigner());
  const { capture, context, signatureValid } = await openSealedRecord(sealedRecord, examiner);
  expect([capture, signatureValid]).toEqual([pen, true]);
  expect(context).toMatchObject({ requestId: FULL_CONTEXT.requestId, assessment: { software: FULL_CONTEXT.station.software, findings: expect.arrayContaining([expect.objectContaining({ code: 'SIZE' })]) } });
  expect(inkFromNumbers(ink)).toEqual(dynamicsFreeInk(uprightInk(pen, rect, { rotate: 0, unit: 1 })));
  // what was given is its owner's, to be overwritten
  expect(asked.capture.samples.map((batch) => Buffer.from(batch))).toEqual(given);
});

test('what is fit, and what the pen must have given, is judged there', async () => {
  const judged = async (capture: Capture, minimum = {}) => thread.judge({ capture: await bytesOf(capture), exception: null, minimum });
  expect(await judged(pen)).toEqual({ accepted: true });
  expect(await judged({ ...pen, samples: pen.samples.slice(0, 3) })).toMatchObject({ accepted: false, code: 'CAPTURE_TOO_SHORT' });
  expect(await judged({ ...pen, source: { ...pen.source, kind: 'pointer' } }, { raw: true })).toMatchObject({ accepted: false, code: 'PEN_INSUFFICIENT' });
});

test('samples that are none or no longer there, a stroke without end and a key that is away are told as what they are', async () => {
  const malformed = await bytesOf(pen);
  malformed.samples[0]![0]! ^= 1;
  const refused = await thread.judge({ capture: malformed, exception: null, minimum: {} }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProtocolError);
  expect(refused).toMatchObject({ code: 'MALFORMED', message: expect.stringContaining('the samples') });

  const endless = { ...pen, surface: { ...surface, toPage: [1, 0, 0, 1, 0, 0] as Affine }, samples: pen.samples.map((sample, index) => (index === 50 ? { ...sample, x: 1e9 } : sample)) };
  const tooLong = await thread.seal(await toSeal(endless), await testSigner()).catch((error: unknown) => error);
  expect(tooLong).toBeInstanceOf(StationError);
  expect(tooLong).toMatchObject({ code: 'CAPTURE_TOO_LONG' });

  // overwritten by its owner meanwhile: before it is read, or while the key is asked
  const early = await toSeal(pen);
  early.capture.samples[0]!.fill(0);
  await expect(thread.judge({ capture: early.capture, exception: null, minimum: {} })).rejects.toMatchObject({ code: 'CAPTURE_INCOMPLETE' });
  const late = await toSeal(pen);
  const device = await testSigner();
  const wiping = { ...device, sign: (data: Uint8Array) => { late.capture.samples[0]!.fill(0); return device.sign(data); } };
  await expect(thread.seal(late, wiping)).rejects.toMatchObject({ name: 'StationError', code: 'CAPTURE_INCOMPLETE' });

  const away = new KeyError('PRIVATE_KEY_MALFORMED', 'away');
  await expect(thread.seal(await toSeal(pen), { ...await testSigner(), sign: () => Promise.reject(away) })).rejects.toBe(away);
});
