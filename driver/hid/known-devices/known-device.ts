/**
 * Layouts of pens that are known by their numbers, for systems that do not give out report descriptors (macOS, Windows).
 * Before it: vendor and product. After it: `attached-hid.ts`.
 *
 * The list is empty, and that is meant: a wrong layout would be wrong evidence, while a pen that is not here is read through
 * Pointer Events, and `countersign pens` says so. A device belongs here only where a public source states its layout and its
 * numbers tell it from every other. The layouts of UC-Logic tablets, for one, are public (Linux, drivers/hid/hid-uclogic-rdesc.c),
 * but several models share a product number, and Linux tells them apart by the length of the descriptor (hid-uclogic-params.c),
 * which these systems do not give. Windows keeps standard pens for itself anyway. Signature pads are known by their protocol.
 */
import type { ReportDescriptor } from '../descriptor/field.ts';

export interface KnownDevice {
  vendorId: number;
  productId: number;
  layout: ReportDescriptor;
  /** Public document that states the layout; it goes into the record. */
  source: string;
}

export const KNOWN_DEVICES: readonly KnownDevice[] = [];
