import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Affine } from '#biometrics/affine.ts';
import type { Rect } from '#kiosk/protocol/messages.ts';
import type { AttemptPen, PenLoss, Place } from './attempt-pen.ts';
import { SigningPad, type PadElements, type PadListener } from './signing-pad.ts';
import { fieldBox, surfaceSize, surfaceToPage } from './surface-map.ts';

export interface Pad {
  stage: RefObject<HTMLDivElement | null>;
  surface: RefObject<HTMLDivElement | null>;
  frozen: RefObject<HTMLCanvasElement | null>;
  live: RefObject<HTMLCanvasElement | null>;
  /** CSS pixels; null until the stage was measured. */
  size: { width: number; height: number } | null;
  pad: SigningPad | null;
  inked: boolean;
  /** Why the station gave up the last attempt. No new one begins before `restart`. */
  lost: PenLoss | null;
  /** Destroys the ink and begins anew. */
  restart: () => void;
}

export interface PadOptions extends Pick<PadListener, 'button' | 'played'> {
  field: Rect;
  /** PDF user space to displayed page. */
  view: Affine;
  /** The pen for a new attempt; null where there is none. */
  pen: (surface: HTMLElement, place: Place) => AttemptPen | null;
  /** Changes when another pen would be given: an attempt without ink begins anew with it, one with ink keeps its own. */
  penKey: string;
  /** The surface is to change its size under ink. */
  displaced: () => void;
}

/** One attempt after another on a surface as large as its stage allows. */
export function usePad(options: PadOptions): Pad {
  const stage = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const frozen = useRef<HTMLCanvasElement>(null);
  const live = useRef<HTMLCanvasElement>(null);
  /** Another object, even of the same size, is another attempt. */
  const [size, setSize] = useState<Pad['size']>(null);
  const [pad, setPad] = useState<SigningPad | null>(null);
  const [inked, setInked] = useState(false);
  const [lost, setLost] = useState<PenLoss | null>(null);
  const penKey = useRef<string | null>(null);

  const begin = (): void => {
    const box = stage.current?.getBoundingClientRect();
    if (box !== undefined) setSize(surfaceSize(box, fieldBox(options.field, options.view)));
  };
  const measured = useEffectEvent(() => {
    if (pad?.inked === true) options.displaced();
    else if (lost === null) begin();
  });
  const penChanged = useEffectEvent((key: string) => {
    if (size !== null && key !== penKey.current && pad?.inked !== true && lost === null) begin();
  });
  const button = useEffectEvent(options.button);
  const played = useEffectEvent(options.played);
  const open = useEffectEvent((elements: PadElements): SigningPad | null => {
    const box = elements.surface.getBoundingClientRect();
    penKey.current = options.penKey;
    const pen = options.pen(elements.surface, { box, toPage: surfaceToPage(box, options.field, options.view) });
    // each of these is called after an effect has opened the pad, never while rendering
    return pen && new SigningPad(elements, box, pen, { inked: setInked, lost: setLost, button: (pressed) => button(pressed), played: () => played() });
  });

  useLayoutEffect(() => {
    if (stage.current === null) return;
    const observer = new ResizeObserver(() => measured());
    observer.observe(stage.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => penChanged(options.penKey), [options.penKey]);

  useEffect(() => {
    if (size === null || surface.current === null || frozen.current === null || live.current === null) return;
    const opened = open({ surface: surface.current, frozen: frozen.current, live: live.current });
    setPad(opened);
    return () => opened?.close();
  }, [size]);

  const restart = (): void => {
    setLost(null);
    begin();
  };
  return { stage, surface, frozen, live, size, pad, inked, lost, restart };
}
