import { describe, expect, it } from 'vitest';
import * as write from '#fixtures/hid/descriptor-builder.ts';
import { parseReportDescriptor } from '../descriptor/parse.ts';
import { reportValues } from './values.ts';

const DESKTOP = 0x01;
const BUTTON = 0x09;
const KEYS = 0x07;

const mouse = parseReportDescriptor(write.descriptor(
  write.usagePage(DESKTOP), write.usage(0x02), write.collection(write.APPLICATION), write.reportId(3),
  write.usagePage(BUTTON), write.usageMin(1), write.usageMax(3), write.logicalMin(0), write.logicalMax(1), write.reportSize(1), write.reportCount(3), write.input(write.DATA),
  write.reportSize(5), write.reportCount(1), write.input(write.CONSTANT),
  write.usagePage(DESKTOP), write.usage(0x30), write.usage(0x31), write.logicalMin(-127), write.logicalMax(127), write.reportSize(8), write.reportCount(2), write.input(write.DATA),
  write.usage(0x38), write.logicalMin(0), write.logicalMax(255), write.reportCount(2), write.input(write.DATA),
  write.endCollection,
));

const keys = parseReportDescriptor(write.descriptor(
  write.usagePage(DESKTOP), write.usage(0x06), write.collection(write.APPLICATION),
  write.usagePage(KEYS), write.usageMin(4), write.usageMax(29), write.logicalMin(1), write.logicalMax(26), write.reportSize(8), write.reportCount(3), write.input(write.ARRAY),
  write.endCollection,
));

describe('values of a report', () => {
  it('are signed where the logical minimum is below 0, leave the padding out, and repeat the last usage', () => {
    expect(reportValues(mouse, Uint8Array.of(3, 0b1111_1101, 0x81, 0x7f, 0x81, 0x02))).toEqual([
      [BUTTON, 1, 1], [BUTTON, 2, 0], [BUTTON, 3, 1], [DESKTOP, 0x30, -127], [DESKTOP, 0x31, 127], [DESKTOP, 0x38, 129], [DESKTOP, 0x38, 2],
    ]);
  });

  it('of an array name what is on; a number outside its range names nothing', () => {
    expect(reportValues(keys, Uint8Array.of(1, 26, 0))).toEqual([[KEYS, 4, 1], [KEYS, 29, 1]]);
    expect(reportValues(keys, Uint8Array.of(27, 255, 2))).toEqual([[KEYS, 5, 1]]);
  });

  it('are none for an id that the descriptor does not name, and for an empty report', () => {
    expect(reportValues(mouse, Uint8Array.of(4, 1, 2, 3, 4, 5))).toEqual([]);
    expect(reportValues(mouse, Uint8Array.of())).toEqual([]);
    expect(reportValues(keys, Uint8Array.of())).toEqual([]);
  });

  it('are what is wholly there of a short report; more than the fields is not looked at', () => {
    expect(reportValues(mouse, Uint8Array.of(3, 1, 5))).toEqual([[BUTTON, 1, 1], [BUTTON, 2, 0], [BUTTON, 3, 0], [DESKTOP, 0x30, 5]]);
    expect(reportValues(mouse, Uint8Array.of(3, 0, 0, 0, 0, 0, 9, 9))).toHaveLength(7);
  });
});
