/** Fits a box of the pen's plane into a box of the canvas, keeping its proportions. */
import type { Box } from '../replay.ts';

export interface Frame {
  /** Canvas units per unit of the pen's plane. */
  scale: number;
  point(at: { x: number; y: number }): { x: number; y: number };
}

/** Centred, as large as it fits. A box without any extent is drawn at one to one. */
export function fitFrame(content: Box, target: Box): Frame {
  const width = content.right - content.left;
  const height = content.bottom - content.top;
  const fit = Math.min((target.right - target.left) / width, (target.bottom - target.top) / height);
  const scale = Number.isFinite(fit) ? fit : 1;
  const left = (target.left + target.right - (content.left + content.right) * scale) / 2;
  const top = (target.top + target.bottom - (content.top + content.bottom) * scale) / 2;
  return { scale, point: ({ x, y }) => ({ x: left + x * scale, y: top + y * scale }) };
}
