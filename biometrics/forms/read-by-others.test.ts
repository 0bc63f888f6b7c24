/**
 * What others read in the forms that any tool takes: Python's own readers of CSV, JSON, XML and text. Nothing of ours is in them but
 * the names of the columns. ISO/IEC 19794-7 has a reader of its own in `examiner/reader`.
 */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import { judge } from '#fixtures/needs.ts';
import type { Capture } from '../capture.ts';
import { isDown, type Sample } from '../sample.ts';
import { toCsv } from './csv.ts';
import { toInkMl } from './inkml.ts';
import { toJson } from './json.ts';
import { toSvc } from './svc.ts';

/** Each prints x, y, pressure and tip of every point, as far as the form has them. */
const READERS = {
  csv: `
rows = list(csv.reader(io.StringIO(text, newline='')))
at = {title.split(' [')[0]: place for place, title in enumerate(rows[0])}
out = [[float(row[at['x']]), float(row[at['y']]), float(row[at['pressure']]), int(row[at['switches']]) & 1] for row in rows[1:]]`,
  json: `
form = json.loads(text)
at = {channel['name']: place for place, channel in enumerate(form['channels'])}
out = [[row[at['x']], row[at['y']], row[at['pressure']], row[at['switches']] & 1] for row in form['samples']]`,
  inkml: `
ns = '{http://www.w3.org/2003/InkML}'
ink = ElementTree.fromstring(text.encode())
at = {channel.get('name'): place for place, channel in enumerate(ink.iter(ns + 'channel'))}
out = []
for trace in ink.iter(ns + 'trace'):
    for point in trace.text.split(','):
        values = point.split()
        out.append([float(values[at['X']]), float(values[at['Y']]), float(values[at['F']]), int(trace.get('type') == 'penDown')])`,
  svc: `
count, *lines = text.splitlines()
assert int(count) == len(lines)
out = [[float(values[0]), float(values[1]), float(values[6]), int(values[3])] for values in map(str.split, lines)]`,
};

const [[random, context]] = fc.sample(fc.tuple(arbitraryCapture(), arbitraryContext()), { numRuns: 1, seed: 7 }) as [[Capture, Parameters<typeof toInkMl>[1]]];
const sample = (index: number): Sample => ({
  x: 1000 - 3 * index, y: 17 * index - 40, z: null, pressure: 40 * (index % 9), tangentialPressure: null, tiltX: null, tiltY: null, azimuth: null, altitude: null,
  twist: null, battery: null, transducerSerial: null, deviceTime: null, hostTime: 7_000_000_000 + index * 5_000_000, switches: index % 9 === 0 ? 0 : 1, marks: 0,
});
const capture: Capture = { ...random, source: { ...random.source, deviceClock: null }, reports: null, samples: Array.from({ length: 40 }, (_, index) => sample(index)) };
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const FORMS = {
  csv: toCsv(capture), json: JSON.stringify(toJson({ version: 3, capture, context })), inkml: utf8(toInkMl(capture, context).bytes), svc: utf8(toSvc(capture).bytes),
};

test.for(Object.keys(READERS) as (keyof typeof READERS)[])('%s: every point, its pressure and whether the pen was down, by a reader that is not ours', (form, context) => {
  const program = `import csv, io, json, sys\nfrom xml.etree import ElementTree\ntext = sys.stdin.buffer.read().decode('utf-8')${READERS[form]}\nprint(json.dumps(out))`;
  const read: unknown = JSON.parse(execFileSync(judge(context, 'python3'), ['-I', '-c', program], { input: FORMS[form], encoding: 'utf8' }));
  expect(read).toEqual(capture.samples.map((each) => [each.x, each.y, each.pressure, Number(isDown(each))]));
});
