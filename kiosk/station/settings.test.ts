import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, readSettings } from './settings.ts';

const home = mkdtempSync(join(tmpdir(), 'countersign-settings-'));
afterAll(() => rmSync(home, { recursive: true }));

function read(value: unknown) {
  writeFileSync(join(home, 'station.json'), typeof value === 'string' ? value : JSON.stringify(value));
  return readSettings(home);
}

describe('station.json', () => {
  test('may be missing', () => {
    expect(readSettings(join(home, 'elsewhere'))).toEqual(DEFAULT_SETTINGS);
  });

  test('the defaults are what the design says', () => {
    const { limits } = DEFAULT_SETTINGS;
    expect(limits).toMatchObject({
      documentBytes: 200 * 1024 * 1024, pages: 1000, idle: 60_000, warning: 20_000, autoRelease: 10_000,
      requestExpiry: 86_400_000, deskCopy: 86_400_000, touchBeforePen: 500, touchAfterPen: 700,
    });
  });

  test('changes what it names and nothing else', () => {
    const settings = read({ hotel: 'Hotel Ēka', tablets: [{ id: 'bar', name: 'Bar' }], limits: { idle: 5_000 } });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, hotel: 'Hotel Ēka', tablets: [{ id: 'bar', name: 'Bar' }], limits: { ...DEFAULT_SETTINGS.limits, idle: 5_000 } });
  });

  test('may say where the hotel is', () => {
    expect(read({ place: { address: 'Storgatan 1, 111 22 Stockholm' } }).place).toEqual({ address: 'Storgatan 1, 111 22 Stockholm', coordinates: null });
    const coordinates = { latitude: 59.33, longitude: -18.06 };
    expect([read({}).tabletPlace, read({ tabletPlace: { decimals: 4 } }).tabletPlace]).toEqual([null, { decimals: 4 }]);
    expect(read({ place: { coordinates } }).place).toEqual({ address: null, coordinates });
  });

  test('says what is attached, and what a pen must give', () => {
    const pens = { serial: [{ path: '/dev/ttyS4', protocol: 'isdv4', baudRate: 38_400 }], stu: { crcInitial: 0xffff, bitOrder: 'lsb', whiteBit: 0, byteOrder: 'little' }, minimum: { raw: true, pressure: 1_024 } } as const;
    expect(read({ pens }).pens).toEqual({ tablet: null, ...pens });
  });

  test.each(['Гранд Отель', 'Ξενοδοχείο 1874', 'فندق النور', '大酒店', 'Café & Hôtel “Zum Löwen”'])('may call the hotel %s', (hotel) => {
    expect(read({ hotel }).hotel).toBe(hotel);
  });

  test.each([
    ['no JSON', '{'], ['a misspelt name', { hotell: 'x' }], ['a misspelt limit', { limits: { idel: 1 } }],
    ['a limit above what the station can bear', { limits: { pages: 1001 } }], ['a limit below zero', { limits: { deskCopy: -1 } }],
    ['no tablet', { tablets: [] }], ['a place beyond the pole', { place: { coordinates: { latitude: 91, longitude: 0 } } }], ['a place finer than any', { tabletPlace: { decimals: 9 } }], ['an address of two lines', { place: { address: 'a\nb' } }], ['one id twice', { tablets: [{ id: 'a', name: 'A' }, { id: 'a', name: 'B' }] }],
    ['an id that is a path', { tablets: [{ id: '../a', name: 'A' }] }], ['a tenant with a slash', { tenant: 'a/b' }],
    ['a demand on pens that nobody knows', { pens: { minimum: { levels: 4096 } } }], ['a demand that is none', { pens: { minimum: { tilt: false } } }],
    ['a serial port with a wildcard', { pens: { serial: [{ path: '/dev/ttyS*', protocol: 'isdv4' }] } }], ['pens of a tablet that is not there', { pens: { tablet: 'bar' } }],
    ['a serial pen of a tablet that is not there', { pens: { serial: [{ path: '/dev/ttyS0', protocol: 'stu', tablet: 'bar' }] } }],
    ['a hotel in letters that no bundled font has', { hotel: 'โรงแรม' }], ['a hotel with a picture in its name', { hotel: 'Hotel 🏨' }],
  ])('%s is refused with the file’s name', (_, value) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringContaining('station.json') }));
  });
});
