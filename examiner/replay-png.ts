/**
 * One picture of one signature for a report: A4 landscape at 150 dpi, the ink, the way through the air, pressure
 * and speed over time, and the facts that must be read with it.
 *
 * Before it: `open-packet.ts`. The picture is an illustration: evidence is the record.
 */
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { drawGraph } from './drawing/draw-graph.ts';
import { drawInk } from './drawing/draw-ink.ts';
import { ALERT, BRASS, INK, LINE, PAPER, pressureColour, QUIET } from './drawing/colours.ts';
import { fitFrame } from './drawing/frame.ts';
import { DEMO_MARK, factsOf, type Fact } from './facts.ts';
import type { Check, OpenedPacket } from './open-packet.ts';
import { replayOf, type Box, type Replay } from './replay.ts';

/** A4 landscape at 150 dpi. */
export const SIZE = { width: 1754, height: 1240 } as const;
/** Where the signature is drawn. */
export const INK_BOX: Box = { left: 90, top: 200, right: 1160, bottom: 760 };
const GRAPHS: readonly Box[] = [{ left: 90, top: 860, right: 1160, bottom: 970 }, { left: 90, top: 1040, right: 1160, bottom: 1150 }];
const FACTS: Box = { left: 1230, top: 150, right: 1674, bottom: 1160 };

const FONT = 'Countersign Noto Sans';
const BOLD = 'Countersign Noto Sans Bold';
const require = createRequire(import.meta.url);

type Canvas = CanvasRenderingContext2D;

/** @returns PNG. @throws ExaminerError `NOTHING_TO_REPLAY` */
export async function replayPng(opened: OpenedPacket): Promise<Uint8Array> {
  const replay = replayOf(opened.record.capture);
  registerFonts();
  const picture = createCanvas(SIZE.width, SIZE.height);
  // The drawing is shared with the page, whose type is the browser's; this canvas has every method used.
  const canvas = picture.getContext('2d') as unknown as Canvas;
  canvas.fillStyle = PAPER;
  canvas.fillRect(0, 0, SIZE.width, SIZE.height);
  drawHead(canvas, opened);
  drawSignature(canvas, replay);
  drawGraphs(canvas, replay);
  drawFacts(canvas, factsOf(opened, replay), opened.checks);
  return picture.encode('png');
}

function registerFonts(): void {
  if (GlobalFonts.has(FONT)) return;
  GlobalFonts.registerFromPath(require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'), FONT);
  GlobalFonts.registerFromPath(require.resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf'), BOLD);
}

function write(canvas: Canvas, words: string, x: number, y: number, size: number, colour: string, { font = FONT, align = 'left' as CanvasTextAlign } = {}): void {
  canvas.font = `${size}px "${font}"`;
  canvas.fillStyle = colour;
  canvas.textAlign = align;
  canvas.textBaseline = 'alphabetic';
  canvas.fillText(words, x, y);
}

function drawHead(canvas: Canvas, { record: { context } }: OpenedPacket): void {
  write(canvas, 'Replay of a signature', 90, 112, 40, INK);
  write(canvas, `Request ${context.requestId} · ${context.time.signedAt}`, 90, 150, 19, QUIET);
  if (!context.demo) return;
  canvas.fillStyle = ALERT;
  canvas.fillRect(FACTS.left, 76, FACTS.right - FACTS.left, 46);
  write(canvas, DEMO_MARK, (FACTS.left + FACTS.right) / 2, 108, 24, PAPER, { font: BOLD, align: 'center' });
}

function drawSignature(canvas: Canvas, replay: Replay): void {
  canvas.strokeStyle = LINE;
  canvas.lineWidth = 1.5;
  canvas.strokeRect(INK_BOX.left - 30, INK_BOX.top - 22, INK_BOX.right - INK_BOX.left + 60, INK_BOX.bottom - INK_BOX.top + 64);
  const frame = fitFrame(replay.all, INK_BOX);
  const width = Math.min(12, Math.max(4, replay.unit === 'mm' ? 0.45 * frame.scale : 9));
  drawInk(canvas, replay, frame, { until: replay.moments.length, width, inAir: true, numbers: true, tiltEvery: 0.06, fontSize: 17, fontFamily: `"${FONT}"` });
  drawLegend(canvas, replay, frame.scale);
}

/** Under the signature: what colours, dots, hairs and lengths mean. */
function drawLegend(canvas: Canvas, replay: Replay, scale: number): void {
  const y = INK_BOX.bottom + 26;
  const ramp = { left: 160, width: 120 };
  write(canvas, 'light', ramp.left - 10, y, 15, QUIET, { align: 'right' });
  for (let step = 0; step < ramp.width; step++) {
    canvas.fillStyle = pressureColour(step / ramp.width);
    canvas.fillRect(ramp.left + step, y - 11, 1.5, 11);
  }
  write(canvas, 'firm pressure', ramp.left + ramp.width + 10, y, 15, QUIET);
  write(canvas, '····  pen in the air', 430, y, 15, QUIET);
  write(canvas, '—', 612, y, 15, BRASS);
  write(canvas, 'lean of the pen', 636, y, 15, QUIET);
  if (replay.unit !== 'mm') return write(canvas, 'true size not known', INK_BOX.right, y, 15, QUIET, { align: 'right' });
  const length = 10 * scale;
  canvas.fillStyle = INK;
  canvas.fillRect(INK_BOX.right - length - 60, y - 6, length, 2);
  write(canvas, '10 mm', INK_BOX.right, y, 15, QUIET, { align: 'right' });
}

function drawGraphs(canvas: Canvas, replay: Replay): void {
  const common = { fontSize: 16, fontFamily: `"${FONT}"` };
  const [pressure, speed] = GRAPHS as [Box, Box];
  drawGraph(canvas, replay, pressure, {
    ...common, title: 'Pressure, share of the device\u2019s range', max: 1, format: (value) => `${Math.round(value * 100)} %`, colour: pressureColour(0.55), value: (moment) => moment.pressure,
  });
  drawGraph(canvas, replay, speed, { ...common, title: `Speed of the tip, ${replay.unit} per second; shaded: tip on the surface`, format: (value) => String(Math.round(value)), colour: BRASS, value: (moment) => moment.speed });
  for (let second = 0; second <= replay.duration; second += 0.5) {
    const x = speed.left + ((speed.right - speed.left) * second) / replay.duration;
    write(canvas, `${second} s`, x, speed.bottom + 24, 14, QUIET, { align: second === 0 ? 'left' : 'center' });
  }
}

function drawFacts(canvas: Canvas, facts: readonly Fact[], checks: readonly Check[]): void {
  let y = FACTS.top;
  for (const { label, value, kind } of facts) {
    write(canvas, label, FACTS.left, (y += 23), 13.5, QUIET);
    for (const line of wrap(canvas, value, 16, kind)) write(canvas, line, FACTS.left, (y += 20), 16, kind === 'warning' ? ALERT : INK);
  }
  y += 18;
  write(canvas, 'Checked when this picture was made', FACTS.left, (y += 20), 13.5, QUIET);
  for (const { held, says } of checks) {
    const [mark, colour] = held === null ? ['not in this file: ', QUIET] : held ? ['held: ', INK] : ['NOT HELD: ', ALERT];
    for (const line of wrap(canvas, mark + says, 15, 'text')) write(canvas, line, FACTS.left, (y += 19), 15, colour);
  }
}

/** Breaks at spaces, and a hash anywhere. */
function wrap(canvas: Canvas, value: string, size: number, kind: Fact['kind']): string[] {
  canvas.font = `${size}px "${FONT}"`;
  const glue = kind === 'code' ? '' : ' ';
  const lines: string[] = [];
  let line = '';
  for (const part of value.split(glue)) {
    const longer = line === '' ? part : line + glue + part;
    if (line !== '' && canvas.measureText(longer).width > FACTS.right - FACTS.left) {
      lines.push(line);
      line = part;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
