import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import { judge } from '#fixtures/needs.ts';
import { RecordError } from '../errors.ts';
import { isDown } from '../sample.ts';
import { fromInkMl, toInkMl } from './inkml.ts';
import { escapeXml, parseXml } from './xml.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const ink = (inside: string): string => `<ink xmlns="http://www.w3.org/2003/InkML">\n${inside}\n</ink>`;
const FORMAT = '<traceFormat><channel name="X"/><channel name="Y" units="mm"/><channel name="T" units="ms"/></traceFormat>\n';

describe('InkML', () => {
  it('brings x, y, tip and every present pressure back exactly, over any capture', () => {
    fc.assert(fc.property(arbitraryCapture(), arbitraryContext(), (capture, context) => {
      const { columns, rows } = fromInkMl(text(toInkMl(capture, context).bytes));
      const at = (name: string): number => columns.findIndex((column) => column.name === name);
      expect(rows.map((row) => [row[at('x')], row[at('y')], row[at('tip')]])).toEqual(capture.samples.map((sample) => [sample.x, sample.y, Number(isDown(sample))]));
      capture.samples.forEach(({ pressure }, index) => { if (pressure !== null) expect(rows[index]![at('pressure')]).toBe(pressure); });
    }), { numRuns: 50 });
  });

  it('is well formed for xmllint', (test) => {
    const xmllint = judge(test, 'xmllint');
    for (const [capture, context] of fc.sample(fc.tuple(arbitraryCapture(), arbitraryContext()), { numRuns: 8, seed: 3 })) {
      execFileSync(xmllint, ['--noout', '-'], { input: toInkMl(capture, context).bytes });
    }
  });

  it('reads what others write: traces without a type are ink', () => {
    const { columns, rows } = fromInkMl(ink(`${FORMAT}<trace>1 2 0, -1.5 .5 10</trace><trace type="penUp">3 4 20</trace>`));
    expect(columns.map(({ name, unit }) => `${name} ${unit}`)).toEqual(['x count', 'y mm', 'time ms', 'tip bits']);
    expect(rows).toEqual([[1, 2, 0, 1], [-1.5, 0.5, 10, 1], [3, 4, 20, 0]]);
  });

  test.each([
    [ink(`${FORMAT}<trace>1 2 3,'1 '1 '5</trace>`), 'line 3: "\'1"'], [ink(`${FORMAT}<trace>1 2</trace>`), 'line 3: a point of 2'],
    [ink('<trace>1 2 3</trace>'), 'one traceFormat'], ['<ink/>', 'InkML namespace'], ['<!DOCTYPE ink [<!ENTITY a "b">]><ink/>', 'line 1: neither'],
    ['<ink>&nbsp;</ink>', 'one of the five'], ['<a><b></a>', 'closes nothing'], ['<a b="1" b="2"/>', 'twice'], ['<a/><a/>', 'one element'],
    ['<a>'.repeat(20), 'too deep'], [`<a>${'<b/>'.repeat(70_000)}</a>`, 'too many'],
  ])('refuses %j', (xml, message) => {
    expect(() => fromInkMl(xml)).toThrow(message);
  });

  it('refuses a file cut at any character', () => {
    const whole = ink(`${FORMAT}<!-- a --><trace type='penUp'>1 2 0, 3 4 5</trace>`);
    for (let length = 0; length < whole.length; length++) expect(() => fromInkMl(whole.slice(0, length)), String(length)).toThrow(RecordError);
  });
});

test('text comes back from XML as it was', () => {
  fc.assert(fc.property(fc.string(), (value) => {
    expect(parseXml(`<a b="${escapeXml(value)}">${escapeXml(value)}</a>`)).toMatchObject({ text: value, attributes: new Map([['b', value]]) });
  }));
});
