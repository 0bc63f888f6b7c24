import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import { judge } from '#fixtures/needs.ts';
import type { Channel } from '../capture.ts';
import { RecordError } from '../errors.ts';
import { isDown, Switch, type Sample } from '../sample.ts';
import { fromInkMl, toInkMl } from './inkml.ts';
import { escapeXml, parseXml } from './xml.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const ink = (inside: string): string => `<ink xmlns="http://www.w3.org/2003/InkML">\n${inside}\n</ink>`;
const nothing: Sample = {
  x: 0, y: 0, z: null, pressure: null, tangentialPressure: null, tiltX: null, tiltY: null, azimuth: null, altitude: null, twist: null,
  battery: null, transducerSerial: null, deviceTime: null, hostTime: 0, switches: 0, marks: 0,
};
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

  it('says to xmllint what the pen, the size of its steps, the time and the document were, and what it left out', (test) => {
    const xmllint = judge(test, 'xmllint');
    const [capture, context] = fc.sample(fc.tuple(arbitraryCapture(), arbitraryContext()), { numRuns: 1, seed: 4 })[0]!;
    const channel = (name: Channel['name'], rest: Partial<Channel>): Channel => ({
      name, unit: 'count', logicalMin: 0, logicalMax: 1000, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false, ...rest,
    });
    const sample = (index: number, switches: number): Sample => ({
      ...nothing, x: 10 * index, y: -index / 4, pressure: index, tiltX: 9000 + index, azimuth: 1, hostTime: 500_000_000 + index * 5_000_000, switches,
    });
    const { bytes, notCarried } = toInkMl({
      ...capture,
      source: {
        ...capture.source, kind: 'hid', deviceClock: null, openedAt: '2026-11-27T02:00:00.000Z', device: { ...capture.source.device, name: 'Pen <1> & "2"', serialNumber: '7' },
        channels: [
          channel('x', { perMm: 100 }), channel('pressure', { logicalMax: 8191 }), channel('azimuth', { unit: 'rad', unitExponent: -4 }),
          channel('tiltX', { unit: 'deg', logicalMin: 0, logicalMax: 18_000, physicalMin: -90, physicalMax: 90 }),
        ],
      },
      samples: [sample(0, 0), sample(1, Switch.tip), sample(2, Switch.tip), sample(3, 0)],
    }, { ...context, document: { sha256: 'ab'.repeat(32), length: 77 }, tenant: 'Hotel "Ä" & <Co>' });
    const xpath = (query: string): string => execFileSync(xmllint, ['--xpath', query, '-'], { input: bytes, encoding: 'utf8' }).trimEnd();
    const all = (name: string): string => `//*[local-name()="${name}"]`;
    const of = (channel: string, attribute: string): string => xpath(`string(${all('channel')}[@name="${channel}"]/@${attribute})`);
    const steps = (channel: string): string => xpath(`concat(${all('channelProperty')}[@channel="${channel}" and @name="resolution"]/@value, " ", ${all('channelProperty')}[@channel="${channel}"]/@units)`);

    expect([xpath('namespace-uri(/*)'), xpath(`count(${all('trace')})`)]).toEqual(['http://www.w3.org/2003/InkML', '3']);
    expect([1, 2, 3].map((at) => xpath(`string(${all('trace')}[${at}]/@type)`))).toEqual(['penUp', 'penDown', 'penUp']);
    expect(xpath(`string(${all('trace')}[2])`)).toBe('10 -0.25 1 9001 1 5, 20 -0.5 2 9002 1 10');
    expect([of('T', 'units'), of('X', 'units'), of('F', 'max')]).toEqual(['ms', 'dev', '8191']);
    expect([steps('X'), steps('OTx'), steps('OA')]).toEqual(['100 1/mm', '100 1/deg', '10000 1/rad']);
    expect(xpath(`string(${all('timestamp')}/@timeString)`)).toBe('2026-11-27T02:00:00.500Z');
    expect(xpath(`concat("#", ${all('timestamp')}/@*[local-name()="id"])`)).toBe(of('T', 'respectTo'));
    expect(xpath(`concat(${all('inkSource')}/@model, "|", ${all('inkSource')}/@serialNo)`)).toBe('Pen <1> & "2"|7');
    expect(xpath(`string(${all('annotation')}[@type="documentSha256"])`)).toBe('ab'.repeat(32));
    expect(xpath(`string(${all('annotation')}[@type="tenant"])`)).toBe('Hotel "Ä" & <Co>');
    expect(Number(xpath(`count(${all('annotation')}[@type="notCarried"])`))).toBe(notCarried.length);
    expect(notCarried).toContain('tiltX: a raw value of 9000 stands for 0 deg; the form tells the size of a step only.');
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
    ['<a>'.repeat(20), 'too deep'],
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
