/** Paints one page into a canvas. */
import type { PDFPageProxy, RenderTask } from 'pdfjs-dist';

/** Canvases above this many pixels stay blank in some browsers: beyond it the page is painted coarser. */
const MAX_PIXELS = 16_777_216;

/** @param scale CSS pixels per point. @returns the task, to cancel a painting nobody waits for any more */
export function paintPage(page: PDFPageProxy, canvas: HTMLCanvasElement, scale: number): RenderTask {
  const css = page.getViewport({ scale });
  const wanted = scale * devicePixelRatio;
  const most = Math.sqrt(MAX_PIXELS / (css.width * css.height)) * scale;
  const viewport = page.getViewport({ scale: Math.min(wanted, most) });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  return page.render({ canvas, viewport });
}
