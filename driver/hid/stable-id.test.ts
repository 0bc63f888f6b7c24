import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HidDevice } from './hid-device.ts';
import { stableIds } from './stable-id.ts';

test('the same device has the same id on another path, and after others were plugged in', () => {
  const [before] = ids(device({ path: '/dev/hidraw0' }));
  const after = ids(device({ path: '/dev/hidraw3', serialNumber: 'other' }), device({ path: '/dev/hidraw7' }));
  expect(after[1]).toBe(before);
  expect(after[0]).not.toBe(before);
});

test('with a serial number the port does not matter; without one it tells two alike apart', () => {
  expect(ids(device({ port: 'usb-1' }))).toEqual(ids(device({ port: 'usb-2' })));
  const alike = ids(device({ serialNumber: null, port: 'usb-1' }), device({ serialNumber: null, port: 'usb-2' }));
  expect(new Set(alike).size).toBe(2);
  expect(ids(device({ serialNumber: null, port: 'usb-2' }), device({ serialNumber: null, port: 'usb-1' }))).toEqual(alike.toReversed());
});

test('two with the same serial number are told apart by their ports, in either order', () => {
  const [one, two] = [device({ port: 'usb-1' }), device({ port: 'usb-2' })];
  expect(new Set(ids(one, two)).size).toBe(2);
  expect(ids(two, one)).toEqual(ids(one, two).toReversed());
});

test('interfaces of one device are devices of their own, and kinds too', () => {
  expect(ids(device({ interface: 'input0' }))).not.toEqual(ids(device({ interface: 'input1' })));
  expect(stableIds([{ kind: 'hid', device: device({}) }])).not.toEqual(stableIds([{ kind: 'stu-hid', device: device({}) }]));
});

test('no id is given twice, whatever is attached; none shows a serial number', () => {
  const any = fc.record({
    vendorId: fc.constantFrom(1, 2), productId: fc.constantFrom(1, 2), serialNumber: fc.constantFrom(null, 'SECRET1', 'SECRET2'),
    port: fc.constantFrom(null, 'usb-1', 'usb-2'), interface: fc.constantFrom(null, 'input0'),
  });
  fc.assert(fc.property(fc.array(any, { maxLength: 8 }), (devices) => {
    const given = ids(...devices.map((one) => device(one)));
    expect(new Set(given).size).toBe(given.length);
    expect(given.join()).not.toContain('SECRET');
  }));
});

function ids(...devices: HidDevice[]): string[] {
  return stableIds(devices.map((one) => ({ kind: 'hid', device: one })));
}

function device(differing: Partial<HidDevice>): HidDevice {
  return {
    path: '/dev/hidraw0', vendorId: 0x256c, productId: 0x6d, name: 'Tablet', serialNumber: 'SN1', bus: 'usb', port: 'usb-1', interface: 'input0', applications: [], descriptor: null,
    permitted: true, ...differing,
  };
}
