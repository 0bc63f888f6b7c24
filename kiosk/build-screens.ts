/**
 * Builds the screens, only if their sources changed since the last build.
 *
 * Before: `kiosk/screens`. After: `kiosk/station` serves `dist/screens`. Vite is loaded only when there is
 * something to build, so that a second start costs the hashing of the sources and no more.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const directory = join(root, 'dist/screens');
const stamp = join(directory, 'sources.sha256');

/** What the built pages depend on. */
const SOURCES = ['kiosk/screens', 'kiosk/protocol', 'driver/pointer', 'biometrics', 'vite.config.ts', 'package-lock.json'];

/** Holds the id of the process that builds. */
const lock = join(root, 'dist/.screens-lock');
const POLL = 100;

/**
 * @returns the folder with `guest/index.html` and `desk/index.html`, and whether it was built just now.
 * A packaged application has no sources: its folder is taken as it is.
 */
export async function buildScreens(): Promise<{ directory: string; built: boolean }> {
  if (!existsSync(join(root, 'vite.config.ts'))) return { directory, built: false };
  const hash = hashSources();
  const isCurrent = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isCurrent()) return { directory, built: false };
  mkdirSync(join(root, 'dist'), { recursive: true });
  while (!takeLock()) {
    await setTimeout(POLL);
    if (isCurrent()) return { directory, built: false };
  }
  try {
    await build(hash);
  } finally {
    rmSync(lock, { force: true });
  }
  return { directory, built: true };
}

/** Beside its place and then renamed, so that nobody is served half a build. */
async function build(hash: string): Promise<void> {
  const fresh = mkdtempSync(join(root, 'dist/.screens-'));
  const old = `${fresh}-old`;
  const mode = process.env['NODE_ENV'];
  // Vite keeps a mode that is set, and a test runner sets one: React's slow development build would come out.
  process.env['NODE_ENV'] = 'production';
  try {
    const vite = await import('vite');
    await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } });
    writeFileSync(join(fresh, 'sources.sha256'), hash);
    if (existsSync(directory)) renameSync(directory, old);
    renameSync(fresh, directory);
  } finally {
    if (mode === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = mode;
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

function takeLock(): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  if (holderIsGone()) rmSync(lock, { force: true });
  return false;
}

/** It was killed while it built. */
function holderIsGone(): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesUnder(join(root, source)))) {
    const bytes = readFileSync(path);
    hash.update(`${relative(root, path).replaceAll('\\', '/')}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (/\.test\.tsx?$/.test(path)) return [];
  try {
    return readdirSync(path).sort().flatMap((name) => filesUnder(join(path, name)));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw cause;
  }
}
