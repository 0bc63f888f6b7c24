/**
 * A foreign table as a capture of kind `recorded`, for replay, comparison and tests. Not evidence: nothing is known of the device,
 * of what moved on it, of what got lost, nor of who made the file, and the capture says so in its limits.
 */
import type { Capture } from '../capture.ts';
import { RecordError } from '../errors.ts';
import { CHANNELS, Switch, type ChannelName, type Sample } from '../sample.ts';
import { text } from '../shape.ts';
import type { ForeignTable } from './form.ts';

/**
 * @param form in words, e.g. "InkML". @param driver the program that imports. @param at when, RFC 3339 UTC.
 * @throws RecordError `RECORD_MALFORMED` where x, y or any time is missing, or a value is not what its column wants
 */
export function recordingOf(table: ForeignTable, { form, driver, at }: { form: string; driver: Capture['source']['driver']; at: string }): Capture {
  const { columns, rows, notes } = table;
  const names = columns.map(({ name }) => name);
  if (!names.includes('x') || !names.includes('y')) throw new RecordError('RECORD_MALFORMED', 'the file has no x and y');
  const time = names.includes('hostTime') ? 'hostTime' : 'time';
  if (!names.includes(time)) throw new RecordError('RECORD_MALFORMED', 'the file has no time');
  const known = [...CHANNELS, 'transducerSerial', 'switches', 'marks', 'time', 'tip'];
  const unknown = names.filter((name) => !known.includes(name));
  return {
    source: {
      kind: 'recorded', instrument: 'pen',
      device: { name: 'unknown', vendorId: null, productId: null, serialNumber: null, firmware: null, bus: null },
      driver, host: 'unknown',
      channels: columns.filter(({ name }) => isChannel(name)).map(({ name, unit, min, max }) => ({
        name: name as ChannelName, unit: text(unit, name), logicalMin: min, logicalMax: max,
        physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false,
      })),
      deviceClock: null,
      limits: [
        `Imported from a file in the form ${form}: nothing is known of the device, of what moved on it, of losses, or of who made the file. Time is what the file says.`,
        ...notes,
        ...(unknown.length > 0 ? [`In the file and not here: ${unknown.join(', ')}.`.slice(0, 1000)] : []),
      ],
      descriptor: null, openedAt: at,
    },
    surface: null,
    samples: rows.map((row, index) => sampleOf((name) => row[names.indexOf(name)] ?? null, time, index)),
    losses: { count: 0, method: 'unknown' }, anomalies: {}, reports: null, complete: true,
  };
}

function isChannel(name: string): name is ChannelName {
  return (CHANNELS as readonly string[]).includes(name);
}

function sampleOf(cell: (name: string) => number | string | null, time: string, index: number): Sample {
  const wrong = (name: string): RecordError => new RecordError('RECORD_MALFORMED', `sample ${index}: ${name} is missing or not a number of its kind`);
  const maybe = (name: string): number | null => {
    const value = cell(name);
    if (typeof value === 'string') throw wrong(name);
    return value;
  };
  const value = (name: string): number => {
    const given = maybe(name);
    if (given === null) throw wrong(name);
    return given;
  };
  const bits = (name: string, otherwise: number): number => {
    const given = maybe(name) ?? otherwise;
    if (!Number.isInteger(given) || given < 0 || given >= 2 ** 32) throw wrong(name);
    return given;
  };
  const serial = cell('transducerSerial');
  if (serial !== null && !(typeof serial === 'string' && /^\d{1,20}$/.test(serial))) throw wrong('transducerSerial');
  return {
    x: value('x'), y: value('y'), z: maybe('z'), pressure: maybe('pressure'), tangentialPressure: maybe('tangentialPressure'),
    tiltX: maybe('tiltX'), tiltY: maybe('tiltY'), azimuth: maybe('azimuth'), altitude: maybe('altitude'), twist: maybe('twist'),
    battery: maybe('battery'), transducerSerial: serial === null ? null : BigInt(serial), deviceTime: maybe('deviceTime'),
    hostTime: time === 'time' ? Math.round(value(time) * 1e6) : value(time),
    switches: bits('switches', maybe('tip') === 1 ? Switch.tip : 0), marks: bits('marks', 0),
  };
}
