import { useEffect, useRef } from 'react';
import type { PDFPageProxy } from 'pdfjs-dist';
import type { Rect } from '#kiosk/protocol/messages.ts';
import type { Affine } from '#biometrics/affine.ts';
import { fieldBox } from './surface-map.ts';

/** Most of the excerpt's height that the field takes, and where in it the field stands: its label is under the line. */
const SHARE_OF_HEIGHT = 0.42;
const FIELD_AT = 0.46;
/** Never less than this much of the page's width is seen. */
const SHARE_OF_WIDTH = 0.72;

/** The place on the page that is being signed, cut out of the document itself. */
export function FieldExcerpt({ page, field, label }: { page: PDFPageProxy; field: Rect; label: string }): React.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const width = target.clientWidth * devicePixelRatio;
    const height = target.clientHeight * devicePixelRatio;
    const whole = page.getViewport({ scale: 1 });
    const fieldHeight = fieldBox(field, whole.transform as Affine).height;
    const scale = Math.max(width / whole.width, Math.min(width / (whole.width * SHARE_OF_WIDTH), (height * SHARE_OF_HEIGHT) / fieldHeight));
    const box = fieldBox(field, page.getViewport({ scale }).transform as Affine);
    const left = Math.min(Math.max(0, box.left + box.width / 2 - width / 2), whole.width * scale - width);
    const top = Math.min(Math.max(0, box.top + box.height / 2 - height * FIELD_AT), whole.height * scale - height);
    target.width = width;
    target.height = height;
    const task = page.render({ canvas: target, viewport: page.getViewport({ scale, offsetX: -left, offsetY: -top }) });
    task.promise.then(() => outline(target, box.left - left, box.top - top, box.width, box.height), () => { /* cancelled: the screen went away */ });
    return () => task.cancel();
  }, [page, field]);
  // pdf.js draws text in the direction of its canvas: the document's, not the page's
  return <canvas ref={canvas} className="excerpt" dir="ltr" role="img" aria-label={label} />;
}

function outline(canvas: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = 'rgb(214 176 92 / 18%)';
  context.strokeStyle = '#b08d4a';
  context.lineWidth = 2 * devicePixelRatio;
  context.fillRect(x, y, width, height);
  context.strokeRect(x, y, width, height);
}
