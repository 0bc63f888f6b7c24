/**
 * The pen process. Started by `pen-process.ts`.
 * Before it: nothing but its channel. After it: `attached-pens.ts`, served by `serve-pens.ts`.
 */
import { AttachedPens } from './attached-pens.ts';
import { clearFreedHeap } from './heap.ts';
import { servePens } from './serve-pens.ts';

// whatever a library writes is this user's alone
process.umask(0o077);
clearFreedHeap();
// Ctrl+C, a closed terminal and a service manager reach every process of a program: whoever started this one closes devices in
// order (a pad's screen is emptied), and this one ends with it
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
servePens((settings, log) => new AttachedPens(settings, log), process);
