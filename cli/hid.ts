/**
 * `countersign hid describe FILE`, `countersign hid decode CAPTURE`: what a device says that its reports are, and what the
 * reports of a recording say.
 *
 * The file may be a stranger's: it is read in a child process with a deadline and a memory limit.
 */
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { hidInChild, MAX_FILE_BYTES, type HidWork } from './hid/in-child.ts';

export const help = `countersign hid describe FILE [--device N] [--json]
countersign hid decode CAPTURE [--json]

describe  every field of a HID report descriptor. FILE is binary (as /sys/class/hidraw/hidrawN/device/report_descriptor is),
          hexadecimal text (spaces, commas, 0x and comments may be in it), or a hid-recorder file
decode    every report of a hid-recorder file, as "countersign pens record" and hid-recorder write them. Values are the
          device's own; what is written in such a file was written by somebody's hand

A file may be "-": standard input.

  --device N  which device of a hid-recorder file is described (default: the first)
  --json      describe: {"reports":[{"type","reportId","fields":[{"bitOffset","bitSize","count","usages":[[page,id],…],
              "logicalMin","logicalMax","physicalMin","physicalMax","unitExponent","unit","flags"}]}]}; bits are counted
              after the byte with the report id, and padding is left out
              decode: {"reports":[{"values":[[page,usage,value],…],"sample":{…} or null}]}

Exit codes: 0 printed; 2 the file is malformed (the message names byte or line), too large, or cannot be read.
`;

/** @returns 0. What keeps it from reading is thrown. */
export async function run(argv: string[]): Promise<number> {
  const { path, ...work } = parse(argv);
  const text = await hidInChild(await read(path), work);
  await print(text);
  return 0;
}

/** Waits until it is taken: it can be long. */
async function print(text: Uint8Array): Promise<void> {
  if (!process.stdout.listeners('error').includes(stoppedReading)) process.stdout.on('error', stoppedReading);
  await new Promise<void>((resolve) => { process.stdout.write(text, () => { resolve(); }); });
}

/** Who reads it may stop before its end, as `head` does. */
function stoppedReading(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function parse(argv: string[]): HidWork & { path: string } {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true, options: { device: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [verb, path, ...more] = positionals;
  if ((verb !== 'describe' && verb !== 'decode') || path === undefined || more.length > 0) throw new Error('name what to do and a file: countersign hid describe FILE, or countersign hid decode CAPTURE');
  if (values.device !== undefined && (verb === 'decode' || !/^\d{1,9}$/.test(values.device))) throw new Error('--device is the number of a device, for describe');
  return { verb, path, device: values.device === undefined ? null : Number(values.device), json: values.json };
}

/** Not more than can be worked on: neither a disk nor a pipe without end fills our memory. */
async function read(path: string): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of path === '-' ? process.stdin : createReadStream(path)) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > MAX_FILE_BYTES) throw new Error(`${path === '-' ? 'standard input' : path} has more than ${MAX_FILE_BYTES / 2 ** 20} MiB, which is all that is read; cut the recording into parts`);
  }
  return Buffer.concat(parts);
}
