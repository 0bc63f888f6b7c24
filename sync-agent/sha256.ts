import { createHash } from 'node:crypto';
import { inSlices } from '#keys/slices.ts';

/** SHA-256, lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The same, giving way now and then: for whole documents and packets. */
export async function sha256OfLarge(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for await (const slice of inSlices(bytes)) hash.update(slice);
  return hash.digest('hex');
}
