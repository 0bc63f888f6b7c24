/**
 * Demo mode in verification: "DEMO, not evidence" is always told, and nothing made in demo mode is valid for someone
 * who trusts production roots only, whatever its certificates say.
 */
import { isDemo } from './chain.ts';
import type { Report, VerifyOptions } from './result.ts';

/** Call where a certificate, a packet or a sealed record says that it is a demo. */
export function tellDemo({ trust }: Pick<VerifyOptions, 'trust'>, report: Report): void {
  report.warn('DEMO', 'DEMO, not evidence: made in demo mode, with keys that prove nothing.');
  if (trust !== undefined && !trust.some(isDemo)) {
    report.doubt('CHAIN_CONSTRAINTS_FAILURE', 'DEMO_UNDER_PRODUCTION_ROOT', 'Made in demo mode: never valid under a production root.');
  }
}
