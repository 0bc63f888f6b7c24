/** `countersign pens record` on a real Linux kernel, from real hidraw devices. */
import { expect, test } from 'vitest';
import { parseReportDescriptor } from '#driver/hid/descriptor/parse.ts';
import { readRecording } from '#driver/hid/recording/read.ts';
import { PenDecoder } from '#driver/hid/report/pen-decoder.ts';
import { SampleRows } from '#driver/sample-rows.ts';
import { standardPen, strokeReport } from '#fixtures/qemu/devices.ts';
import { qemuKit } from '#fixtures/qemu/kit.ts';
import { runGuest } from '#fixtures/qemu/run-guest.ts';

const COUNT = 300;

test('what a pen sent is in the file, stopped or pulled out, and reads as it was written', async (context) => {
  const found = await runGuest(context, qemuKit(context), 'recording', {}, 300_000);
  const sent = Array.from({ length: COUNT }, (_, number) => strokeReport(number));
  const { name, vendorId, productId, descriptor } = standardPen(1, '');
  for (const [end, cut] of [['stopped', null], ['pulled out', expect.stringContaining('is gone')]] as const) {
    const told = found.find(({ what }) => what === end)!;
    expect(told).toMatchObject({ reports: COUNT, cut, mode: 0o600 });
    const { devices, reports } = readRecording(String(told['text']));
    expect(devices).toEqual([{ index: 0, name, phys: '', bus: 3, vendorId, productId, descriptor }]);
    expect(reports.map(({ bytes }) => bytes)).toEqual(sent);
    const times = reports.map(({ timeUs }) => timeUs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    const rows = new SampleRows(COUNT);
    const decoder = new PenDecoder(parseReportDescriptor(devices[0]!.descriptor));
    for (const { bytes, timeUs } of reports) decoder.decode(bytes, timeUs * 1_000, rows);
    expect(rows.toSamples().map(({ x }) => x)).toEqual(Array.from({ length: COUNT }, (_, number) => number));
  }
  expect(found.at(-1)).toMatchObject({ what: 'end', log: [] });
});
