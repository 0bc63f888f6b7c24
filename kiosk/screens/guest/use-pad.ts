import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { SigningPad, type PadElements, type PadOptions } from './signing-pad.ts';
import { fieldBox, surfaceSize } from './surface-map.ts';

export interface Pad {
  stage: RefObject<HTMLDivElement | null>;
  surface: RefObject<HTMLDivElement | null>;
  frozen: RefObject<HTMLCanvasElement | null>;
  live: RefObject<HTMLCanvasElement | null>;
  /** CSS pixels; null until the stage was measured. */
  size: { width: number; height: number } | null;
  pad: SigningPad | null;
  inked: boolean;
  /** Destroys the ink and begins anew. */
  restart: () => void;
}

/** A signing pad as large as its stage allows. When the stage changes under ink, `displaced` is called instead of resizing. */
export function usePad(options: Omit<PadOptions, 'inked'>, displaced: () => void): Pad {
  const stage = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const frozen = useRef<HTMLCanvasElement>(null);
  const live = useRef<HTMLCanvasElement>(null);
  /** Another object, even of the same size, is another attempt. */
  const [size, setSize] = useState<Pad['size']>(null);
  const [pad, setPad] = useState<SigningPad | null>(null);
  const [inked, setInked] = useState(false);

  const measured = useEffectEvent((stageSize: DOMRectReadOnly) => {
    if (pad?.inked === true) displaced();
    else setSize(surfaceSize(stageSize, fieldBox(options.field, options.view)));
  });
  const open = useEffectEvent((elements: PadElements) => new SigningPad(elements, { ...options, inked: setInked }));

  useLayoutEffect(() => {
    if (stage.current === null) return;
    const observer = new ResizeObserver(([entry]) => { if (entry !== undefined) measured(entry.contentRect); });
    observer.observe(stage.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (size === null || surface.current === null || frozen.current === null || live.current === null) return;
    const opened = open({ surface: surface.current, frozen: frozen.current, live: live.current });
    setPad(opened);
    return () => opened.close();
  }, [size]);

  return { stage, surface, frozen, live, size, pad, inked, restart: () => setSize((before) => before && { ...before }) };
}
