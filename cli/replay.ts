/**
 * `countersign replay PACKET --key KEY [--png FILE]`: how the pen moved, as a picture or on the examiner's page.
 *
 * Without `--png` nothing is written: the key stays out of every address and process, so packet and key are dropped
 * on the page by hand.
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPage } from '#examiner/build-page.ts';
import { replayPng } from '#examiner/replay-png.ts';
import { allHeld, describeChecks, openEvidence } from './evidence.ts';

export const help = `countersign replay PACKET --key KEY [--png FILE]

Shows how the pen moved, from a packet (.asice), a signed PDF or a bare sealed record (.der), without any network.

  --key KEY      the examiner's private key, PKCS#8 (PEM or DER)
  --png FILE     a picture for a report: strokes, pressure, speed, and the facts to be read with them
  --field NAME   which signature, where several people signed
  --json         one line: {"kind","field","png","page","demo","checks":[{"id","held","says"}]}

Without --png it checks that the key opens the packet and gives the address of a page that replays it in real time:
open it in any browser, then drop packet and key on it. The page is one file and works offline.
Exit codes: 0 opened, and everything that could be checked held; 1 opened, but a check did not hold; 2 not opened.
`;

/** @returns 0 or 1. What keeps it from opening is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { packet, key, png, field, json } = parse(argv);
  const opened = await openEvidence(packet, key, field);
  if (png !== undefined) await writeFile(png, await replayPng(opened), { mode: 0o600 });
  const page = png === undefined ? pathToFileURL(await buildPage()).href : null;
  const { demo } = opened.record.context;
  if (json) {
    process.stdout.write(`${JSON.stringify({ kind: opened.kind, field: opened.field, png: png ?? null, page, demo, checks: opened.checks })}\n`);
  } else {
    const where = page === null ? `Picture: ${resolve(png ?? '')}` : `Open this page and drop the two files on it:\n  ${page}\n  ${resolve(packet)}\n  ${resolve(key)}`;
    process.stdout.write(`${demo ? 'DEMO, not evidence.\n' : ''}${describeChecks(opened)}${where}\n`);
  }
  return allHeld(opened) ? 0 : 1;
}

function parse(argv: string[]): { packet: string; key: string; png: string | undefined; field: string | undefined; json: boolean } {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { key: { type: 'string' }, png: { type: 'string' }, field: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [packet, ...more] = positionals;
  const { key, png, field, json } = values;
  if (packet === undefined || more.length > 0 || key === undefined) throw new Error('name a packet and a key: countersign replay PACKET --key KEY [--png FILE]');
  return { packet, key, png, field, json };
}
