/**
 * A file of another program, read as a recording: the work of `countersign import`.
 *
 * Before it: `child.ts`, in a process that can be killed; in it the bytes are a stranger's. After it: JSON text as recorded pens are.
 */
import { captureToJson } from '#biometrics/capture-json.ts';
import { RecordError } from '#biometrics/errors.ts';
import { fromCsv } from '#biometrics/forms/csv.ts';
import type { ForeignTable } from '#biometrics/forms/form.ts';
import { fromInkMl } from '#biometrics/forms/inkml.ts';
import { fromIso19794 } from '#biometrics/forms/iso19794-7.ts';
import { fromJson } from '#biometrics/forms/json.ts';
import { recordingOf } from '#biometrics/forms/recording.ts';
import { fromSvc } from '#biometrics/forms/svc.ts';
import packageJson from '../../package.json' with { type: 'json' };

export const FORMS = ['json', 'csv', 'iso19794-7', 'inkml', 'svc'] as const;
export type Form = (typeof FORMS)[number];

const READERS: Record<Form, { form: string; read(bytes: Uint8Array): ForeignTable }> = {
  json: { form: 'JSON', read: (bytes) => fromJson(utf8(bytes)) },
  csv: { form: 'CSV', read: (bytes) => fromCsv(utf8(bytes)) },
  'iso19794-7': { form: 'ISO/IEC 19794-7:2007', read: fromIso19794 },
  inkml: { form: 'InkML', read: (bytes) => fromInkMl(utf8(bytes)) },
  svc: { form: 'SVC', read: (bytes) => fromSvc(utf8(bytes)) },
};

/** @param at when, RFC 3339 UTC. @returns JSON text, and what had to be assumed. @throws RecordError `RECORD_MALFORMED` with the place, `RECORD_LIMIT` */
export function readForm(bytes: Uint8Array, from: Form, at: string): { recording: string; limits: string[] } {
  const { form, read } = READERS[from];
  const capture = recordingOf(read(bytes), { form, driver: { name: 'countersign import', version: packageJson.version }, at });
  return { recording: `${captureToJson(capture)}\n`, limits: capture.source.limits };
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new RecordError('RECORD_MALFORMED', 'it is not text in UTF-8, as this form is; is it another form?', { cause: error });
  }
}
