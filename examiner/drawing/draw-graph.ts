/** Draws one quantity over the time of the signature, strokes shaded behind it and the scale beside it. */
import type { Box, Moment, Replay } from '../replay.ts';
import { INK, LINE, QUIET } from './colours.ts';

export interface GraphStyle {
  title: string;
  /** Null leaves a gap in the curve. */
  value: (moment: Moment) => number | null;
  /** Top of the scale; the largest value unless given. */
  max?: number;
  /** Writes a value of the scale. */
  format: (value: number) => string;
  colour: string;
  fontSize: number;
  fontFamily: string;
  /** Seconds; a line there, for a replay that runs. */
  now?: number;
}

type Canvas = CanvasRenderingContext2D;

export function drawGraph(canvas: Canvas, replay: Replay, box: Box, style: GraphStyle): void {
  const { moments, strokes, duration } = replay;
  const max = style.max ?? Math.max(...moments.map((moment) => style.value(moment) ?? 0), Number.MIN_VALUE);
  const x = (time: number): number => box.left + (box.right - box.left) * (duration === 0 ? 0 : time / duration);
  const y = (value: number): number => box.bottom - (box.bottom - box.top) * Math.min(1, value / max);
  canvas.save();
  canvas.font = `${style.fontSize}px ${style.fontFamily}`;
  canvas.fillStyle = 'rgb(23 70 59 / 6%)';
  for (const { from, to } of strokes) {
    const [start, end] = [x((moments[from] as Moment).time), x((moments[to - 1] as Moment).time)];
    canvas.fillRect(start, box.top, Math.max(1, end - start), box.bottom - box.top);
  }
  drawScale(canvas, box, style, max);
  canvas.strokeStyle = style.colour;
  canvas.lineWidth = style.fontSize / 8;
  canvas.lineJoin = 'round';
  canvas.beginPath();
  let gap = true;
  for (const moment of moments) {
    const value = style.value(moment);
    if (value !== null) {
      if (gap) canvas.moveTo(x(moment.time), y(value));
      else canvas.lineTo(x(moment.time), y(value));
    }
    gap = value === null;
  }
  canvas.stroke();
  if (style.now !== undefined) {
    canvas.fillStyle = INK;
    canvas.fillRect(x(style.now) - 0.75, box.top, 1.5, box.bottom - box.top);
  }
  canvas.restore();
}

function drawScale(canvas: Canvas, box: Box, { title, format, fontSize }: GraphStyle, max: number): void {
  canvas.fillStyle = QUIET;
  canvas.textBaseline = 'bottom';
  canvas.textAlign = 'left';
  canvas.fillText(title, box.left, box.top - fontSize * 0.35);
  canvas.textAlign = 'right';
  canvas.fillText(format(max), box.right, box.top - fontSize * 0.35);
  canvas.fillStyle = LINE;
  canvas.fillRect(box.left, box.top, box.right - box.left, 1);
  canvas.fillRect(box.left, box.bottom, box.right - box.left, 1);
}
