/**
 * What is known about a HID device without opening it.
 * Before it: `linux-devices.ts` (sysfs) or `listed-devices.ts` (node-hid). After it: `attached-hid.ts`, which says what kind of pen it is.
 */
export interface HidDevice {
  /** What node-hid opens. Not the same after the device was plugged in again. */
  path: string;
  vendorId: number;
  productId: number;
  name: string;
  serialNumber: string | null;
  /** `usb`, `bluetooth`, `i2c`, …; null: not known. */
  bus: string | null;
  /** Place it is plugged in at, as the system names it; null where the system has no lasting name for it. */
  port: string | null;
  /** Which of a device's several interfaces this is; null where that is not known. */
  interface: string | null;
  /** Usages of its top-level collections. */
  applications: (readonly [page: number, id: number])[];
  /** The report descriptor as the device gave it; null where the system does not tell it. */
  descriptor: Uint8Array | null;
  /** Whether this user may open it; null: not known before it is tried. */
  permitted: boolean | null;
}
