/**
 * HID devices of a Linux system, read from sysfs: names, places and report descriptors without opening a device and without
 * disturbing one that is being read, which node-hid's own enumeration does (its README).
 *
 * `/sys/class/hidraw/hidrawN/device/uevent` has HID_ID (bus:vendor:product, hexadecimal), HID_NAME, HID_PHYS and HID_UNIQ
 * (drivers/hid/hid-core.c, hid_uevent); `report_descriptor` beside it has the descriptor byte for byte.
 *
 * Before it: the kernel. After it: `attached-hid.ts`.
 */
import { accessSync, constants, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseReportDescriptor } from './descriptor/parse.ts';
import type { HidDevice } from './hid-device.ts';

/** include/uapi/linux/input.h, BUS_* */
const BUSES: Record<number, string | undefined> = { 0x03: 'usb', 0x05: 'bluetooth', 0x18: 'i2c', 0x1c: 'spi', 0x19: 'host' };

export interface LinuxPaths {
  /** `/sys/class/hidraw` */
  sys: string;
  /** `/dev` */
  dev: string;
}

/** Every hidraw device, in the order of the kernel's numbers. One that vanishes meanwhile is left out. */
export function linuxDevices({ sys, dev }: LinuxPaths = { sys: '/sys/class/hidraw', dev: '/dev' }): HidDevice[] {
  return hidrawNames(sys).flatMap((name) => {
    try {
      return [readDevice(join(sys, name, 'device'), join(dev, name))];
    } catch {
      return [];
    }
  });
}

function hidrawNames(sys: string): string[] {
  try {
    return readdirSync(sys).filter((name) => /^hidraw\d+$/.test(name)).sort((one, other) => Number(one.slice(6)) - Number(other.slice(6)));
  } catch {
    // a kernel without hidraw, or a container without sysfs
    return [];
  }
}

function readDevice(folder: string, path: string): HidDevice {
  const facts = new Map(readFileSync(join(folder, 'uevent'), 'utf8').split('\n').map((line) => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)] as const;
  }));
  const [bus = 0, vendorId = 0, productId = 0] = (facts.get('HID_ID') ?? '').split(':').map((part) => Number.parseInt(part, 16));
  const descriptor = new Uint8Array(readFileSync(join(folder, 'report_descriptor')));
  const phys = facts.get('HID_PHYS') ?? '';
  // "usb-0000:00:14.0-1/input0": place and interface
  const slash = phys.lastIndexOf('/');
  return {
    path, vendorId, productId, descriptor,
    name: facts.get('HID_NAME') ?? '',
    serialNumber: facts.get('HID_UNIQ') || null,
    bus: BUSES[bus] ?? null,
    port: (slash < 0 ? phys : phys.slice(0, slash)) || placeOf(folder),
    interface: slash < 0 ? null : phys.slice(slash + 1),
    applications: applicationsOf(descriptor),
    permitted: permitted(path),
  };
}

/** Folder of the device that carries the HID device: "…/usb1/1-1/1-1:1.0". The HID device's own has a running number in it. */
function placeOf(folder: string): string | null {
  try {
    return dirname(realpathSync(folder));
  } catch {
    return null;
  }
}

function applicationsOf(descriptor: Uint8Array): HidDevice['applications'] {
  try {
    return parseReportDescriptor(descriptor).applications;
  } catch {
    // the kernel took it and we do not: it may still be a device known by its number
    return [];
  }
}

function permitted(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
