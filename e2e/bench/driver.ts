/**
 * Pens that the station reads itself: how fast reports are decoded, whether a busy station loses any, and how far the ink on the
 * guest's screen is behind the pen. All but the decoding needs a serial port, and so socat.
 */
import { driverDecode } from './driver-decode.ts';
import { driverStream } from './driver-stream.ts';
import { canEmulateTablets } from './emulated-tablets.ts';
import { inkDelay } from './ink-delay.ts';
import type { Measurement, Tell } from './measurement.ts';

export async function driver(tell: Tell): Promise<Measurement[]> {
  const decoded = await driverDecode(tell);
  // ink before the long stream: what that leaves on this process's heap would be collected while ink is timed
  return canEmulateTablets(tell) ? [...decoded, ...await inkDelay(tell), ...await driverStream(tell)] : decoded;
}
