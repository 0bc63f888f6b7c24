import { expect, test } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { captureOf } from './source.ts';
import { RecordedPen } from './recorded.ts';

const sample = (hostTime: number): Sample => ({
  x: hostTime, y: 1, z: null, pressure: 100, tangentialPressure: null, tiltX: null, tiltY: null, azimuth: null, altitude: null,
  twist: null, battery: null, transducerSerial: 7n, deviceTime: null, hostTime, switches: 3, marks: 0,
});

function recording(times: number[]): Capture {
  return {
    source: {
      kind: 'hid', instrument: 'pen', device: { name: 'test pen', vendorId: 1, productId: 2, serialNumber: null, firmware: null, bus: null },
      driver: { name: 'test', version: '1' }, host: 'test', channels: [], deviceClock: null, limits: [], descriptor: null, openedAt: '2026-01-01T00:00:00Z',
    },
    surface: null, samples: times.map(sample), losses: { count: 2, method: 'sequence' }, anomalies: { repeated: 1 }, reports: null, complete: true,
  };
}

function play(capture: Capture, speed: number): Promise<{ heard: Sample[]; batches: number; pen: RecordedPen }> {
  return new Promise((resolve, reject) => {
    const heard: Sample[] = [];
    let batches = 0;
    const pen = new RecordedPen(capture, { speed });
    pen.open({ samples: (fresh) => { batches++; heard.push(...fresh); }, ended: () => resolve({ heard, batches, pen }) }).catch(reject);
  });
}

test('hands over every sample once, in the order of the recording, a clock that ran backwards included', async () => {
  const capture = recording([0, 5e6, 3e6, 10e6, 10e6]);
  const { heard } = await play(capture, Infinity);
  expect(heard).toEqual(capture.samples);
});

test('plays in time: what is 60 ms later comes in a later batch', async () => {
  const { heard, batches } = await play(recording([0, 60e6, 120e6]), 1);
  expect(heard).toHaveLength(3);
  expect(batches).toBe(3);
});

test('a capture of a recorded pen says so, and keeps what the recording had noticed', async () => {
  const capture = recording([0, 1]);
  const { heard, pen } = await play(capture, Infinity);
  const again = captureOf(pen, heard, null);
  expect(again.source).toEqual({ ...capture.source, kind: 'recorded' });
  expect(again.losses).toEqual(capture.losses);
  expect(again.anomalies).toEqual(capture.anomalies);
  expect(again.complete).toBe(true);
});

test('closed half way: it ends once, is not complete, and cannot be opened again', async () => {
  const pen = new RecordedPen(recording([0, 3_600e9]));
  let ends = 0;
  await pen.open({ samples: () => {}, ended: () => ends++ });
  await pen.close();
  await pen.close();
  expect(ends).toBe(1);
  expect(pen.findings().complete).toBe(false);
  await expect(pen.open({ samples: () => {}, ended: () => {} })).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
});
