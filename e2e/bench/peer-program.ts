/** Outside programs that something of ours is measured beside. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '#fixtures/needs.ts';
import type { Tell } from './measurement.ts';

export const runProgram = promisify(execFile);

/** Path of the program; null, and a line that says what to install, where it is missing. */
export function findPeer(name: string, debianPackage: string, tell: Tell): string | null {
  const path = findProgram(name);
  if (path === null) tell(`  no peer: ${name} is missing; install it with: apt-get install ${debianPackage}`);
  return path;
}
