/**
 * `countersign print FILE [--to URL]`: prints a PDF to a tablet over IPP, as a hotel's computer would.
 *
 * Without `--to` the running station is asked for its printer, through its control socket.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { printFile } from '#print-to-tab/client.ts';
import { PrintError } from '#print-to-tab/errors.ts';
import { askStation } from './control.ts';
import { homeFolder } from './home.ts';

export const help = `countersign print FILE: print a PDF to a tablet, and wait until the station has it or says why not

  --to URL              printer address, as "countersign start" shows it: ipp://localhost:8631/ipp/print/front
                        (default: the printer of the station that runs on this computer)
  --ca FILE             for an ipps: address: the station's CA certificate, PEM
  --name NAME           what the document is called in the queue and at the desk (default: the file's name)
  --home FOLDER         the running station's data folder (COUNTERSIGN_HOME; default ~/.countersign)
  --json                one line: {"printer":"ipp://…","jobId":1,"state":"completed","message":""}

Exit codes: 0 the station has the document, 1 it was refused, 2 nothing could be sent.
`;

export async function run(argv: string[]): Promise<number> {
  const { file, to, ca, name, home, json } = parse(argv);
  await access(file, constants.R_OK).catch((error: Error) => { throw new Error(`the file cannot be read: ${error.message}`); });
  const printer = to ?? await printerOfStation(home);
  const { jobId, state, message } = await send(printer, file, name, ca);
  if (json) process.stdout.write(`${JSON.stringify({ printer, jobId, state, message })}\n`);
  else if (state === 'completed') process.stdout.write(`Printed ${file} to ${printer}\n`);
  else process.stderr.write(`countersign print: ${state}: ${message}\n`);
  return state === 'completed' ? 0 : 1;
}

interface Outcome { jobId: number | null; state: string; message: string }

/** A refusal is an answer, not a failure. */
async function send(printer: string, file: string, name: string, ca: string | undefined): Promise<Outcome> {
  try {
    return await printFile(printer, createReadStream(file), { name, user: userInfo().username, ca });
  } catch (error) {
    if (error instanceof PrintError && error.code === 'REFUSED') return { jobId: null, state: 'refused', message: error.message };
    throw error;
  }
}

async function printerOfStation(home: string): Promise<string> {
  const status = await askStation(home, { command: 'status' });
  if (status === null) throw new Error(`no station runs on ${home}. Start one with "countersign start", or name a printer with --to.`);
  if (status.ok && typeof status['printer'] === 'string') return status['printer'];
  throw new Error(`the station on ${home} names no printer. Name one with --to.`);
}

function parse(argv: string[]): { file: string; to?: string; ca?: string; name: string; home: string; json: boolean } {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      to: { type: 'string' }, ca: { type: 'string' }, name: { type: 'string' }, home: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('name one file: countersign print FILE [--to URL]');
  return {
    file, to: values.to, ca: values.ca === undefined ? undefined : readFileSync(values.ca, 'utf8'),
    name: values.name ?? basename(file), home: homeFolder(values.home), json: values.json,
  };
}
