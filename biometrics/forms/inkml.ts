/**
 * InkML (W3C Recommendation 2011-09-20), written and read: raw values of every channel it names, one trace for each run of samples
 * with the tip down (`penDown`) or up (`penUp`), time in ms from the first sample with the wall clock of that one, the size of a raw
 * step where it is known, and as annotations the context of the capture and what the form could not carry.
 *
 * Read are traces with explicit values under one trace format. Differences, intermittent channels, mappings, trace groups and
 * brushes are refused or passed over with a note: what cannot be read exactly is not guessed. README.md says who judged it.
 */
import type { Capture, Channel } from '../capture.ts';
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
  const { source } = capture;
  const notCarried = leftOut(capture, CHANNELS.map(([, name]) => name));
  const columns = CHANNELS.map(([ink, name]) => ({ ink, channel: channelOf(source, name), values: filled(capture, name, notCarried) }))
    .filter(({ values }) => values !== null);
  const { ms } = milliseconds(capture);
  const begins = firstSampleAt(capture);
  const described = columns.map(({ ink, channel }) => `<channel name="${ink}" type="decimal"${bounds(channel)} units="dev"/>`);
  const resolutions = columns.flatMap(({ ink, channel }) => resolution(ink, channel, notCarried));
  notCarried.push(
    'The direction of axes and angles is not carried: y, azimuth and twist grow as the device counts them.',
    'Levels of pressure are no force, and are not given in newtons.',
  );
  const point = (index: number): string => [...columns.map(({ values }) => values![index]!), ms[index]!].map(decimal).join(' ');
  const traces = runs(capture).map(({ down, from, to }) =>
    `<trace type="${down ? 'penDown' : 'penUp'}" contextRef="#c">${Array.from({ length: to - from }, (_none, index) => point(from + index)).join(', ')}</trace>`);
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>', `<ink xmlns="${NAMESPACE}">`,
    ...annotations(capture, context), ...notCarried.map((sentence) => annotation('notCarried', sentence)),
    '<definitions>', '<context xml:id="c">', inkSource(source),
    '<traceFormat>', ...described, `<channel name="T" type="decimal"${begins === null ? '' : ' respectTo="#t"'} units="ms"/>`, '</traceFormat>',
    ...(resolutions.length > 0 ? ['<channelProperties>', ...resolutions, '</channelProperties>'] : []),
    '</inkSource>', ...(begins === null ? [] : [`<timestamp xml:id="t" timeString="${begins}"/>`]),
    '</context>', '</definitions>', ...traces, '</ink>', '',
  ].join('\n');
  return { bytes: new TextEncoder().encode(xml), notCarried };
}

/** By the clock of the host, RFC 3339 UTC to the ms; null without samples, or where it is no time that a calendar has. */
function firstSampleAt({ source, samples }: Capture): string | null {
  const at = new Date(Date.parse(source.openedAt) + (samples[0]?.hostTime ?? NaN) / 1e6);
  const text = Number.isNaN(at.getTime()) ? '' : at.toISOString();
  return /^\d{4}-/.test(text) ? text : null;
}

function inkSource({ device, kind, instrument, driver }: Capture['source']): string {
  const attributes = {
    model: device.name, ...(device.serialNumber === null ? {} : { serialNo: device.serialNumber }),
    description: `${instrument}, source class ${kind}, read by ${driver.name} ${driver.version}`,
  };
  return `<inkSource xml:id="s"${Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('')}>`;
}

function bounds(channel: Channel | null): string {
  return ([['min', channel?.logicalMin], ['max', channel?.logicalMax]] as const)
    .map(([bound, value]) => (typeof value === 'number' ? ` ${bound}="${decimal(value)}"` : '')).join('');
}

/** Raw steps in one mm, degree or radian: the unit "dev" counts in steps of the resolution. */
function resolution(ink: string, channel: Channel | null, notCarried: string[]): string[] {
  if (channel === null) return [];
  const { name, unit, perMm, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent } = channel;
  const property = (steps: number, per: string): string[] =>
    Number.isFinite(steps) && steps > 0 ? [`<channelProperty channel="${ink}" name="resolution" value="${decimal(steps)}" units="1/${per}"/>`] : [];
  if (perMm !== null) return property(perMm, 'mm');
  if (unit !== 'deg' && unit !== 'rad') return [];
  const scale = 10 ** (unitExponent ?? 0);
  if (logicalMin === null || logicalMax === null || physicalMin === null || physicalMax === null) return property(1 / scale, unit);
  const steps = (logicalMax - logicalMin) / (physicalMax - physicalMin);
  const zero = logicalMin - physicalMin * steps;
  if (zero !== 0 && Number.isFinite(zero)) notCarried.push(`${name}: a raw value of ${zero} stands for 0 ${unit}; the form tells the size of a step only.`);
  return property(steps / scale, unit);
}

function annotations({ source, losses }: Capture, { requestId, document, field, tenant, site, station, consent, chain, attempts, clears, time, demo }: RecordContext): string[] {
  const said: Record<string, string> = {
    requestId, documentSha256: document.sha256, documentLength: String(document.length), field: field.name, page: String(field.page),
    tenant, site, station: station.id, software: station.software, ...(station.tablet === null ? {} : { tablet: station.tablet }),
    recordNumber: String(chain.number), attempts: String(attempts), clears: String(clears),
    consentSha256: consent.sha256, consentVersion: consent.version, consentLanguage: consent.language, signedAt: time.signedAt, host: source.host,
    losses: losses.method === 'unknown' ? 'unknown: nothing could have noticed them' : `${losses.count}, noticed by ${losses.method}`,
    ...(demo ? { demo: 'DEMO, not evidence' } : {}),
  };
  return Object.entries(said).map(([type, value]) => annotation(type, value));
}

function annotation(type: string, value: string): string {
  return `<annotation type="${type}">${escapeXml(value)}</annotation>`;
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
    const points = trace.text.split(',', MAX_SAMPLES + 1 - rows.length);
    if (rows.length + points.length > MAX_SAMPLES) throw new RecordError('RECORD_LIMIT', `line ${trace.line}: more than ${MAX_SAMPLES} points`);
    for (const point of points) rows.push([...pointFrom(trace, point, channels.length), tip]);
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
  const values = point.trim().split(/\s+/, length + 1);
  if (values.length !== length) throw malformed(trace, `a point of ${values.length}${values.length > length ? ' or more' : ''} values where the format has ${length}`);
  return values.map((value) => numberFrom(trace, value));
}

function numberFrom(element: XmlElement, text: string): number {
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text) || !Number.isFinite(Number(text))) throw malformed(element, `"${text.slice(0, 40)}" is no explicit decimal number`);
  return Number(text);
}

function malformed({ line }: XmlElement, says: string): RecordError {
  return new RecordError('RECORD_MALFORMED', `line ${line}: ${says}`);
}
