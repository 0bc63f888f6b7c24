import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { linuxSerialPorts, serialPorts } from './serial-ports.ts';

const folder = temporaryFolder();

test('adapters on USB with what they say of themselves, ports of the machine without, and nothing that is no port', () => {
  // as sysfs lays them out: terminals link to the device, which is an interface inside the USB device
  const usb = join(folder, 'devices/usb1/1-2');
  write(usb, { idVendor: '0403\n', idProduct: '6001\n', manufacturer: 'FTDI\n', product: 'FT232R USB UART\n', serial: 'A1B2C3\n' });
  for (const name of ['ttyUSB10', 'ttyUSB2']) {
    mkdirSync(join(usb, `1-2:1.0/${name}`), { recursive: true });
    terminal(name, join(usb, `1-2:1.0/${name}`), null);
  }
  mkdirSync(join(folder, 'devices/pnp0'), { recursive: true });
  terminal('ttyS0', join(folder, 'devices/pnp0'), '4');
  terminal('ttyS1', join(folder, 'devices/pnp0'), '0');
  terminal('tty7', null, null);
  const none = { name: null, vendorId: null, productId: null, serialNumber: null };
  const ftdi = { name: 'FTDI FT232R USB UART', vendorId: 0x0403, productId: 0x6001, serialNumber: 'A1B2C3' };
  expect(linuxSerialPorts(join(folder, 'tty'), '/dev')).toEqual([
    { path: '/dev/ttyS0', ...none }, { path: '/dev/ttyUSB2', ...ftdi }, { path: '/dev/ttyUSB10', ...ftdi },
  ]);
});

test('where there is nothing to list there is no port', () => {
  expect(linuxSerialPorts(join(folder, 'none'))).toEqual([]);
});

test('this machine can be asked', async () => {
  for (const { path } of await serialPorts()) expect(path).toMatch(/^(\/dev\/|COM|\\\\)/);
});

function terminal(name: string, device: string | null, type: string | null): void {
  write(join(folder, 'tty', name), type === null ? {} : { type: `${type}\n` });
  if (device !== null) symlinkSync(device, join(folder, 'tty', name, 'device'));
}

function write(into: string, files: Record<string, string>): void {
  mkdirSync(into, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(into, name), text);
}
