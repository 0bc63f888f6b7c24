/** How a command speaks to a running station: its control socket in the data folder, one JSON line each way. */
import { connect } from 'node:net';
import { controlAddress } from '#kiosk/station/control-socket.ts';

export type Reply = { ok: true } & Record<string, unknown> | { ok: false; code: string; message: string };

/** Printing a sample takes seconds on a busy machine. */
const ANSWER_MS = 30_000;
const MAX_ANSWER = 4 * 1024 * 1024;

/** @returns null where no station runs on this data folder. @throws Error if one runs but does not answer. */
export function askStation(home: string, request: { command: string } & Record<string, unknown>): Promise<Reply | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlAddress(home));
    let answer = '';
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`The station on ${home} did not answer within ${ANSWER_MS / 1000} s. Is it very busy? Try again, or restart it.`)));
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (answer.length > MAX_ANSWER) socket.destroy(new Error('The station answered more than this command can read.'));
      if (!answer.includes('\n')) return;
      socket.end();
      resolve(JSON.parse(answer.slice(0, answer.indexOf('\n'))) as Reply);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
    socket.on('close', () => reject(new Error('The station closed the connection without an answer.')));
  });
}
