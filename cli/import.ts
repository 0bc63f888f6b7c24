/** `countersign import FILE --from FORM --out FILE`: makes a recording, as recorded pens are, of a file other programs wrote. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { captureToJson } from '#biometrics/capture-json.ts';
import { fromCsv } from '#biometrics/forms/csv.ts';
import type { ForeignTable } from '#biometrics/forms/form.ts';
import { fromInkMl } from '#biometrics/forms/inkml.ts';
import { fromIso19794 } from '#biometrics/forms/iso19794-7.ts';
import { fromJson } from '#biometrics/forms/json.ts';
import { recordingOf } from '#biometrics/forms/recording.ts';
import { fromSvc } from '#biometrics/forms/svc.ts';
import { MAX_RECORD } from '#biometrics/limits.ts';
import packageJson from '../package.json' with { type: 'json' };
import { read } from './evidence.ts';

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

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('the file is not text in UTF-8, as this form is: is it another form?', { cause: error });
  }
}

const FORMS: Record<string, { form: string; read(bytes: Uint8Array): ForeignTable }> = {
  json: { form: 'JSON', read: (bytes) => fromJson(utf8(bytes)) },
  csv: { form: 'CSV', read: (bytes) => fromCsv(utf8(bytes)) },
  'iso19794-7': { form: 'ISO/IEC 19794-7:2007', read: fromIso19794 },
  inkml: { form: 'InkML', read: (bytes) => fromInkMl(utf8(bytes)) },
  svc: { form: 'SVC', read: (bytes) => fromSvc(utf8(bytes)) },
};

/** @returns 0. What keeps it from reading or writing is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { path, from, out } = parse(argv);
  const form = FORMS[from];
  if (form === undefined) throw new Error(`there is no form "${from}": --from ${Object.keys(FORMS).join(' or --from ')}`);
  const bytes = await read(path);
  if (bytes.length > MAX_RECORD) throw new Error(`${path} has more than ${MAX_RECORD} bytes`);
  const driver = { name: 'countersign import', version: packageJson.version };
  const capture = recordingOf(form.read(bytes), { form: form.form, driver, at: new Date().toISOString() });
  process.stderr.write(capture.source.limits.map((sentence) => `${sentence}\n`).join(''));
  const text = `${captureToJson(capture)}\n`;
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text, { mode: 0o600 });
  return 0;
}

function parse(argv: string[]): { path: string; from: string; out: string | undefined } {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { from: { type: 'string' }, out: { type: 'string' } } });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.from === undefined) throw new Error('name a file and its form: countersign import FILE --from FORM --out FILE');
  return { path, from: values.from, out: values.out };
}
