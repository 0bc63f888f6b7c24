/**
 * InkML (W3C Recommendation 2011-09-20), written and read: raw values of every channel it names, one trace for each run of samples
 * with the tip down (`penDown`) or up (`penUp`), time in ms from the first sample, and document, place and station as annotations.
 *
 * Read are traces with explicit values under one trace format. Differences, intermittent channels, mappings, trace groups and
 * brushes are refused or passed over with a note: what cannot be read exactly is not guessed.
 */
import type { Capture } from '../capture.ts';
import type { RecordContext } from '../context.ts';
import { RecordError } from '../errors.ts';
import { MAX_SAMPLES } from '../limits.ts';
import { isDown, type ChannelName } from '../sample.ts';
import { channelOf } from '../units.ts';
import { filled, leftOut, milliseconds, type ForeignTable, type Written } from './form.ts';
import { escapeXml, parseXml, type XmlElement } from './xml.ts';

const NAMESPACE = 'http://www.w3.org/2003/InkML';

/** Section 3.1.2 of the recommendation: its names of our channels. */
const CHANNELS: [string, ChannelName][] = [
  ['X', 'x'], ['Y', 'y'], ['Z', 'z'], ['F', 'pressure'], ['OTx', 'tiltX'], ['OTy', 'tiltY'], ['OA', 'azimuth'], ['OE', 'altitude'], ['OR', 'twist'],
];

export function toInkMl(capture: Capture, context: RecordContext): Written {
  const notCarried = leftOut(capture, CHANNELS.map(([, name]) => name));
  const columns = CHANNELS.map(([ink, name]) => ({ ink, name, values: filled(capture, name, notCarried) })).filter(({ values }) => values !== null);
  const { ms } = milliseconds(capture);
  const described = columns.map(({ ink, name }) => {
    const channel = channelOf(capture.source, name);
    const bounds = ([['min', channel?.logicalMin], ['max', channel?.logicalMax]] as const)
      .map(([bound, value]) => (typeof value === 'number' ? ` ${bound}="${decimal(value)}"` : '')).join('');
    return `<channel name="${ink}" type="decimal"${bounds} units="dev"/>`;
  });
  const resolutions = columns.flatMap(({ ink, name }) => {
    const perMm = channelOf(capture.source, name)?.perMm ?? null;
    return perMm === null ? [] : [`<channelProperty channel="${ink}" name="resolution" value="${decimal(perMm)}" units="1/mm"/>`];
  });
  const point = (index: number): string => [...columns.map(({ values }) => values![index]!), ms[index]!].map(decimal).join(' ');
  const traces = runs(capture).map(({ down, from, to }) =>
    `<trace type="${down ? 'penDown' : 'penUp'}" contextRef="#c">${Array.from({ length: to - from }, (_none, index) => point(from + index)).join(', ')}</trace>`);
  const { device } = capture.source;
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>', `<ink xmlns="${NAMESPACE}">`,
    ...annotations(context), '<definitions>', '<context xml:id="c">', `<inkSource xml:id="s" description="${escapeXml(device.name)}">`,
    '<traceFormat>', ...described, '<channel name="T" type="decimal" units="ms"/>', '</traceFormat>',
    ...(resolutions.length > 0 ? ['<channelProperties>', ...resolutions, '</channelProperties>'] : []),
    '</inkSource>', '</context>', '</definitions>', ...traces, '</ink>', '',
  ].join('\n');
  notCarried.push('Units of raw values other than a resolution are not carried: they stand as "dev", units of the device.');
  return { bytes: new TextEncoder().encode(xml), notCarried };
}

function annotations({ document, field, tenant, site, station, time, demo }: RecordContext): string[] {
  const said = {
    documentSha256: document.sha256, field: field.name, page: String(field.page), tenant, site, station: station.id,
    signedAt: time.signedAt, ...(demo ? { demo: 'DEMO, not evidence' } : {}),
  };
  return Object.entries(said).map(([type, value]) => `<annotation type="${type}">${escapeXml(value)}</annotation>`);
}

function runs({ samples }: Capture): { down: boolean; from: number; to: number }[] {
  const found: { down: boolean; from: number; to: number }[] = [];
  samples.forEach((sample, index) => {
    const last = found.at(-1);
    if (last?.down === isDown(sample)) last.to = index + 1;
    else found.push({ down: isDown(sample), from: index, to: index + 1 });
  });
  return found;
}

/** A number without an exponent, which InkML's numbers do not have; exact. */
function decimal(value: number): string {
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const digits = whole! + fraction;
  const point = whole!.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length ? `${sign}${digits.padEnd(point, '0')}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** @throws RecordError `RECORD_MALFORMED` with the line, `RECORD_LIMIT` */
export function fromInkMl(xml: string): ForeignTable {
  const root = parseXml(xml);
  if (root.name !== 'ink' || root.attributes.get('xmlns') !== NAMESPACE) throw malformed(root, 'the root should be ink of the InkML namespace');
  const formats = find(root, 'traceFormat');
  if (formats.length !== 1) throw malformed(root, 'there should be one traceFormat');
  const channels = formats[0]!.children.map((element) => channelFrom(element));
  if (!channels.some(({ name }) => name === 'time')) throw malformed(formats[0]!, 'no channel T in ms');
  const rows: number[][] = [];
  for (const trace of root.children.filter(({ name }) => name === 'trace')) {
    const tip = trace.attributes.get('type') === 'penUp' ? 0 : 1;
    for (const point of trace.text.split(',')) rows.push([...pointFrom(trace, point, channels.length), tip]);
    if (rows.length > MAX_SAMPLES) throw new RecordError('RECORD_LIMIT', `line ${trace.line}: more than ${MAX_SAMPLES} points`);
  }
  const passed = new Set(root.children.map(({ name }) => name).filter((name) => !['trace', 'definitions', 'context'].includes(name)));
  return {
    columns: [...channels, { name: 'tip', unit: 'bits', min: 0, max: 1, scaling: null }],
    rows,
    notes: passed.size > 0 ? [`In the file and passed over: ${[...passed].slice(0, 10).map((name) => name.slice(0, 40)).join(', ')}.`] : [],
  };
}

function find(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => (child.name === name ? [child] : find(child, name)));
}

function channelFrom(element: XmlElement): ForeignTable['columns'][number] {
  const given = element.attributes.get('name');
  if (element.name !== 'channel' || given === undefined) throw malformed(element, 'a trace format of other than plain channels is not read');
  const unit = element.attributes.get('units') ?? 'count';
  if (given === 'T' && unit !== 'ms') throw malformed(element, 'time should be in ms');
  const bound = (name: string): number | null => {
    const text = element.attributes.get(name);
    return text === undefined ? null : numberFrom(element, text);
  };
  const name = given === 'T' ? 'time' : CHANNELS.find(([ink]) => ink === given)?.[1] ?? given;
  return { name, unit: unit === 'dev' ? 'count' : unit, min: bound('min'), max: bound('max'), scaling: null };
}

function pointFrom(trace: XmlElement, point: string, length: number): number[] {
  const values = point.trim().split(/\s+/);
  if (values.length !== length) throw malformed(trace, `a point of ${values.length} values where the format has ${length}`);
  return values.map((value) => numberFrom(trace, value));
}

function numberFrom(element: XmlElement, text: string): number {
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text) || !Number.isFinite(Number(text))) throw malformed(element, `"${text.slice(0, 40)}" is no explicit decimal number`);
  return Number(text);
}

function malformed({ line }: XmlElement, says: string): RecordError {
  return new RecordError('RECORD_MALFORMED', `line ${line}: ${says}`);
}
