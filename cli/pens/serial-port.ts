/** `--serial PATH:PROTOCOL[:BAUD]`. Paths have colons of their own on no system that has serial ports, but protocols are few: read from the end. */
import type { SerialPort } from '#driver/process/messages.ts';

const FORM = /^(.+?):(isdv4|topaz|stu)(?::(\d{1,7}))?$/;

/** As `station.json` takes them. */
const [LEAST_BAUD, MOST_BAUD] = [300, 4_000_000];

/** @throws Error naming what was given */
export function serialPort(given: string): SerialPort {
  const [, path, protocol, baudRate] = FORM.exec(given) ?? [];
  if (path === undefined || protocol === undefined) throw new Error(`--serial ${given}: give a path and isdv4, topaz or stu, for example /dev/ttyUSB0:isdv4`);
  if (baudRate !== undefined && !(Number(baudRate) >= LEAST_BAUD && Number(baudRate) <= MOST_BAUD)) throw new Error(`--serial ${given}: give a baud rate from ${LEAST_BAUD} to ${MOST_BAUD}`);
  return { path, protocol: protocol as SerialPort['protocol'], ...(baudRate === undefined ? {} : { baudRate: Number(baudRate) }) };
}
