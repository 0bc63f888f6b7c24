import { useEffect, useState } from 'react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { fill, type Messages } from '../messages/guest-messages.ts';
import { pageText } from '../pdf/page-text.ts';
import { Icon } from '../theme/icon.tsx';

const SMALLEST = 100;
const LARGEST = 200;
const STEP = 25;
/** More than this is not read on a counter, and would hold up the screen. */
const MOST_PAGES = 100;

/** The document's text for screen readers and for large print (WCAG 1.4.4: up to 200 %). */
export function ReadingView({ messages, pdf }: { messages: Messages; pdf: PDFDocumentProxy }): React.JSX.Element {
  const [percent, setPercent] = useState(SMALLEST + STEP);
  const [pages, setPages] = useState<string[][]>([]);
  useEffect(() => {
    const left = new AbortController();
    const read = async (): Promise<void> => {
      for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number++) {
        const lines = await pageText(await pdf.getPage(number));
        if (left.signal.aborted) return;
        setPages((before) => [...before.slice(0, number - 1), lines]);
      }
    };
    read().catch(() => { /* the document went away while it was read */ });
    return () => left.abort();
  }, [pdf]);
  const larger = (by: number): void => setPercent(Math.min(LARGEST, Math.max(SMALLEST, percent + by)));
  return (
    <div className="reading" tabIndex={0} role="region" aria-label={messages.readingView}>
      <div className="reading-tools">
        <p>{messages.readingHint}</p>
        <div className="tool-group">
          <button type="button" className="button quiet icon" aria-label={messages.textSmaller} disabled={percent === SMALLEST} onClick={() => larger(-STEP)}><Icon name="minus" /></button>
          <p aria-live="polite">{fill(messages.textSize, { percent })}</p>
          <button type="button" className="button quiet icon" aria-label={messages.textLarger} disabled={percent === LARGEST} onClick={() => larger(STEP)}><Icon name="plus" /></button>
        </div>
      </div>
      <div className="reading-text" style={{ fontSize: `${percent}%` }}>
        {pages.map((lines, index) => (
          <section key={index}>
            <h2>{fill(messages.pageOf, { page: index + 1, pages: pdf.numPages })}</h2>
            {lines.length === 0 ? <p>{messages.noText}</p> : lines.map((line, at) => <p key={at} dir="auto">{line}</p>)}
          </section>
        ))}
      </div>
    </div>
  );
}
