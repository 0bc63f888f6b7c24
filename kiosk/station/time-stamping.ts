/**
 * Whom a station asks for time-stamps, and whether it is worth asking now. The authority and the roots under which it is believed come from
 * the tenant's signed configuration; in demo mode, where there is none, from `station.json`, for trying it out.
 *
 * A circuit breaker: who failed is not asked for a while, so that guests do not wait for a dead network one after the other.
 * Before: `open-station.ts`. After: `signature-level.ts` at Done, `owed-time-stamps.ts` later.
 */
import { readFileSync } from 'node:fs';
import { readCertificate, type SigningKeys } from '#keys/index.ts';
import { StationError } from './errors.ts';
import type { Settings } from './settings.ts';

export interface TimeStampAuthority { url: string; roots: readonly Uint8Array[] }

export class CircuitBreaker {
  readonly #pauseMs: number;
  #until = 0;

  /** @param pauseMs how long it stays open after a failure */
  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** True: do not ask. */
  get open(): boolean {
    return performance.now() < this.#until;
  }

  failed(): void {
    this.#until = performance.now() + this.#pauseMs;
  }

  worked(): void {
    this.#until = 0;
  }
}

export class TimeStamping {
  readonly authority: CircuitBreaker;
  /** For lists and answers at the addresses in certificates. */
  readonly revocation: CircuitBreaker;
  readonly #ofDemo: TimeStampAuthority | null;

  private constructor(ofDemo: TimeStampAuthority | null, pauseMs: number) {
    this.#ofDemo = ofDemo;
    this.authority = new CircuitBreaker(pauseMs);
    this.revocation = new CircuitBreaker(pauseMs);
  }

  /** @throws StationError `SETTINGS_INVALID` */
  static open({ timeStamping, limits }: Pick<Settings, 'timeStamping' | 'limits'>): TimeStamping {
    return new TimeStamping(timeStamping === null ? null : { url: timeStamping.authority, roots: timeStamping.trust.map(readRoot) }, limits.timeStampPause);
  }

  /** Null: nobody is asked. */
  authorityFor({ demo, timeStamping }: Pick<SigningKeys, 'demo' | 'timeStamping'>): TimeStampAuthority | null {
    // what stands in `station.json` is not signed, and a tenant's station believes nobody by it
    if (demo) return this.#ofDemo;
    return timeStamping === null ? null : { url: timeStamping.authority, roots: timeStamping.roots };
  }
}

function readRoot(path: string): Uint8Array {
  try {
    return readCertificate(readFileSync(path));
  } catch (cause) {
    throw new StationError('SETTINGS_INVALID', `station.json.timeStamping.trust: ${path}: ${(cause as Error).message}`, { cause });
  }
}
