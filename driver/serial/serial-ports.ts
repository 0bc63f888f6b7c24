/**
 * Serial ports of this machine, to choose from in the settings: none is opened, and what hangs on them is not known.
 *
 * On Linux from sysfs, because the library's own list needs udevadm, and where that is missing it throws where nobody can
 * catch it and ends the process. Ports that are only wired in the kernel's table (the four `ttyS` of every PC) have no
 * device behind them and are left out.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface SerialPort {
  /** What `openSerial` takes. */
  path: string;
  /** As the system names the adapter; null where it does not. */
  name: string | null;
  /** Of a USB adapter. */
  vendorId: number | null;
  productId: number | null;
  serialNumber: string | null;
}

/** In the order of their names; empty where they cannot be listed. Never throws. */
export async function serialPorts(): Promise<SerialPort[]> {
  try {
    return process.platform === 'linux' ? linuxSerialPorts() : await listed();
  } catch {
    return [];
  }
}

/** @param root where sysfs lists terminals. @param devices where the ports are */
export function linuxSerialPorts(root = '/sys/class/tty', devices = '/dev'): SerialPort[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).filter((tty) => isPort(join(root, tty))).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((tty) => ({ path: join(devices, tty), ...usbAdapter(join(root, tty, 'device')) }));
}

/** Consoles and pseudo-terminals have no device; ports of the PC that are not there have type 0 (linux/serial_core.h, PORT_UNKNOWN). */
function isPort(tty: string): boolean {
  return existsSync(join(tty, 'device')) && read(join(tty, 'type')) !== '0';
}

/** The USB device, if any, is the first folder upwards that has a vendor. */
function usbAdapter(device: string): Omit<SerialPort, 'path'> {
  let folder = realpathSync(device);
  for (let step = 0; step < 4; step++, folder = dirname(folder)) {
    const [vendor, product] = [read(join(folder, 'idVendor')), read(join(folder, 'idProduct'))];
    if (vendor === null || product === null) continue;
    const name = [read(join(folder, 'manufacturer')), read(join(folder, 'product'))].filter((word) => word !== null).join(' ');
    return { name: name === '' ? null : name, vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16), serialNumber: read(join(folder, 'serial')) };
  }
  return { name: null, vendorId: null, productId: null, serialNumber: null };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

async function listed(): Promise<SerialPort[]> {
  const { autoDetect } = await import('@serialport/bindings-cpp');
  const ports = await autoDetect().list();
  return ports.map(({ path, manufacturer, vendorId, productId, serialNumber }) => ({
    path, name: manufacturer ?? null, serialNumber: serialNumber ?? null,
    vendorId: vendorId === undefined ? null : Number.parseInt(vendorId, 16), productId: productId === undefined ? null : Number.parseInt(productId, 16),
  }));
}
