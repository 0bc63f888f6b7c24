import { useEffect, useRef, useState } from 'react';
import type { PageViewport, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { apply, type Affine } from '#biometrics/affine.ts';
import type { Rect } from '#kiosk/protocol/messages.ts';
import type { DrawnBox } from '#kiosk/protocol/validate.ts';
import { desk as words, DRAWN_NAMES, ROLE_NAMES } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { paintPage } from '../pdf/paint-page.ts';

/** CSS pixels. Smaller is a slip of the hand: nothing is drawn. */
const LEAST = { width: 24, height: 12 };
/** A box to tick may be as small as it is printed. */
const LEAST_TICK = { width: 8, height: 8 };
/** CSS pixels. Of a smaller box the number stands outside: there it can be taken hold of. */
const SMALL = 28;
/** What an arrow key moves by, CSS pixels. */
const STEP = 6;
/** Of the page's picture, CSS pixels. */
const LARGEST = { width: 620, height: 720 };
/** What the dialog needs around it, CSS pixels: it should not scroll under a finger that draws. */
const AROUND = { width: 80, height: 340 };

interface Box { left: number; top: number; width: number; height: number }
type Drag = { start: { x: number; y: number }; box: Box; index: number | null; resize: boolean };

/** One page with boxes on it: drawn, moved and sized by pointer, and by arrow keys (with Shift: sized; Delete: removed). */
export function DrawingPage({ pdf, page: number, boxes, chosen, onChoose, onAdd, onMove, onRemove }: {
  pdf: PDFDocumentProxy;
  page: number;
  boxes: readonly DrawnBox[];
  chosen: number | null;
  onChoose: (index: number | null) => void;
  onAdd: (rect: Rect) => void;
  onMove: (index: number, rect: Rect) => void;
  onRemove: (index: number) => void;
}): React.JSX.Element {
  const [page, setPage] = useState<PDFPageProxy | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  useEffect(() => {
    let wanted = true;
    pdf.getPage(number).then((loaded) => { if (wanted) setPage(loaded); }, () => { /* the document went away */ });
    return () => { wanted = false; };
  }, [pdf, number]);
  const view = page === null ? null : viewOf(page);
  if (page === null || view === null) return <p role="status">{words.placeLoading}</p>;

  const begin = (event: React.PointerEvent<HTMLElement>, index: number | null, resize: boolean): void => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const surface = event.currentTarget.closest<HTMLElement>('.drawing');
    if (surface === null) return;
    surface.setPointerCapture(event.pointerId);
    const start = pointOn(surface, event);
    const rect = boxes[index ?? -1]?.rect;
    setDrag({ start, index, resize, box: rect === undefined ? { left: start.x, top: start.y, width: 0, height: 0 } : shownAt(view, rect) });
    onChoose(index);
  };
  const go = (event: React.PointerEvent<HTMLElement>): void => {
    if (drag !== null) setDrag({ ...drag, box: within(view, dragged(drag, pointOn(event.currentTarget, event), boxes[drag.index ?? -1], view)) });
  };
  const finish = (): void => {
    if (drag === null) return;
    setDrag(null);
    if (drag.index === null && (drag.box.width < LEAST.width || drag.box.height < LEAST.height)) return;
    if (drag.index === null) onAdd(onPage(view, drag.box));
    else onMove(drag.index, onPage(view, drag.box));
  };
  const key = (event: React.KeyboardEvent, index: number, box: Box): void => {
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (event.key === 'Delete' || event.key === 'Backspace') return onRemove(index);
    if (way === undefined) return;
    event.preventDefault();
    const [x = 0, y = 0] = way;
    const least = leastOf(boxes[index]);
    const to = event.shiftKey ? { ...box, width: Math.max(least.width, box.width + x), height: Math.max(least.height, box.height + y) } : { ...box, left: box.left + x, top: box.top + y };
    onMove(index, onPage(view, within(view, to)));
  };
  return (
    // arrow keys are the boxes' own: the page is no control
    <div className="drawing" style={{ width: view.width, height: view.height }} onPointerDown={(event) => begin(event, null, false)} onPointerMove={go} onPointerUp={finish} onPointerCancel={() => setDrag(null)}>
      <Picture page={page} scale={view.scale} label={fill(words.pageNumber, { page: number })} />
      {boxes.map((box, index) => {
        if (box.page !== number) return null;
        const at = drag?.index === index ? drag.box : shownAt(view, box.rect);
        return (
          <div key={index} className={['drawn-box', chosen === index ? 'chosen' : '', at.width < SMALL || at.height < SMALL ? 'small' : ''].join(' ').trim()} style={at}>
            <button type="button" aria-label={fill(words.boxOnPage, { number: index + 1, what: nameOf(box) })} onPointerDown={(event) => begin(event, index, false)} onFocus={() => onChoose(index)} onKeyDown={(event) => key(event, index, at)}>
              <span>{index + 1}</span>
            </button>
            <i onPointerDown={(event) => begin(event, index, true)} />
          </div>
        );
      })}
      {drag !== null && drag.index === null && <div className="drawn-box chosen" style={drag.box} />}
    </div>
  );
}

function Picture({ page, scale, label }: { page: PDFPageProxy; scale: number; label: string }): React.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const task = paintPage(page, target, scale);
    task.promise.catch(() => { /* cancelled: another page is wanted */ });
    return () => task.cancel();
  }, [page, scale]);
  return <canvas ref={canvas} dir="ltr" role="img" aria-label={label} />;
}

function nameOf({ what, role }: DrawnBox): string {
  return what === 'signature' || what === 'initials' || what === 'date' || what === 'check' ? `${ROLE_NAMES[role]}: ${DRAWN_NAMES[what]}` : DRAWN_NAMES[what];
}

function viewOf(page: PDFPageProxy): PageViewport {
  const { width, height } = page.getViewport({ scale: 1 });
  return page.getViewport({ scale: Math.min(Math.min(LARGEST.width, innerWidth - AROUND.width) / width, Math.min(LARGEST.height, Math.max(320, innerHeight - AROUND.height)) / height) });
}

function pointOn(surface: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): { x: number; y: number } {
  const { left, top } = surface.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function dragged({ start, index, resize, box }: Drag, { x, y }: { x: number; y: number }, drawn: DrawnBox | undefined, view: PageViewport): Box {
  if (index === null || drawn === undefined) return { left: Math.min(start.x, x), top: Math.min(start.y, y), width: Math.abs(x - start.x), height: Math.abs(y - start.y) };
  const before = shownAt(view, drawn.rect);
  const least = leastOf(drawn);
  if (resize) return { ...before, width: Math.max(least.width, before.width + x - start.x), height: Math.max(least.height, before.height + y - start.y) };
  return { ...box, left: before.left + x - start.x, top: before.top + y - start.y };
}

function leastOf(box: DrawnBox | undefined): { width: number; height: number } {
  return box?.what === 'check' ? LEAST_TICK : LEAST;
}

/** Never over the edge: what is not on the page cannot be signed in. */
function within({ width, height }: PageViewport, box: Box): Box {
  const size = { width: Math.min(box.width, width), height: Math.min(box.height, height) };
  const left = Math.min(Math.max(0, box.left), width - size.width);
  const top = Math.min(Math.max(0, box.top), height - size.height);
  return { left, top, ...size };
}

function shownAt(view: PageViewport, { x, y, width, height }: Rect): Box {
  const [x1, y1] = apply(view.transform as Affine, x, y);
  const [x2, y2] = apply(view.transform as Affine, x + width, y + height);
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}

function onPage(view: PageViewport, { left, top, width, height }: Box): Rect {
  const [x1 = 0, y1 = 0] = view.convertToPdfPoint(left, top) as number[];
  const [x2 = 0, y2 = 0] = view.convertToPdfPoint(left + width, top + height) as number[];
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}
