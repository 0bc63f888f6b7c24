/**
 * Serial tablets to measure with: emulated, in a process of their own, each on a pseudo-terminal, so that whoever reads them has no
 * part in their pace. All of them send the same packets at the same moments.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '#fixtures/needs.ts';
import type { TabletNews, TabletOrder } from '#fixtures/streaming-tablets-child.ts';
import type { Tell } from './measurement.ts';

const CHILD = new URL('../../fixtures/streaming-tablets-child.ts', import.meta.url);
const DEBIAN_PACKAGES = { socat: 'socat', stty: 'coreutils' };

/** False, and a line that says what to install, where a program is missing. */
export function canEmulateTablets(tell: Tell): boolean {
  const missing = Object.entries(DEBIAN_PACKAGES).filter(([name]) => findProgram(name) === null);
  for (const [name, debianPackage] of missing) tell(`  serial pens are left out: ${name} is missing; install it with: apt-get install ${debianPackage}`);
  return missing.length === 0;
}

export class EmulatedTablets {
  /** Of their ports. */
  readonly paths: readonly string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, paths: readonly string[]) {
    this.#child = child;
    this.paths = paths;
  }

  static async start(tablets: number): Promise<EmulatedTablets> {
    const child = fork(CHILD, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const { paths } = await asked(child, { tablets }) as Extract<TabletNews, { paths: string[] }>;
    return new EmulatedTablets(child, paths);
  }

  /** Begins once all were told to sample. @returns for each tablet when it wrote each packet, monotonic ns by its number */
  async stream(count: number, rate: number): Promise<Float64Array[]> {
    return (await asked(this.#child, { count, rate }) as Extract<TabletNews, { written: Float64Array[] }>).written;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}

async function asked(child: ChildProcess, order: TabletOrder): Promise<TabletNews> {
  const answer = once(child, 'message');
  child.send(order);
  return (await Promise.race([answer, once(child, 'exit').then(() => { throw new Error('the emulated tablets ended'); })]))[0] as TabletNews;
}
