/**
 * How commands on this machine reach a running station: a socket in the data folder (0600; a named pipe on
 * Windows), one JSON line each way. Whoever may open it may act as the desk: the file's owner.
 *
 *   {"command": "status"}                → {"ok": true, …} or {"ok": false, "code", "message"}
 *
 * Before: `cli/control.ts`. After: `desk-commands.ts`.
 */
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { problemOf } from './problem.ts';
import { StationError } from './errors.ts';

/** Takes the request without its `command`. What it returns is sent with `ok: true`. */
export type Command = (request: Record<string, unknown>) => Promise<object> | object;

const MAX_LINE = 16_384;

/** The longest path a socket may have: `sun_path` of Linux (108) and macOS (104), less its end. */
const MAX_PATH = 103;

/** A folder of Windows holds no sockets; the pipe's name is made from the folder's. */
export function controlAddress(home: string, platform = process.platform): string {
  if (platform !== 'win32') return join(home, 'control.sock');
  return `\\\\.\\pipe\\countersign-${createHash('sha256').update(home.toLowerCase()).digest('hex').slice(0, 24)}`;
}

/** @throws StationError `HOME_UNUSABLE` where the folder's path is too long for a socket */
export async function listenForCommands(home: string, commands: Record<string, Command>): Promise<Server> {
  const address = controlAddress(home);
  if (process.platform !== 'win32') {
    if (Buffer.byteLength(address) > MAX_PATH) throw new StationError('HOME_UNUSABLE', `The path of the data folder ${home} is too long for a socket in it: at most ${MAX_PATH - 13} characters. Name another with --home.`);
    // a station that was killed leaves its socket; the lock on the database says that no other one runs
    rmSync(address, { force: true });
  }
  const server = createServer((socket) => converse(socket, commands));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  // the folder is 0700, so nobody came in between
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  return server;
}

function converse(socket: Socket, commands: Record<string, Command>): void {
  let line = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    line += chunk;
    if (line.length > MAX_LINE) return socket.destroy();
    const end = line.indexOf('\n');
    if (end === -1) return;
    socket.removeAllListeners('data');
    void reply(line.slice(0, end), commands).then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
  });
}

async function reply(line: string, commands: Record<string, Command>): Promise<object> {
  try {
    const { command, ...request } = parse(line);
    if (typeof command !== 'string' || !Object.hasOwn(commands, command)) {
      throw new StationError('UNKNOWN_COMMAND', `The station knows ${Object.keys(commands).join(', ')}.`);
    }
    return { ok: true, ...await commands[command]?.(request) };
  } catch (error) {
    const { code, detail } = problemOf(error);
    return { ok: false, code, message: detail };
  }
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (cause) {
    throw new StationError('BAD_BODY', 'A command is one line of JSON.', { cause });
  }
}
