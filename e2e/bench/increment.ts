/**
 * What signing costs beside its peers as documents grow: one increment with a B-B signature (ETSI EN 319 142-1), on documents of 1 to
 * 1,000 pages; a guest's, with sealed record, ink and text, and a bare one, as one more seal on a signed PDF is. Every program runs in
 * processes of its own: of the libraries one signs again and again until it is warm, for time and processor, and one signs once, for
 * memory, with what Node compiled of the library kept from the one before: the peak is that of signing, not of the compiler. A command
 * is measured as a whole. An increment needs the cross-reference and what it touches, not the whole file, so our own
 * figures should not grow with the pages.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { findPeer, runProgram } from './peer-program.ts';
import { printedPages } from './printed-pages.ts';
import { median } from './statistics.ts';

const PAGES = [1, 10, 200, 1_000] as const;
const TURNS = 3;
/** Of a library's process; the first third warms up and is not counted. */
const WARM_ROUNDS = 45;
const LIBPDF = '@libpdf/core (no record; ink and text on the page, with the whole font)';
const LIBPDF_BARE = '@libpdf/core, signature only (no record, no ink, no text)';
const PDFSIG = 'pdfsig -add-signature (a whole process; not PAdES)';
const QPDF = 'qpdf (a whole process; writes the file anew, signs nothing)';

/** ms, ms, MB. */
interface Cost { time: number; cpu: number; memory: number }
type Program = (document: string) => Promise<Cost>;

export async function increment(tell: Tell): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const commands = await commandLine(folder, tell);
    const measured: Measurement[] = [];
    let onePage: Cost | null = null;
    for (const pages of PAGES) {
      const document = join(folder, 'document.pdf');
      writeFileSync(document, await printedPages(pages));
      const name = `increment and B-B, ${pages} page${pages === 1 ? '' : 's'}`;
      tell(`  ${name}`);
      const peers = new Map<string, Program>([[LIBPDF_BARE, inLibrary('libpdf', pages, folder)], [LIBPDF, inLibrary('libpdf-stamp', pages, folder)], ...commands]);
      const [own, bare, ...others] = await inTurn([inLibrary('ours', pages, folder), inLibrary('ours-bare', pages, folder), ...peers.values()], document) as [Cost, Cost, Cost, ...Cost[]];
      measured.push(...compared(`${name}, no record, ink or text`, bare, LIBPDF_BARE, others[0]));
      for (const [at, peer] of [...peers.keys()].entries()) measured.push(...compared(name, own, peer, others[at] as Cost));
      if (onePage !== null) measured.push(measurement(`${name}: time`, own.time, 'ms', { name: 'ours, 1 page', value: onePage.time }));
      onePage ??= own;
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compared(name: string, own: Cost, peer: string, other: Cost): Measurement[] {
  // of a command, the processor's time comes in hundredths of a second
  const beside = (value: number) => (value === 0 ? null : { name: peer, value });
  return [
    measurement(`${name}: time`, own.time, 'ms', beside(other.time)),
    measurement(`${name}: processor`, own.cpu, 'ms', beside(other.cpu)),
    measurement(`${name}: peak memory`, own.memory, 'MB', beside(other.memory)),
  ];
}

/** A B C A B C, so that whatever else the machine does meets all alike. @returns medians, in the order given */
async function inTurn(programs: readonly Program[], document: string): Promise<Cost[]> {
  const costs = programs.map((): Cost[] => []);
  for (let turn = 0; turn < TURNS; turn++) for (const [at, program] of programs.entries()) costs[at]?.push(await program(document));
  return costs.map((of) => ({ time: median(of.map(({ time }) => time)), cpu: median(of.map(({ cpu }) => cpu)), memory: median(of.map(({ memory }) => memory)) }));
}

/** @param page to sign on @param folder where Node keeps what it compiled */
function inLibrary(library: 'ours' | 'ours-bare' | 'libpdf' | 'libpdf-stamp', page: number, folder: string): Program {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const sign = async (document: string, rounds: number): Promise<Cost> => {
    const child = join(import.meta.dirname, 'sign-in-process.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [child, library, document, String(page), String(rounds)], { env });
    return JSON.parse(stdout) as Cost;
  };
  return async (document) => {
    const warm = await sign(document, WARM_ROUNDS);
    return { ...warm, memory: (await sign(document, 1)).memory };
  };
}

/** Those that are installed. */
async function commandLine(folder: string, tell: Tell): Promise<Map<string, Program>> {
  const peers = new Map<string, Program>();
  const time = findPeer('time', 'time', tell);
  const qpdf = findPeer('qpdf', 'qpdf', tell);
  const pdfsig = findPeer('pdfsig', 'poppler-utils', tell);
  const certutil = findPeer('certutil', 'libnss3-tools', tell);
  const output = join(folder, 'out.pdf');
  if (time === null) return peers;
  if (pdfsig !== null && certutil !== null) {
    writeFileSync(join(folder, 'noise'), randomBytes(64));
    await runProgram(certutil, ['-N', '-d', folder, '--empty-password']);
    await runProgram(certutil, ['-S', '-d', folder, '-n', 'bench', '-s', 'CN=bench', '-x', '-t', ',,', '-k', 'rsa', '-g', '2048', '-z', join(folder, 'noise')]);
    peers.set(PDFSIG, (document) => whole(time, [pdfsig, '-add-signature', '-nssdir', folder, '-nick', 'bench', document, output]));
  }
  if (qpdf !== null) peers.set(QPDF, (document) => whole(time, [qpdf, document, output]));
  return peers;
}

/** As the operating system accounts for it: GNU time(1) tells hundredths of a second. */
async function whole(time: string, command: string[]): Promise<Cost> {
  const start = performance.now();
  const { stderr } = await runProgram(time, ['-f', '%U %S %M', ...command]);
  const took = performance.now() - start;
  const [user, system, kilobytes] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number) as [number, number, number];
  return { time: took, cpu: (user + system) * 1_000, memory: kilobytes / 1_024 };
}
