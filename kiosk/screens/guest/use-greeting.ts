import { useEffect } from 'react';
import type { GuestToStation } from '#kiosk/protocol/messages.ts';
import { placeOnDisplay } from './place-on-display.ts';
import { hello } from './use-station.ts';

/** A window that is moved tells nobody. */
const LOOK_EVERY = 1_000;

/** Says hello again where window or display have changed: a pen of its own is laid on the display, not on the page. */
export function useGreeting(free: boolean, say: (message: GuestToStation) => void): void {
  useEffect(() => {
    if (!free) return;
    let told = JSON.stringify(placeOnDisplay(window));
    const timer = setInterval(() => {
      const place = JSON.stringify(placeOnDisplay(window));
      if (place === told) return;
      told = place;
      say(hello());
    }, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [free, say]);
}
