import { memo, useEffect, useRef, useState } from 'react';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { Rect } from '#kiosk/protocol/messages.ts';
import { paintPage } from '../pdf/paint-page.ts';
import type { Affine } from '#biometrics/affine.ts';
import { fieldBox } from './surface-map.ts';

/** `onSign` is null while it is too early to sign. */
export interface FieldMark { rect: Rect; label: string; onSign: (() => void) | null }

/**
 * One page, painted while it is on the screen or next to it. Its canvas is given back when it is far away, so a
 * document of 1,000 pages costs the memory of three.
 */
export const PageView = memo(function PageView({ pdf, number, label, scale, estimate, field, onPainted }: {
  pdf: PDFDocumentProxy;
  number: number;
  /** What a screen reader says for the picture of this page. */
  label: string;
  /** CSS pixels per point. */
  scale: number;
  /** Size in points until the page itself is known. */
  estimate: { width: number; height: number };
  field: FieldMark | null;
  onPainted: (number: number) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [near, setNear] = useState(false);
  const [page, setPage] = useState<PDFPageProxy | null>(null);

  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting === true), { rootMargin: '100% 0px' });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!near) return;
    let wanted = true;
    pdf.getPage(number).then((loaded) => { if (wanted) setPage(loaded); }, () => { /* the document went away */ });
    return () => { wanted = false; };
  }, [near, pdf, number]);

  useEffect(() => {
    const target = canvas.current;
    if (target === null || page === null) return;
    if (!near) {
      target.width = 0;
      return;
    }
    const task = paintPage(page, target, scale);
    task.promise.then(() => onPainted(number), () => { /* cancelled: another painting follows */ });
    return () => task.cancel();
  }, [near, page, scale, number, onPainted]);

  const view = page?.getViewport({ scale }) ?? null;
  const size = view ?? { width: estimate.width * scale, height: estimate.height * scale };
  const box = field === null || view === null ? null : fieldBox(field.rect, view.transform as Affine);
  return (
    <div ref={place} className="page" data-page={number} style={{ width: size.width, height: size.height }}>
      <canvas ref={canvas} role="img" aria-label={label} />
      {field !== null && box !== null && (
        <button type="button" className="field-mark" style={{ left: box.left, top: box.top, width: box.width, height: box.height }} disabled={field.onSign === null} onClick={() => field.onSign?.()}>
          <span>{field.label}</span>
        </button>
      )}
    </div>
  );
});
