/**
 * Leaves this page for the next guest, in a renderer process that never held this one's strokes: the shell opens a new
 * window; on this machine a detour over the other name of it does it (see `kiosk/station/fresh-renderer.ts`); a
 * remote tablet can only reload.
 */
declare global {
  interface Window { kiosk?: { guestEnded(): void } }
}

const OTHER_NAME: Partial<Record<string, string>> = { '127.0.0.1': 'localhost', localhost: '127.0.0.1' };

export function leaveForNextGuest(): void {
  const { hostname, host, port, protocol } = location;
  const other = OTHER_NAME[hostname];
  if (window.kiosk !== undefined) window.kiosk.guestEnded();
  else if (other !== undefined) location.replace(`${protocol}//${other}:${port}/guest/fresh?to=${encodeURIComponent(host)}`);
  else location.reload();
}
