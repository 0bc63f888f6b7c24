import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Notices, type Notice } from './notices.ts';

const declined = (words: string): Notice => ({ code: 'DECLINED', severity: 'info', message: `A guest declined to sign (content). The guest says: “${words}”` });
const full: Notice = { code: 'DISK_FULL', severity: 'error', message: 'The disk is full.' };
const codes = (): string[] => notices.list().map(({ code }) => code);
const changed = vi.fn<() => void>();
let notices: Notices;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  changed.mockReset();
  notices = new Notices(changed);
});
afterEach(() => { vi.useRealTimers(); });

test('what happened can be put away, twice too; how things stand cannot', () => {
  notices.set(full);
  notices.happened(declined('no'));
  expect(notices.list()).toEqual([{ ...full, happened: false }, { ...declined('no'), happened: true }]);
  notices.putAway('DECLINED');
  notices.putAway('DECLINED');
  expect(() => notices.putAway('DISK_FULL')).toThrow(expect.objectContaining({ code: 'NOT_NOW' }));
  expect(codes()).toEqual(['DISK_FULL']);
  notices.clear('DISK_FULL');
  expect(codes()).toEqual([]);
});

test('what happened is forgotten half a day after it happened the last time; how things stand is not', () => {
  const hours = (count: number): void => {
    vi.setSystemTime(Date.now() + count * 3_600_000);
    notices.forgetOld(Date.now());
  };
  notices.set(full);
  notices.happened(declined('no'));
  hours(11);
  expect(codes()).toEqual(['DISK_FULL', 'DECLINED']);
  notices.happened(declined('no'));
  hours(11);
  expect(codes()).toEqual(['DISK_FULL', 'DECLINED']);
  hours(2);
  expect(codes()).toEqual(['DISK_FULL']);
});

test('screens are told when there is something else to read, and only then', () => {
  const times = (act: () => void): number => {
    changed.mockClear();
    act();
    return changed.mock.calls.length;
  };
  expect([
    times(() => notices.happened(declined('no'))), times(() => notices.happened(declined('no'))), times(() => notices.happened(declined('never'))),
    times(() => notices.forgetOld(Date.now())), times(() => notices.putAway('DECLINED')), times(() => notices.clear('DECLINED')),
  ]).toEqual([1, 0, 1, 0, 1, 0]);
});
