/**
 * Says when it is worth looking for devices again: something was plugged in or out, or time has passed.
 * Before it: the system. After it: `process/attached-pens.ts`, which looks.
 *
 * node-hid has no event for it. Linux makes and removes files in /dev, which costs nothing to watch; rights are given to a new
 * file a moment after it is made, so it is looked at more than once. Elsewhere looking is all there is; it is slow and disturbs
 * reading. Looking for no reason waits while a pen writes: descriptors are read and parsed in the process that reads the pen.
 */
import { watch } from 'node:fs';

const SOON_MS = [20, 300, 1_500];
const POLL_MS = { linux: 5_000, other: 3_000 };
/** A pen that sent nothing for this long does not write. */
const QUIET_MS = 2_000;

export interface DeviceWatch {
  /** A pen writes. */
  busy(): void;
  stop(): void;
}

export function watchDevices(look: () => void, platform: NodeJS.Platform = process.platform, folder = '/dev'): DeviceWatch {
  const linux = platform === 'linux';
  let busyAt = -Infinity;
  let timers: NodeJS.Timeout[] = [];
  const stopWatching = linux ? watchFolder(folder, () => {
    for (const timer of timers) clearTimeout(timer);
    timers = SOON_MS.map((wait) => setTimeout(look, wait).unref());
  }) : () => { /* nothing to watch */ };
  const poll = setInterval(() => { if (performance.now() - busyAt > QUIET_MS) look(); }, linux ? POLL_MS.linux : POLL_MS.other);
  poll.unref();
  return {
    busy: () => { busyAt = performance.now(); },
    stop: () => {
      clearInterval(poll);
      for (const timer of timers) clearTimeout(timer);
      stopWatching();
    },
  };
}

function watchFolder(folder: string, changed: () => void): () => void {
  try {
    const watcher = watch(folder, (_event, name) => { if (name === null || /^(hidraw|tty)/.test(name)) changed(); });
    // a watch that fails leaves the poll
    watcher.on('error', () => { watcher.close(); });
    watcher.unref();
    return () => { watcher.close(); };
  } catch {
    return () => { /* no such folder, or no watches left: the poll is enough */ };
  }
}
