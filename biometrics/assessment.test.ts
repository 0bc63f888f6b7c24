import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { assess } from './assessment.ts';

it('the summary holds every finding as a sentence, what limits an examination last, and is the same each time', () => {
  fc.assert(fc.property(arbitraryCapture(), (capture) => {
    const { findings, summary } = assess(capture, 'countersign 0.1.0');
    for (const { message } of findings) expect(summary).toContain(message.slice(1));
    const warnings = findings.filter(({ severity }) => severity === 'warning');
    expect(summary.includes('To be considered in an examination: ')).toBe(warnings.length > 0);
    expect(summary.endsWith('None of the checks that were made gives a warning.')).toBe(warnings.length === 0);
    expect(assess(capture, 'countersign 0.1.0').summary).toBe(summary);
  }));
});
