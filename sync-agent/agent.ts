/**
 * The agent's loop: claim what is due, put it into the store, keep the receipt.
 *
 * At-least-once towards a store that refuses to replace an object, so every object is there once. A few items are under
 * way at a time: one that hangs or always fails never blocks the others. Nothing is ever given up.
 */
import { retryDelay } from './backoff.ts';
import { SyncError } from './errors.ts';
import type { ClaimedItem, Outbox } from './outbox.ts';
import type { Store } from './stores/store.ts';

export interface AgentOptions {
  outbox: Outbox;
  store: Store;
  /** One line for a person; ids and keys, never content. */
  log: (line: string) => void;
  /** How often the outbox is looked at when nobody wakes the agent. */
  pollMs?: number;
  /** Milliseconds until the next try, by number of failures. */
  retryAfter?: (failures: number) => number;
}

export interface Agent {
  /** Look at the outbox now. */
  wake(): void;
  /** Ends the attempts under way; resolves when nothing of the agent runs any more. */
  stop(): Promise<void>;
}

const POLL_MS = 500;
const AT_ONCE = 4;

export function startAgent(options: AgentOptions): Agent {
  const { outbox, log, pollMs = POLL_MS } = options;
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  const look = () => {
    try {
      while (!stopping.signal.aborted && underWay.size < AT_ONCE) {
        const item = outbox.claim(Date.now(), new Set(underWay.keys()));
        if (item === null) return;
        underWay.set(item.id, deliver(item, options, stopping.signal).then((delivered) => {
          underWay.delete(item.id);
          if (delivered) look();
        }));
      }
    } catch (error) {
      log(`the outbox cannot be read: ${(error as Error).message}`);
    }
  };

  const timer = setInterval(look, pollMs);
  look();
  return {
    wake: look,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(underWay.values());
    },
  };
}

/** Tries one item once. Never rejects: what cannot even be written down is logged, and the item is due at the next look. */
async function deliver(item: ClaimedItem, { outbox, store, log, retryAfter = retryDelay }: AgentOptions, signal: AbortSignal): Promise<boolean> {
  try {
    const receipt = await store.put({ key: item.key, bytes: item.envelope, sha256: item.sha256 }, signal);
    outbox.receipt(item.id, receipt);
    log(`delivered ${item.id} to ${receipt.location}${receipt.alreadyThere ? ' (it was there already)' : ''}`);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    const { message } = error as Error;
    const code = error instanceof SyncError ? error.code : 'UNEXPECTED';
    const delay = retryAfter(item.attempts + 1);
    log(`${item.id} not delivered (${code}), next try in ${Math.ceil(delay / 1000)} s: ${message}`);
    try {
      outbox.fail(item.id, message, Date.now() + delay);
    } catch (failure) {
      log(`the outbox cannot be written: ${(failure as Error).message}`);
    }
    return false;
  }
}
