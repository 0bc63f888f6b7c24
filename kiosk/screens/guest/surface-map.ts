/**
 * Where ink on the signing surface belongs on the page: the surface, fitted into the signature field as the
 * guest sees it, then through the page's own transform, so that a rotated page gets upright ink.
 */
import type { Rect } from '#kiosk/protocol/messages.ts';
import { apply, compose, fitInto, invert, type Affine, type Box } from '#biometrics/affine.ts';

/** The field as it appears on the displayed page. @param view PDF user space to displayed page, as `PageViewport.transform` */
export function fieldBox(field: Rect, view: Affine): Box {
  const [x1, y1] = apply(view, field.x, field.y);
  const [x2, y2] = apply(view, field.x + field.width, field.y + field.height);
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}

/** @returns the map from client pixels to PDF user space */
export function surfaceToPage(surface: Box, field: Rect, view: Affine): Affine {
  return compose(fitInto(surface, fieldBox(field, view)), invert(view));
}

/** A signature needs height: fields flatter than this get a taller surface, and the ink is scaled down into the field. */
const FLATTEST = 2.4;
const TALLEST = 1.6;

/** Size of the surface on a stage: as large as it goes, in the field's proportions where they allow signing. */
export function surfaceSize(stage: { width: number; height: number }, field: Box): { width: number; height: number } {
  const ratio = Math.min(FLATTEST, Math.max(TALLEST, field.width / field.height));
  const width = Math.min(stage.width, stage.height * ratio);
  return { width: Math.floor(width), height: Math.floor(width / ratio) };
}
