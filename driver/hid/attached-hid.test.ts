import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { desktopTablet, laptopPen } from '#fixtures/hid/pens.ts';
import { attachedHids } from './attached-hid.ts';
import { parseReportDescriptor } from './descriptor/parse.ts';
import { linuxDevices, type LinuxPaths } from './linux-devices.ts';
import { listedDevices } from './listed-devices.ts';

/** Generic Desktop / Mouse with two axes. */
const MOUSE = Uint8Array.from([5, 1, 9, 2, 0xa1, 1, 9, 0x30, 9, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 8, 0x95, 2, 0x81, 6, 0xc0]);
const LISTED = { vendorId: 0x256c, productId: 0x6d, product: 'Tablet', manufacturer: 'Maker', serialNumber: '', release: 1, interface: 0 };

test('Linux: what sysfs says of each device, in the order of its numbers', (context) => {
  const paths = sysfs(context, {
    hidraw10: { uevent: 'DRIVER=hid-generic\nHID_ID=0018:000004F3:00002AF1\nHID_NAME=ELAN Pen\nHID_PHYS=i2c-ELAN:00\nHID_UNIQ=\n', descriptor: laptopPen },
    hidraw2: { uevent: 'HID_ID=0003:0000256C:0000006D\nHID_NAME=HUION Tablet\nHID_PHYS=usb-0000:00:14.0-1/input0\nHID_UNIQ=SN1\n', descriptor: desktopTablet },
  });
  expect(linuxDevices(paths)).toMatchObject([
    { path: join(paths.dev, 'hidraw2'), vendorId: 0x256c, productId: 0x6d, name: 'HUION Tablet', serialNumber: 'SN1', bus: 'usb', port: 'usb-0000:00:14.0-1', interface: 'input0', permitted: true },
    { vendorId: 0x04f3, name: 'ELAN Pen', serialNumber: null, bus: 'i2c', port: 'i2c-ELAN:00', interface: null, descriptor: laptopPen },
  ]);
  expect(linuxDevices({ sys: '/nowhere', dev: '/dev' })).toEqual([]);
});

test('Linux: pens are known by their reports, and what they give is known before they are opened', (context) => {
  const pens = attachedHids(linuxDevices(sysfs(context, {
    hidraw0: { uevent: uevent('Tablet'), descriptor: desktopTablet },
    hidraw1: { uevent: uevent('Mouse'), descriptor: MOUSE },
    hidraw3: { uevent: 'HID_ID=0003:0000056A:000000A4\nHID_NAME=Wacom Co.,Ltd. STU-430\nHID_PHYS=usb-1/input0\nHID_UNIQ=\n', descriptor: MOUSE },
    hidraw4: { uevent: uevent('Broken'), descriptor: Uint8Array.of(0x05) },
  })), 'linux').map(({ pen }) => pen);
  expect(pens).toMatchObject([
    { kind: 'hid', name: 'Tablet', layout: 'system', gives: { pressureLevels: 8_192, tilt: 'tilt' }, pad: null, problem: null },
    { kind: 'stu-hid', name: 'Wacom STU-430', layout: 'protocol', gives: null, pad: { width: 320, height: 200, colours: 2 }, problem: null },
  ]);
});

test('Linux: a pen this user may not read says which rule to copy', (context) => {
  if (process.getuid?.() === 0) context.skip('host: root may read everything; the test of a real kernel in a virtual machine looks at this');
  const paths = sysfs(context, { hidraw0: { uevent: uevent('Tablet'), descriptor: desktopTablet } });
  chmodSync(join(paths.dev, 'hidraw0'), 0);
  const [attached] = attachedHids(linuxDevices(paths), 'linux');
  expect(attached!.pen.problem).toMatchObject({ code: 'PEN_FORBIDDEN', advice: expect.stringContaining('driver/udev/71-countersign-pens.rules') });
});

test('elsewhere: entries of one path are one device; a pen whose layout nobody knows goes through Pointer Events', () => {
  const devices = listedDevices([
    { ...LISTED, path: 'b', usagePage: 0x0d, usage: 2 }, { ...LISTED, path: 'b', usagePage: 0x0d, usage: 2 }, { ...LISTED, path: 'b', usagePage: 1, usage: 2 },
    { ...LISTED, path: 'a', usagePage: 1, usage: 6 }, { ...LISTED, usagePage: 0x0d, usage: 2 },
  ]);
  expect(devices).toMatchObject([{ path: 'a', applications: [[1, 6]] }, { path: 'b', name: 'Maker Tablet', serialNumber: null, applications: [[0x0d, 2], [1, 2]] }]);
  expect(attachedHids(devices, 'darwin').map(({ pen, layout }) => ({ ...pen, known: layout }))).toMatchObject([
    { kind: 'hid', layout: null, gives: null, known: null, problem: { code: 'PEN_LAYOUT_UNKNOWN', advice: expect.stringContaining('Pointer Events') } },
  ]);
});

test('elsewhere: a known device is read by the layout we know, and says whose word that is', () => {
  const devices = listedDevices([{ ...LISTED, path: 'b', usagePage: 0x0d, usage: 2 }, { ...LISTED, productId: 0x6e, path: 'c', usagePage: 0x0d, usage: 2 }]);
  const layout = parseReportDescriptor(desktopTablet);
  const [known, unknown] = attachedHids(devices, 'darwin', [{ vendorId: 0x256c, productId: 0x6d, layout, source: 'the maker\'s manual' }]);
  expect(known).toMatchObject({ pen: { layout: 'known-device', gives: { pressureLevels: 8_192 }, problem: null }, layout: { descriptor: layout, source: 'the maker\'s manual' } });
  expect(unknown!.pen).toMatchObject({ layout: null, problem: { code: 'PEN_LAYOUT_UNKNOWN' } });
});

test('Windows keeps pens for itself, and not signature pads', () => {
  const devices = listedDevices([
    { ...LISTED, path: String.raw`\\?\hid#1`, usagePage: 0x0d, usage: 1 },
    { ...LISTED, path: String.raw`\\?\hid#2`, vendorId: 0x056a, productId: 0xa5, usagePage: 0xff00, usage: 1 },
  ]);
  expect(attachedHids(devices, 'win32').map(({ pen }) => pen)).toMatchObject([
    { kind: 'hid', problem: { code: 'PEN_CLAIMED', advice: expect.stringContaining('Pointer Events') } },
    { kind: 'stu-hid', name: 'Wacom STU-530', pad: { width: 800, height: 480, colours: 16_777_216 }, problem: null },
  ]);
});

function uevent(name: string): string {
  return `HID_ID=0003:0000256C:0000006D\nHID_NAME=${name}\nHID_PHYS=usb-0000:00:14.0-1/input0\nHID_UNIQ=\n`;
}

/** Folders laid out like sysfs and /dev. */
function sysfs(context: TestContext, devices: Record<string, { uevent: string; descriptor: Uint8Array }>): LinuxPaths {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  context.onTestFinished(() => { rmSync(folder, { recursive: true }); });
  const [sys, dev] = [join(folder, 'sys'), join(folder, 'dev')];
  mkdirSync(dev);
  for (const [name, { uevent: facts, descriptor }] of Object.entries(devices)) {
    mkdirSync(join(sys, name, 'device'), { recursive: true });
    writeFileSync(join(sys, name, 'device/uevent'), facts);
    writeFileSync(join(sys, name, 'device/report_descriptor'), descriptor);
    writeFileSync(join(dev, name), '');
  }
  // vanished between listing and reading
  mkdirSync(join(sys, 'hidraw99'));
  return { sys, dev };
}
