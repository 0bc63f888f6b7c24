/**
 * The name of an attached device that stays the same when it is unplugged and plugged in again.
 *
 * Made of what it is (kind, vendor, product), which of its interfaces, and its serial number, or, for the many pens without
 * one, the port it is plugged in at: two alike are then told apart by their ports, and one that changes its port is another.
 * Where two alike have the same serial number (a maker that gives all devices one), the port is added to both.
 *
 * Serial number and port are hashed: the id goes into logs and settings, where a pen's serial number has no place.
 */
import { createHash } from 'node:crypto';
import type { AttachedKind } from '../pens.ts';
import type { HidDevice } from './hid-device.ts';

/** One id for each device, in their order. */
export function stableIds(devices: readonly { kind: AttachedKind; device: HidDevice }[]): string[] {
  const bySerial = devices.map(({ kind, device }) => idOf(kind, device, [device.serialNumber ?? device.port ?? '']));
  const byPort = devices.map(({ kind, device }, index) =>
    (times(bySerial, bySerial[index]!) > 1 ? idOf(kind, device, [device.serialNumber ?? '', device.port ?? '']) : bySerial[index]!));
  // no serial number and no port: all that is left is the order
  return byPort.map((id, index) => {
    const before = times(byPort.slice(0, index), id);
    return before === 0 ? id : `${id}.${before + 1}`;
  });
}

function idOf(kind: AttachedKind, { vendorId, productId, interface: of }: HidDevice, parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([of, ...parts])).digest('hex').slice(0, 12);
  const hex = (number: number): string => number.toString(16).padStart(4, '0');
  return `${kind}-${hex(vendorId)}-${hex(productId)}-${hash}`;
}

function times(ids: readonly string[], id: string): number {
  return ids.filter((one) => one === id).length;
}
