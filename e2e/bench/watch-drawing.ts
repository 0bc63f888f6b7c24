/**
 * Runs in the page, before its own code: notes for every report of the pen how long it took until it was drawn,
 * in ms from the browser's time stamp to the end of the first `fill` after the page had it. Not until photons.
 */

declare global {
  interface Window { drawDelays: number[] }
}

/** @param moves the event by which the page takes reports; a page that hears of them later draws them later */
export function watchDrawing(moves: string): void {
  const { prototype } = CanvasRenderingContext2D;
  const fill = prototype.fill as (...shape: unknown[]) => void;
  let waiting: number[] = [];
  window.drawDelays = [];
  prototype.fill = function (this: CanvasRenderingContext2D, ...shape: unknown[]) {
    fill.apply(this, shape);
    const now = performance.now();
    for (const stamp of waiting) window.drawDelays.push(now - stamp);
    waiting = [];
  };
  const hear = (event: Event): void => {
    const reports = event.type === moves ? (event as PointerEvent).getCoalescedEvents() : [];
    for (const { timeStamp } of reports.length > 0 ? reports : [event]) waiting.push(timeStamp);
  };
  for (const type of ['pointerdown', moves, 'pointerup']) addEventListener(type, hear, true);
}
