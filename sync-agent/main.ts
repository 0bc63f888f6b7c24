/**
 * The process of the sync-agent: `node sync-agent/main.ts --home DIR`.
 *
 * Before it: the station has put items into `outbox.db`. After it: the store.
 * Ends with 0 on SIGTERM or SIGINT and when the process that started it goes away, with 2 where it cannot run. A full disk is waited for.
 * Any message from that process makes it look at the outbox at once. Logs to standard error.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startAgent, type Agent } from './agent.ts';
import { readConfiguration } from './configuration.ts';
import { SyncError } from './errors.ts';
import { lockForAgent } from './lock.ts';
import { Outbox } from './outbox.ts';
import { openStore } from './stores/open.ts';

// Databases, sockets, logs: whatever this process makes is its user's alone.
process.umask(0o077);

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} sync-agent: ${line}\n`);
}

function readHome(): string {
  const { values } = parseArgs({ options: { home: { type: 'string' } } });
  if (values.home === undefined || !existsSync(values.home)) {
    throw new SyncError('CONFIGURATION', `--home must name the data folder of a station${values.home === undefined ? '' : `; ${values.home} is not there`}.`);
  }
  return resolve(values.home);
}

async function run(home: string): Promise<void> {
  const configuration = readConfiguration(home);
  const unlock = lockForAgent(join(home, 'sync-agent.lock'));
  const outbox = await onceThereIsRoom(async () => Outbox.open(join(home, 'outbox.db'), { wrap: null }));
  const store = await onceThereIsRoom(() => openStore(configuration.store));
  const agent = startAgent({ outbox, store, log });
  const { waiting, retrying } = outbox.status();
  log(`started with ${waiting + retrying} to deliver to the ${store.kind} store`);
  await untilTold(agent);
  await agent.stop();
  outbox.close();
  unlock();
}

const FULL_WAIT_MS = 2_000;

/** Packets wait on this disk: whoever gave up because it is full would leave them there after room was made. */
async function onceThereIsRoom<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  const leave = () => process.exit(0);
  process.once('disconnect', leave);
  for (let said = ''; ; await wait(FULL_WAIT_MS)) {
    try {
      const opened = await open();
      process.off('disconnect', leave);
      return opened;
    } catch (error) {
      if (!isFull(error)) throw error;
      if (said !== error.message) log(said = error.message);
    }
  }
}

/** SQLite reports a full disk as a failed write, too, where it grows the file of its shared memory. */
function isFull(error: unknown): error is SyncError {
  if (!(error instanceof SyncError)) return false;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return error.code === 'OUTBOX_FULL' || error.code === 'STORE_FULL' || (typeof code === 'string' && code.startsWith('SQLITE_IOERR'));
}

async function untilTold(agent: Agent): Promise<void> {
  process.on('message', () => agent.wake());
  await new Promise<void>((stop) => {
    for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, () => stop());
  });
}

try {
  await run(readHome());
  process.exit(0);
} catch (error) {
  log((error as Error).message);
  process.exit(2);
}
