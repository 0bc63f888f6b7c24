/**
 * `countersign print FILE [--to URL]`: prints a PDF to a tablet over IPP, as a hotel's computer would.
 *
 * Without `--to` the running station is asked for its printer, through the control socket in its data folder.
 */
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { printFile } from '#print-to-tab/client.ts';
import { PrintError } from '#print-to-tab/errors.ts';

export const help = `countersign print FILE [OPTIONS]

Prints a PDF to a tablet and waits until the station has it, or says why not.

  --to URL      printer address, as "countersign start" shows it: ipp://localhost:6310/ipp/print/front
                without it: the printer of the station that runs on this computer
  --name NAME   name of the document in the queue and at the desk; the file's name otherwise
  --home DIR    data folder of the running station (or COUNTERSIGN_HOME; default ~/.countersign)
  --json        one line: {"jobId":1,"state":"completed","message":"","printer":"ipp://…"}

Exit codes: 0 the station has the document; 1 it refused; 2 could not print.
`;

const CONTROL_ANSWER_MS = 5_000;

/** @returns 0 the document is at the station, 1 the printer did not take it, 2 nothing could be sent */
export async function run(argv: string[]): Promise<number> {
  const { file, to, name, home, json } = parse(argv);
  await access(file, constants.R_OK).catch((error: Error) => { throw new Error(`The file cannot be read: ${error.message}`); });
  const printer = to ?? await printerOfStation(home);
  const report = (state: string, message: string, jobId: number | null): number => {
    if (json) process.stdout.write(`${JSON.stringify({ jobId, state, message, printer })}\n`);
    else if (state === 'completed') process.stdout.write(`Printed ${file} to ${printer}.\n`);
    else process.stderr.write(`countersign print: ${state}: ${message}\n`);
    return state === 'completed' ? 0 : 1;
  };
  try {
    const { jobId, state, message } = await printFile(printer, createReadStream(file), { name, user: userInfo().username });
    return report(state, message, jobId);
  } catch (error) {
    if (error instanceof PrintError && error.code === 'REFUSED') return report('refused', error.message, null);
    throw error;
  }
}

function parse(argv: string[]): { file: string; to: string | undefined; name: string; home: string; json: boolean } {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { to: { type: 'string' }, name: { type: 'string' }, home: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('Name one file: countersign print FILE [--to URL]');
  const home = values.home ?? process.env['COUNTERSIGN_HOME'] ?? join(homedir(), '.countersign');
  return { file, to: values.to, name: values.name ?? basename(file), home, json: values.json };
}

/** Newline JSON over the control socket of the station: one command, one answer. */
async function printerOfStation(home: string): Promise<string> {
  const path = join(home, 'control.sock');
  const socket = connect(path);
  socket.setTimeout(CONTROL_ANSWER_MS, () => socket.destroy(new Error('it does not answer')));
  socket.end(`${JSON.stringify({ command: 'status' })}\n`);
  const answer = await text(socket).catch((error: Error) => {
    throw new Error(`No station answers at ${path} (${error.message}). Start one with "countersign start", or name a printer with --to.`);
  });
  const status: unknown = JSON.parse(answer.split('\n')[0] || '{}');
  const printer = typeof status === 'object' && status !== null && 'printer' in status ? status.printer : undefined;
  if (typeof printer !== 'string') throw new Error(`The station at ${home} names no printer. Name one with --to.`);
  return printer;
}
