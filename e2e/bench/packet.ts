/** The packet: what one signature costs by itself, and what the guest waits for on a running house. */
import { doneToDurable } from './done-to-durable.ts';
import { increment } from './increment.ts';
import type { Measurement, Tell } from './measurement.ts';

export async function packet(tell: Tell): Promise<Measurement[]> {
  return [...await increment(tell), ...await doneToDurable(tell)];
}
