/** Draws a moment of the replay: the ink so far with the pen above it, and the graphs with a line at that moment. */
import { drawGraph } from '../drawing/draw-graph.ts';
import { drawInk } from '../drawing/draw-ink.ts';
import { drawPen } from '../drawing/draw-pen.ts';
import { pressureColour } from '../drawing/colours.ts';
import { fitFrame } from '../drawing/frame.ts';
import { momentAt, type Box, type Moment, type Replay } from '../replay.ts';
import { element } from './element.ts';

export interface View { air: boolean; tilt: boolean; numbers: boolean }

const FONT = '"Noto Sans Replay", sans-serif';
/** Free space around the signature, CSS pixels. */
const MARGIN = 56;
const SPEED_COLOUR = '#8f6b25';

/** Draws the replay as it stands at `time`; at its end without the pen, as a whole. */
export function drawMoment(replay: Replay, time: number, view: View): void {
  const at = momentAt(replay, time);
  const finished = time >= replay.duration;
  draw('ink', (canvas, { right, bottom }) => {
    const frame = fitFrame(replay.all, { left: MARGIN, top: MARGIN, right: right - MARGIN, bottom: bottom - MARGIN });
    const width = Math.min(10, Math.max(3, replay.unit === 'mm' ? 0.42 * frame.scale : 6));
    drawInk(canvas, replay, frame, { until: at + 1, width, inAir: view.air, numbers: view.numbers, tiltEvery: view.tilt ? 0.04 : null, fontSize: 13, fontFamily: FONT });
    if (!finished) drawPen(canvas, replay.moments[at] as Moment, frame);
  });
  const common = { fontSize: 12.5, fontFamily: FONT, ...(finished ? {} : { now: time }) };
  draw('pressure', (canvas, box) => drawGraph(canvas, replay, inset(box), {
    ...common, title: 'Pressure', max: 1, format: (value) => `${Math.round(value * 100)} % of the device’s range`, colour: pressureColour(0.55), value: (moment) => moment.pressure,
  }));
  draw('speed', (canvas, box) => drawGraph(canvas, replay, inset(box), {
    ...common, title: 'Speed of the tip', format: (value) => `fastest ${Math.round(value)} ${replay.unit}/s`, colour: SPEED_COLOUR, value: (moment) => moment.speed,
  }));
}

function inset({ left, top, right, bottom }: Box): Box {
  return { left, top: top + 24, right, bottom: bottom - 2 };
}

/** Clears the canvas at the screen's own resolution, and draws in CSS pixels. */
function draw(id: string, paint: (canvas: CanvasRenderingContext2D, box: Box) => void): void {
  const target = element(id, HTMLCanvasElement);
  const canvas = target.getContext('2d');
  if (canvas === null) return;
  const { width, height } = target.getBoundingClientRect();
  target.width = Math.round(width * devicePixelRatio);
  target.height = Math.round(height * devicePixelRatio);
  canvas.scale(devicePixelRatio, devicePixelRatio);
  paint(canvas, { left: 0, top: 0, right: width, bottom: height });
}
