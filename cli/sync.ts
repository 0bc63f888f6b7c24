/** `countersign sync`: packets on their way to the store, and opening what lies in it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockForAgent, openEnvelope, openStore, Outbox, type OutboxStatus, readConfiguration, startAgent, SyncError } from '#sync-agent/index.ts';
import { homeFolder } from './home.ts';

export const help = `countersign sync: packets on their way to the store

  sync status                 how many wait, are tried again, were delivered; the last error
  sync run                    deliver what waits, where no station runs; ends when each was tried
  sync open ENVELOPE --key KEY --out FILE
                              open an envelope of the store with the private key it was wrapped for

  --home FOLDER               the data folder (COUNTERSIGN_HOME; default ~/.countersign)
  --key KEY                   RSA private key, PKCS#8 PEM
  --json                      the result as JSON

Exit codes: 0 nothing waits, or opened; 1 something still waits, or the envelope was changed; 2 could not run.
`;

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { home: { type: 'string' }, key: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [action, file] = positionals;
  const home = homeFolder(values.home);
  if (action === 'status') return show(withOutbox(home, (outbox) => outbox.status()), values.json);
  if (action === 'run') return show(await deliver(home), values.json);
  if (action === 'open' && file !== undefined && values.key !== undefined && values.out !== undefined) return open(file, values.key, values.out, values.json);
  process.stderr.write(help);
  return 2;
}

function show(status: OutboxStatus, json: boolean): number {
  process.stdout.write(json ? `${JSON.stringify(status)}\n` : `Waiting     ${status.waiting}
Retrying    ${status.retrying}
Delivered   ${status.delivered}
${status.lastError === null ? '' : `Last error  ${status.lastError}\n`}`);
  return status.waiting + status.retrying === 0 ? 0 : 1;
}

/** Every item is tried once; what fails stays, for the agent of the next start. */
async function deliver(home: string): Promise<OutboxStatus> {
  const unlock = lockForAgent(join(home, 'sync-agent.lock'));
  try {
    const store = await openStore(readConfiguration(home).store);
    return await withOutbox(home, async (outbox) => {
      outbox.retryNow();
      const agent = startAgent({ outbox, store, log: (line) => process.stderr.write(`${line}\n`), retryAfter: () => 3_600_000 });
      while (outbox.claim(Date.now()) !== null) await new Promise((resolve) => setTimeout(resolve, 50));
      await agent.stop();
      return outbox.status();
    });
  } finally {
    unlock();
  }
}

async function open(file: string, key: string, out: string, json: boolean): Promise<number> {
  try {
    const { bytes, context } = await openEnvelope(readFileSync(file), { privateKeyPem: readFileSync(key, 'utf8') });
    writeFileSync(out, bytes, { mode: 0o600 });
    process.stdout.write(json ? `${JSON.stringify({ out, bytes: bytes.length, context })}\n` : `${out}: ${bytes.length} bytes\n${Object.entries(context).map(([name, value]) => `  ${name}: ${value}\n`).join('')}`);
    return 0;
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    process.stderr.write(`countersign sync: ${error.message}\n`);
    return 1;
  }
}

function withOutbox<T>(home: string, use: (outbox: Outbox) => T): T {
  const path = join(home, 'outbox.db');
  if (!existsSync(path)) throw new Error(`no station has run on ${home} yet. Start one, or name its data folder with --home.`);
  const outbox = Outbox.open(path, { wrap: null });
  const result = use(outbox);
  if (result instanceof Promise) return result.finally(() => outbox.close()) as T;
  outbox.close();
  return result;
}
