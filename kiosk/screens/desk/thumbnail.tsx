import { memo, useEffect, useRef, useState } from 'react';
import type { Field } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { openDocument } from '../pdf/open-document.ts';
import { paintPage } from '../pdf/paint-page.ts';

const WIDTH = 108;

/** The first page in small, or the page of the signature line once there is one to see. Empty once the document is gone. */
export const Thumbnail = memo(function Thumbnail({ url, title, field }: { url: string | null; title: string; field: Field | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  const page = field?.page ?? 1;
  useEffect(() => {
    const target = canvas.current;
    if (url === null || target === null) return;
    const abort = new AbortController();
    const paint = async (): Promise<void> => {
      const response = await fetch(url, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) return;
      const pdf = await openDocument(new Uint8Array(await response.arrayBuffer()));
      try {
        const loaded = await pdf.getPage(page);
        if (abort.signal.aborted) return;
        await paintPage(loaded, target, WIDTH / loaded.getViewport({ scale: 1 }).width).promise;
        setShown(true);
      } finally {
        await pdf.loadingTask.destroy();
      }
    };
    // Without a picture the card still says everything.
    paint().catch(() => setShown(false));
    return () => {
      abort.abort();
      target.width = 0;
      setShown(false);
    };
  }, [url, page]);
  return (
    <div className={shown ? 'thumbnail shown' : 'thumbnail'}>
      <canvas ref={canvas} role="img" aria-label={fill(words.thumbnail, { title })} />
    </div>
  );
});
