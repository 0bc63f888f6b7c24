import { expect, test } from 'vitest';
import fc from 'fast-check';
import { padOverHid } from '#fixtures/stu-pad/pad-hid.ts';
import { PadScreen, type PictureReading } from '#fixtures/stu-pad/pad-screen.ts';
import { StuPad, type StuPadOptions } from '#fixtures/stu-pad/stu-pad.ts';
import type { PadModelName } from '#fixtures/stu-pad/pad-models.ts';
import type { PadPicture } from '../../pad.ts';
import { hidStuLink } from '../hid-stu-link.ts';
import { probePad } from '../probe-pad.ts';
import type { PadOptions } from '../pad-operation.ts';
import { stuSource } from '../stu-source.ts';
import { Encoding, encodePicture, encodingsFor, isBlackAndWhite, PICTURE_SETTINGS, type PictureSettings } from './encode-picture.ts';
import { testPicture } from './test-picture.ts';

async function shown(model: PadModelName, picture: (pad: StuPad) => PadPicture, options: PadOptions = {}, padOptions: StuPadOptions = {}): Promise<StuPad> {
  const pad = new StuPad(model, padOptions);
  const link = hidStuLink(padOverHid(pad));
  const source = stuSource(link, await probePad(link), { pause: async () => undefined, ...options });
  await source.pad!.show(picture(pad));
  return pad;
}

/** Colours that every encoding can carry. */
const PALETTE = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]] as const;

function painted(pad: StuPad, colours: number): PadPicture {
  const [width, height] = pad.model.screen;
  const rgba = new Uint8Array(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) rgba.set([...PALETTE[(pixel * 7 + Math.floor(pixel / width) * 3) % colours]!, 255], 4 * pixel);
  return { width, height, rgba, buttons: [], ink: null };
}

test.each([
  ['STU-300', Encoding.mono, 2], ['STU-500', Encoding.mono, 2], ['STU-430', Encoding.mono, 2], ['STU-430', Encoding.monoZlib, 2], ['STU-430V', Encoding.monoZlib, 2],
  ['STU-520', Encoding.mono, 2], ['STU-520', Encoding.rgb565, 6], ['STU-530', Encoding.rgb565, 6], ['STU-530', Encoding.bgr24, 6], ['STU-540', Encoding.bgr24, 6], ['STU-540', Encoding.monoZlib, 2],
] as const)('%s shows pixel for pixel what was sent in encoding %i', async (model, encoding, colours) => {
  let sent: PadPicture | null = null;
  const pad = await shown(model, (of) => (sent = painted(of, colours)), { encoding });
  expect(Buffer.compare(pad.screen.rgba, sent!.rgba)).toBe(0);
});

test.each([['STU-300', 2], ['STU-500', 2], ['STU-430', 2], ['STU-520', 6], ['STU-530', 6], ['STU-540', 6]] as const)('%s: without a word, the best of its encodings is used', async (model, colours) => {
  let sent: PadPicture | null = null;
  const pad = await shown(model, (of) => (sent = painted(of, colours)));
  expect(Buffer.compare(pad.screen.rgba, sent!.rgba)).toBe(0);
});

test.each([{ bitOrder: 'lsb' }, { whiteBit: 0 }] as const)('a pad that reads 1 bit otherwise (%o) is right once it is set so, and wrong before', async (reading) => {
  const picture = (pad: StuPad): PadPicture => painted(pad, 2);
  const set = await shown('STU-430', picture, { encoding: Encoding.mono, picture: reading }, reading);
  const unset = await shown('STU-430', picture, { encoding: Encoding.mono }, reading);
  const { rgba } = picture(set);
  expect(Buffer.compare(set.screen.rgba, rgba)).toBe(0);
  expect(Buffer.compare(unset.screen.rgba, rgba)).not.toBe(0);
});

test('a pad that reads 16 bit the other way round', async () => {
  const pad = await shown('STU-520', (of) => painted(of, 6), { picture: { byteOrder: 'little' } }, { byteOrder: 'little' });
  expect(Buffer.compare(pad.screen.rgba, painted(pad, 6).rgba)).toBe(0);
});

test.each([
  ['the beginning', 0x25, 0x10, 'does not take pictures encoded like this (0x10)'], ['the end', 0x27, 0x12, 'cannot decompress the picture (0x12)'],
] as const)('a picture refused at %s is given up and told', async (_, report, result, words) => {
  const pad = new StuPad('STU-540');
  const link = hidStuLink(padOverHid(pad));
  const source = stuSource(link, await probePad(link), { pause: async () => undefined, encoding: Encoding.bgr24 });
  pad.refusals.set(report, result);
  await expect(source.pad!.show(testPicture(800, 480))).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining(words) as string });
  await source.pad!.show(testPicture(800, 480));
  expect(pad.screen.pixel(4, 4)).toEqual([255, 255, 255]);
});

test('over a serial port, where compressed pictures are refused they go uncompressed, and are not tried again', async () => {
  const pad = new StuPad('STU-430V');
  const link = { ...hidStuLink(padOverHid(pad)), transport: 'serial' as const };
  const source = stuSource(link, await probePad(link), { pause: async () => undefined });
  pad.refusals.set(0x25, 0x10);
  await source.pad!.show(painted(pad, 2));
  expect(Buffer.compare(pad.screen.rgba, painted(pad, 2).rgba)).toBe(0);
  expect([...pad.encodings]).toEqual([Encoding.mono]);
  await source.pad!.show(painted(pad, 2));
  expect([...pad.encodings]).toEqual([Encoding.mono, Encoding.mono]);
});

test('the smallest encoding that loses nothing of a picture comes first', () => {
  const [grey, colour] = [1 | 2, 1 | 2 | 4 | 8];
  expect(encodingsFor(colour, 'hid', true)).toEqual([Encoding.mono, Encoding.bgr24, Encoding.rgb565]);
  expect(encodingsFor(colour, 'hid', false)).toEqual([Encoding.bgr24, Encoding.rgb565, Encoding.mono]);
  expect(encodingsFor(2 | 4, 'hid', false)).toEqual([Encoding.rgb565, Encoding.mono]);
  for (const blackAndWhite of [true, false]) {
    expect(encodingsFor(colour, 'serial', blackAndWhite)).toEqual([Encoding.monoZlib, Encoding.mono]);
    expect(encodingsFor(2, 'serial', blackAndWhite)).toEqual([Encoding.mono]);
    expect(encodingsFor(grey, 'hid', blackAndWhite)).toEqual([Encoding.mono]);
    // a pad that offers colours only is not sent what it does not offer
    expect(encodingsFor(8, 'hid', blackAndWhite)).toEqual([Encoding.bgr24]);
  }
});

test('one pixel that is neither black nor white makes it a picture of colours', () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), fc.nat(), fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), fc.nat(255), (pixels, where, rgb, alpha) => {
    const rgba = Uint8Array.from(pixels.flatMap((white) => [...Array<number>(3).fill(white ? 255 : 0), alpha]));
    expect(isBlackAndWhite(rgba)).toBe(true);
    rgba.set(rgb, 4 * (where % pixels.length));
    expect(isBlackAndWhite(rgba)).toBe(['0,0,0', '255,255,255'].includes(rgb.join()));
  }));
});

test.each(['STU-520', 'STU-530', 'STU-540'] as const)('a black and white picture goes to a %s in 190 blocks of one bit a pixel, a coloured one in colours', async (model) => {
  let blocks = 0;
  const counted = (pad: StuPad): PadPicture => {
    const take = pad.handleSetReport.bind(pad);
    pad.handleSetReport = (report) => {
      if (report[0] === 0x26) blocks++;
      return take(report);
    };
    return painted(pad, 2);
  };
  const pad = await shown(model, counted);
  expect([[...pad.encodings], blocks]).toEqual([[Encoding.mono], 190]);
  expect(Buffer.compare(pad.screen.rgba, painted(pad, 2).rgba)).toBe(0);
  const colours = await shown(model, (of) => painted(of, 6));
  expect([...colours.encodings]).toEqual([model === 'STU-520' ? Encoding.rgb565 : Encoding.bgr24]);
  const forced = await shown(model, (of) => painted(of, 2), { encoding: Encoding.rgb565 });
  expect([...forced.encodings]).toEqual([Encoding.rgb565]);
});

const anyPicture = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 12 }) }).chain(({ width, height }) => fc.record({
  width: fc.constant(width), height: fc.constant(height),
  rgba: fc.uint8Array({ minLength: 4 * width * height, maxLength: 4 * width * height }),
  cut: fc.record({ x1: fc.nat(width - 1), y1: fc.nat(height - 1), x2: fc.nat(width - 1), y2: fc.nat(height - 1) }),
}));
const anySettings: fc.Arbitrary<PictureSettings> = fc.record({
  bitOrder: fc.constantFrom('msb', 'lsb'), whiteBit: fc.constantFrom(0, 1), shades: fc.constant('threshold'), byteOrder: fc.constantFrom('little', 'big'),
});

test('any part of any picture in any encoding reads back as the nearest colours it can carry', () => {
  fc.assert(fc.property(anyPicture, anySettings, fc.constantFrom(...Object.values(Encoding)), ({ width, height, rgba, cut }, settings, encoding) => {
    const area = { x1: Math.min(cut.x1, cut.x2), y1: Math.min(cut.y1, cut.y2), x2: Math.max(cut.x1, cut.x2), y2: Math.max(cut.y1, cut.y2) };
    const screen = new PadScreen(width, height, settings as PictureReading);
    screen.draw(area, encoding, encodePicture(rgba, width, area, encoding, settings));
    for (let y = area.y1; y <= area.y2; y++) {
      for (let x = area.x1; x <= area.x2; x++) {
        const [red, green, blue] = rgba.subarray(4 * (y * width + x)) as unknown as [number, number, number];
        const seen = screen.pixel(x, y);
        if (encoding === Encoding.bgr24) expect(seen).toEqual([red, green, blue]);
        else if (encoding === Encoding.rgb565) [red, green, blue].forEach((value, index) => { expect(Math.abs(value - seen[index]!)).toBeLessThanOrEqual(8); });
        else expect(seen).toEqual(Array(3).fill(0.299 * red + 0.587 * green + 0.114 * blue >= 128 ? 255 : 0));
      }
    }
  }));
});

test('byte for byte as the vendor\'s SDK: leftmost pixel in the highest bit, black 0, the rest of a row white; 16 bit high byte first; 24 bit blue, green, red', () => {
  // two rows of ten: the first pixel and the ninth are black, and one is red
  const rgba = new Uint8Array(4 * 20).fill(255);
  for (const at of [0, 8]) rgba.set([0, 0, 0], 4 * at);
  rgba.set([255, 0, 0], 4 * 11);
  const encoded = (encoding: Encoding): number[] => [...encodePicture(rgba, 10, { x1: 0, y1: 0, x2: 9, y2: 1 }, encoding, PICTURE_SETTINGS)];
  expect(encoded(Encoding.mono)).toEqual([0x7f, 0x7f, 0xbf, 0xff]);
  expect(encoded(Encoding.rgb565).slice(20, 26)).toEqual([0xff, 0xff, 0xf8, 0x00, 0xff, 0xff]);
  expect(encoded(Encoding.bgr24).slice(30, 36)).toEqual([255, 255, 255, 0, 0, 255]);
});

test('dithering keeps the grey of a surface', () => {
  const [width, height] = [64, 64];
  for (const grey of [32, 96, 128, 200]) {
    const rgba = new Uint8Array(4 * width * height).fill(grey);
    const screen = new PadScreen(width, height, { bitOrder: 'msb', whiteBit: 1, byteOrder: 'big' });
    screen.draw(screen.whole, Encoding.mono, encodePicture(rgba, width, screen.whole, Encoding.mono, { ...PICTURE_SETTINGS, shades: 'dither' }));
    const mean = screen.rgba.reduce((sum, value, index) => sum + (index % 4 === 0 ? value : 0), 0) / (width * height);
    expect(Math.abs(mean - grey)).toBeLessThan(4);
  }
});

test('the test picture looks different in every wrong setting, on the smallest pad too', () => {
  const { rgba, width, height } = testPicture(320, 100);
  const whole = { x1: 0, y1: 0, x2: width - 1, y2: height - 1 };
  const seen = (encoding: Encoding, wrong: Partial<PictureSettings>): string => {
    const screen = new PadScreen(width, height, { bitOrder: 'msb', whiteBit: 1, byteOrder: 'big' });
    screen.draw(whole, encoding, encodePicture(rgba, width, whole, encoding, { ...PICTURE_SETTINGS, ...wrong }));
    return Buffer.from(screen.rgba).toString('hex');
  };
  expect(new Set([seen(Encoding.mono, {}), seen(Encoding.mono, { bitOrder: 'lsb' }), seen(Encoding.mono, { whiteBit: 0 })]).size).toBe(3);
  expect(seen(Encoding.rgb565, { byteOrder: 'little' })).not.toBe(seen(Encoding.rgb565, {}));
});
