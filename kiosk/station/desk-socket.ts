/** The WebSockets of desk screens: they only listen; commands are HTTP. Before: `http.ts` admits. */
import type { WebSocket } from 'ws';
import { keepAlive, type LiveSocket } from './live-socket.ts';
import type { Station } from './station.ts';
import { deskView } from './views.ts';

export class DeskSockets {
  readonly #station: Station;
  readonly #sockets = new Set<LiveSocket>();

  constructor(station: Station) {
    this.#station = station;
  }

  add(socket: WebSocket): void {
    const live = keepAlive(socket);
    this.#sockets.add(live);
    socket.on('close', () => this.#sockets.delete(live));
    live.sendNews(deskView(this.#station));
  }

  refresh(): void {
    if (this.#sockets.size === 0) return;
    const view = deskView(this.#station);
    for (const live of this.#sockets) live.sendNews(view);
  }
}
