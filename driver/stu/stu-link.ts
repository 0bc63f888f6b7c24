/**
 * An open signature pad, whatever it is attached by: reports are asked for, set, and come by themselves.
 * Before it: `hid-stu-link.ts` or `serial-stu-link.ts`. After it: `stu-session.ts`.
 */
export interface StuLink {
  readonly transport: 'hid' | 'serial';
  /** Names the place where the pad is attached: a device path or a port. */
  readonly path: string;
  /**
   * @param length of the answer with its id byte
   * @throws PenError `PEN_GONE`, `PEN_SILENT`; over serial `PAD_REFUSED` where the pad says that it has no such report
   */
  getReport(reportId: number, length: number): Promise<Uint8Array>;
  /**
   * Over HID it resolves when the report was taken by the USB stack; what the pad thinks of it stands in its status.
   * @param report with its id byte @throws PenError `PEN_GONE`, `PEN_SILENT`; over serial `PAD_REFUSED`
   */
  setReport(report: Uint8Array): Promise<void>;
  /** One listener; report with its id byte, `hostTime` monotonic ns. */
  onReport(listener: (report: Uint8Array, hostTime: number) => void): void;
  /** Called at most once, when the pad is gone; at once where it is gone already. */
  onEnd(listener: (why: string) => void): void;
  /** Reports that came garbled over the line and were left out; 0 over HID, where USB repeats them. */
  damaged(): number;
  /** Closing twice is no error. */
  close(): Promise<void>;
}
