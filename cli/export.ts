/** `countersign export RECORD --to FORM --out FILE`: gives a record, opened before, out in a form for other programs. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CSV_NOT_CARRIED, toCsv } from '#biometrics/forms/csv.ts';
import type { Written } from '#biometrics/forms/form.ts';
import { toInkMl } from '#biometrics/forms/inkml.ts';
import { toIso19794 } from '#biometrics/forms/iso19794-7.ts';
import { JSON_NOT_CARRIED, toJson } from '#biometrics/forms/json.ts';
import { toSvc } from '#biometrics/forms/svc.ts';
import { decodeRecord } from '#biometrics/record.ts';
import { read } from './evidence.ts';

export const help = `countersign export RECORD --to FORM --out FILE

Writes the samples of a record as they were recorded, raw, in a form that other programs read. RECORD is what
"countersign open" wrote. What the form cannot carry is told on standard error, sentence by sentence, and in the file
itself where the form has room for it (json, inkml). biometrics/forms/README.md says what each form is.

  --to json         {"version","document","source","channels":[{"name","unit","min","max"}],"samples":[[…]],"losses","findings","notCarried"}
  --to csv          one line of names with units, then one line for each sample; without document, ranges and losses
  --to iso19794-7   ISO/IEC 19794-7:2007, full format (not the edition of 2014, whose headers are not public)
  --to inkml        InkML, W3C 2011, with in-air traces; context and what is not carried as annotations
  --to svc          the text of SVC2004: a count, then X, Y, time in ms, button, azimuth, altitude, pressure
  --out FILE        where it goes (default: standard output); only you will be able to read it
  --json            with --out, one line: {"out","to","samples","bytes","notCarried"}

Exit codes: 0 written; 2 the record cannot be read.
`;

type Decoded = ReturnType<typeof decodeRecord>;

const utf8 = (text: string): Written['bytes'] => new TextEncoder().encode(text);

const FORMS: Record<string, (record: Decoded) => Written> = {
  json: (record) => ({ bytes: utf8(`${JSON.stringify(toJson(record))}\n`), notCarried: JSON_NOT_CARRIED }),
  csv: ({ capture }) => ({ bytes: utf8(toCsv(capture)), notCarried: CSV_NOT_CARRIED }),
  'iso19794-7': ({ capture }) => toIso19794(capture),
  inkml: ({ capture, context }) => toInkMl(capture, context),
  svc: ({ capture }) => toSvc(capture),
};

/** @returns 0. What keeps it from writing is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { path, to, out, json } = parse(argv);
  const form = FORMS[to];
  if (form === undefined) throw new Error(`there is no form "${to}": --to ${Object.keys(FORMS).join(' or --to ')}`);
  const record = decodeRecord(await read(path));
  const { bytes, notCarried } = form(record);
  process.stderr.write(notCarried.map((sentence) => `${sentence}\n`).join(''));
  if (out === undefined) {
    process.stdout.write(Buffer.from(bytes));
    return 0;
  }
  await writeFile(out, bytes, { mode: 0o600 });
  const result = { out, to, samples: record.capture.samples.length, bytes: bytes.length, notCarried };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${out}: ${result.samples} samples as ${to}, ${result.bytes} bytes\n`);
  return 0;
}

function parse(argv: string[]): { path: string; to: string; out: string | undefined; json: boolean } {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.to === undefined) throw new Error('name a record and a form: countersign export RECORD --to FORM --out FILE');
  if (values.json && values.out === undefined) throw new Error('--json tells about the file written: name one with --out');
  return { path, to: values.to, out: values.out, json: values.json };
}
