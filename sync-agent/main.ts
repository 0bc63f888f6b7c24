/**
 * The process of the sync-agent: `node sync-agent/main.ts --home DIR`.
 *
 * Before it: the station has put items into `outbox.db`. After it: the store.
 * Ends with 0 on SIGTERM or SIGINT and when the process that started it goes away, with 2 where it cannot run.
 * Any message from that process makes it look at the outbox at once. Logs to standard error.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
  const outbox = Outbox.open(join(home, 'outbox.db'), { wrap: null });
  const store = await openStore(configuration.store);
  const agent = startAgent({ outbox, store, log });
  const { waiting, retrying } = outbox.status();
  log(`started with ${waiting + retrying} to deliver to the ${store.kind} store`);
  await untilTold(agent);
  await agent.stop();
  outbox.close();
  unlock();
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
