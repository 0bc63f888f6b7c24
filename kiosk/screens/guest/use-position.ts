import { useEffect, useState } from 'react';
import type { GuestToStation, StationToGuest } from '#kiosk/protocol/messages.ts';
import { roundedPosition, type Position, type PositionLack } from '#kiosk/protocol/tablet-place.ts';

const ANSWER_WITHIN = 30_000;
/** A tablet at a desk does not walk: what the browser knows for so long is good enough. */
const MAY_BE_OLD = 3_600_000;

/**
 * Asks the browser where the tablet is, once for each document, where the hotel wants that. Whatever comes is said, once more after a lost
 * connection, with which the station starts anew; the guest waits for none of it.
 */
export function usePosition(locate: Extract<StationToGuest, { type: 'state' }>['locate'], request: string | null, connected: boolean, say: (message: GuestToStation) => void): void {
  const [found, setFound] = useState<{ request: string; position: Position | null; why: PositionLack | null } | null>(null);
  const decimals = locate?.decimals ?? null;
  useEffect(() => {
    if (decimals === null || request === null) return;
    let left = false;
    const tell = (position: Position | null, why: PositionLack | null): void => { if (!left) setFound({ request, position, why }); };
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => tell(roundedPosition({ latitude, longitude, accuracy }, decimals), null),
      ({ code, PERMISSION_DENIED, TIMEOUT }) => tell(null, code === PERMISSION_DENIED ? 'refused' : code === TIMEOUT ? 'late' : 'unavailable'),
      { enableHighAccuracy: false, timeout: ANSWER_WITHIN, maximumAge: MAY_BE_OLD },
    );
    return () => { left = true; };
  }, [decimals, request]);
  useEffect(() => {
    if (found !== null && found.request === request && connected) say({ type: 'position', ...found });
  }, [found, request, connected, say]);
}
