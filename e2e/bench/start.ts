/**
 * `countersign start --json --no-window`, from the command to the line that says ready. First on a fresh copy of
 * the project with its packages installed but nothing built and no data folder; then again and again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { median } from './statistics.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** What a fresh clone does not have. */
const NOT_CLONED = new Set(['node_modules', 'dist', '.git', '.cache']);
const STARTS = 5;

export async function start(tell: Tell): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const project = join(folder, 'project');
    cpSync(PROJECT, project, { recursive: true, filter: (path) => !NOT_CLONED.has(relative(PROJECT, path).split(sep)[0] as string) });
    symlinkSync(join(PROJECT, 'node_modules'), join(project, 'node_modules'), 'junction');
    tell('  first start');
    const first = await untilReady(project, join(folder, 'home'));
    tell(`  second start, ${STARTS} times`);
    const later: number[] = [];
    for (let times = 0; times < STARTS; times++) later.push(await untilReady(project, join(folder, 'home')));
    return [
      measurement('first start, packages installed, screens not built', first / 1_000, 's'),
      measurement('second start', median(later) / 1_000, 's'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a station, waits for its line and stops it. @returns ms to the line */
async function untilReady(project: string, home: string): Promise<number> {
  const begun = performance.now();
  const args = ['start', '--json', '--no-window', '--home', home, '--port', '0', '--printer-port', '0'];
  const child = spawn(process.execPath, [join(project, 'cli/countersign.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const time = performance.now() - begun;
    child.kill('SIGTERM');
    await exited;
    if ((JSON.parse(line) as { ready?: boolean }).ready !== true) break;
    return time;
  }
  throw new Error(`the station did not become ready: ${said}`);
}
