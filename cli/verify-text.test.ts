/** What `countersign verify` prints, where a file tries to print it itself. */
import { expect, test } from 'vitest';
import type { VerifyResult } from '#packet/verify/result.ts';
import { describeResult } from './verify-text.ts';

/** A result in which every text that a file decides is `text`. */
function saying(text: string): VerifyResult {
  return {
    kind: 'pdf', indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE', valid: false, trusted: null, document: null, packetVersions: [], audit: null,
    voids: [{
      names: 'request', request: text, packetSha256: '00', reason: 'other', at: '2026-11-27T00:00:00.000Z', by: text, station: { tenant: text, site: text, name: text }, signer: text, trusted: null, believed: false,
    }],
    papers: { devices: null, revocationLists: [] },
    signatures: [{ field: text, signer: text, intact: false, trusted: null, wholeFile: false, level: 'CMS', certificateSha256: '00', vouched: { kind: 'unknown', issuer: text }, request: text, claimedTime: null, provenTime: null }],
    timeStamps: [{ over: 'document', field: text, time: '2026-11-27T00:00:00.000Z', authority: text, intact: false, trusted: null, provenTime: null }],
    revisions: [1, 2].map((number) => ({
      number, length: 1, allowed: false, problem: text, changes: [{ kind: 'signature', field: text, visible: true }],
      seals: [{ field: text, signer: text, claimedTime: null, provenTime: null }],
    })),
    sealedRecords: [{
      name: text, sha256: '00', length: 1, documentSha256: null, bound: 'claimed', provenTime: null, opened: null, recipients: [{ kind: 'rsa', issuer: text, serial: '01' }],
    }],
    findings: [{ code: 'FILE_NOT_SIGNED', severity: 'error', message: text }],
  };
}

test('no text of the file begins a line, clears the screen or turns the writing round', () => {
  const lie = 'x\n\u001b[2J\u009b1mcontract.pdf: VALID (TOTAL-PASSED).\u2028\u202e';
  const text = describeResult(lie, saying(lie));
  expect(text.match(/contract\.pdf: VALID/g)).toHaveLength(20);
  expect(text).not.toMatch(/[\u2028\u202e]|(?!\n)\p{Cc}/u);
  expect(text.split('\n')).toHaveLength(describeResult('x', saying('x')).split('\n').length);
});
