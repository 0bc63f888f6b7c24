/**
 * The WebSockets of guest screens, by tablet. A tablet may have more than one window open; all show the same.
 *
 * Before: `http.ts` admits. After: `guest-messages.ts` handles. A tablet that goes away may come back within
 * a grace; then its document goes back to the desk.
 */
import type { WebSocket } from 'ws';
import { ProtocolError } from '#kiosk/protocol/errors.ts';
import type { StationToGuest } from '#kiosk/protocol/messages.ts';
import { readGuestMessage } from '#kiosk/protocol/validate.ts';
import { STATION } from './audit-log.ts';
import { fewAtATime } from './few-at-a-time.ts';
import { handleGuestMessage } from './guest-messages.ts';
import { keepAlive, type LiveSocket } from './live-socket.ts';
import { cancelCalibration } from './pens/calibrate.ts';
import { problemOf } from './problem.ts';
import { isBeingFinished, putBack, type Station } from './station.ts';
import { guestView } from './views.ts';

/** RFC 6455 section 7.4.1: a message that is not of this protocol. */
const POLICY_VIOLATION = 1008;
/** Each may be a row of the trail, and whoever leafs through a long document makes hundreds. */
const MESSAGES_MS = 4;

export class GuestSockets {
  readonly #station: Station;
  readonly #sockets = new Map<LiveSocket, { tablet: string; take: (work: () => void) => void }>();
  /** Of tablets that are away with a document. */
  readonly #away = new Map<string, NodeJS.Timeout>();

  constructor(station: Station) {
    this.#station = station;
    station.heard = async (tablet) => { await Promise.all(this.#of(tablet).map(({ take }) => new Promise<void>(take))); };
    station.events.on('blank', (tablet, request, why) => this.#send(tablet, { type: 'blank', request, why }));
    station.events.on('refused', (tablet, request, code, message) => this.#send(tablet, { type: 'refused', request, code, message }));
  }

  /** @param local the page runs on this machine */
  add(socket: WebSocket, tablet: string, local: boolean): void {
    const live = keepAlive(socket);
    const take = fewAtATime(MESSAGES_MS);
    this.#sockets.set(live, { tablet, take });
    this.#station.visits.connect(tablet);
    clearTimeout(this.#away.get(tablet));
    this.#station.notices.clear(goneCode(tablet));
    socket.on('message', (data, binary) => take(() => this.#receive(socket, live, { id: tablet, local }, binary ? '' : String(data))));
    socket.on('close', () => {
      this.#sockets.delete(live);
      this.#endAttemptOf(live, tablet);
      if (this.#station.visits.disconnect(tablet)) this.#left(tablet);
      this.#station.events.emit('changed');
    });
    this.#station.events.emit('changed');
  }

  /** Sends every screen what it shows now, where that changed. */
  refresh(): void {
    for (const [live, { tablet }] of this.#sockets) live.sendNews(guestView(this.#station, tablet));
  }

  #receive(socket: WebSocket, live: LiveSocket, { id: tablet, local }: { id: string; local: boolean }, json: string): void {
    // of a burst, some may still wait when the station stops
    if (!this.#station.database.open) return;
    try {
      handleGuestMessage(this.#station, tablet, readGuestMessage(json), { local, screen: live });
      this.#station.events.emit('changed');
    } catch (error) {
      const { code, detail } = problemOf(error);
      this.#station.log(`guest screen ${tablet}: ${(error as Error).message}`);
      if (error instanceof ProtocolError) return socket.close(POLICY_VIOLATION, code);
      live.send({ type: 'refused', request: this.#station.requests.on(tablet)?.id ?? '', code, message: detail } satisfies StationToGuest);
    }
  }

  /** Nobody sees its ink any more, though another window of the tablet may be open: one that is not being finished is over at once. */
  #endAttemptOf(live: LiveSocket, tablet: string): void {
    const { visits, pens: { attempts } } = this.#station;
    const attempt = attempts.on(tablet);
    if (attempt?.screen !== live) return;
    if (visits.on(tablet)?.completing === true) attempt.abandoned = true;
    else attempts.end(tablet);
  }

  #left(tablet: string): void {
    cancelCalibration(this.#station, tablet);
    if (this.#station.visits.on(tablet) !== null) this.#wait(tablet);
  }

  /** The document waits a moment; and while a signature is being finished: it, or what follows it, would be on a tablet that nobody has. */
  #wait(tablet: string): void {
    clearTimeout(this.#away.get(tablet));
    this.#away.set(tablet, setTimeout(() => {
      if (!this.#station.database.open) return;
      const request = this.#station.requests.on(tablet);
      if (request === null || this.#station.visits.on(tablet) === null) return;
      if (isBeingFinished(this.#station, request)) return this.#wait(tablet);
      putBack(this.#station, request, STATION, 'disconnected', null);
      this.#station.notices.happened({ code: goneCode(tablet), severity: 'warning', message: `“${guestView(this.#station, tablet).tablet.name}” went away with a document on it. Nothing drawn was kept and the document waits: look at the tablet, then send it again.` });
    }, this.#station.settings.limits.disconnectGrace).unref());
  }

  #send(tablet: string, message: StationToGuest): void {
    for (const { live } of this.#of(tablet)) live.send(message);
  }

  #of(tablet: string): { live: LiveSocket; take: (work: () => void) => void }[] {
    return [...this.#sockets].filter(([, socket]) => socket.tablet === tablet).map(([live, { take }]) => ({ live, take }));
  }
}

/** One notice for each tablet that is away. */
function goneCode(tablet: string): string {
  return `TABLET_GONE ${tablet}`;
}
