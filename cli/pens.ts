/**
 * `countersign pens`: what is attached, live values, recordings.
 *
 * Before: `main.ts`. After: `#driver/process` reads the devices, in a process of its own; a station that runs on this data
 * folder is asked instead where it would be disturbed.
 */
import { parseArgs } from 'node:util';
import type { SerialPort } from '#driver/process/messages.ts';
import { homeFolder } from './home.ts';
import { displayOn } from './pens/display.ts';
import { listPens } from './pens/list-pens.ts';
import { printable } from './pens/printable.ts';
import { progressOn } from './pens/progress.ts';
import { recordPen } from './pens/record-pen.ts';
import { serialPort } from './pens/serial-port.ts';
import { stopSignal } from './pens/stop-signal.ts';
import { usePen } from './pens/use-pen.ts';
import { watchPen } from './pens/watch-pen.ts';

/** A day. */
const MOST_SECONDS = 86_400;

export const help = `countersign pens: what is attached, what it gives, and why it is used or not

  pens                        every pen and signature pad, and what each tablet of the station signs with
  pens watch [ID]             what a pen sends while it sends it; Ctrl+C ends
  pens record FILE [ID]       what a HID pen sends as a hid-recorder file, for "countersign hid decode" or to send to us;
                              Ctrl+C ends. A recording of a signature is biometric data: draw lines and circles

  --home FOLDER               the data folder whose station and settings count (COUNTERSIGN_HOME; default ~/.countersign)
  --serial PATH:PROTOCOL      a pen on a serial port besides those in station.json: isdv4, topaz or stu, for example
                              /dev/ttyUSB0:isdv4 or COM3:topaz:9600 with a baud rate; may be given several times
  --seconds N                 record: ends after so long
  --force                     record: replaces FILE
  --json                      pens: {"station","reads","pens","tablets"}; watch: a line for each sample; record: {"out","reports","seconds","cut"}

Exit codes: 0 done; 1 the pen was lost before the recording was ended; 2 could not run. What is supported: docs/pens.md.
`;

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      home: { type: 'string' }, serial: { type: 'string', multiple: true, default: [] }, seconds: { type: 'string' },
      force: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
    },
  });
  const home = homeFolder(values.home);
  const serial = values.serial.map(serialPort);
  const [action, ...rest] = positionals;
  if (action === undefined) return listPens(home, serial, values.json);
  if (action === 'watch' && rest.length <= 1) return watch(home, serial, rest[0], values.json);
  const [file, id] = rest;
  if (action === 'record' && file !== undefined && rest.length <= 2) {
    return record(home, serial, id, { file, force: values.force, seconds: secondsOf(values.seconds), json: values.json });
  }
  process.stderr.write(help);
  return 2;
}

async function watch(home: string, serial: SerialPort[], id: string | undefined, json: boolean): Promise<number> {
  const stop = stopSignal();
  await usePen(home, serial, id, async (pens, pen) => {
    process.stderr.write(`${printable(pen.name)} (${pen.id}): move the pen. Ctrl+C ends.\n`);
    const display = displayOn(process.stdout, json);
    await watchPen(pens, pen, display, stop).finally(() => display.close());
  });
  return 0;
}

interface RecordWanted { file: string; force: boolean; seconds: number | undefined; json: boolean }

async function record(home: string, serial: SerialPort[], id: string | undefined, { file, force, seconds, json }: RecordWanted): Promise<number> {
  const { reports, seconds: lasted, cut } = await usePen(home, serial, id, (pens, pen) => {
    process.stderr.write(`${printable(pen.name)} is recorded to ${file}${seconds === undefined ? '' : ` for ${seconds} s`}. Ctrl+C ends.
Draw lines and circles, do not sign: a recording of a signature is biometric data, and whoever has the file can draw it again.\n`);
    return recordPen(pens, pen, file, { force, stop: stopSignal(seconds), progress: progressOn(process.stderr) });
  });
  if (json) process.stdout.write(`${JSON.stringify({ out: file, reports, seconds: lasted, cut })}\n`);
  else process.stdout.write(`${file}: ${reports} reports in ${lasted.toFixed(1)} s\n`);
  if (cut !== null) process.stderr.write(`countersign pens: the recording ended early: ${cut} What came before is in the file.\n`);
  return cut === null ? 0 : 1;
}

function secondsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (!(seconds > 0 && seconds <= MOST_SECONDS)) throw new Error(`--seconds ${given}: give a number of seconds, at most ${MOST_SECONDS}`);
  return seconds;
}
