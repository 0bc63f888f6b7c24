/** The record: how many bytes a sample takes, and how long encoding and decoding take. */
import type { Measurement, Tell } from './measurement.ts';
import { recordSize } from './record-size.ts';
import { recordSpeed } from './record-speed.ts';

export async function biometrics(tell: Tell): Promise<Measurement[]> {
  return [...await recordSize(tell), ...await recordSpeed(tell)];
}
