/**
 * The process of the station: `node kiosk/station/main.ts --home FOLDER --port N --printer-port N [--listen ADDRESS] [--at-rest-key stdin]`.
 *
 * Before: `kiosk/supervisor.ts` starts it. One JSON line on standard output: `{ready: true, …}` when it is
 * ready, or `{ready: false, code, message}` and exit code 2 where it cannot run. Logs go to standard error,
 * without names, titles or tokens. It ends when told to, or when its parent goes away.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clearFreedHeap } from '#driver/process/heap.ts';
import { startStation } from './start-station.ts';

// Databases, sockets, logs: whatever this process makes is its user's alone.
process.umask(0o077);
clearFreedHeap();

/** Where `--at-rest-key stdin` comes from: arguments and environment could be read by others on this machine. */
const STANDARD_INPUT = 0;

const { values } = parseArgs({
  options: {
    home: { type: 'string' }, port: { type: 'string', default: '0' }, 'printer-port': { type: 'string', default: '0' }, listen: { type: 'string' }, 'at-rest-key': { type: 'string' },
  },
});

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} station: ${line}\n`);
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

try {
  if (values.home === undefined) throw new Error('--home must name the data folder');
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => stopped.resolve());
  const { guest, desk, printer, home, onDelivery, stop } = await startStation({
    home: values.home, port: Number(values.port), printerPort: Number(values['printer-port']), listen: values.listen, log,
    atRestKey: values['at-rest-key'] === undefined ? undefined : readFileSync(STANDARD_INPUT), onStop: stopped.resolve,
  });
  // the supervisor wakes the sync-agent
  onDelivery(() => process.send?.('delivered'));
  say({ ready: true, guest, desk, printer, home, pid: process.pid });
  await stopped.promise;
  await stop();
  process.exit(0);
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  log(message);
  say({ ready: false, code: code ?? 'INTERNAL', message });
  process.exit(2);
}
