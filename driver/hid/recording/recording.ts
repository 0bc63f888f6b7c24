/** What a hid-recorder file holds. */

export interface RecordedDevice {
  /** Its number in the file (`D:`). */
  index: number;
  name: string;
  /** Physical path, as the system calls it; may be empty. */
  phys: string;
  /** As in linux/input.h: 3 USB, 5 Bluetooth, 0x18 I2C, … */
  bus: number;
  vendorId: number;
  productId: number;
  /** Its report descriptor; empty where the file does not give it, and then it has no reports. */
  descriptor: Uint8Array;
}

export interface RecordedReport {
  /** Number of the device, as `RecordedDevice.index`. */
  device: number;
  /** Microseconds on the recorder's clock, whole. Usually from the first report on; may repeat or run backwards. */
  timeUs: number;
  /** As the system gave it: with the report id first where the device uses ids. */
  bytes: Uint8Array;
}

export interface HidRecording {
  /** In the order in which the file names them. */
  devices: RecordedDevice[];
  /** In the order of the file, those of several devices among each other. */
  reports: RecordedReport[];
}
