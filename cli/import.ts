/**
 * `countersign import FILE --from FORM --out FILE`: makes a recording, as recorded pens are, of a file other programs wrote.
 *
 * The file may be a stranger's: it is read in a child process with a deadline and a memory limit.
 */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { MAX_RECORD } from '#biometrics/limits.ts';
import { readFormInChild } from './import/in-child.ts';
import { FORMS, type Form } from './import/read-form.ts';

export const help = `countersign import FILE --from FORM [--out FILE]

Makes a recording (a capture as JSON text) of a file that other programs wrote. It is a table of samples and no evidence:
nothing is known of the device, and the recording says so. What had to be assumed is told on standard error.

  --from json         as "countersign export --to json" writes it
  --from csv          one line of names with units in brackets: x, y, and "time [ms]" or "hostTime [ns]" at least
  --from iso19794-7   ISO/IEC 19794-7:2007, full format
  --from inkml        InkML, W3C 2011, with one trace format and explicit values
  --from svc          the text of SVC2004: a count, then X, Y, time in ms, button, azimuth, altitude, pressure
  --out FILE          where it goes (default: standard output); only you will be able to read it

Exit codes: 0 written; 2 the file cannot be read.
`;

/** @returns 0. What keeps it from reading or writing is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { path, from, out } = parse(argv);
  const { recording, limits } = await readFormInChild(await read(path), { from, at: new Date().toISOString() }).catch((cause: Error) => {
    throw new Error(`${path}: ${cause.message}`, { cause });
  });
  process.stderr.write(limits.map((sentence) => `${sentence}\n`).join(''));
  if (out === undefined) process.stdout.write(recording);
  else await writeFile(out, recording, { mode: 0o600 });
  return 0;
}

/** Not more than is read: neither a disk nor a device without end fills our memory. */
async function read(path: string): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length > MAX_RECORD) throw new Error(`it has more than ${MAX_RECORD / 2 ** 20} MiB, which is all that is read; cut it into one file for each signature`);
    }
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return Buffer.concat(parts, length);
}

function parse(argv: string[]): { path: string; from: Form; out: string | undefined } {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { from: { type: 'string' }, out: { type: 'string' } } });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.from === undefined) throw new Error('name a file and its form: countersign import FILE --from FORM --out FILE');
  const from = FORMS.find((name) => name === values.from);
  if (from === undefined) throw new Error(`there is no form "${values.from}": --from ${FORMS.join(' or --from ')}`);
  return { path, from, out: values.out };
}
