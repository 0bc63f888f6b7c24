import { useEffect } from 'react';
import { PenPresence } from '#driver/pointer/pen-presence.ts';

const PEN_EVENTS = ['pointerover', 'pointerdown', 'pointermove', 'pointerup'] as const;
const TOUCH_EVENTS = ['pointerdown', 'pointerup', 'click'] as const;

/** Buttons do not hear a palm: they ignore touch while the pen is in range and for `after` ms once it left. */
export function useTouchGuard(after: number): void {
  useEffect(() => {
    const presence = new PenPresence(after);
    const pen = (event: PointerEvent): void => { if (event.pointerType === 'pen') presence.seen(event.timeStamp); };
    const leaving = (event: PointerEvent): void => {
      if (event.pointerType === 'pen' && event.relatedTarget === null) presence.left(event.timeStamp);
    };
    const touch = (event: Event): void => {
      // A click is a PointerEvent too; one made by a key has no pointer type.
      if (!(event instanceof PointerEvent) || event.pointerType !== 'touch' || !presence.blocksTouch(event.timeStamp)) return;
      if (!(event.target instanceof Element) || event.target.closest('button, a, input, label, textarea') === null) return;
      event.stopImmediatePropagation();
      event.preventDefault();
    };
    for (const type of PEN_EVENTS) addEventListener(type, pen, { capture: true });
    addEventListener('pointerout', leaving, { capture: true });
    addEventListener('pointercancel', leaving, { capture: true });
    for (const type of TOUCH_EVENTS) addEventListener(type, touch, { capture: true });
    return () => {
      for (const type of PEN_EVENTS) removeEventListener(type, pen, { capture: true });
      removeEventListener('pointerout', leaving, { capture: true });
      removeEventListener('pointercancel', leaving, { capture: true });
      for (const type of TOUCH_EVENTS) removeEventListener(type, touch, { capture: true });
    };
  }, [after]);
}
