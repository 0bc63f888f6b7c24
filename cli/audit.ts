/** `countersign audit HEAD…`: the signed heads of a station's days, and whether every packet is there that they name. */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readCertificates } from '#keys/certificate.ts';
import { checkHeads, type HeadsCheck } from '#packet/check-heads.ts';
import { packetHashes } from '#packet/packet-version.ts';
import { read } from './evidence.ts';

export const help = `countersign audit HEAD… [--packet FILE]… [--trust CERT]

Checks the heads of a station's days (opened with "countersign sync open"): is the row unbroken, and is every packet there
that they name? That shows requests that vanished whole. It needs no network. Revocation lists are not asked.

  --packet FILE  a packet (.asice) that is there; may be given many times. Without any, only the row is checked
  --trust CERT   root certificate of the company (PEM or DER); may be given several times
  --json         the result as one line of JSON

Anyone can check one head: openssl cms -verify -inform DER -purpose any -CAfile CERT -in HEAD
Exit codes: 0 unbroken and nothing missing; 1 not so; 2 could not.
`;

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { packet: { type: 'string', multiple: true, default: [] }, trust: { type: 'string', multiple: true, default: [] }, json: { type: 'boolean', default: false } },
  });
  if (positionals.length === 0) throw new Error('name the heads to check: countersign audit HEAD…');
  const roots = (await Promise.all(values.trust.map(async (path) => readCertificates(await read(path))))).flat();
  const packets = (await Promise.all(values.packet.map(async (path) => packetHashes(await read(path))))).flat();
  const heads = await Promise.all(positionals.map(async (path) => ({ name: basename(path), bytes: await read(path) })));
  const checked = await checkHeads(heads, new Set(packets), roots.length === 0 ? undefined : roots);
  const asked = values.packet.length > 0;
  process.stdout.write(values.json ? `${JSON.stringify(checked)}\n` : describe(checked, asked));
  return checked.problems.length > 0 || (asked && checked.missing.length > 0) ? 1 : 0;
}

function describe({ heads, first, last, trusted, packets, missing, problems }: HeadsCheck, asked: boolean): string {
  const span = first === null || last === null ? 'none can be read' : `${first.number} to ${last.number}, ${first.day} to ${last.day}`;
  return [
    `Heads:    ${heads} (${span}); ${problems.length === 0 ? 'the row is unbroken' : 'NOT in order'}`,
    `Signed:   ${trusted === null ? 'by whom was not checked: give --trust' : trusted ? 'under a root you gave' : 'NOT under a root you gave'}`,
    `Packets:  ${packets} named; ${!asked ? 'whether they are there was not checked: give --packet' : missing.length === 0 ? 'all are there' : `MISSING: those of ${missing.join(', ')}`}`,
    ...problems.map((problem) => `  ${problem}`),
    '',
  ].join('\n');
}
