import { expect, test } from 'vitest';
import { MAX_REPORTS, MAX_SECTION } from '#biometrics/limits.ts';
import { packReports } from '#biometrics/report-columns.ts';
import { Switch } from '#biometrics/sample.ts';
import { desktopTablet } from '#fixtures/hid/pens.ts';
import { NativeHid, nativeLibrary } from '#fixtures/native-hid.ts';
import { PenEar } from '#fixtures/pen-listener.ts';
import { parseReportDescriptor } from './descriptor/parse.ts';
import type { HidDevice } from './hid-device.ts';
import { HidSource } from './hid-source.ts';
import { openHid } from './open-hid.ts';

const DEVICE: HidDevice = {
  path: '/dev/hidraw0', vendorId: 0x256c, productId: 0x6d, name: 'Tablet', serialNumber: 'SN1', bus: 'usb', port: 'usb-1', interface: 'input0', applications: [[0x0d, 2]],
  descriptor: desktopTablet, permitted: true,
};

test('each report of the pen is one sample, each report of the device is kept', async () => {
  const { native, source, ear } = await opened();
  native.send(...report(100, 200, 300, 0x11));
  native.send(3, 1, 2);
  native.send(...report(101, 201, 0, 0x10));
  await ear.count(2);
  await source.close();
  await source.close();
  expect(ear.heard).toMatchObject([
    { x: 100, y: 200, pressure: 300, tiltX: 5, tiltY: -5, switches: Switch.tip | Switch.inRange, twist: null },
    { x: 101, y: 201, pressure: 0, switches: Switch.inRange },
  ]);
  expect(ear.heard[0]!.hostTime).toBeGreaterThanOrEqual(0);
  expect(ear.heard[1]!.hostTime).toBeGreaterThanOrEqual(ear.heard[0]!.hostTime);
  const { reports, complete } = source.findings();
  expect(reports!.map(({ bytes }) => [...bytes])).toEqual([report(100, 200, 300, 0x11), [3, 1, 2], report(101, 201, 0, 0x10)]);
  expect(reports![0]!.hostTime).toBe(ear.heard[0]!.hostTime);
  expect([complete, ear.ends]).toEqual([true, [null]]);
  expect(native.closes).toBe(1);
});

test('what comes in one turn of the event loop is handed over together', async () => {
  const { native, source } = await opened(false);
  const batches: number[] = [];
  await source.open({ samples: (samples) => { batches.push(samples.length); }, ended: () => undefined });
  for (let number = 0; number < 1_000; number++) native.send(...report(number, number, number, 0x11));
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  expect(batches.reduce((sum, count) => sum + count, 0)).toBe(1_000);
  expect(batches.length).toBeLessThan(10);
});

test('a device that vanishes: what had come, then PEN_GONE, and it is incomplete', async () => {
  const { native, source, ear } = await opened();
  native.send(...report(1, 2, 3, 0x11));
  native.unplug();
  await ear.end();
  await source.close();
  expect(ear.heard).toHaveLength(1);
  expect(ear.ends).toMatchObject([{ name: 'PenError', code: 'PEN_GONE' }]);
  expect(source.findings()).toMatchObject({ complete: false, reports: { length: 1 } });
});

test('what it is and what it cannot do goes into the record', async () => {
  const { source } = await opened();
  expect(source.info).toMatchObject({
    kind: 'hid', instrument: 'pen', device: { name: 'Tablet', vendorId: 0x256c, productId: 0x6d, serialNumber: 'SN1', bus: 'usb' }, driver: { name: 'countersign hid' },
    descriptor: desktopTablet, deviceClock: null,
  });
  expect(source.info.channels).toContainEqual(expect.objectContaining({ name: 'pressure', logicalMin: 0, logicalMax: 8_191 }));
  expect(source.info.limits.join()).toContain('63 unread reports');
  expect(new Date(source.info.openedAt).toISOString()).toBe(source.info.openedAt);
});

test('a source opens once, and one that is refused has ended', async () => {
  const { source } = await opened();
  await expect(source.open(new PenEar())).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
  const refused = new HidSource({
    device: DEVICE, descriptor: parseReportDescriptor(desktopTablet), layoutSource: null, open: () => openHid(nativeLibrary(new NativeHid(), 'Permission denied'), '', 'Tablet', 'linux'),
  });
  const ear = new PenEar();
  await expect(refused.open(ear)).rejects.toMatchObject({ code: 'PEN_FORBIDDEN' });
  await expect(refused.open(ear)).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
  expect(ear.ends).toEqual([]);
});

test('on Windows a pen that opens and whose first read fails is held by the system; later it is gone', async () => {
  const native = new NativeHid();
  const source = sourceOf(native, 'win32');
  const ear = new PenEar();
  const opening = source.open(ear);
  setTimeout(() => { native.failReading('could not read from HID device'); }, 50);
  await expect(opening).rejects.toMatchObject({ code: 'PEN_CLAIMED', message: expect.stringContaining('Pointer Events') });
  expect(ear.ends).toEqual([]);
  expect(native.closes).toBe(1);

  const other = new NativeHid();
  const heard = new PenEar();
  await sourceOf(other, 'win32').open(heard);
  other.send(...report(1, 2, 3, 0x11));
  await heard.count(1);
  other.failReading('could not read from HID device');
  expect(heard.ends).toMatchObject([{ code: 'PEN_GONE' }]);
});

test('a source that is closed while it is being opened does not open', async () => {
  const native = new NativeHid();
  const source = sourceOf(native, 'linux');
  const ear = new PenEar();
  const opening = source.open(ear);
  await source.close();
  await expect(opening).rejects.toMatchObject({ code: 'PEN_GONE' });
  expect([ear.ends, native.closes]).toEqual([[], 1]);
});

test('more reports than a record holds end the source', async () => {
  const { native, source } = await opened(false);
  let count = 0;
  const ended = new Promise((resolve) => { void source.open({ samples: (samples) => { count += samples.length; }, ended: resolve }); });
  await new Promise((resolve) => { setTimeout(resolve); });
  const bytes = report(1, 2, 3, 0x11);
  for (let number = 0; number <= MAX_REPORTS; number++) native.send(...bytes);
  expect(await ended).toMatchObject({ code: 'PEN_OVERFLOW' });
  expect([count, source.findings().complete]).toEqual([MAX_REPORTS, false]);
});

test('more bytes of reports than a record holds end the source, whatever they are', async () => {
  const { native, source, ear } = await opened();
  native.send(...report(1, 2, 3, 0x11));
  const long = Array.from({ length: 2_048 }, () => 3);
  for (let sent = 0; sent < MAX_SECTION; sent += long.length) native.send(...long);
  await ear.end();
  expect(ear.ends).toMatchObject([{ code: 'PEN_OVERFLOW' }]);
  const { reports, complete } = source.findings();
  expect([ear.heard.length, complete]).toEqual([1, false]);
  expect(packReports(reports!).count).toBe(reports!.length);
});

/** Report 7 of `desktopTablet`, tilted by 5 and -5 degrees. */
function report(x: number, y: number, pressure: number, switches: number): number[] {
  return [7, switches, x & 255, x >> 8, y & 255, y >> 8, pressure & 255, pressure >> 8, 5, 251];
}

async function opened(open = true): Promise<{ native: NativeHid; source: HidSource; ear: PenEar }> {
  const native = new NativeHid();
  const source = sourceOf(native, 'linux');
  const ear = new PenEar();
  if (open) await source.open(ear);
  return { native, source, ear };
}

function sourceOf(native: NativeHid, platform: NodeJS.Platform): HidSource {
  return new HidSource({
    device: DEVICE, descriptor: parseReportDescriptor(desktopTablet), layoutSource: null, platform, open: () => openHid(nativeLibrary(native), DEVICE.path, DEVICE.name, platform),
  });
}
