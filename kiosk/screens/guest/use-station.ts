import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { GuestToStation, StationToGuest } from '#kiosk/protocol/messages.ts';
import { openSocket, type Socket } from '../link/socket.ts';
import { PenLink } from './pen-link.ts';
import { placeOnDisplay } from './place-on-display.ts';

export const RAW_UPDATE = 'onpointerrawupdate' in window;

export interface StationLink {
  say: (message: GuestToStation) => void;
  /** Takes what is about the pen that the station reads. */
  pen: PenLink;
}

/** The link to the station: says hello, hands over what it hears, returns how to talk back. */
export function useStation(heard: (message: StationToGuest) => void, lost: () => void): StationLink {
  const socket = useRef<Socket<GuestToStation> | null>(null);
  const [pen] = useState(() => new PenLink());
  const tellHeard = useEffectEvent(heard);
  const tellLost = useEffectEvent(lost);
  useEffect(() => {
    const opened = openSocket<StationToGuest, GuestToStation>('/ws/guest', {
      opened: () => opened.send(hello()),
      message: (message) => { if (!pen.heard(message)) tellHeard(message); },
      lost: () => tellLost(),
    });
    socket.current = opened;
    pen.connect(opened.send);
    return () => opened.close();
  }, [pen]);
  const say = useCallback((message: GuestToStation) => socket.current?.send(message), []);
  return { say, pen };
}

/** What this page says of itself. */
export function hello(): GuestToStation {
  return {
    type: 'hello',
    viewport: { width: innerWidth, height: innerHeight, devicePixelRatio },
    secureContext: isSecureContext,
    rawUpdate: RAW_UPDATE,
    userAgent: navigator.userAgent,
    screen: placeOnDisplay(window),
  };
}
