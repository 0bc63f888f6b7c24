import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PadArea, PadPicture } from '#driver/pad.ts';
import { isBlackAndWhite } from '#driver/stu/image/encode-picture.ts';
import { LANGUAGES } from '#kiosk/protocol/consent.ts';
import { padLayout } from './pad-layout.ts';
import { padPrivacyScreen, padSigningScreen } from './pad-screen.ts';

/** Wacom STU-300, 430, 500, 540. */
const SIZES = [[396, 100], [320, 200], [640, 480], [800, 480]] as const;

/** Black pixels, as a pad of one bit would show them. */
function black({ rgba, width }: PadPicture, { x1, y1, x2, y2 }: PadArea): number {
  let count = 0;
  for (let y = y1; y <= y2; y++) for (let x = x1; x <= x2; x++) if (rgba[(y * width + x) * 4]! < 128) count++;
  return count;
}

const overlap = (a: PadArea, b: PadArea): boolean => a.x1 <= b.x2 && b.x1 <= a.x2 && a.y1 <= b.y2 && b.y1 <= a.y2;

test('on any screen the place for ink, the head line and the buttons lie apart and inside', () => {
  fc.assert(fc.property(fc.integer({ min: 300, max: 1_024 }), fc.integer({ min: 100, max: 768 }), fc.constantFrom('ltr' as const, 'rtl' as const), (width, height, direction) => {
    const { ink, head, buttons } = padLayout(width, height, direction);
    const areas = [ink, head, ...buttons.map(({ area }) => area)];
    for (const [index, area] of areas.entries()) {
      expect(area.x1 >= 0 && area.y1 >= 0 && area.x2 < width && area.y2 < height && area.x1 < area.x2 && area.y1 < area.y2).toBe(true);
      for (const other of areas.slice(index + 1)) expect(overlap(area, other)).toBe(false);
    }
  }));
});

test.each([['Hebrew', 'אל', 'שת'], ['Thai', 'กข', 'มด'], ['kana', 'あい', 'ぬめ']])('a title in %s has its letters, not the same box for each', (_, one, other) => {
  const [a, b] = [one, other].map((title) => padSigningScreen({ width: 396, height: 100 }, { hotel: 'Norrvik', title, language: 'en', demo: false }).rgba);
  expect(Buffer.from(a!).equals(b!)).toBe(false);
});

describe.each(SIZES)('on %d × %d', (width, height) => {
  test.each(LANGUAGES)('the signing screen in %s is readable at one bit per pixel, and its own', (language) => {
    const picture = padSigningScreen({ width, height }, { hotel: 'Grand Hotel Norrvik', title: 'Registration card 4711', language, demo: false });
    expect(picture.rgba).toHaveLength(width * height * 4);
    const words = Object.fromEntries(picture.buttons.map(({ id, area }) => [id, black(picture, { x1: area.x1 + 4, y1: area.y1 + 4, x2: area.x2 - 4, y2: area.y2 - 4 })]));
    const size = (id: string): number => {
      const { x1, y1, x2, y2 } = picture.buttons.find((button) => button.id === id)!.area;
      return (x2 - x1 - 7) * (y2 - y1 - 7);
    };
    // black words on white, and white ones on black for "Done": neither empty nor full
    for (const id of ['clear', 'cancel']) expect([words[id]! > 40, words[id]! < size(id) / 2]).toEqual([true, true]);
    expect([words['ok']! > size('ok') / 2, words['ok']! < size('ok') - 30]).toEqual([true, true]);
    for (const other of LANGUAGES.filter((each) => each !== language)) {
      expect(Buffer.from(padSigningScreen({ width, height }, { hotel: 'Grand Hotel Norrvik', title: 'Registration card 4711', language: other, demo: false }).rgba).equals(picture.rgba)).toBe(false);
    }
  });

  test.each(LANGUAGES)('every picture in %s is of pure black and white, so that colour pads too take it as one bit a pixel', (language) => {
    const about = { hotel: 'Grand Hotel Norrvik', title: 'Registration card 4711', language, demo: true };
    for (const { rgba } of [padSigningScreen({ width, height }, about), padPrivacyScreen({ width, height }, about)]) expect(isBlackAndWhite(rgba)).toBe(true);
  });

  test('a demo says so; the privacy picture has the hotel and no button', () => {
    const about = { hotel: 'فندق النور', title: '登记卡', language: 'en' as const };
    const [demo, plain] = [true, false].map((is) => padSigningScreen({ width, height }, { ...about, demo: is }));
    expect(Buffer.from(demo!.rgba).equals(plain!.rgba)).toBe(false);
    const privacy = padPrivacyScreen({ width, height }, { hotel: about.hotel, demo: false });
    expect(privacy).toMatchObject({ buttons: [], ink: null });
    expect(black(privacy, { x1: 0, y1: 0, x2: width - 1, y2: height - 1 })).toBeGreaterThan(80);
  });
});
