import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { signedSample } from '#fixtures/signed-sample.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import { fitFrame } from './drawing/frame.ts';
import { openPacket } from './open-packet.ts';
import { INK_BOX, replayPng, SIZE } from './replay-png.ts';
import { replayOf, type Moment } from './replay.ts';

type Pixels = (x: number, y: number) => [number, number, number];

async function picture({ demo = true, capture = recordedPen() } = {}): Promise<Pixels> {
  const { packet, examiner } = await signedSample({ demo, capture });
  const image = await loadImage(Buffer.from(await replayPng(await openPacket(packet, examiner.privateKey))));
  expect({ width: image.width, height: image.height }).toEqual(SIZE);
  const canvas = createCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  return (x, y) => {
    const at = (Math.round(y) * image.width + Math.round(x)) * 4;
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  };
}

const dark = ([red, green, blue]: [number, number, number]): boolean => red + green + blue < 500;

const demo = await picture();

test('ink lies where the pen was down, darker where it pressed', async () => {
  const pixel = demo;
  const replay = replayOf(recordedPen());
  const frame = fitFrame(replay.all, INK_BOX);
  const middles = replay.strokes.map(({ from, to }) => replay.moments[Math.floor((from + to) / 2)] as Moment);
  for (const moment of middles) {
    const { x, y } = frame.point(moment);
    expect(dark(pixel(x, y)), `stroke at ${moment.time} s`).toBe(true);
  }
  const firm = replay.moments.reduce((best, moment) => ((moment.pressure ?? 0) > (best.pressure ?? 0) ? moment : best));
  const gentle = middles.reduce((best, moment) => ((moment.pressure ?? 1) < (best.pressure ?? 1) ? moment : best));
  const brightness = (moment: Moment): number => { const { x, y } = frame.point(moment); return pixel(x, y).reduce((sum, value) => sum + value); };
  expect(brightness(firm)).toBeLessThan(brightness(gentle));
});

test('the way through the air is no ink: at most a dot here and there', async () => {
  const pixel = demo;
  const replay = replayOf(recordedPen());
  const frame = fitFrame(replay.all, INK_BOX);
  const longest = replay.runs.filter(({ down }) => !down).reduce((best, run) => (run.to - run.from > best.to - best.from ? run : best));
  const inked = replay.moments.slice(longest.from, longest.to).filter((moment) => { const { x, y } = frame.point(moment); return dark(pixel(x, y)); });
  expect(inked.length).toBeLessThan((longest.to - longest.from) / 4);
});

test('a demo is marked in red across the top, evidence is not', async () => {
  const red = ([r, g, b]: [number, number, number]): boolean => r > 120 && g < 80 && b < 80;
  expect(red(demo(1240, 100))).toBe(true);
  expect(red((await picture({ demo: false }))(1240, 100))).toBe(false);
});

test('a signature of one dot, without pressure or tilt, is drawn too', async () => {
  const capture = recordedPen();
  const at = capture.samples.findIndex(({ switches }) => (switches & 1) !== 0);
  const dot = { ...capture.samples[at]!, pressure: null, tiltX: null, tiltY: null };
  const pixel = await picture({ capture: { ...capture, samples: [dot] } });
  expect(dark(pixel((INK_BOX.left + INK_BOX.right) / 2, (INK_BOX.top + INK_BOX.bottom) / 2))).toBe(true);
});
