/**
 * An open serial port: the narrow seam between @serialport/stream and what reads packets.
 * Before it: `open-serial.ts`. After it: the ISDv4 and Topaz sources, `#driver/stu` over serial.
 */
export interface SerialLink {
  readonly path: string;
  /** One listener; what arrived before it was set comes first. `hostTime` is monotonic ns, stamped on arrival; chunks begin and end anywhere. */
  onData(listener: (bytes: Uint8Array, hostTime: number) => void): void;
  /** Called at most once, when the port is gone; at once where it is gone already. Not after `close`. */
  onEnd(listener: (why: string) => void): void;
  /** Resolves when the system has taken the bytes. @throws PenError `PEN_GONE` */
  write(bytes: Uint8Array): Promise<void>;
  /** Drops what arrived and was not read yet. @throws PenError `PEN_GONE` */
  setBaudRate(rate: number): Promise<void>;
  /** Closing twice is no error. */
  close(): Promise<void>;
}

export interface SerialOptions {
  baudRate: number;
  /** 8 where it is not said. */
  dataBits?: 7 | 8;
  /** None where it is not said. */
  parity?: 'none' | 'odd' | 'even';
  /** Lines to the device. On (as systems open a port) where only the other one is given; untouched where neither is. */
  dtr?: boolean;
  rts?: boolean;
}
