import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { startAgent } from './agent.ts';
import { SyncError } from './errors.ts';
import { Outbox } from './outbox.ts';
import type { Store } from './stores/store.ts';
import type { Wrapper } from './wrap.ts';

const folder = temporaryFolder();
const asItIs: Wrapper = { kind: 'none', wrap: async (bytes) => bytes };
let count = 0;

async function outboxWith(...ids: string[]): Promise<Outbox> {
  count += 1;
  const outbox = Outbox.open(join(folder, `${count}.db`), { wrap: asItIs });
  for (const id of ids) await outbox.put({ id, destination: 'packet', key: id, bytes: Buffer.from(id), context: {} });
  return outbox;
}

/** A store that answers by the key, and counts what it kept. */
function storeThat(put: (key: string, signal: AbortSignal) => Promise<void>): Store & { kept: string[] } {
  const kept: string[] = [];
  return {
    kind: 'folder', kept,
    async put({ key, sha256 }, signal) {
      await put(key, signal);
      kept.push(key);
      return { store: 'folder', location: key, sha256, at: new Date().toISOString(), alreadyThere: false };
    },
  };
}

function hanging(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

const quick = { pollMs: 5, retryAfter: () => 1 };

describe('the agent', () => {
  it('delivers everything once', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `item-${number}`);
    const outbox = await outboxWith(...ids);
    const store = storeThat(async () => {});
    const agent = startAgent({ outbox, store, log: () => {}, ...quick });
    await expect.poll(() => outbox.status()).toEqual({ waiting: 0, retrying: 0, delivered: 20, lastError: null });
    await agent.stop();
    expect(store.kept.sort()).toEqual(ids.sort());
  });

  it('keeps trying while the store is away, and then delivers', async () => {
    const outbox = await outboxWith('one');
    let away = true;
    const lines: string[] = [];
    const store = storeThat(async () => {
      if (away) throw new SyncError('STORE_AWAY', 'the cable is out');
    });
    const agent = startAgent({ outbox, store, log: (line) => lines.push(line), ...quick });
    await expect.poll(() => lines.length).toBeGreaterThan(5);
    expect(outbox.status()).toEqual({ waiting: 0, retrying: 1, delivered: 0, lastError: 'the cable is out' });
    expect(lines[0]).toContain('one not delivered (STORE_AWAY)');
    away = false;
    await expect.poll(() => outbox.statusOf('one')).toBe('delivered');
    await agent.stop();
    expect(store.kept).toEqual(['one']);
  });

  it('is not held up by items that hang or always fail', async () => {
    const outbox = await outboxWith('hangs', 'fails', 'good-1', 'good-2');
    const store = storeThat(async (key, signal) => {
      if (key === 'hangs') await hanging(signal);
      if (key === 'fails') throw new Error('poison');
    });
    const agent = startAgent({ outbox, store, log: () => {}, ...quick });
    await expect.poll(() => outbox.status().delivered).toBe(2);
    await agent.stop();
    expect(outbox.statusOf('hangs')).toBe('waiting');
    expect(outbox.statusOf('fails')).toBe('retrying');
  });

  it('looks at once when woken', async () => {
    const outbox = await outboxWith();
    const store = storeThat(async () => {});
    const agent = startAgent({ outbox, store, log: () => {}, pollMs: 3_600_000 });
    await outbox.put({ id: 'late', destination: 'event', key: 'late', bytes: Buffer.from('late'), context: {} });
    agent.wake();
    await expect.poll(() => outbox.statusOf('late')).toBe('delivered');
    await agent.stop();
  });

  it('that cannot write its receipt tries again, and does not spin', async () => {
    const outbox = await outboxWith('one');
    const lines: string[] = [];
    let failures = 3;
    const kept = outbox.receipt.bind(outbox);
    outbox.receipt = (...values) => {
      failures -= 1;
      if (failures >= 0) throw new SyncError('OUTBOX_FULL', 'no room');
      kept(...values);
    };
    outbox.fail = () => {
      throw new SyncError('OUTBOX_FULL', 'no room');
    };
    const agent = startAgent({ outbox, store: storeThat(async () => {}), log: (line) => lines.push(line), ...quick });
    await expect.poll(() => outbox.statusOf('one')).toBe('delivered');
    await agent.stop();
    expect(lines.filter((line) => line.includes('cannot be written'))).toHaveLength(3);
  });
});
