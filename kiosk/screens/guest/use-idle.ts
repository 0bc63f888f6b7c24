import { useEffect, useEffectEvent, useState } from 'react';

const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
const TICK = 200;
/** How often the station hears of it, ms. */
const ALIVE_EVERY = 5_000;

/**
 * Watches for a guest who has gone (WCAG 2.2.1: the warning gives time to go on with any touch or key).
 * @param onPen calls its listener whenever a pen writes that this page has no events of, and returns how to end that
 * @returns seconds left while the warning stands, else null
 */
export function useIdle(
  watching: boolean,
  times: { idle: number; warning: number },
  onPen: (listener: () => void) => () => void,
  on: { alive: () => void; gone: () => void },
): number | null {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const tellAlive = useEffectEvent(on.alive);
  const tellGone = useEffectEvent(on.gone);
  useEffect(() => {
    if (!watching) return;
    let last = performance.now();
    let told = 0;
    const alive = (): void => {
      last = performance.now();
      if (last - told < ALIVE_EVERY) return;
      told = last;
      tellAlive();
    };
    const timer = setInterval(() => {
      const left = times.idle + times.warning - (performance.now() - last);
      setSecondsLeft(left > times.warning ? null : Math.max(0, Math.ceil(left / 1_000)));
      if (left > 0) return;
      clearInterval(timer);
      tellGone();
    }, TICK);
    for (const type of SIGNS_OF_LIFE) addEventListener(type, alive, { capture: true, passive: true });
    const forgetPen = onPen(alive);
    return () => {
      forgetPen();
      clearInterval(timer);
      for (const type of SIGNS_OF_LIFE) removeEventListener(type, alive, { capture: true });
      setSecondsLeft(null);
    };
  }, [watching, times.idle, times.warning, onPen]);
  return secondsLeft;
}
