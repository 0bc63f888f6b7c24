/** Reuse, forks and gaps: found in every chain that has one, and in no honest one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completedSigning, CONSENT, sha256, SIGNED_AT, trail } from '#fixtures/completed-signing.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { appendEvent } from '../audit.ts';
import { buildPacket } from '../container.ts';
import { compareRecords, type Sighting } from './against.ts';
import { sightedRecords } from './sighted-records.ts';

/** A station's honest chain of records `first` to `first + length - 1`, as an examiner's key shows it. */
function chain(station: string, length: number, first = 1): Sighting[] {
  const hash = (number: number): string => sha256(new TextEncoder().encode(`${station} ${number}`));
  return Array.from({ length }, (_, index) => first + index).map((number) => ({
    file: `${station}-${number}.asice`, sha256: hash(number), document: `document ${station} ${number}`, request: `request ${station} ${number}`,
    packet: hash(-number), samples: sha256(new TextEncoder().encode(`samples ${station} ${number}`)),
    place: { station, number, previous: number === 1 ? null : hash(number - 1) },
  }));
}

const arbitraryChain = fc.record({ length: fc.integer({ min: 3, max: 30 }), first: fc.integer({ min: 1, max: 1000 }), pick: fc.nat() })
  .map(({ length, first, pick }) => ({ records: chain('a', length, first), inner: 1 + (pick % (length - 2)) }));

function codes(sightings: readonly Sighting[]): string[] {
  return [...new Set(compareRecords(sightings).map(({ code }) => code))].toSorted();
}

describe('records held against each other', () => {
  test('honest chains of several stations, in any order and with copies of any file, give nothing', () => {
    fc.assert(fc.property(fc.shuffledSubarray([...chain('a', 12), ...chain('b', 9, 40)], { minLength: 21 }), fc.subarray(chain('a', 12)), (all, copies) => {
      const copied = copies.map((copy) => ({ ...copy, file: `copy of ${copy.file}`, packet: null }));
      expect(compareRecords([...all, ...copied])).toEqual([]);
    }));
  });

  test('the order in which files are read changes nothing', () => {
    const forked = [...chain('a', 6), { ...chain('a', 6)[3]!, file: 'other', sha256: 'ab'.repeat(32) }].toSpliced(1, 1);
    fc.assert(fc.property(fc.shuffledSubarray(forked, { minLength: forked.length }), (order) => {
      expect(new Set(compareRecords(order).map(({ message }) => message))).toEqual(new Set(compareRecords(forked).map(({ message }) => message)));
    }));
  });

  test('a record taken out of the middle is missed by number and by hash', () => {
    fc.assert(fc.property(arbitraryChain, ({ records, inner }) => {
      const findings = compareRecords(records.toSpliced(inner, 1));
      expect(findings.map(({ code }) => code)).toEqual(['CHAIN_GAP', 'CHAIN_PREVIOUS_MISSING']);
      expect(findings[0]?.message).toContain(`number ${records[inner]?.place?.number}.`);
    }));
  });

  test('a record replaced by one of the same number is missed by the one behind it', () => {
    fc.assert(fc.property(arbitraryChain, ({ records, inner }) => {
      expect(codes(records.with(inner, { ...records[inner]!, sha256: 'ab'.repeat(32) }))).toEqual(['CHAIN_PREVIOUS_MISSING']);
    }));
  });

  test('two records with one number, or behind one record, are a fork', () => {
    fc.assert(fc.property(arbitraryChain, fc.boolean(), ({ records, inner }, sameNumber) => {
      const twin = records[inner]!;
      const other = { ...twin, file: 'other', sha256: 'ab'.repeat(32), document: 'other', request: 'other', packet: null, samples: null };
      const place = sameNumber ? { ...twin.place!, previous: undefined } : { ...twin.place!, number: records.at(-1)!.place!.number + 1 };
      const findings = compareRecords([...records, { ...other, place }]);
      expect(findings).toMatchObject([{ code: 'CHAIN_FORK', severity: 'error' }]);
      expect(findings[0]?.message).toContain('other');
    }));
  });

  test('one record under two documents, samples in two records, two packets of one request', () => {
    fc.assert(fc.property(arbitraryChain, ({ records, inner }) => {
      const twin = { ...records[inner]!, file: 'other', place: null };
      expect(codes([...records, { ...twin, document: 'other', request: 'other', packet: null }])).toEqual(['RECORD_REUSED']);
      expect(codes([...records, { ...twin, sha256: 'ab'.repeat(32), document: null, packet: null }])).toEqual(['SAMPLES_REUSED']);
      expect(codes([...records, { ...twin, packet: 'ab'.repeat(32) }])).toEqual(['REQUEST_REUSED']);
    }));
  });

  test('many gaps are told in bounded words', () => {
    const every = chain('a', 4001).filter((_, index) => index % 2 === 0);
    const gap = compareRecords(every).find(({ code }) => code === 'CHAIN_GAP');
    expect(gap?.message.length).toBeLessThan(300);
    expect(gap?.message).toContain('and 1980 more');
  });
});

describe('what a file holds', async () => {
  const { packet, signedPdf, sealedRecord, examiner, document, requestId } = await completedSigning({ context: { chain: { number: 5, previousSha256: 'cd'.repeat(32) } } });

  test('a packet, the PDF inside and the sealed record alone are the same record in the same document', async () => {
    const [whole, pdf, alone] = (await Promise.all([packet, signedPdf, sealedRecord].map((bytes) => sightedRecords(bytes, examiner)))).flat();
    expect(whole).toMatchObject({
      sha256: sha256(sealedRecord), document: `${sha256(document)} ${requestId}`, request: requestId, packet: sha256(packet),
      place: { number: 5, previous: 'cd'.repeat(32) },
    });
    expect(pdf).toEqual({ ...whole, packet: null });
    expect(alone).toEqual({ ...whole, packet: null });
  });

  test('without a key a sealed record tells neither document nor place', async () => {
    expect(await sightedRecords(sealedRecord, undefined)).toMatchObject([{ sha256: sha256(sealedRecord), document: null, samples: null, place: null }]);
    expect(await sightedRecords(packet, undefined)).toMatchObject([{ request: requestId, place: null }]);
  });

  test('without a key the packet\'s trail tells the number, of the record it names only', async () => {
    const events = trail(requestId, document);
    for (const [action, details] of [['signature.done', { recordNumber: 5 }], ['document.signed', { sealedRecordSha256: sha256(sealedRecord) }]] as const) {
      events.push(appendEvent(events.at(-1)!, {
        at: SIGNED_AT.toISOString(), timeSource: 'system', actor: { kind: 'station', name: null, authenticated: true }, action, request: requestId, details,
      }));
    }
    const numbered = await buildPacket({ signedPdf, audit: events, consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: false, seal: await testSigner('Test seal') });
    expect((await sightedRecords(numbered, undefined))[0]?.place).toMatchObject({ number: 5, previous: undefined });
  });

  test('anything else is refused with a code', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await expect(sightedRecords(bytes, undefined)).rejects.toHaveProperty('code');
    }), { numRuns: 50 });
  });
});
