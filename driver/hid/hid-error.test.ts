import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exchangeError, openingError, readingError, UDEV_RULE } from './hid-error.ts';

// texts: Linux as seen with node-hid 3.4 on 6.1; macOS and Windows from hidapi's source and field reports
test.each([
  ['linux', "Failed to open a device with path '/dev/hidraw0': Permission denied", 'PEN_FORBIDDEN', UDEV_RULE],
  ['linux', "Failed to open a device with path '/dev/hidraw0': No such file or directory", 'PEN_GONE', 'Plug it in'],
  ['linux', 'Device or resource busy', 'PEN_CLAIMED', 'Close that program'],
  ['darwin', 'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002E2) (iokit/common) not permitted', 'PEN_FORBIDDEN', 'Input Monitoring'],
  ['darwin', 'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002C5) (iokit/common) exclusive access and device already open', 'PEN_CLAIMED', 'Close that program'],
  ['win32', 'hid_open_path: open_device failed: (0x00000005) Access is denied.', 'PEN_CLAIMED', 'Pointer Events'],
  ['win32', 'CreateFile: (0x00000020) The process cannot access the file because it is being used by another process.', 'PEN_CLAIMED', 'Pointer Events'],
  ['win32', 'something new', 'PEN_SILENT', 'something new'],
] as const)('on %s, opening that says "%s" is %s', (platform, said, code, advice) => {
  const error = openingError('Tablet', said, platform);
  expect(error).toMatchObject({ name: 'PenError', code });
  expect(error.message).toContain(advice);
  expect(error.message).toContain('Tablet');
});

test('a pen that opens on Windows and cannot be read is held by Windows; one that was read before is gone', () => {
  const said = 'could not read from HID device';
  expect(readingError('Tablet', said, 'win32', false)).toMatchObject({ code: 'PEN_CLAIMED', message: expect.stringContaining('Pointer Events') });
  expect(readingError('Tablet', said, 'win32', true).code).toBe('PEN_GONE');
  expect(readingError('Tablet', said, 'linux', false).code).toBe('PEN_GONE');
});

test('an exchange that fails tells a device that is gone from one that is silent', () => {
  expect(exchangeError('Pad', 'ioctl (GFEATURE): No such device').code).toBe('PEN_GONE');
  expect(exchangeError('Pad', 'ioctl (GFEATURE): Input/output error').code).toBe('PEN_SILENT');
});

test('the rule that the advice names is shipped, and sorts before the one that gives rights to the seat', () => {
  const rule = join(import.meta.dirname, '../udev', UDEV_RULE);
  expect(existsSync(rule)).toBe(true);
  expect(Number.parseInt(UDEV_RULE, 10)).toBeLessThan(73);
  const lines = readFileSync(rule, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.filter((line) => line.startsWith('KERNELS')).every((line) => /^KERNELS=="\*:[0-9A-F]{4}:\*\.\*", TAG\+="uaccess"$/.test(line))).toBe(true);
  // the HID device's own name in sysfs is bus:vendor:product.number in upper case: 0003:056A:00A4.0001
  expect(lines.some((line) => line.includes('*:056A:*.*'))).toBe(true);
});
