/** Out and in again: what comes back of a capture through each form, to the form's own resolution. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import type { Capture } from '../capture.ts';
import type { RecordContext } from '../context.ts';
import type { Sample } from '../sample.ts';
import { fromCsv, toCsv } from './csv.ts';
import { milliseconds, type ForeignTable } from './form.ts';
import { fromInkMl, toInkMl } from './inkml.ts';
import { fromIso19794, toIso19794 } from './iso19794-7.ts';
import { fromJson, toJson } from './json.ts';
import { recordingOf } from './recording.ts';
import { fromSvc, toSvc } from './svc.ts';

const [context] = fc.sample(arbitraryContext(), { numRuns: 1, seed: 5 }) as [RecordContext];
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const recorded = (table: ForeignTable): Capture => recordingOf(table, { form: 'any', driver: { name: 'test', version: '1' }, at: '2026-11-27T02:00:00Z' });

/** As devices describe themselves: one description for each channel, in units that there are. */
const captures = (): fc.Arbitrary<Capture> => arbitraryCapture().filter(({ samples }) => samples.length > 0).chain((capture) =>
  fc.constantFrom('count', 'mm', 'deg', 'ns', 'ratio').map((unit) => {
    const channels = [...new Map(capture.source.channels.map((channel) => [channel.name, { ...channel, unit }])).values()];
    return { ...capture, source: { ...capture.source, channels } };
  }));

/** Decimal text has no minus zero. */
const plain = (sample: Sample): Sample => Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, value === 0 ? 0 : value])) as unknown as Sample;

describe('out and in again', () => {
  it('JSON and CSV bring back every value of every sample', () => {
    fc.assert(fc.property(captures(), (capture) => {
      const expected = capture.samples.map(plain);
      expect(recorded(fromJson(JSON.stringify(toJson({ version: 3, capture, context })))).samples).toEqual(expected);
      expect(recorded(fromCsv(toCsv(capture))).samples).toEqual(expected);
    }), { numRuns: 60 });
  });

  const FORMS: [string, (capture: Capture) => ForeignTable, (capture: Capture) => number][] = [
    ['SVC', (capture) => fromSvc(text(toSvc(capture).bytes)), () => 0.5],
    ['InkML', (capture) => fromInkMl(text(toInkMl(capture, context).bytes)), () => 0],
    ['ISO/IEC 19794-7:2007', (capture) => fromIso19794(toIso19794(capture).bytes), (capture) => {
      const steps = /time: rounded to steps of (\S+) ms/.exec(toIso19794(capture).notCarried.join('\n'))?.[1];
      return steps === undefined ? 0 : Number(steps) / 2 + 0.5;
    }],
  ];
  it.each(FORMS)('%s brings back time to half its step', (_name, through, allowed) => {
    fc.assert(fc.property(captures(), (capture) => {
      const { ms } = milliseconds(capture);
      // clocks of a device, not of a property test: within a year
      fc.pre(ms.every((at) => Math.abs(at) < 3e10));
      const { columns, rows } = through(capture);
      const at = columns.findIndex(({ name }) => name === 'time');
      const times = rows.map((row) => row[at] as number);
      // the first time is rounded as well; doubles of this size are exact to less than a millionth
      const off = times.map((time, index) => Math.abs(time - times[0]! - ms[index]!));
      expect(Math.max(...off)).toBeLessThanOrEqual(2 * allowed(capture) + 1e-6 * (Math.max(...ms.map(Math.abs)) + 1));
    }), { numRuns: 60 });
  });
});
