/**
 * Custody of an examiner's key by m of n holders.
 *
 * Before it: `keys/examiner.ts` made the key and its certificate.
 * After it: `cli/keys/` splits, checks and joins; a signature is then opened with the joined key as with any other.
 */
export { makePrivateFolder, writeNewFile } from '../file-secret-store.ts';
export { inMemory, wipeFile, writeKeyFile } from './key-file.ts';
export { readLockedKey, writeLockedKey, type LockedKey } from './locked-key.ts';
export { readShare, writeShare, type Share, type SplitSet } from './share.ts';
export { checkShares, joinKey, sameSet, splitKey } from './split-key.ts';
