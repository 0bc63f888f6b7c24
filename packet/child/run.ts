/**
 * Runs one piece of work on foreign bytes in a process of its own, which can be killed.
 * The child may read files (its own modules) and start its memory watch; it may not write files, start
 * programs or load native code (Node's permission model). Node 24 does not bar the network that way, so a
 * parser that was taken over could still send what it was given: one document.
 * Before: `intake/`, `fields/`, `verify/`. After: `serve.ts` in the child.
 */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { PacketError } from '../errors.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import type { Answer } from './serve.ts';
import { inTurn } from './turn.ts';

export interface ChildLimits {
  /** From spawn to answer, ms; then the child is killed. */
  deadlineMs: number;
  /** Resident memory of the child in MiB, Node itself (about 100) included. */
  memoryMb: number;
}

/**
 * @param module URL of a module that calls `serve`.
 * @param parameters JSON value, handed to the work with `input`.
 * @throws PacketError PDF_TIMEOUT, PDF_MEMORY; PDF_BROKEN where the child died or the work threw anything
 *   but a PacketError, whose code it otherwise keeps.
 */
export async function runInChild<Parameters, Result>(
  module: URL, parameters: Parameters, input: Uint8Array, limits: ChildLimits,
): Promise<{ result: Result; output: Uint8Array }> {
  return inTurn(() => runNow<Parameters, Result>(module, parameters, input, limits));
}

async function runNow<Parameters, Result>(
  module: URL, parameters: Parameters, input: Uint8Array, limits: ChildLimits,
): Promise<{ result: Result; output: Uint8Array }> {
  const child = spawn(process.execPath, [
    '--permission', '--allow-fs-read=*', '--allow-worker', '--no-warnings',
    `--max-old-space-size=${limits.memoryMb}`, fileURLToPath(module), String(limits.memoryMb),
  ], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'], env: { SystemRoot: process.env['SystemRoot'] } });
  let late = false;
  const deadline = setTimeout(() => { late = true; child.kill('SIGKILL'); }, limits.deadlineMs);
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
    if (late) throw new PacketError('PDF_TIMEOUT', `This document took longer than ${limits.deadlineMs / 1000} s to read. Print it again from its program, or use paper.`);
    const frame = decodeFrame<Answer<Result>>(answered);
    if (frame === null) throw deathOf(signal, complaint.toString('latin1'));
    if ('error' in frame.head) {
      const { code, message } = frame.head.error;
      if (code !== null) throw new PacketError(code, message);
      throw new PacketError('PDF_BROKEN', brokenMessage, { cause: new Error(message) });
    }
    return { result: frame.head.result, output: frame.body };
  } finally {
    clearTimeout(deadline);
    child.kill('SIGKILL');
  }
}

const brokenMessage = 'This PDF is damaged and cannot be read. Print it again from its program.';

/** A kill that was not ours is the system's or the memory watch's: both mean memory. */
function deathOf(signal: NodeJS.Signals | null, complaint: string): PacketError {
  if (signal === 'SIGKILL' || complaint.includes('out of memory')) {
    return new PacketError('PDF_MEMORY', 'This document needs more memory to read than is allowed. Print it with fewer or smaller pictures, or use paper.');
  }
  return new PacketError('PDF_BROKEN', brokenMessage, { cause: new Error(complaint.slice(0, 2000)) });
}
