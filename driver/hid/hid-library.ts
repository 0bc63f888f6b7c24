/**
 * node-hid as far as it is used, and loading it. The one place that names the package, so that tests can put a stand-in at its
 * narrowest: the native module itself.
 *
 * Before it: node-hid 3.4 (hidapi 0.15). After it: `open-hid.ts`, `listed-devices.ts`.
 */
import type { Device } from 'node-hid';
import { PenError } from '../errors.ts';

export type ListedDevice = Device;

/** `HIDAsync`, whose types say less than they could: 'error' carries a string for a failed read, once; then nothing. */
export interface NativeDevice {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  getFeatureReport(reportId: number, length: number): Promise<Uint8Array>;
  sendFeatureReport(report: Buffer): Promise<number>;
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

export interface HidLibrary {
  HIDAsync: { open(path: string, options: { nonExclusive: boolean }): Promise<NativeDevice> };
  devicesAsync(): Promise<ListedDevice[]>;
}

/** Loads the native part, with the first device. @throws PenError `PEN_FORBIDDEN` where there is none for this system */
export async function loadHid(): Promise<HidLibrary> {
  try {
    const library = await import('node-hid');
    // the JavaScript loads its native part with the first call only
    library.getHidapiVersion();
    return library;
  } catch (error) {
    throw new PenError('PEN_FORBIDDEN', `No HID device can be opened: the HID library does not load on this system (${(error as Error).message}).`, { cause: error });
  }
}
