/** The steps of `station.db`, in order: step n brings version n-1 to version n. Never change one that was released. */
import { sql as station } from './001-station.ts';
import { sql as severalSigners } from './002-several-signers.ts';
import { sql as owedTimeStamps } from './003-owed-time-stamps.ts';

export const MIGRATIONS: readonly string[] = [station, severalSigners, owedTimeStamps];
