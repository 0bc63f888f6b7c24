/**
 * An open HID device: the narrow seam between node-hid and what reads reports.
 * Before it: `open-hid.ts` (node-hid). After it: `hid-source.ts`, `#driver/stu`.
 */
export interface HidLink {
  readonly path: string;
  /** One listener. `report` starts with the report id where the device uses them; `hostTime` is monotonic ns, stamped on arrival. */
  onReport(listener: (report: Uint8Array, hostTime: number) => void): void;
  /** Called at most once: the device is gone, or its reports cannot be read. `why` is the library's own words. */
  onEnd(listener: (why: string) => void): void;
  /** @param length of the answer with its id byte. @throws PenError `PEN_GONE`, `PEN_SILENT` */
  getFeature(reportId: number, length: number): Promise<Uint8Array>;
  /** @param report with its id byte. @throws PenError `PEN_GONE`, `PEN_SILENT` */
  sendFeature(report: Uint8Array): Promise<void>;
  /** An output report, with its id byte. @throws PenError `PEN_GONE` */
  write(report: Uint8Array): Promise<void>;
  /** Closing twice is no error. */
  close(): Promise<void>;
}
