/**
 * A capture as JSON text, for recorded pens and test fixtures: readable, and exact but for a minus zero, which JSON
 * writes as 0. Samples are rows under one list of names; serial numbers are decimal text, bytes are Base64.
 * For evidence use `record.ts`.
 */
import { captureFrameMembers, type CaptureFrame } from './capture-shape.ts';
import type { Capture } from './capture.ts';
import { RecordError } from './errors.ts';
import { MAX_REPORTS, MAX_SAMPLES } from './limits.ts';
import { CHANNELS, type Sample } from './sample.ts';
import { integer, list, nullable, number, object, text, type Shape } from './shape.ts';

const COLUMNS = [...CHANNELS, 'transducerSerial', 'switches', 'marks'] as const;

type Cell = number | string | null;

interface CaptureJson extends Omit<CaptureFrame, 'source'> {
  source: Omit<CaptureFrame['source'], 'descriptor'> & { descriptor: string | null };
  samples: { columns: string[]; rows: Cell[][] };
  reports: { hostTime: number; bytes: string }[] | null;
}

/** @returns JSON text that `captureFromJson` reads back to an equal capture. */
export function captureToJson(capture: Capture): string {
  const { source, samples, reports, ...frame } = capture;
  const json: CaptureJson = {
    ...frame,
    source: { ...source, descriptor: source.descriptor && toBase64(source.descriptor) },
    samples: { columns: [...COLUMNS], rows: samples.map(row) },
    reports: reports && reports.map(({ hostTime, bytes }) => ({ hostTime, bytes: toBase64(bytes) })),
  };
  return JSON.stringify(json);
}

/** Reads what `captureToJson` wrote. @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function captureFromJson(json: string): Capture {
  const { samples, reports, ...frame } = captureShape(parse(json), 'capture');
  if (samples.columns.join() !== COLUMNS.join()) {
    throw new RecordError('RECORD_MALFORMED', `capture.samples.columns: should be ${COLUMNS.join()}`);
  }
  return { ...frame, samples: samples.rows, reports };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new RecordError('RECORD_MALFORMED', 'not JSON', { cause: error });
  }
}

function row(sample: Sample): Cell[] {
  return COLUMNS.map((name) => {
    const value = sample[name];
    return typeof value === 'bigint' ? value.toString() : value;
  });
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

const base64: Shape<Uint8Array> = (value, where) => {
  try {
    return Uint8Array.from(atob(text(value, where)), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new RecordError('RECORD_MALFORMED', `${where}: should be Base64`, { cause: error });
  }
};

const set = integer(0, 2 ** 32 - 1);

const sampleRow: Shape<Sample> = (value, where) => {
  const cells = list((cell) => cell, COLUMNS.length)(value, where);
  const cell = <T>(name: keyof Sample, shape: Shape<T>): T => shape(cells[COLUMNS.indexOf(name)], `${where}.${name}`);
  const channel = (name: keyof Sample): number | null => cell(name, nullable(number));
  return {
    x: cell('x', number), y: cell('y', number), z: channel('z'), pressure: channel('pressure'),
    tangentialPressure: channel('tangentialPressure'), tiltX: channel('tiltX'), tiltY: channel('tiltY'),
    azimuth: channel('azimuth'), altitude: channel('altitude'), twist: channel('twist'), battery: channel('battery'),
    transducerSerial: cell('transducerSerial', nullable(serial)), deviceTime: channel('deviceTime'),
    hostTime: cell('hostTime', number), switches: cell('switches', set), marks: cell('marks', set),
  };
};

const serial: Shape<bigint> = (value, where) => {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) {
    throw new RecordError('RECORD_MALFORMED', `${where}: should be a number as decimal text`);
  }
  return BigInt(value);
};

/** The source's own shape wants bytes where JSON has Base64. */
const source: Shape<CaptureFrame['source']> = (value, where) => {
  const given = value as { descriptor?: unknown } | null;
  return captureFrameMembers.source({ ...given, descriptor: nullable(base64)(given?.descriptor, `${where}.descriptor`) }, where);
};

const captureShape = object<CaptureFrame & { samples: { columns: string[]; rows: Sample[] }; reports: Capture['reports'] }>({
  ...captureFrameMembers,
  source,
  samples: object({ columns: list(text), rows: list(sampleRow, MAX_SAMPLES) }),
  reports: nullable(list(object({ hostTime: number, bytes: base64 }), MAX_REPORTS)),
});
