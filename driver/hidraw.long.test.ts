/**
 * The driver on a real Linux kernel, in a virtual machine: hot plug, unplugging in mid-stroke, two devices at once, rights, a pen
 * process that is killed, a signature pad; and every recorded pen, report by report.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { digestOf } from '#fixtures/qemu/digest.ts';
import type { Found } from '#fixtures/qemu/guest.ts';
import { qemuKit } from '#fixtures/qemu/kit.ts';
import { runGuest } from '#fixtures/qemu/run-guest.ts';
import { parseReportDescriptor } from './hid/descriptor/parse.ts';
import { readRecording } from './hid/recording/read.ts';
import { PenDecoder } from './hid/report/pen-decoder.ts';
import { SampleRows } from './sample-rows.ts';

const MINUTES = 60_000;

test('pens that come, go, come back, are alike, forbidden, and outlive the process that reads them', async (context) => {
  const found = await runGuest(context, qemuKit(context), 'behaviour', {}, 5 * MINUTES);
  const only = (what: string): Found => found.find((one) => one.what === what)!;
  expect(only('nothing attached')).toMatchObject({ pens: [] });
  expect(only('plugged in').pen).toMatchObject({
    kind: 'hid', name: 'Countersign test pen', vendorId: 0x256c, productId: 0x006d, serialNumber: 'SN0001', bus: 'usb', layout: 'system', problem: null, pad: null,
    gives: { pressureLevels: 4_096, tilt: 'none', inAir: true, clock: 'none', sizeMm: { width: 200, height: 100 } },
  });
  expect(JSON.stringify(only('plugged in').pen)).not.toMatch(/"id":"[^"]*SN0001/);

  const unplugged = only('unplugged');
  expect(unplugged).toMatchObject({ code: 'PEN_GONE', ends: ['PEN_GONE'], complete: false, right: true, inOrder: true });
  expect(unplugged['samples']).toBeGreaterThanOrEqual(400);
  expect(unplugged['samples']).toBeLessThan(1_000);
  expect(unplugged['info']).toMatchObject({ kind: 'hid', driver: { name: 'countersign hid' }, host: expect.stringContaining('Linux') });
  expect(only('gone from the list')).toMatchObject({ gone: true });
  expect(only('plugged in again')).toMatchObject({ sameId: true, ends: ['none'], complete: true, samples: 1_000 });

  const alike = only('two alike') as unknown as { ids: string[]; own: boolean[]; again: string[] };
  expect(new Set(alike.ids).size).toBe(2);
  expect(alike.own).toEqual([true, true]);
  expect(alike.again).toEqual(alike.ids);

  expect(only('without rights')).toMatchObject({
    problem: { code: 'PEN_FORBIDDEN', advice: expect.stringContaining('71-countersign-pens.rules') },
    name: 'PenError', code: 'PEN_FORBIDDEN', message: expect.stringContaining('71-countersign-pens.rules'),
  });
  expect(only('rights')).toMatchObject({ code: 0 });

  const killed = only('killed');
  expect(killed).toMatchObject({ code: 'PEN_GONE', ends: ['PEN_GONE'], complete: false, right: true, sameId: true, samples: 600, log: 1 });
  expect(killed['delivered']).toBeGreaterThanOrEqual(200);

  const pads = found.filter(({ what }) => what === 'pad');
  expect(pads.map(({ model }) => model)).toEqual(['STU-300', 'STU-430', 'STU-530']);
  for (const pad of pads) {
    expect(pad).toMatchObject({ pressed: ['done'], ends: ['none'], nonVolatile: [], losses: { count: 0 } });
    expect(pad['pen']).toMatchObject({ kind: 'stu-hid', layout: 'protocol', problem: null });
    expect(pad['ink']).toEqual(pad['points']);
  }
  // nothing that was not meant to die did
  expect(only('end')).toMatchObject({ log: [expect.stringContaining('SIGKILL')] });
});

test('every recorded pen comes through kernel, node-hid and pen process as the decoder reads it', async (context) => {
  const folder = sharedData(context, 'hid', 'streams');
  const kit = qemuKit(context);
  const names = readdirSync(folder).filter((name) => name.endsWith('.hid')).sort();
  const data = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
  const found = await runGuest(context, kit, 'replay', data, 8 * MINUTES);
  const replayed = found.filter(({ what }) => what === 'replayed').sort((one, other) => (String(one['name']) < String(other['name']) ? -1 : 1));
  expect(replayed.map(({ name }) => name)).toEqual(names);
  expect(replayed.map(({ name, problem, written, samples, reports, ends, complete, digest }) => ({ name, problem, written, samples, reports, ends, complete, digest }))).toEqual(names.map((name) => expected(name, data[name]!)));
  expect(found.at(-1)).toMatchObject({ what: 'end', log: [] });
});

/** What the decoder says of a capture on this machine, without kernel or processes. */
function expected(name: string, file: Uint8Array): Record<string, unknown> {
  const { devices: [device], reports } = readRecording(new TextDecoder().decode(file));
  const descriptor = parseReportDescriptor(device!.descriptor);
  const decoder = new PenDecoder(descriptor);
  const rows = new SampleRows(reports.length);
  for (const { bytes } of reports) decoder.decode(bytes, 0, rows);
  const samples = rows.toSamples();
  return {
    name, problem: null, written: reports.length, samples: samples.length, reports: reports.length, ends: ['none'], complete: true,
    digest: digestOf(samples, reports.map(({ bytes }) => bytes)),
  };
}
