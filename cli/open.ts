/**
 * `countersign open PACKET --key KEY --out FILE`: opens the sealed record with an examiner's key and writes the record.
 *
 * Meant for the examiner's machine, without a network: what it writes is the guest's biometric signature in clear.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { allHeld, describeChecks, openEvidence } from './evidence.ts';

export const help = `countersign open PACKET --key KEY --out FILE

Opens the sealed signature in a packet (.asice), a signed PDF or a bare sealed record (.der), checks that the parts
belong together, and writes the record inside: how the pen moved, in clear. Do this on the examiner's machine only.

  --key KEY      the examiner's private key, PKCS#8 (PEM or DER)
  --out FILE     where the record goes; only you will be able to read it
  --field NAME   which signature, where several people signed
  --json         one line: {"kind","field","out","sha256","demo","document","checks":[{"id","held","says"}]}

Next: "countersign export FILE --to json" or "--to csv"; "countersign replay PACKET --key KEY".
Exit codes: 0 opened, and everything that could be checked held; 1 opened, but a check did not hold; 2 not opened.
`;

/** @returns 0 or 1. What keeps it from opening is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { packet, key, out, field, json } = parse(argv);
  const opened = await openEvidence(packet, key, field);
  const { record, context } = opened.record;
  await writeFile(out, record, { mode: 0o600 });
  const result = {
    kind: opened.kind, field: opened.field, out, sha256: createHash('sha256').update(record).digest('hex'),
    demo: context.demo, document: context.document, checks: opened.checks,
  };
  const note = context.demo ? 'DEMO, not evidence.\n' : '';
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${note}${out}: the record of "${opened.field}", ${record.length} bytes, SHA-256 ${result.sha256}\n${describeChecks(opened)}`);
  return allHeld(opened) ? 0 : 1;
}

function parse(argv: string[]): { packet: string; key: string; out: string; field: string | undefined; json: boolean } {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { key: { type: 'string' }, out: { type: 'string' }, field: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [packet, ...more] = positionals;
  const { key, out, field, json } = values;
  if (packet === undefined || more.length > 0 || key === undefined || out === undefined) throw new Error('name a packet, a key and where the record goes: countersign open PACKET --key KEY --out FILE');
  return { packet, key, out, field, json };
}
