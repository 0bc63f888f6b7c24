/**
 * `countersign demo`: the way of one signature, unattended and without a display, on the real parts: the IPP
 * printer, the station and the sync-agent in their own processes, the guest's and the desk's messages, the
 * store, and then an outsider and an examiner. Only the pen is recorded.
 *
 * Before: `countersign.js`. After: `demo/way.ts` walks it, `demo/promises.ts` checks each of the eight promises.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPromises } from './demo/promises.ts';
import { narrator } from './demo/narrator.ts';
import { commands, table } from './demo/report.ts';
import { walk } from './demo/way.ts';

export const help = `countersign demo: the whole way of one signature, unattended, and each promise checked

  --out FOLDER   where its files go (default ./countersign-demo; made anew)
  --json         {promises:[{id,name,held,how}],files:{…}} on standard output, the story on standard error

Exit 0 if every promise held, 1 if one did not. The data folder is a temporary one and is removed;
the demo examiner's key is among the files, because this signature is a demonstration and not evidence.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { out: { type: 'string', default: 'countersign-demo' }, json: { type: 'boolean', default: false } } });
  const out = resolve(values.out);
  const tell = narrator(values.json);
  const temporary = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  try {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true, mode: 0o700 });
    const walked = await walk(join(temporary, 'station'), out, tell);
    tell.step('Checking the eight promises');
    const promises = await checkPromises(walked);
    if (values.json) process.stdout.write(`${JSON.stringify({ promises, files: walked.files }, null, 2)}\n`);
    else process.stdout.write(table(promises) + commands(walked.files));
    return promises.every(({ held }) => held) ? 0 : 1;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
