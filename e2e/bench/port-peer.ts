/** The peer of serial pens: what a program of a few lines would do, with the same library below it. */
import { autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';

const PEN_LENGTH = 9;

export function portPeer(where: string): string {
  return `the port read in ${where} itself with @serialport/stream (decodes x and y; keeps and checks nothing)`;
}

/** Tells the tablet to sample. @param take called with each packet's x and y. @returns a function that closes the port */
export async function readPort(path: string, take: (x: number, y: number) => void): Promise<() => Promise<void>> {
  const port = new SerialPortStream({ binding: autoDetect(), path, baudRate: 38_400, autoOpen: false });
  await new Promise<void>((resolve, reject) => { port.open((error) => { if (error === null) resolve(); else reject(error); }); });
  let rest = Buffer.alloc(0);
  port.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= PEN_LENGTH; rest = rest.subarray(PEN_LENGTH)) {
      take((rest[1]! << 9) | (rest[2]! << 2) | ((rest[6]! >> 5) & 3), (rest[3]! << 9) | (rest[4]! << 2) | ((rest[6]! >> 3) & 3));
    }
  });
  port.write('1');
  return () => new Promise<void>((resolve) => { port.close(() => { resolve(); }); });
}
