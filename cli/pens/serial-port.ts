/** `--serial PATH:PROTOCOL[:BAUD]`. Paths have colons of their own on no system that has serial ports, but protocols are few: read from the end. */
import type { SerialPort } from '#driver/process/messages.ts';

const FORM = /^(.+?):(isdv4|topaz|stu)(?::(\d{1,7}))?$/;

/** @throws Error naming what was given */
export function serialPort(given: string): SerialPort {
  const [, path, protocol, baudRate] = FORM.exec(given) ?? [];
  if (path === undefined || protocol === undefined) throw new Error(`--serial ${given}: give a path and isdv4, topaz or stu, for example /dev/ttyUSB0:isdv4`);
  return { path, protocol: protocol as SerialPort['protocol'], ...(baudRate === undefined ? {} : { baudRate: Number(baudRate) }) };
}
