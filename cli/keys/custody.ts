/** `countersign keys examiner split|join|check`: an examiner's key in the hands of several. Works without a network. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KeyError, readCertificate, readPrivateKey } from '#keys/index.ts';
import {
  checkShares, inMemory, joinKey, makePrivateFolder, readLockedKey, readShare, sameSet, splitKey, wipeFile, writeKeyFile, writeLockedKey, writeNewFile, writeShare,
  type LockedKey, type Share, type SplitSet,
} from '#keys/split/index.ts';
import { runWithKey } from './run-with-key.ts';

export async function run([action, ...argv]: string[]): Promise<number> {
  if (action === 'split') return split(argv);
  if (action === 'join') return joinShares(argv);
  return check(argv);
}

async function split(argv: string[]): Promise<number> {
  const { values, positionals: [keyPath, ...more] } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      shares: { type: 'string' }, threshold: { type: 'string' }, folder: { type: 'string' }, certificate: { type: 'string' },
      'delete-key': { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
    },
  });
  if (keyPath === undefined || more.length > 0 || values.shares === undefined || values.threshold === undefined) {
    throw new Error('name the key and the numbers: countersign keys examiner split NAME.key.pem --shares 5 --threshold 3');
  }
  const name = basename(keyPath).replace(/(\.key)?\.pem$/, '');
  const certificate = readCertificate(readFileSync(values.certificate ?? join(dirname(keyPath), `${name}.cert.pem`)));
  const key = readPrivateKey(readFileSync(keyPath));
  const made = await splitKey(key, certificate, { shares: Number(values.shares), threshold: Number(values.threshold) });
  key.fill(0);
  const files = writeFiles(join(resolve(values.folder ?? dirname(keyPath)), name), made);
  await prove(files, certificate);
  if (values['delete-key']) wipeFile(keyPath);
  const { set, threshold, shares, certificateSha256 } = made.locked;
  print(values.json, { set, threshold, shares, certificateSha256, files, keyDeleted: values['delete-key'] }, `Set           ${set}: any ${threshold} of ${shares} shares open the key
Locked key    ${files.locked}
Custody       ${files.custody}
${files.shares.map((file, at) => `Share ${at + 1}`.padEnd(14) + file).join('\n')}

Read back and tried: every share is intact, and every share has joined with others to the key of the certificate.

Give each share to its holder, on paper or on a medium of its own, and keep no copy. Keep several copies of the locked key;
without it the shares open nothing. ${values['delete-key'] ? `The private key was overwritten and removed: ${keyPath}
Copies of it elsewhere, and what a flash medium keeps of overwritten files, are not.` : `Then destroy the private key, which opens everything alone: ${keyPath}
(--delete-key overwrites and removes it after the trial above.)`}
`);
  return 0;
}

interface Files {
  locked: string;
  custody: string;
  shares: string[];
}

/** Nothing is written where one of the files is there already. */
function writeFiles(path: string, { locked, shares }: { locked: LockedKey; shares: Share[] }): Files {
  const { set, threshold, certificateSha256 } = locked;
  const files = { locked: `${path}.locked.json`, custody: `${path}.custody.json`, shares: shares.map(({ index }) => `${path}.share-${index}-of-${shares.length}.txt`) };
  const taken = [files.locked, files.custody, ...files.shares].find((file) => existsSync(file));
  if (taken !== undefined) throw new KeyError('EXAMINER_EXISTS', `${taken} is already there. Choose another folder with --folder.`);
  makePrivateFolder(dirname(path));
  const write = (file: string, text: string): void => writeNewFile(file, Buffer.from(text));
  write(files.locked, writeLockedKey(locked));
  write(files.custody, `${JSON.stringify({ set, threshold, shares: shares.length, certificateSha256 }, null, 2)}\n`);
  files.shares.forEach((file, at) => write(file, writeShare(shares[at]!)));
  return files;
}

/** From the files as they lie there now: each share takes part in a joining of as many as are needed. */
async function prove(files: Files, certificate: Uint8Array): Promise<void> {
  const locked = readLockedKey(readFileSync(files.locked, 'utf8'));
  const shares = files.shares.map(shareOf);
  for (const start of shares.keys()) {
    const some = [...shares, ...shares].slice(start, start + locked.threshold);
    (await joinKey(locked, some, certificate)).fill(0);
  }
}

async function joinShares(argv: string[]): Promise<number> {
  const runAt = argv.indexOf('--run');
  const command = runAt === -1 ? undefined : argv.slice(runAt + 1);
  const { values, positionals: [lockedPath, ...sharePaths] } = parseArgs({
    args: runAt === -1 ? argv : argv.slice(0, runAt), allowPositionals: true,
    options: {
      certificate: { type: 'string' }, out: { type: 'string' }, 'out-anywhere': { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
    },
  });
  const { certificate: certificatePath, out } = values;
  if (lockedPath === undefined || certificatePath === undefined || command?.length === 0 || (command !== undefined && out !== undefined)) {
    throw new Error('name the locked key, the shares and the certificate: countersign keys examiner join LOCKED SHARE SHARE … --certificate CERT, '
      + 'and at most one of --out FILE and --run COMMAND …');
  }
  if (out !== undefined && !values['out-anywhere'] && !inMemory(out)) {
    throw new Error(`${out} is not in memory (tmpfs): what is written there can be found on the disk after it was deleted. Choose a file under /dev/shm, `
      + 'or say --out-anywhere where this machine has none');
  }
  const certificate = readCertificate(readFileSync(certificatePath));
  const key = await joinKey(readLockedKey(readFileSync(lockedPath, 'utf8')), sharePaths.map(shareOf), certificate);
  try {
    if (command !== undefined) return await runWithKey(key, command);
    if (out !== undefined) writeKeyFile(out, key);
  } finally {
    key.fill(0);
  }
  print(values.json, { joined: true, out: out ?? null }, `The shares join, and the key is that of the certificate.\n${out === undefined
    ? 'It was held in memory for this proof, and nothing was written.\n'
    : `Private key   ${out}\n\nIt opens every signature sealed to it. When you are through, wipe it:\n\n  shred -u ${out}\n\n${inMemory(out)
      ? 'It lies in memory: switching the machine off removes it too.\n' : 'It does NOT lie in memory: traces can stay on this medium after wiping. Keep the medium under lock, or destroy it.\n'}`}`);
  return 0;
}

/** One line per file; 1 where a file is damaged or of another set. */
function check(argv: string[]): number {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  if (positionals.length === 0) throw new Error('name the files: countersign keys examiner check SHARE SHARE … (and the locked key)');
  const files = positionals.map(look);
  const sets = files.flatMap(({ found }) => found ?? []);
  const shares = sets.filter((set): set is Share => 'index' in set);
  const problems = [...files.flatMap(({ file, problem }) => (problem === null ? [] : [`${file}: ${problem}`])), ...togetherness(sets, shares)];
  const needed = sets[0]?.threshold ?? null;
  const missing = needed === null ? null : Math.max(0, needed - shares.length);
  print(values.json, { intact: problems.length === 0, set: sets[0]?.set ?? null, needed, present: shares.map(({ index }) => index), missing, problems }, `${[
    ...files.map(({ file, found }) => (found === null ? '' : `${file}: intact, ${'index' in found ? `share ${found.index} of ${found.shares}` : 'locked key'}, set ${found.set}`)).filter((line) => line !== ''),
    ...problems,
    needed === null || problems.length > 0 ? null : `${needed} shares are needed; ${shares.length} here${missing === 0 ? ', enough' : `, ${missing} more to join`}. Nothing was joined.`,
  ].filter((line) => line !== null).join('\n')}\n`);
  return problems.length === 0 ? 0 : 1;
}

function look(file: string): { file: string; found: LockedKey | Share | null; problem: string | null } {
  const text = readFileSync(file, 'utf8');
  try {
    return { file, found: text.trimStart().startsWith('{') ? readLockedKey(text) : readShare(text), problem: null };
  } catch (error) {
    if (error instanceof KeyError) return { file, found: null, problem: error.message };
    throw error;
  }
}

function togetherness(sets: SplitSet[], shares: Share[]): string[] {
  try {
    checkShares(shares);
  } catch (error) {
    return [(error as Error).message];
  }
  return sets.every((set) => sameSet(set, sets[0]!)) ? [] : ['The locked key and the shares are of different sets.'];
}

function shareOf(file: string): Share {
  try {
    return readShare(readFileSync(file, 'utf8'));
  } catch (error) {
    throw error instanceof KeyError ? new KeyError(error.code, `${file}: ${error.message}`, { cause: error }) : error;
  }
}

function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
}
