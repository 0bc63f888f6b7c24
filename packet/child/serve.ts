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

/** The error class of the folder that does the work. */
type Refusal = new (...parameters: never[]) => Error & { code: string };

/**
 * Answers one question and ends the process.
 * Libraries that print are silenced: page content could reach a log through them.
 * @param refusal errors of this class go back with their code; any other means that the work broke.
 */
export async function serve<Parameters, Result>(
  work: (parameters: Parameters, input: Uint8Array) => Promise<{ result: Result; output?: Uint8Array }>,
  refusal: Refusal = PacketError,
): Promise<void> {
  console.log = console.info = console.warn = console.error = () => {};
  const watch = new Worker(new URL('memory-watch.ts', import.meta.url), { workerData: { limitBytes: Number(process.argv[2]) * 2 ** 20 } });
  watch.unref();
  const { head, body } = decodeFrame(await buffer(process.stdin)) as Frame<Parameters>;
  const [start, rest] = await work(head, body).then(
    ({ result, output }) => encodeFrame({ result } satisfies Answer<Result>, output ?? new Uint8Array()),
    (error: unknown) => encodeFrame({ error: describe(error, refusal) } satisfies Answer<Result>, new Uint8Array()),
  );
  const pipe = createWriteStream('', { fd: 3 });
  pipe.write(start);
  pipe.end(rest, () => process.exit(0));
}

function describe(error: unknown, refusal: Refusal): { code: string | null; message: string } {
  if (error instanceof refusal) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
