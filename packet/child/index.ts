/**
 * Work on foreign bytes in a killable child process with a deadline and a memory limit.
 * Before: `packet/intake`, `packet/fields`, `packet/verify`, `countersign hid`. After: nothing; the answer comes back.
 */
export type { ChildFailures } from './failures.ts';
export { runInChild, type Answering, type ChildLimits } from './run.ts';
export { hasRoom, serve, type Ask } from './serve.ts';
