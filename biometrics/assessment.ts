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
  return { software, findings, summary: summaryOf(findings) };
}

/** What was measured first, then what limits an examination. A list of warnings is no judgement, and neither is an empty one. */
function summaryOf(findings: readonly Finding[]): string {
  const told = (severity: Finding['severity']): string[] => findings.filter((finding) => finding.severity === severity).map(({ message }) => sentence(message));
  const warnings = told('warning');
  const heading = warnings.length === 0 ? 'None of the checks that were made gives a warning.' : 'To be considered in an examination:';
  return [...told('info'), heading, ...warnings].join(' ');
}

function sentence(message: string): string {
  const begun = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
