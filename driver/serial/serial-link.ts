/**
 * An open serial port: the narrow seam between @serialport/stream and what reads packets.
 * Before it: `open-serial.ts`. After it: the ISDv4 and Topaz sources, `#driver/stu` over serial.
 */
export interface SerialLink {
  readonly path: string;
  /** One listener. `hostTime` is monotonic ns, stamped on arrival; chunks begin and end anywhere. */
  onData(listener: (bytes: Uint8Array, hostTime: number) => void): void;
  /** Called at most once, when the port is gone. */
  onEnd(listener: (why: string) => void): void;
  /** @throws PenError `PEN_GONE` */
  write(bytes: Uint8Array): Promise<void>;
  /** Drops what arrived and was not read yet. @throws PenError `PEN_GONE` */
  setBaudRate(rate: number): Promise<void>;
  /** Closing twice is no error. */
  close(): Promise<void>;
}

export interface SerialOptions { baudRate: number; dtr?: boolean; rts?: boolean }
