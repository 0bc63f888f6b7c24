import { memo, useEffect, useRef, useState } from 'react';
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { openDocument } from '../pdf/open-document.ts';
import { paintPage } from '../pdf/paint-page.ts';

const WIDTH = 108;

/** The desk's copy is written just after the signing is announced: asked for again, this often and after this long, ms. */
const TRIES = 3;
const PAUSE = 1_000;

/** The first page in small. Empty once the document is gone. */
export const Thumbnail = memo(function Thumbnail({ url, title }: { url: string | null; title: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const target = canvas.current;
    if (url === null || target === null) return;
    const abort = new AbortController();
    const paint = async (): Promise<void> => {
      const bytes = await fetchSoon(url, abort.signal);
      if (bytes === null) return;
      const pdf = await openDocument(bytes);
      try {
        const loaded = await pdf.getPage(1);
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
  }, [url]);
  return (
    <div className={shown ? 'thumbnail shown' : 'thumbnail'}>
      <canvas ref={canvas} role="img" aria-label={fill(words.thumbnail, { title })} />
    </div>
  );
});

async function fetchSoon(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
  for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt++) {
    const response = await fetch(url, { cache: 'no-store', signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
  return null;
}
