/** The folder itself, or the closest one above it that is there. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

export function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}
