/**
 * What a browser delivered to the signing surface, written down in the page by an onlooker that shares no code
 * with the product: the yardstick for "every sample as the device gave it".
 */
import type { Page } from 'playwright-core';

/** One Pointer Event, or one of a coalesced list, in the browser's own numbers. */
export interface Delivered {
  type: string;
  x: number;
  y: number;
  pressure: number;
  tiltX: number;
  tiltY: number;
  twist: number;
  /** Milliseconds on the page's clock. */
  timeStamp: number;
}

/** Runs in the page before anything of ours: `counter`'s option `before`. */
export function onlook(): void {
  const seen: Delivered[] = [];
  Object.assign(window, { seen });
  const note = (event: Event): void => {
    if (!(event instanceof PointerEvent) || !(event.target instanceof Element) || event.target.closest('.surface') === null) return;
    const coalesced = event.type === 'pointerrawupdate' ? event.getCoalescedEvents() : [];
    for (const { clientX: x, clientY: y, pressure, tiltX, tiltY, twist, timeStamp } of coalesced.length > 0 ? coalesced : [event]) {
      seen.push({ type: event.type, x, y, pressure, tiltX, tiltY, twist, timeStamp });
    }
  };
  for (const type of ['pointerdown', 'pointerrawupdate', 'pointerup']) addEventListener(type, note, { capture: true });
}

export function delivered(page: Page): Promise<Delivered[]> {
  return page.evaluate(() => (window as unknown as { seen: Delivered[] }).seen);
}
