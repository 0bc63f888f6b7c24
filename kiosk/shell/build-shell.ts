/** Bundles the shell for Electron: `dist/shell/main.cjs`, and the preload, which may be one CommonJS file only. */
import { builtinModules } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Takes about a second; needs no Electron binary. @returns the folder. */
export async function buildShell(): Promise<string> {
  const { build } = await import('vite');
  const outDir = join(root, 'dist', 'shell');
  for (const name of ['main', 'preload']) {
    await build({
      configFile: false, root, logLevel: 'error',
      build: {
        outDir, emptyOutDir: false, target: 'node24', minify: false,
        lib: { entry: join(import.meta.dirname, `${name}.ts`), formats: ['cjs'], fileName: () => `${name}.cjs` },
        rolldownOptions: { external: ['electron', /^node:/, ...builtinModules] },
      },
    });
  }
  return outDir;
}
