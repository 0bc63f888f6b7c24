import { useCallback, useEffect, useEffectEvent, useRef } from 'react';
import type { GuestToStation, StationToGuest } from '#kiosk/protocol/messages.ts';
import { openSocket, type Socket } from '../link/socket.ts';

export const RAW_UPDATE = 'onpointerrawupdate' in window;

/** The link to the station: says hello, hands over what it hears, returns how to talk back. */
export function useStation(heard: (message: StationToGuest) => void, lost: () => void): (message: GuestToStation) => void {
  const socket = useRef<Socket<GuestToStation> | null>(null);
  const tellHeard = useEffectEvent(heard);
  const tellLost = useEffectEvent(lost);
  useEffect(() => {
    const opened = openSocket<StationToGuest, GuestToStation>('/ws/guest', {
      opened: () => opened.send({
        type: 'hello',
        viewport: { width: innerWidth, height: innerHeight, devicePixelRatio },
        secureContext: isSecureContext,
        rawUpdate: RAW_UPDATE,
        userAgent: navigator.userAgent,
      }),
      message: (message) => tellHeard(message),
      lost: () => tellLost(),
    });
    socket.current = opened;
    return () => opened.close();
  }, []);
  return useCallback((message) => socket.current?.send(message), []);
}
