/**
 * Runs one piece of work on foreign bytes in a process of its own, which can be killed.
 * The child may read files (its own modules) and start its memory watch; it may not write files, start
 * programs or load native code (Node's permission model). Node 24 does not bar the network that way, so a
 * parser that was taken over could still send what it was given: one document.
 * Before: `intake/`, `fields/`, `verify/`, and `countersign hid`. After: `serve.ts` in the child.
 */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { deadlineFor } from './deadline.ts';
import { documentFailures, type ChildFailures } from './failures.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import type { Answer, Reply } from './serve.ts';
import { inTurn } from './turn.ts';

export interface ChildLimits {
  /** From spawn to answer, ms; then the child is killed. Input above 50 MB gets more: `deadline.ts`. */
  deadlineMs: number;
  /** Resident memory of the child in MiB, Node itself (about 100) included. */
  memoryMb: number;
  /** ms that other children have taken of the same deadline; what this one takes is added. Whoever waits for several waits for one deadline. */
  spent?: { ms: number };
}

/** Answers what the work asks of the parent, which alone goes to the network; both JSON values. A child's question is a stranger's: check it. */
export type Answering = (question: unknown) => Promise<unknown>;

/**
 * @param module URL of a module that calls `serve`.
 * @param parameters JSON value, handed to the work with `input`.
 * @param answer left out, the work may ask nothing. What it throws is thrown in the child. The deadline stands still meanwhile.
 * @param failures what is thrown. Left out, PacketError: PDF_TIMEOUT, PDF_MEMORY; PDF_BROKEN where the child died or the work
 *   threw anything but a PacketError, whose code it otherwise keeps.
 */
export async function runInChild<Parameters, Result>(
  module: URL, parameters: Parameters, input: Uint8Array, limits: ChildLimits, failures: ChildFailures = documentFailures, answer?: Answering,
): Promise<{ result: Result; output: Uint8Array }> {
  return inTurn(() => runNow<Parameters, Result>(module, parameters, input, limits, failures, answer));
}

async function runNow<Parameters, Result>(
  module: URL, parameters: Parameters, input: Uint8Array, limits: ChildLimits, failures: ChildFailures, answer: Answering | undefined,
): Promise<{ result: Result; output: Uint8Array }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [
    '--permission', '--allow-fs-read=*', '--allow-worker', '--no-warnings',
    `--max-old-space-size=${limits.memoryMb}`, fileURLToPath(module), String(limits.memoryMb),
  ], { stdio: ['pipe', 'ignore', 'pipe', 'pipe', ...(answer === undefined ? [] : ['ipc' as const])], env: { SystemRoot: process.env['SystemRoot'] } });
  let late = false;
  const deadlineMs = deadlineFor(input.length, limits.deadlineMs);
  const deadline = stoppableTimer(() => { late = true; child.kill('SIGKILL'); }, deadlineMs - (limits.spent?.ms ?? 0));
  if (answer !== undefined) {
    child.on('message', (message: { id: number; question: unknown }) => {
      deadline.stop();
      answerOne(answer, message).then((reply) => {
        deadline.go();
        if (child.connected) child.send(reply, () => { /* it died meanwhile; `ended` tells */ });
      }, () => child.kill('SIGKILL'));
    });
  }
  try {
    const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (_code, signal) => resolve(signal));
    });
    const [stdin, , stderr, answers] = child.stdio as unknown as [Writable, null, Readable, Readable];
    stdin.on('error', () => { /* the child died before it read everything; `ended` tells */ });
    const [start, rest] = encodeFrame(parameters, input);
    stdin.write(start);
    stdin.end(rest);
    const [answered, complaint, signal] = await Promise.all([buffer(answers), buffer(stderr), ended]);
    if (late) throw failures.late(deadlineMs / 1000);
    const frame = decodeFrame<Answer<Result>>(answered);
    if (frame === null) throw deathOf(signal, complaint.toString('latin1'), failures);
    if ('error' in frame.head) {
      const { code, message } = frame.head.error;
      throw code === null ? failures.broken(new Error(message)) : failures.refused(code, message);
    }
    return { result: frame.head.result, output: frame.body };
  } finally {
    if (limits.spent !== undefined) limits.spent.ms += performance.now() - begun;
    deadline.end();
    child.kill('SIGKILL');
  }
}

async function answerOne(answer: Answering, { id, question }: { id: number; question: unknown }): Promise<Reply> {
  try {
    return { id, answer: await answer(question) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
    return { id, error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

/** Runs from the start; between `stop` and `go` its time stands still. After `end` nothing runs: an answer may come when the child has died. */
function stoppableTimer(then: () => void, ms: number): { stop(): void; go(): void; end(): void } {
  let [left, since, ended] = [ms, performance.now(), false];
  let timer: NodeJS.Timeout | null = setTimeout(then, left);
  return {
    stop() {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      left -= performance.now() - since;
    },
    go() {
      if (ended) return;
      since = performance.now();
      timer ??= setTimeout(then, left);
    },
    end() {
      ended = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** A kill that was not ours is the system's or the memory watch's: both mean memory. */
function deathOf(signal: NodeJS.Signals | null, complaint: string, failures: ChildFailures): Error {
  if (signal === 'SIGKILL' || complaint.includes('out of memory')) return failures.outOfMemory();
  return failures.broken(new Error(complaint.slice(0, 2000)));
}
