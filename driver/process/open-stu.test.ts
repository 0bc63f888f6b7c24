import { expect, test } from 'vitest';
import { padOverHid } from '#fixtures/stu-pad/pad-hid.ts';
import { StuPad } from '#fixtures/stu-pad/stu-pad.ts';
import { hidStuLink } from '../stu/hid-stu-link.ts';
import { testPicture } from '../stu/image/test-picture.ts';
import type { StuSettings } from './messages.ts';
import { openPad } from './open-stu.ts';

/** What a 520 that reads its pictures in this way shows of the test picture, sent with these settings. */
async function seen(reading: Omit<StuSettings, 'crcInitial'>, settings: StuSettings): Promise<Buffer> {
  const pad = new StuPad('STU-520', reading);
  const source = await openPad(hidStuLink(padOverHid(pad)), pad.model.productId, settings, () => undefined);
  await source.pad!.show(testPicture(800, 480));
  return Buffer.from(pad.screen.rgba);
}

test('each setting of pictures reaches a pad over USB: without it the picture is wrong, with it right', async () => {
  const right = Buffer.from(testPicture(800, 480).rgba);
  expect((await seen({}, { bitOrder: undefined, whiteBit: undefined, byteOrder: undefined })).equals(right)).toBe(true);
  expect((await seen({ byteOrder: 'little' }, {})).equals(right)).toBe(false);
  expect((await seen({ byteOrder: 'little' }, { byteOrder: 'little' })).equals(right)).toBe(true);
});
