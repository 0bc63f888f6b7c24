/**
 * Layouts of pens that are known by their numbers, for systems that do not give out report descriptors (macOS, Windows).
 * Before it: vendor and product. After it: `attached-hid.ts`.
 *
 * The list is empty, and that is meant. A layout is worth something only where a public source states it for that very device
 * in the mode it has when it is plugged in; the collections of descriptors we know are of devices on Linux, with firmware of
 * one day, and Windows keeps standard pens for itself anyway. A pen that is not here is read through Pointer Events, and
 * `countersign pens` says so. Signature pads are not here either: they are known by their protocol (`#driver/stu`).
 */
import type { ReportDescriptor } from '../descriptor/field.ts';

export interface KnownDevice {
  vendorId: number;
  productId: number;
  layout: ReportDescriptor;
  /** Public document that states the layout; it goes into the record. */
  source: string;
}

const KNOWN: readonly KnownDevice[] = [];

export function knownDevice(vendorId: number, productId: number, known = KNOWN): KnownDevice | null {
  return known.find((one) => one.vendorId === vendorId && one.productId === productId) ?? null;
}
