/**
 * Draws the signature up to a moment: ink in the shape that guest screen and stamp draw too, coloured by
 * pressure, the way through the air dotted, the start of each stroke numbered, the lean of the pen as hairs.
 */
import { strokeOutline } from '#biometrics/ink.ts';
import type { Moment, Replay, Run } from '../replay.ts';
import { AIR, BRASS, INK, PAPER, pressureColour } from './colours.ts';
import type { Frame } from './frame.ts';

export interface InkStyle {
  /** Draw up to, not including, this sample. */
  until: number;
  /** Width of the ink at full pressure, in canvas units. */
  width: number;
  inAir: boolean;
  numbers: boolean;
  /** A hair for the lean of the pen every so many seconds; null for none. */
  tiltEvery: number | null;
  /** Of the numbers, in canvas units. */
  fontSize: number;
  fontFamily: string;
}

type Canvas = CanvasRenderingContext2D;

export function drawInk(canvas: Canvas, replay: Replay, frame: Frame, style: InkStyle): void {
  const begun = replay.runs.filter(({ from }) => from < style.until);
  if (style.inAir) for (const run of begun) if (!run.down) drawAir(canvas, replay, frame, run, style);
  for (const run of begun) if (run.down) drawStroke(canvas, replay, frame, run, style);
  if (style.tiltEvery !== null) drawTilts(canvas, replay, frame, style.until, style.tiltEvery, style.width);
  if (style.numbers) replay.strokes.forEach((run, at) => { if (run.from < style.until) drawNumber(canvas, frame.point(replay.moments[run.from] as Moment), at + 1, style); });
}

/** The outline is the clip; inside it each step of the pen is painted in the colour of its pressure. */
function drawStroke(canvas: Canvas, { moments }: Replay, frame: Frame, { from, to }: Run, { until, width }: InkStyle): void {
  const shown = moments.slice(from, Math.min(to, until));
  const points = shown.map((moment) => ({ ...frame.point(moment), pressure: moment.pressure ?? 0.5 }));
  const outline = strokeOutline(points, { size: width, simulatePressure: shown[0]?.pressure === null, last: to <= until });
  const [first, ...rest] = outline;
  if (first === undefined) return;
  canvas.save();
  canvas.beginPath();
  canvas.moveTo(...first);
  for (const corner of rest) canvas.lineTo(...corner);
  canvas.closePath();
  canvas.fillStyle = pressureColour(shown[0]?.pressure ?? null);
  canvas.fill();
  canvas.clip();
  canvas.lineWidth = width * 2;
  canvas.lineCap = 'round';
  points.forEach((point, at) => {
    const before = points[at - 1];
    if (before === undefined) return;
    canvas.strokeStyle = pressureColour(shown[at]?.pressure ?? null);
    canvas.beginPath();
    canvas.moveTo(before.x, before.y);
    canvas.lineTo(point.x, point.y);
    canvas.stroke();
  });
  canvas.restore();
}

/** From where the pen left the surface to where it came down again. */
function drawAir(canvas: Canvas, { moments }: Replay, frame: Frame, { from, to }: Run, { until, width }: InkStyle): void {
  canvas.save();
  canvas.beginPath();
  moments.slice(Math.max(0, from - 1), Math.min(to + 1, until)).forEach((moment, at) => {
    const { x, y } = frame.point(moment);
    if (at === 0) canvas.moveTo(x, y);
    else canvas.lineTo(x, y);
  });
  canvas.strokeStyle = AIR;
  canvas.lineWidth = Math.max(1, width / 6);
  canvas.lineCap = 'round';
  canvas.setLineDash([0, Math.max(4, width * 0.7)]);
  canvas.stroke();
  canvas.restore();
}

/** Hairs from the tip towards where the pen's upper end leans: longer the flatter it is held. */
function drawTilts(canvas: Canvas, { moments }: Replay, frame: Frame, until: number, every: number, width: number): void {
  canvas.save();
  canvas.strokeStyle = BRASS;
  canvas.globalAlpha = 0.55;
  canvas.lineWidth = Math.max(0.75, width / 9);
  let next = 0;
  for (const moment of moments.slice(0, until)) {
    if (!moment.down || moment.tilt === null || moment.time < next) continue;
    next = moment.time + every;
    const { x, y } = frame.point(moment);
    const lean = leanOf(moment.tilt, width * 5);
    canvas.beginPath();
    canvas.moveTo(x, y);
    canvas.lineTo(x + lean.x, y + lean.y);
    canvas.stroke();
  }
  canvas.restore();
}

/** Where the pen's upper end stands over the surface, seen from above, for a pen `length` long. */
export function leanOf(tilt: { x: number; y: number }, length: number): { x: number; y: number } {
  const [across, towards] = [Math.tan((tilt.x * Math.PI) / 180), Math.tan((tilt.y * Math.PI) / 180)];
  const height = length / Math.sqrt(1 + across ** 2 + towards ** 2);
  return { x: across * height, y: towards * height };
}

function drawNumber(canvas: Canvas, { x, y }: { x: number; y: number }, number: number, { fontSize, fontFamily }: InkStyle): void {
  canvas.save();
  canvas.translate(x - fontSize * 1.1, y - fontSize * 1.1);
  canvas.beginPath();
  canvas.arc(0, 0, fontSize * 0.8, 0, 2 * Math.PI);
  canvas.fillStyle = PAPER;
  canvas.fill();
  canvas.strokeStyle = INK;
  canvas.lineWidth = fontSize / 14;
  canvas.stroke();
  canvas.fillStyle = INK;
  canvas.font = `${fontSize}px ${fontFamily}`;
  canvas.textAlign = 'center';
  canvas.textBaseline = 'middle';
  canvas.fillText(String(number), 0, fontSize * 0.05);
  canvas.restore();
}
