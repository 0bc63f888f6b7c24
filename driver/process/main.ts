/**
 * The pen process. Started by `pen-process.ts`.
 * Before it: nothing but its channel. After it: `attached-pens.ts`, served by `serve-pens.ts`.
 */
import { AttachedPens } from './attached-pens.ts';
import { servePens } from './serve-pens.ts';

// whatever a library writes is this user's alone
process.umask(0o077);
servePens((settings, log) => new AttachedPens(settings, log), process);
