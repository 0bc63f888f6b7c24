/**
 * HID reports become samples, at full speed: a row of `SampleRows` for each report of a pen, nothing allocated.
 *
 * Before it: a report as it was read, and its time of arrival. After it: `PenSource`.
 * Values are the device's own, whatever they are: `row-marker.ts` marks what is odd. The reports themselves are kept
 * elsewhere, byte for byte.
 */
import type { Channel, Losses, PenSourceInfo } from '#biometrics/capture.ts';
import { Switch } from '#biometrics/sample.ts';
import { PenError } from '../../errors.ts';
import type { SampleRows } from '../../sample-rows.ts';
import type { ReportDescriptor } from '../descriptor/field.ts';
import { clockOf, describe } from './channels.ts';
import { mainReport, penReports, type PenReport } from './pen-report.ts';
import { ReportReader } from './report-reader.ts';
import { timingsOf, type ReportTiming } from './report-timing.ts';

/** A pen report with what its numbers mean. */
interface Layout { report: PenReport; channels: Channel[]; limits: string[]; reader: ReportReader; timing: ReportTiming; came: boolean }

export class PenDecoder {
  readonly #numbered: boolean;
  readonly #layouts: readonly Layout[];
  /** By report id. */
  readonly #byId: (Layout | undefined)[] = Array.from({ length: 256 });
  readonly #declared = new Uint8Array(256);
  readonly #others = new Float64Array(256);
  /** Bytes of the longest input report: Windows hands over every report with that length. */
  readonly #longest: number;
  #long = 0;
  #empty = 0;
  /** The report that came first; until then the one that is most likely to come. */
  #main: Layout;
  /** Of the report before. */
  #timing: ReportTiming;

  /** @throws PenError PEN_LAYOUT_UNKNOWN: no report of this device is a pen's */
  constructor(descriptor: ReportDescriptor) {
    this.#numbered = descriptor.numbered;
    const reports = penReports(descriptor);
    const timings = timingsOf(reports);
    this.#layouts = reports.map((one, index) => layoutOf(one, timings[index]!));
    const report = mainReport(reports);
    if (report === null) throw new PenError('PEN_LAYOUT_UNKNOWN', 'The report descriptor has no report of a pen: X and Y with Tip Pressure or Tip Switch.');
    this.#main = this.#layouts[reports.indexOf(report)]!;
    this.#timing = this.#main.timing;
    for (const layout of this.#layouts) this.#byId[layout.report.reportId] = layout;
    const inputs = descriptor.reports.filter(({ type }) => type === 'input');
    for (const { reportId } of inputs) this.#declared[reportId] = 1;
    this.#longest = Math.max(...inputs.map(({ bitLength }) => Math.ceil(bitLength / 8) + (this.#numbered ? 1 : 0)));
  }

  /** Of the report that came first, and what only others have. Final with the first sample: a device that has pen reports of different ranges sends one kind. */
  get channels(): Channel[] {
    const all = this.#ordered().flatMap(({ channels }) => channels);
    const named = all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
    return [...named, { ...NOTHING, name: 'hostTime', unit: 'ns', logicalMin: 0 }];
  }

  get deviceClock(): PenSourceInfo['deviceClock'] {
    return this.#ordered().map(({ report }) => clockOf(report)).find((clock) => clock !== null) ?? null;
  }

  /** Sentences for `PenSourceInfo.limits`. Final once the source has ended. */
  get limits(): string[] {
    const used = this.#ordered().filter((layout) => layout.came || layout === this.#main);
    return [...new Set([...used.flatMap(({ limits }) => limits), ...this.#limitOfSeveral()])];
  }

  /**
   * Fills the next row.
   * @param report with its id byte, if the device numbers its reports. @param hostTime arrival, ns
   * @returns false: not a pen's report, or one too short to have a position; it is counted, and no row was filled
   * @throws RangeError where `rows` is full: a sample must not be lost in silence
   */
  decode(report: Uint8Array, hostTime: number, rows: SampleRows): boolean {
    if (rows.length >= rows.capacity) throw new RangeError(`${rows.capacity} rows are full`);
    if (report.length === 0) return void this.#empty++, false;
    const id = this.#numbered ? report[0]! : 0;
    const layout = this.#byId[id];
    if (report.length > this.#longest) this.#long++;
    if (layout === undefined) return void this.#others[id]!++, false;
    if (!layout.reader.read(report, hostTime, rows)) return false;
    if (layout.timing !== this.#timing) this.#timing.paused();
    this.#timing = layout.timing;
    if (!layout.came) this.#first(layout);
    return true;
  }

  /** Counters beside those of `Mark`: `shortReport`, `longReport`, `nullState` values, `pause` (gaps that may be losses
   * or not, see `interval-loss.ts`), `otherReport N` and `undeclaredReport N` by report id. */
  findings(): { losses: Losses; anomalies: Record<string, number> } {
    const readers = this.#layouts.map(({ reader }) => reader);
    const timings = new Set(this.#layouts.map(({ timing }) => timing));
    const sum = <One>(all: Iterable<One>, count: (one: One) => number): number => [...all].reduce((total, one) => total + count(one), 0);
    const counted: [string, number][] = [
      ...readers.flatMap((reader) => Object.entries(reader.anomalies())),
      ['shortReport', sum(readers, ({ short }) => short) + this.#empty], ['longReport', this.#long], ['nullState', sum(readers, ({ nulls }) => nulls)],
      ['pause', sum(timings, ({ pauses }) => pauses)],
      ...Array.from(this.#others, (count, id): [string, number] => [`${this.#declared[id] === 1 ? 'otherReport' : 'undeclaredReport'} ${id}`, count]),
    ];
    const anomalies: Record<string, number> = {};
    for (const [name, count] of counted) if (count > 0) anomalies[name] = (anomalies[name] ?? 0) + count;
    return { losses: { count: sum(timings, ({ lost }) => lost), method: this.#main.timing.method }, anomalies };
  }

  /** The main one first. */
  #ordered(): Layout[] {
    return [this.#main, ...this.#layouts.filter((layout) => layout !== this.#main)];
  }

  /** The first report of its kind. */
  #first(layout: Layout): void {
    if (!this.#layouts.some(({ came }) => came)) this.#main = layout;
    layout.came = true;
  }

  #limitOfSeveral(): string[] {
    const different = this.#layouts.filter((layout) => differ(layout, this.#main));
    if (different.length === 0) return [];
    const ids = different.map(({ report }) => report.reportId).join(', ');
    const chosen = `The device has pen reports of different ranges; the channels are those of report ${this.#main.report.reportId}, not of ${ids}.`;
    return different.some(({ came }) => came) ? [chosen, 'Samples of this capture came in reports of different ranges: their numbers cannot be compared with one another.'] : [chosen];
  }
}

const NOTHING: Channel = { name: 'hostTime', unit: 'count', logicalMin: null, logicalMax: null, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false };

function layoutOf(report: PenReport, timing: ReportTiming): Layout {
  const described = report.numbers.map(describe);
  const channels = described.map(({ channel }) => channel);
  const limits = described.flatMap(({ limit }) => limit ?? []);
  const button = report.tipIsButton ? ['The device sends its pen as a mouse: its buttons 1, 2 and 3 are taken for the tip and two switches on the barrel.'] : [];
  const tip = report.switches.some(({ bit }) => bit === Switch.tip) ? [] : ['The pen has no tip switch: whether it touches is not known.'];
  return { report, channels, limits: [...limits, ...button, ...tip], reader: new ReportReader(report, channels, timing), timing, came: false };
}

/** Whether a channel that both have means something else, or their clocks tick otherwise. */
function differ(one: Layout, other: Layout): boolean {
  const [clock, otherClock] = [clockOf(one.report), clockOf(other.report)];
  if (clock !== null && otherClock !== null && JSON.stringify(clock) !== JSON.stringify(otherClock)) return true;
  return one.channels.some((channel) => {
    const same = other.channels.find(({ name }) => name === channel.name);
    return same !== undefined && JSON.stringify(same) !== JSON.stringify(channel);
  });
}
