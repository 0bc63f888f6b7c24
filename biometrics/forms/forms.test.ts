import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import type { Sample } from '../sample.ts';
import { toCsv } from './csv.ts';
import { toJson } from './json.ts';

const [context] = fc.sample(arbitraryContext(), { numRuns: 1, seed: 5 });

/** Reads CSV the way RFC 4180 says, quotes included. */
function parseCsv(csv: string): string[][] {
  return csv.split('\r\n').slice(0, -1).map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!));
}

describe('the JSON form', () => {
  it('survives being written as text, and every sample can be read back from it by name', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      const form = JSON.parse(JSON.stringify(toJson({ version: 1, capture, context: context! }))) as ReturnType<typeof toJson>;
      expect(form).toMatchObject({ version: 1, document: context!.document, losses: capture.losses });
      const names = form.channels.map(({ name }) => name);
      expect(form.samples).toHaveLength(capture.samples.length);
      form.samples.forEach((row, index) => {
        const sample = capture.samples[index]!;
        for (const name of Object.keys(sample) as (keyof Sample)[]) {
          const cell = names.includes(name) ? row[names.indexOf(name)] : null;
          expect(cell, name).toEqual(typeof sample[name] === 'bigint' ? sample[name].toString() : sample[name]);
        }
      });
    }), { numRuns: 50 });
  });
});

describe('the CSV form', () => {
  it('has a header with units and one line per sample, with the numbers as they were', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      const [header, ...lines] = parseCsv(toCsv(capture));
      expect(lines).toHaveLength(capture.samples.length);
      const column = (name: string) => header!.findIndex((title) => title.startsWith(`${name} [`));
      lines.forEach((line, index) => {
        expect(line).toHaveLength(header!.length);
        const { pressure, marks, hostTime } = capture.samples[index]!;
        expect(Number(line[column('hostTime')])).toBe(hostTime);
        expect(Number(line[column('marks')])).toBe(marks);
        if (pressure !== null) expect(Number(line[column('pressure')])).toBe(pressure);
        else if (column('pressure') >= 0) expect(line[column('pressure')]).toBe('');
      });
    }), { numRuns: 50 });
  });

  it('names the unit of each column', () => {
    const [capture] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 2 });
    const perMm = { name: 'x' as const, unit: 'a,"b"', logicalMin: 0, logicalMax: 1, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false };
    const csv = toCsv({ ...capture!, samples: [{ ...capture!.samples[0]!, x: 1.5 }], source: { ...capture!.source, channels: [perMm] } });
    expect(csv.startsWith('"x [a,""b""]",y [count],')).toBe(true);
  });

  it('names the worth of one raw step where a physical range gives it, for the values stay raw', () => {
    const [capture] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 3 });
    const tilt = { name: 'x' as const, unit: 'deg', logicalMin: -9000, logicalMax: 9000, physicalMin: -9000, physicalMax: 9000, unitExponent: -2, perMm: null, rotation: null, derived: false };
    const csv = toCsv({ ...capture!, samples: [{ ...capture!.samples[0]!, x: 3149 }], source: { ...capture!.source, channels: [tilt] } });
    expect(csv.startsWith('x [0.01 deg],')).toBe(true);
    expect(csv).toContain('\r\n3149,');
  });
});
