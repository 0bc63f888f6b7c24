/** `--serial` as it is typed. */
import { expect, test } from 'vitest';
import { serialPort } from './serial-port.ts';

test.each([
  ['/dev/ttyUSB0:isdv4', { path: '/dev/ttyUSB0', protocol: 'isdv4' }],
  ['COM3:topaz:9600', { path: 'COM3', protocol: 'topaz', baudRate: 9_600 }],
  ['/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0:stu', { path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0', protocol: 'stu' }],
])('%s', (given, port) => {
  expect(serialPort(given)).toEqual(port);
});

test.each(['', '/dev/ttyS0', ':isdv4', '/dev/ttyS0:wacom', '/dev/ttyS0:isdv4:', '/dev/ttyS0:isdv4:fast', '/dev/ttyS0:isdv4:0', '/dev/ttyS0:isdv4:9999999'])('"%s" is refused by name', (given) => {
  expect(() => serialPort(given)).toThrow(`--serial ${given}`);
});
