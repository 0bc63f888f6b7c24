/**
 * HID devices as node-hid lists them, where the system has no sysfs. Slow, and it disturbs devices that are being read
 * (node-hid's README): whoever calls it waits while a pen writes.
 *
 * Before it: `devicesAsync()`, one entry per top-level collection, sometimes twice. After it: `attached-hid.ts`.
 *
 * Windows gives each top-level collection a path of its own; macOS and Linux one path for all of a device.
 */
import type { HidDevice } from './hid-device.ts';
import type { ListedDevice } from './hid-library.ts';

export function listedDevices(listed: readonly ListedDevice[]): HidDevice[] {
  const byPath = new Map<string, HidDevice>();
  for (const entry of listed) {
    if (entry.path === undefined) continue;
    const device = byPath.get(entry.path) ?? deviceOf(entry, entry.path);
    const usage = [entry.usagePage ?? 0, entry.usage ?? 0] as const;
    if (!device.applications.some(([page, id]) => page === usage[0] && id === usage[1])) device.applications.push(usage);
    byPath.set(entry.path, device);
  }
  return [...byPath.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

function deviceOf(entry: ListedDevice, path: string): HidDevice {
  return {
    path, vendorId: entry.vendorId, productId: entry.productId,
    name: [entry.manufacturer, entry.product].filter((part) => part !== undefined && part !== '').join(' '),
    serialNumber: entry.serialNumber || null,
    bus: null,
    // Windows' path names the port the device is plugged in at; macOS' is a number that is never used again
    port: path.startsWith('\\\\') ? path : null,
    interface: entry.interface < 0 ? null : `input${entry.interface}`,
    applications: [], descriptor: null, permitted: null,
  };
}
