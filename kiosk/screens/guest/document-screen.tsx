import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Field } from '#kiosk/protocol/messages.ts';
import { fill, type Messages } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import type { Affine } from '#biometrics/affine.ts';
import { TopBar, type Frame } from './guest-frame.tsx';
import { PageView } from './page-view.tsx';
import { ReadingView } from './reading-view.tsx';
import { fieldBox } from './surface-map.ts';
import type { OpenDocument } from './use-document.ts';
import { useHeadingFocus } from './use-heading-focus.ts';

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const FIT = ZOOMS.indexOf(1);
/** Space around a page, CSS pixels. */
const MARGIN = 24;
/** A page wider than this is no easier to read. */
const WIDEST = 920;

/** The document as it will be signed: pages, zoom, where to sign, and the way on. */
export function DocumentScreen({ frame, document: open, field, title, note, shown, penReady, toSignature, onPainted, onPageRead, onSign, onDecline, children }: {
  frame: Frame;
  document: OpenDocument;
  field: Field;
  title: string;
  note: keyof Messages | null;
  /** The page before the guest's eyes has been painted: before that there is nothing to sign, and no way past it. */
  shown: boolean;
  /** False: no pen is there that may sign, and `note` says so. */
  penReady: boolean;
  /** Raised by one for each "go to signature" from outside (the demonstration). */
  toSignature: number;
  onPainted: () => void;
  onPageRead: (page: number, ms: number) => void;
  onSign: () => void;
  onDecline: () => void;
  /** Stands between the document and the answers. */
  children?: ReactNode;
}): React.JSX.Element {
  const { messages } = frame;
  const heading = useHeadingFocus();
  const [area, setArea] = useState<HTMLDivElement | null>(null);
  const [width, setWidth] = useState(0);
  const [zoom, setZoom] = useState(FIT);
  const [page, setPage] = useState(1);
  const [reading, setReading] = useState(false);
  const estimate = useMemo(() => open.firstPage.getViewport({ scale: 1 }), [open]);
  const pages = open.pdf.numPages;
  const scale = (Math.min(width - 2 * MARGIN, WIDEST) / estimate.width) * (ZOOMS[zoom] ?? 1);

  useLayoutEffect(() => {
    if (area === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(area);
    return () => observer.disconnect();
  }, [area]);

  useEffect(() => {
    const since = performance.now();
    return () => onPageRead(page, Math.round(performance.now() - since));
  }, [page, onPageRead]);

  const toPage = (number: number): void => placeOf(area, number)?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  const goToSignature = (): void => {
    const place = placeOf(area, field.page);
    if (area === null || place === null) return;
    // Not the mark itself: a page far away is not painted yet, and has none.
    const box = fieldBox(field.rect, open.fieldPage.getViewport({ scale }).transform as Affine);
    area.scrollTo({ top: place.offsetTop + box.top + box.height / 2 - area.clientHeight / 2, behavior: 'smooth' });
  };
  const showSignature = useEffectEvent(goToSignature);
  useEffect(() => { if (toSignature > 0) showSignature(); }, [toSignature]);

  const toggleReading = (): void => {
    setReading(!reading);
    // the pages come back at their beginning
    setPage(1);
  };
  const changeZoom = (to: number): void => {
    const at = area === null ? 0 : area.scrollTop / Math.max(1, area.scrollHeight);
    setZoom(to);
    requestAnimationFrame(() => { if (area !== null) area.scrollTop = at * area.scrollHeight; });
  };
  // The page before the guest's eyes counts: on the way to a far page the first one may never be finished.
  const paintedPages = useRef(new Set<number>());
  const painted = useCallback((number: number) => {
    paintedPages.current.add(number);
    if (area !== null && number === pageAt(area)) onPainted();
  }, [area, onPainted]);
  useEffect(() => { if (paintedPages.current.has(page)) onPainted(); }, [page, onPainted]);
  const signable = shown && penReady;
  const mark = useMemo(() => ({ rect: field.rect, label: messages.signHere, onSign: signable ? onSign : null }), [field.rect, messages.signHere, onSign, signable]);

  return (
    <div className="screen">
      <TopBar frame={frame}>
        <button type="button" className="button quiet" data-step="reading" disabled={!shown} onClick={toggleReading}>
          <Icon name="reading" />{reading ? messages.backToDocument : messages.readingView}
        </button>
      </TopBar>
      <main className="document">
        <h1 ref={heading} tabIndex={-1} className="visually-hidden">{messages.yourDocument}: {title}</h1>
        {note !== null && <p className="note" role="alert">{messages[note]}</p>}
        {reading ? <ReadingView messages={messages} pdf={open.pdf} /> : (
          <div
            ref={setArea}
            className="pages"
            dir="ltr"
            tabIndex={0}
            role="region"
            aria-label={messages.yourDocument}
            onScroll={(event) => setPage(pageAt(event.currentTarget))}
          >
            {width > 0 && Array.from({ length: pages }, (_, index) => (
              <PageView
                key={index}
                pdf={open.pdf}
                number={index + 1}
                label={fill(messages.pageOf, { page: index + 1, pages })}
                scale={scale}
                estimate={estimate}
                field={index + 1 === field.page ? mark : null}
                onPainted={painted}
              />
            ))}
          </div>
        )}
        {children}
        <p className="not-translated">{messages.documentNotTranslated}</p>
      </main>
      <footer className="document-bar">
        {!reading && (
          <div className="document-tools">
            <div className="tool-group">
              <IconButton name="previous" label={messages.previousPage} disabled={page <= 1} onClick={() => toPage(page - 1)} />
              <p className="page-number" aria-live="polite">{fill(messages.pageOf, { page, pages })}</p>
              <IconButton name="next" label={messages.nextPage} disabled={page >= pages} onClick={() => toPage(page + 1)} />
            </div>
            <div className="tool-group">
              <IconButton name="minus" label={messages.zoomOut} disabled={zoom === 0} onClick={() => changeZoom(zoom - 1)} />
              <button type="button" className="button quiet" onClick={() => changeZoom(FIT)}>{messages.zoomFit}</button>
              <IconButton name="plus" label={messages.zoomIn} disabled={zoom === ZOOMS.length - 1} onClick={() => changeZoom(zoom + 1)} />
            </div>
            <button type="button" className="button quiet" onClick={goToSignature}>{messages.goToSignature}</button>
          </div>
        )}
        <div className="document-answers">
          <button type="button" className="button" onClick={onDecline}>{messages.notNow}</button>
          <button type="button" className="button primary" data-step="sign" disabled={!signable} onClick={onSign}><Icon name="pen" />{messages.sign}</button>
        </div>
      </footer>
    </div>
  );
}

function IconButton({ name, label, disabled, onClick }: {
  name: 'previous' | 'next' | 'minus' | 'plus';
  label: string;
  disabled: boolean;
  onClick: () => void;
}): React.JSX.Element {
  return <button type="button" className="button quiet icon" aria-label={label} disabled={disabled} onClick={onClick}><Icon name={name} /></button>;
}

function placeOf(area: HTMLElement | null, page: number): HTMLElement | null {
  return area?.querySelector<HTMLElement>(`[data-page="${page}"]`) ?? null;
}

/** The page under the upper third of the view; the last one once the end is reached. */
function pageAt(area: HTMLElement): number {
  const places = area.querySelectorAll<HTMLElement>('[data-page]');
  if (area.scrollTop + area.clientHeight >= area.scrollHeight - 2) return places.length;
  const line = area.scrollTop + area.clientHeight / 3;
  let page = 1;
  for (const [index, place] of places.entries()) if (place.offsetTop <= line) page = index + 1;
  return page;
}
