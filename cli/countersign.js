#!/usr/bin/env node
/**
 * The start of every command, in plain JavaScript that any Node since 20 can read and without dependencies.
 *
 * It brings the machine to the point where our TypeScript may run, and does nothing else:
 *   1. under a lock, installs what package-lock.json asks for, if it changed since the last time;
 *   2. re-executes itself under the Node that the package `node` brought (Node 24).
 *
 * Nothing of ours ever runs under an older Node: better-sqlite3 13 is built against a newer N-API and ends
 * Node 20 with a segmentation fault, without a word.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const modules = join(root, 'node_modules');
const ownNode = windows ? join(modules, 'node', 'bin', 'node.exe') : join(modules, '.bin', 'node');
const stamp = join(modules, '.countersign-installed');
const lock = join(root, '.cache', 'install.lock');

const oldest = 20;
if (Number(process.versions.node.split('.')[0]) < oldest) {
  fail(`Node ${process.versions.node} is too old to start from. Install Node ${oldest} or newer (https://nodejs.org) and try again.`);
}

if (samePath(process.execPath, ownNode) && installed()) {
  process.exitCode = await command(process.argv.slice(2));
} else if (installed()) {
  reexecute(ownNode);
} else if (inside(process.execPath, modules)) {
  // `npm run` puts node_modules/.bin first on PATH, and an installation replaces that very Node.
  reexecute(outsideNode());
} else {
  await underLock(() => { if (!installed()) install(); });
  reexecute(ownNode);
}

/** `--run FILE …` is for package.json's scripts: a file of this project that is no command, such as the test runner. */
async function command(argv) {
  if (argv[0] === '--run') return (await import(pathToFileURL(join(root, argv[1])).href)).run(argv.slice(2));
  return (await import('./main.ts')).main(argv);
}

function installed() {
  return existsSync(ownNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();
}

/** What the installed modules depend on: the lockfile, and the machine they were installed for. */
function wanted() {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform} ${process.arch}\n`;
}

function install() {
  process.stderr.write('Countersign: installing what is missing. Once, about a minute…\n');
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
  // No package runs a script of its own: the native modules ship prebuilt, and nothing may need a compiler.
  npm(['ci', '--ignore-scripts', '--include=dev', ...quiet]);
  // But for this one: it fetches the Node binary of this platform, from the registry like everything else.
  npm(['rebuild', 'node', ...quiet]);
  if (!existsSync(ownNode)) fail(`npm finished, but ${ownNode} is not there. Delete ${modules} and try again.`);
  writeFileSync(stamp, wanted());
}

function npm(args) {
  const cli = process.env.npm_execpath;
  const viaCli = cli !== undefined && basename(cli) === 'npm-cli.js';
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !inside(folder, modules));
  const options = { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, PATH: folders.join(delimiter) } };
  const result = viaCli
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows });
  if (result.error !== undefined) fail(`npm could not be started (${result.error.message}). It comes with Node: reinstall Node.`);
  if (result.status !== 0) fail(`"npm ${args.slice(0, 2).join(' ')}" failed; npm says above why. Is the package registry reachable? Then try again.`);
}

/** Two commands started at once on a fresh clone must not install into the same folder. */
async function underLock(work) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write to ${dirname(lock)} (${error.code}). Give this user the right to write there.`);
      if (lockIsStale()) { rmSync(lock, { force: true }); continue; }
      if (!told) process.stderr.write('Countersign: waiting for another installation to finish…\n');
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try { work(); } finally { release(); process.removeListener('exit', release); }
}

/** Left by a process that died. */
function lockIsStale() {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** A Node that an installation does not replace: the one npm runs on, else the first other one on PATH. */
function outsideNode() {
  const name = windows ? 'node.exe' : 'node';
  const found = [process.env.npm_node_execpath, ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))];
  const node = found.find((path) => path !== undefined && existsSync(path) && !inside(path, modules));
  return node ?? fail('no Node outside node_modules was found to install with. Install Node 20 or newer (https://nodejs.org).');
}

function inside(path, folder) {
  const way = relative(existsSync(folder) ? realpathSync(folder) : folder, existsSync(path) ? realpathSync(path) : path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

function reexecute(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl+C to both; a service manager signals only this process. The child decides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} could not be started (${error.message}). Delete ${modules} and try again.`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

function samePath(one, other) {
  try { return realpathSync(one) === realpathSync(other); } catch { return false; }
}

function fail(message) {
  process.stderr.write(`countersign: ${message}\n`);
  process.exit(2);
}
