/**
 * Builds the examiner's page into one self-contained file, `dist/examiner/replay.html`: scripts, styles and font
 * inside, and a Content Security Policy that names them by their hashes and allows nothing else.
 * Built only when a source changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = join(import.meta.dirname, 'page');
const folder = join(root, 'dist', 'examiner');
const lockfile = join(root, 'package-lock.json');

/** @returns the path of the page. Takes a second or two when it has to build. */
export async function buildPage(): Promise<string> {
  const path = join(folder, 'replay.html');
  // a packaged application has no build tools: its page is taken as it is
  if (!existsSync(lockfile)) return path;
  const hashPath = join(folder, 'sources.sha256');
  const hash = hashOfSources();
  if (existsSync(path) && existsSync(hashPath) && readFileSync(hashPath, 'utf8') === hash) return path;
  const { script, style } = await bundle();
  mkdirSync(folder, { recursive: true });
  // renamed into place: two processes may build at once, and a browser may be reading
  writeFileSync(`${path}.${process.pid}`, assemble(readFileSync(join(page, 'index.html'), 'utf8'), script, style));
  renameSync(`${path}.${process.pid}`, path);
  writeFileSync(hashPath, hash);
  return path;
}

async function bundle(): Promise<{ script: string; style: string }> {
  const { build } = await import('vite');
  const results = await build({
    configFile: false, root, logLevel: 'error',
    build: { write: false, target: 'es2022', minify: true, lib: { entry: join(page, 'main.ts'), formats: ['es'], fileName: 'page' } },
  });
  const files = (Array.isArray(results) ? results : [results]).flatMap((result) => ('output' in result ? result.output : []));
  const script = files.find((file) => file.type === 'chunk');
  const style = files.find((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
  if (script?.type !== 'chunk' || style?.type !== 'asset') throw new Error('the page did not build into one script and one style sheet');
  return { script: script.code.trim().replaceAll('</script', '<\\/script'), style: String(style.source).trim() };
}

function assemble(html: string, script: string, style: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'", `script-src ${hash(script)}`, `style-src ${hash(style)}`, 'font-src data:',
    "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  return html.replace('%POLICY%', () => policy).replace('%STYLE%', () => style).replace('%SCRIPT%', () => script);
}

/** Of everything the page may be made of, and of the versions it is built with. */
function hashOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(lockfile));
  for (const name of ['examiner', 'biometrics', 'packet']) {
    for (const file of readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(ts|css|html)$/.test(file) && !file.endsWith('.test.ts')) hash.update(`${name}/${file}\0`).update(readFileSync(join(root, name, file)));
    }
  }
  return hash.digest('hex');
}

if (import.meta.main) process.stdout.write(`${await buildPage()}\n`);
