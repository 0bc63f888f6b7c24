/** Draws the pen itself at one moment: its body leaning as it was held, its shadow, and a ring for the pressure. */
import type { Moment } from '../replay.ts';
import { AIR, INK, pressureColour } from './colours.ts';
import { leanOf } from './draw-ink.ts';
import type { Frame } from './frame.ts';

type Canvas = CanvasRenderingContext2D;

/** Lengths in canvas units: a pen as long as this, lying flat. */
const LENGTH = 190;
const BODY = 5.5;
/** Where the light comes from decides where the shadow falls, as a share of the pen's height. */
const LIGHT = { x: 0.42, y: 0.2 };

export function drawPen(canvas: Canvas, moment: Moment, frame: Frame): void {
  const tip = frame.point(moment);
  canvas.save();
  if (moment.tilt !== null) {
    const lean = leanOf(moment.tilt, LENGTH);
    const height = Math.sqrt(Math.max(0, LENGTH ** 2 - lean.x ** 2 - lean.y ** 2));
    const lift = moment.down ? 0 : 9;
    drawBody(canvas, { x: tip.x + lift, y: tip.y + lift / 2 }, { x: lean.x + height * LIGHT.x, y: lean.y + height * LIGHT.y }, 'rgb(27 36 33 / 13%)');
    drawBody(canvas, tip, lean, 'rgb(27 36 33 / 62%)');
  }
  canvas.beginPath();
  canvas.arc(tip.x, tip.y, moment.down ? 5 + 13 * (moment.pressure ?? 0.5) : 5, 0, 2 * Math.PI);
  canvas.strokeStyle = moment.down ? pressureColour(moment.pressure) : AIR;
  canvas.lineWidth = 2;
  if (!moment.down) canvas.setLineDash([2, 3]);
  canvas.stroke();
  canvas.beginPath();
  canvas.arc(tip.x, tip.y, 2, 0, 2 * Math.PI);
  canvas.fillStyle = INK;
  canvas.fill();
  canvas.restore();
}

/** A narrow cone from the tip, then the barrel. */
function drawBody(canvas: Canvas, tip: { x: number; y: number }, along: { x: number; y: number }, colour: string): void {
  const length = Math.hypot(along.x, along.y);
  if (length < 1) return;
  const side = { x: (-along.y / length) * BODY, y: (along.x / length) * BODY };
  const neck = Math.min(0.22, 26 / length);
  const corner = (share: number, width: number): [number, number] => [tip.x + along.x * share + side.x * width, tip.y + along.y * share + side.y * width];
  canvas.beginPath();
  canvas.moveTo(tip.x, tip.y);
  for (const point of [corner(neck, 1), corner(1, 1), corner(1, -1), corner(neck, -1)]) canvas.lineTo(...point);
  canvas.closePath();
  canvas.fillStyle = colour;
  canvas.fill();
}
