/**
 * Fitness for examination: what an examiner should know of a capture before reading it. Findings, not a score; nothing here
 * decides whether a signature is accepted (`kiosk/station/policy.ts` does).
 */
import type { Capture } from './capture.ts';
import { findingsOf, type Finding } from './findings.ts';

export interface Assessment {
  /** Which program found it, name and version. */
  software: string;
  findings: Finding[];
  /** A few sentences in English that an examiner can quote. */
  summary: string;
}

export function assess(capture: Capture, software: string): Assessment {
  const findings = findingsOf(capture);
  return { software, findings, summary: findings.map(({ message }) => `${message[0]!.toUpperCase()}${message.slice(1)}.`).join(' ') };
}
