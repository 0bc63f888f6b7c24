/** Live ink: how far it lags behind the pen, and what it costs. Ours and signature_pad under the same pen. */
import { findBrowser } from '#cli/browser/find-browser.ts';
import { startBrowser } from '#fixtures/browser.ts';
import { drawingCost } from './drawing-cost.ts';
import { guestSurface, peerSurface } from './drawing-surfaces.ts';
import { eventToDraw } from './event-to-draw.ts';
import type { Measurement, Tell } from './measurement.ts';

export async function drawing(tell: Tell): Promise<Measurement[]> {
  const path = findBrowser();
  if (path === null) throw new Error('a browser is missing; install it with: apt-get install chromium');
  const browser = await startBrowser(path);
  try {
    const ours = await guestSurface(browser);
    const peer = await peerSurface(browser, ours.box);
    try {
      return [...await eventToDraw(ours, peer, tell), ...await drawingCost(ours, peer, tell)];
    } finally {
      await ours.close();
    }
  } finally {
    await browser.close();
  }
}
