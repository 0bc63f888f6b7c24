/**
 * The examiner's tools: open a packet with a custodian's key, see whether its parts belong together, replay the
 * pen. Offline, on a machine that never saw a tablet.
 *
 * Before it: a packet from the store, years later, and a private key that the hotel never had.
 * `open-packet.ts` → `replay.ts` → `drawing/`, which `replay-png.ts` and `page/` share.
 */
export { ExaminerError, type ExaminerErrorCode } from './errors.ts';
export { openPacket, type Check, type OpenedPacket } from './open-packet.ts';
export { momentAt, replayOf, type Moment, type Replay } from './replay.ts';
export { replayPng } from './replay-png.ts';
