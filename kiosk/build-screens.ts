/**
 * Builds the screens, only if their sources changed since the last build.
 *
 * Before: `kiosk/screens`. After: `kiosk/station` serves `dist/screens`. Vite is loaded only when there is
 * something to build, so that a second start costs the hashing of the sources and no more.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const directory = join(root, 'dist/screens');
const stamp = join(directory, 'sources.sha256');

/** What the built pages depend on. */
const SOURCES = ['kiosk/screens', 'kiosk/protocol', 'driver/pointer', 'biometrics', 'vite.config.ts', 'package-lock.json'];

/**
 * @returns the folder with `guest/index.html` and `desk/index.html`, and whether it was built just now.
 * A packaged application has no sources: its folder is taken as it is.
 */
export async function buildScreens(): Promise<{ directory: string; built: boolean }> {
  if (!existsSync(join(root, 'vite.config.ts'))) return { directory, built: false };
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { directory, built: false };
  await mkdir(join(root, 'dist'), { recursive: true });
  // Beside its place and then renamed: two programs that build at once never serve half a build.
  const fresh = mkdtempSync(join(root, 'dist/.screens-'));
  try {
    const { build } = await import('vite');
    await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } });
    writeFileSync(join(fresh, 'sources.sha256'), hash);
    putInPlace(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { directory, built: true };
}

function putInPlace(fresh: string): void {
  const old = `${fresh}-old`;
  if (existsSync(directory)) renameSync(directory, old);
  renameSync(fresh, directory);
  rmSync(old, { recursive: true, force: true });
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
