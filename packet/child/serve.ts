/**
 * The child's side: reads parameters and input from stdin, answers on descriptor 3, and exits.
 * Before: `run.ts`, which spawned us. After: the answer, or an error with the code of a PacketError (or of another class).
 */
import { createWriteStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { PacketError } from '../errors.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';

export type Answer<Result> = { result: Result } | { error: { code: string | null; message: string } };

/** To one question of the work. */
export type Reply = { id: number; answer: unknown } | { id: number; error: { code: string | null; message: string } };

/** Asks the parent, where it answers; both JSON values. @throws what the parent threw, as an error of the folder's class where it has a code */
export type Ask = (question: unknown) => Promise<unknown>;

/** The error class of the folder that does the work. */
type Refusal = new (...parameters: never[]) => Error & { code: string };

/**
 * Answers one question and ends the process.
 * Libraries that print are silenced: page content could reach a log through them.
 * @param refusal errors of this class go back with their code; any other means that the work broke.
 */
export async function serve<Parameters, Result>(
  work: (parameters: Parameters, input: Uint8Array, ask: Ask) => Promise<{ result: Result; output?: Uint8Array }>,
  refusal: Refusal = PacketError,
): Promise<void> {
  console.log = console.info = console.warn = console.error = () => {};
  const watch = new Worker(new URL('memory-watch.ts', import.meta.url), { workerData: { limitBytes: memoryLimit() } });
  watch.unref();
  const { head, body } = decodeFrame(await buffer(process.stdin)) as Frame<Parameters>;
  const [start, rest] = await work(head, body, asking(refusal)).then(
    ({ result, output }) => encodeFrame({ result } satisfies Answer<Result>, output ?? new Uint8Array()),
    (error: unknown) => encodeFrame({ error: describe(error, refusal) } satisfies Answer<Result>, new Uint8Array()),
  );
  const pipe = createWriteStream('', { fd: 3 });
  pipe.write(start);
  pipe.end(rest, () => process.exit(0));
}

/** Whether less than half of the memory it may take is taken, so that the work can go on to something else here. */
export function hasRoom(): boolean {
  return process.memoryUsage.rss() < memoryLimit() / 2;
}

/** Bytes. */
function memoryLimit(): number {
  return Number(process.argv[2]) * 2 ** 20;
}

function asking(refusal: Refusal): Ask {
  const open = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  const Refused = refusal as unknown as new (code: string, message: string) => Error;
  process.on('message', (reply: Reply) => {
    const asked = open.get(reply.id);
    open.delete(reply.id);
    if (!('error' in reply)) return asked?.resolve(reply.answer);
    const { code, message } = reply.error;
    asked?.reject(code === null ? new Error(message) : new Refused(code, message));
  });
  return (question) => new Promise((resolve, reject) => {
    if (process.send === undefined) throw new TypeError('nobody answers this child');
    last += 1;
    open.set(last, { resolve, reject });
    process.send({ id: last, question });
  });
}

function describe(error: unknown, refusal: Refusal): { code: string | null; message: string } {
  if (error instanceof refusal) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
