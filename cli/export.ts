/** `countersign export RECORD --to json|csv --out FILE`: gives a record, opened before, out in a form for other programs. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { toCsv } from '#biometrics/forms/csv.ts';
import { toJson } from '#biometrics/forms/json.ts';
import { decodeRecord } from '#biometrics/record.ts';
import { read } from './evidence.ts';

export const help = `countersign export RECORD --to json|csv --out FILE

Writes the samples of a record as they were recorded, raw, in a form that other programs read. RECORD is what
"countersign open" wrote.

  --to json     {"version","document","source","channels":[{"name","unit","min","max"}],"samples":[[…]],"losses","findings"}
  --to csv      one line of names with units, then one line for each sample; without document, ranges and losses
  --out FILE    where it goes (default: standard output); only you will be able to read it
  --json        with --out, one line: {"out","to","samples","bytes"}

Exit codes: 0 written; 2 the record cannot be read.
`;

type Decoded = ReturnType<typeof decodeRecord>;

const FORMS: Record<string, (record: Decoded) => string> = {
  json: (record) => `${JSON.stringify(toJson(record))}\n`,
  csv: ({ capture }) => toCsv(capture),
};

/** @returns 0. What keeps it from writing is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { path, to, out, json } = parse(argv);
  const form = FORMS[to];
  if (form === undefined) throw new Error(`there is no form "${to}": --to ${Object.keys(FORMS).join(' or --to ')}`);
  const record = decodeRecord(await read(path));
  const text = form(record);
  if (out === undefined) {
    process.stdout.write(text);
    return 0;
  }
  await writeFile(out, text, { mode: 0o600 });
  const result = { out, to, samples: record.capture.samples.length, bytes: Buffer.byteLength(text) };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${out}: ${result.samples} samples as ${to}, ${result.bytes} bytes\n`);
  return 0;
}

function parse(argv: string[]): { path: string; to: string; out: string | undefined; json: boolean } {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.to === undefined) throw new Error('name a record and a form: countersign export RECORD --to json|csv --out FILE');
  if (values.json && values.out === undefined) throw new Error('--json tells about the file written: name one with --out');
  return { path, to: values.to, out: values.out, json: values.json };
}
