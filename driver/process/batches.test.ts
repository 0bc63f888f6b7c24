import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeSamples } from '#biometrics/samples.ts';
import { attachedPen } from '#fixtures/attached-pens.ts';
import { sampleNumber } from '#fixtures/made-up-pens.ts';
import { PenEar } from '#fixtures/pen-listener.ts';
import type { PenFindings } from '../source.ts';
import type { BatchMessage, FindingsMessage, Order } from './messages.ts';
import { OutgoingSamples } from './outgoing-samples.ts';
import { packReports, unpackReports } from './packed-reports.ts';
import { RemoteSource } from './remote-source.ts';

const FINDINGS: FindingsMessage = { losses: { count: 0, method: 'unknown' }, anomalies: {}, complete: true };

test('reports go there and back, from any index on', () => {
  const reports = fc.array(fc.record({ hostTime: fc.integer({ min: 0, max: 2 ** 53 - 1 }), bytes: fc.uint8Array({ maxLength: 64 }) }), { maxLength: 20 });
  fc.assert(fc.property(reports, fc.nat(20), (all, from) => {
    const first = Math.min(from, all.length);
    const packed = packReports(all, first);
    expect(packed.first).toBe(first);
    expect(unpackReports(packed)).toEqual(all.slice(first));
  }));
});

test('a batch that is missing ends the source, incomplete, and closes the device', async () => {
  const { source, ear, orders } = await opened();
  source.hear(batch(0, 2));
  source.hear(batch(3, 1));
  source.hear(batch(4, 1));
  expect(ear.heard).toHaveLength(2);
  expect(ear.ends).toMatchObject([{ name: 'PenError', code: 'PEN_OVERFLOW' }]);
  expect(source.findings().complete).toBe(false);
  expect(orders).toContainEqual({ type: 'close', source: 1 });
});

test('reports that are missing, bytes that are no batch, and an end that counts more samples are found too', async () => {
  const lost = await opened();
  lost.source.hear({ ...batch(0, 1), reports: packReports([{ hostTime: 1, bytes: Uint8Array.of(1) }, { hostTime: 2, bytes: Uint8Array.of(2) }], 1) });
  const broken = await opened();
  broken.source.hear({ ...batch(0, 1), samples: Uint8Array.of(1, 2, 3) });
  const short = await opened();
  short.source.hear(batch(0, 1));
  short.source.hear({ type: 'ended', source: 1, error: null, info: short.source.info, findings: FINDINGS, samples: 2 });
  const torn = await opened();
  torn.source.hear({ ...batch(0, 1), reports: { ...packReports([{ hostTime: 1, bytes: Uint8Array.of(1) }], 0), bytes: new Uint8Array(0) } });
  for (const { source, ear } of [lost, broken, short, torn]) {
    expect(ear.ends).toMatchObject([{ code: 'PEN_OVERFLOW' }]);
    expect(source.findings().complete).toBe(false);
  }
});

test('what was handed over is wiped from the message, and said to be taken', async () => {
  const { source, ear, orders } = await opened();
  const reports = packReports([{ hostTime: 5, bytes: Uint8Array.of(1) }], 0);
  const message = { ...batch(0, 3), reports };
  source.hear(message);
  expect(ear.heard).toHaveLength(3);
  for (const held of [message.samples, reports.bytes, reports.times]) expect(held.every((value) => value === 0)).toBe(true);
  expect(orders.at(-1)).toEqual({ type: 'taken', source: 1, next: 3 });
});

test('what the station does not take waits, goes as one batch when it does, and is bounded', () => {
  const sent: { rows: number; first: number }[] = [];
  const findings: PenFindings = { ...FINDINGS, reports: null };
  const outgoing = new OutgoingSamples(1, () => findings, ({ samples }) => {
    const view = new DataView(samples.buffer);
    sent.push({ rows: view.getUint32(8, true), first: view.getUint32(12, true) });
  });
  for (let number = 0; number < 100; number++) expect(outgoing.add([sampleNumber(number)])).toBe(true);
  expect(sent).toEqual(Array.from({ length: 32 }, (_, first) => ({ rows: 1, first })));
  outgoing.taken(1);
  expect(sent.at(-1)).toEqual({ rows: 68, first: 32 });
  const many = Array.from({ length: 600_000 }, () => sampleNumber(0));
  expect(outgoing.add(many)).toBe(true);
  expect(outgoing.add([sampleNumber(0)])).toBe(false);
  outgoing.flush();
  expect(sent.reduce((sum, { rows }) => sum + rows, 0)).toBe(outgoing.count);
});

function batch(first: number, count: number): BatchMessage {
  return { type: 'batch', source: 1, samples: encodeSamples(Array.from({ length: count }, (_, index) => sampleNumber(first + index)), first), reports: null, findings: FINDINGS };
}

async function opened(): Promise<{ source: RemoteSource; ear: PenEar; orders: Order[] }> {
  const orders: Order[] = [];
  const source = new RemoteSource(1, attachedPen(), { send: (order) => { orders.push(order); return true; }, forget: () => undefined });
  const ear = new PenEar();
  const opening = source.open(ear);
  source.hear({ type: 'opened', source: 1, info: source.info, pad: null, findings: FINDINGS, reports: false });
  await opening;
  return { source, ear, orders };
}
