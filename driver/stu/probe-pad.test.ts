import { expect, test } from 'vitest';
import fc from 'fast-check';
import { padOverHid } from '#fixtures/stu-pad/pad-hid.ts';
import { PAD_MODELS, type PadModelName } from '#fixtures/stu-pad/pad-models.ts';
import { padReportDescriptor } from '#fixtures/stu-pad/pad-descriptor.ts';
import { StuPad } from '#fixtures/stu-pad/stu-pad.ts';
import { PenError } from '../errors.ts';
import { parseReportDescriptor } from '../hid/descriptor/parse.ts';
import { decodeCapability, unitsPerMm } from './capability.ts';
import { hidStuLink } from './hid-stu-link.ts';
import { decodeInformation, decodeSerialNumber } from './information.ts';
import { modelOfName, modelOfProduct, STU_MODELS } from './models.ts';
import { probePad } from './probe-pad.ts';
import { REPORT_LENGTH, Report } from './report-ids.ts';
import { decodeStatus, settableIn, statusWords, resultWords } from './status.ts';

test.each([
  ['STU-300', { serial: '00001234', levels: 512, rate: 200, clock: 'none', colours: 2, size: null }],
  ['STU-500', { serial: '00001234', levels: 512, rate: 200, clock: 'sequence', colours: 2, size: null }],
  ['STU-520', { serial: '00001234', levels: 512, rate: 200, clock: 'device-clock', colours: 65_536, size: { width: 104, height: 65 } }],
  ['STU-430', { serial: '9JBQ000123', levels: 1_024, rate: 200, clock: 'both', colours: 2, size: { width: 96, height: 60 } }],
  ['STU-430V', { serial: '9JBQ000123', levels: 1_024, rate: 200, clock: 'both', colours: 2, size: { width: 96, height: 60 } }],
  ['STU-530', { serial: '9JBQ000123', levels: 1_024, rate: 200, clock: 'both', colours: 16_777_216, size: { width: 108, height: 65 } }],
  ['STU-540', { serial: '9KQS0B1000042', levels: 1_024, rate: 200, clock: 'both', colours: 16_777_216, size: { width: 108, height: 65 } }],
] as const)('%s says what it is and can do', async (name, { serial, levels, rate, clock, colours, size }) => {
  const link = hidStuLink(padOverHid(new StuPad(name)));
  const [width, height] = PAD_MODELS[name].screen;
  expect((await probePad(link)).attached).toEqual({
    kind: 'stu-hid', name: `Wacom ${name}`, vendorId: 0x056a, productId: PAD_MODELS[name].productId, serialNumber: serial, bus: 'USB', layout: 'protocol',
    gives: { pressureLevels: levels, tilt: 'none', twist: false, inAir: true, rate, clock, sizeMm: size },
    pad: { width, height, colours },
  });
});

test('a 500 numbers its reports from firmware 2.03 on', async () => {
  for (const [firmware, clock] of [[[1, 4], 'none'], [[2, 2], 'none'], [[2, 3], 'sequence'], [[3, 0], 'sequence']] as const) {
    expect((await probePad(hidStuLink(padOverHid(new StuPad('STU-500', { firmware }))))).attached.gives?.clock).toBe(clock);
  }
});

test('names and numbers of the models, and of those that are none', () => {
  expect(STU_MODELS.map(({ productId }) => modelOfProduct(productId)?.name)).toEqual(STU_MODELS.map(({ name }) => name));
  expect(['STU-520A', 'STU-430V', 'STU-430', 'stu-540 ', 'STU-541', 'DTU-1141', ''].map((name) => modelOfName(name)?.name ?? null))
    .toEqual(['STU-520', 'STU-430V', 'STU-430', 'STU-540', null, null, null]);
  expect(modelOfProduct(0xa9)).toBeNull();
});

test('what is no STU pad, or a broken one, is told', async () => {
  const answering = (answers: Record<number, number[]>) => hidStuLink({ ...padOverHid(new StuPad('STU-430')), getFeature: async (id: number) => Uint8Array.from(answers[id] ?? []) });
  const named = [8, ...Buffer.from('DTU-1141\0'), 1, 0, 0, 0, 0, 0, 0];
  await expect(probePad(answering({ 8: named }))).rejects.toMatchObject({ code: 'PEN_LAYOUT_UNKNOWN', message: expect.stringContaining('DTU-1141') as string });
  await expect(probePad(answering({ 8: [8, 1, 2] }))).rejects.toMatchObject({ code: 'PEN_SILENT', message: expect.stringContaining('17 bytes') as string });
  await expect(probePad(answering({ 8: named, 9: Array.from({ length: 17 }, (_, index) => (index === 0 ? 9 : 0)) }), 0xa4)).rejects.toMatchObject({ code: 'PEN_SILENT', message: expect.stringContaining('maxX is 0') as string });
});

test('every answer reads back, whatever is in it, and one that is cut short or of another report is refused', () => {
  const big = (value: number): number[] => [value >> 8, value & 255];
  const some = fc.integer({ min: 1, max: 65_535 });
  fc.assert(fc.property(fc.tuple(some, some, some, some, some), fc.nat(255), fc.nat(65_535), fc.nat(15), ([maxX, maxY, maxPressure, screenWidth, screenHeight], maxReportRate, resolution, encodings) => {
    const report = Uint8Array.from([9, ...[maxX, maxY, maxPressure, screenWidth, screenHeight].flatMap(big), maxReportRate, ...big(resolution), encodings, 0, 0]);
    const capability = decodeCapability(report);
    expect(capability).toEqual({ maxX, maxY, maxPressure, screenWidth, screenHeight, maxReportRate, resolution, encodings });
    expect(unitsPerMm(capability)).toBe(resolution === 0 ? null : resolution / 25.4);
    expect(() => decodeCapability(report.slice(0, 16))).toThrow(PenError);
    expect(() => decodeCapability(Uint8Array.of(8, ...report.slice(1)))).toThrow(PenError);
  }));
  const ascii = (length: number) => fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: length });
  fc.assert(fc.property(ascii(9), fc.nat(255), fc.nat(255), (modelName, major, minor) => {
    const report = Uint8Array.from([8, ...Buffer.from(modelName.padEnd(9, '\0')), major, minor, 1, 1, 2, 3, 4]);
    expect(decodeInformation(report)).toEqual({ modelName, firmware: [major, minor], secureIc: '1.2.3.4' });
  }));
  fc.assert(fc.property(ascii(13), ascii(10), fc.nat(0xffffffff), (eserial, uid2, uid) => {
    expect(decodeSerialNumber('eserial', Uint8Array.from([0x0f, ...Buffer.from(eserial.padEnd(13, '\0'))]))).toBe(eserial || null);
    expect(decodeSerialNumber('uid2', Uint8Array.from([0x0b, ...Buffer.from(uid2.padEnd(10, '\0'))]))).toBe(uid2 || null);
    expect(decodeSerialNumber('uid', Uint8Array.from([0x0a, ...big(uid >>> 16), ...big(uid & 65_535)]))).toBe(uid === 0 ? null : uid.toString(16).padStart(8, '0'));
  }));
  fc.assert(fc.property(fc.nat(255), fc.nat(255), (status, result) => {
    expect(decodeStatus(Uint8Array.of(3, status, result, 0, 0))).toEqual({ status, result });
    expect(statusWords(status)).toContain(`(0x${status.toString(16).padStart(2, '0')})`);
    expect(resultWords(result)).toContain(`(0x${result.toString(16).padStart(2, '0')})`);
  }));
});

test('what wears out a pad for no good is not to be set at all', () => {
  for (const id of [Report.uid, Report.dhPrime, Report.dhBase, 0x0c, 0x2f, ...Array.from({ length: 12 }, (_, index) => 0x90 + index)]) expect(settableIn(id)).toEqual([]);
});

test('the descriptor of the emulated pad declares every report with its length', () => {
  for (const name of Object.keys(PAD_MODELS) as PadModelName[]) {
    const { reports } = parseReportDescriptor(padReportDescriptor(PAD_MODELS[name]));
    const length = (id: number, type: string): number => 1 + reports.find((report) => report.reportId === id && report.type === type)!.bitLength / 8;
    expect(length(Report.status, 'feature')).toBe(REPORT_LENGTH.status);
    expect(length(Report.information, 'feature')).toBe(REPORT_LENGTH.information);
    expect(length(Report.imageBlock, 'feature')).toBe(256);
    expect(length(Report.penTimedEncrypted, 'input')).toBe(17);
  }
});
