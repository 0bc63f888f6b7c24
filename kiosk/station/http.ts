/**
 * The web server of the screens: every request passes Host, Origin and session checks in this order, before
 * anything looks at what it wants.
 *
 * Before: browsers. After: `routes.ts`, `static-screens.ts`, and for WebSockets `guest-socket.ts` and
 * `desk-socket.ts`. Decisions are in `access.ts`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_MESSAGE } from '#kiosk/protocol/validate.ts';
import { areaOf, entryOf, hostAllowed, hostsOf, isLocal, originAllowed, sessionAllowed, type Access } from './access.ts';
import { StationError } from './errors.ts';
import { FRESH_PATH, nextHop } from './fresh-renderer.ts';
import { problemOf, sendProblem } from './problem.ts';
import { answerRoute } from './routes.ts';
import { PERMISSIONS_WITH_PLACE, SECURITY_HEADERS } from './security-headers.ts';
import { sessionCookie, type SessionKind, type SessionPair } from './sessions.ts';
import type { StaticScreens } from './static-screens.ts';
import type { Station } from './station.ts';

/** A page of the desk, under its session. */
const GENUINE_PATH = '/desk/genuine';

export interface ScreenServer {
  /** Host names and addresses under which it answers. */
  names: readonly string[];
  port: number;
  tls: boolean;
  screens: StaticScreens;
  /** A guest screen of a tablet, or a desk screen, has connected. */
  guest(socket: WebSocket, tablet: string, local: boolean): void;
  desk(socket: WebSocket): void;
}

export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

export function screenHandlers(station: Station, server: ScreenServer): Handlers {
  const hosts = hostsOf(server.names, server.port);
  const origins = new Set([...hosts].map((host) => `${server.tls ? 'https' : 'http'}://${host}`));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE * 4 });

  /** @throws StationError where the request may not be answered */
  function admit(request: IncomingMessage, path: string, websocket: boolean): SessionPair {
    const { host, origin, 'sec-fetch-site': fetchSite } = request.headers;
    insist(hostAllowed(host, hosts));
    insist(originAllowed({ method: request.method ?? '', websocket, origin, fetchSite: fetchSite as string | undefined }, origins));
    const found = station.sessions.find(request.headers.cookie, server.port);
    // of a tablet that the settings no longer name it would wait for ever, unseen at the desk
    const sessions = station.settings.tablets.some(({ id }) => id === found.guest?.tablet) ? found : { ...found, guest: null };
    insist(sessionAllowed(areaOf(path), { guest: sessions.guest !== null, desk: sessions.desk !== null }));
    return sessions;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const url = urlOf(request);
    const sessions = admit(request, url.pathname, false);
    if (url.pathname === FRESH_PATH) return hop(request, url.searchParams.get('to'), response);
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const entry = entryOf(url.pathname);
    if (reading && entry !== null) return enter(entry, url.searchParams.get('token'), sessions, response);
    if (reading && url.pathname === GENUINE_PATH) return server.screens.page('genuine', response);
    if (reading && url.pathname.startsWith('/screens/')) return server.screens.file(url.pathname.slice('/screens/'.length), response);
    return answerRoute(station, url.pathname, sessions.guest?.tablet ?? '', request, response);
  }

  function hop(request: IncomingMessage, to: string | null, response: ServerResponse): void {
    const next = nextHop(server.tls ? 'https' : 'http', request.headers.host ?? '', to, hosts);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', Refresh: `0;url=${next}` }).end('<!doctype html><title>…</title><link rel="icon" href="data:,">');
  }

  /**
   * Gives the page at once instead of redirecting: on a redirect that began on another site, a browser would
   * hold the new SameSite=Strict cookie back.
   */
  async function enter(kind: SessionKind, token: string | null, sessions: SessionPair, response: ServerResponse): Promise<void> {
    const cookie = token === null ? null : station.sessions.redeem(token, kind);
    if (cookie !== null) response.setHeader('Set-Cookie', sessionCookie(kind, cookie, server.port, server.tls));
    else if (sessions[kind] === null) {
      throw new StationError('NO_SESSION', token === null
        ? 'Open this screen with the address that the station printed at its start.'
        : 'This address was used before, or is too old: each works once, for one browser. Restart the station for new ones.');
    }
    if (kind === 'guest' && station.settings.tabletPlace !== null) response.setHeader('Permissions-Policy', PERMISSIONS_WITH_PLACE);
    await server.screens.page(kind, response);
  }

  return {
    request(request, response) {
      answer(request, response).catch((error: unknown) => {
        const problem = problemOf(error);
        if (problem.status === 500) station.log(`${request.method} ${urlOf(request).pathname}: ${error instanceof Error ? error.stack : String(error)}`);
        sendProblem(response, problem);
      });
    },
    upgrade(request, socket, head) {
      try {
        const path = urlOf(request).pathname;
        const sessions = admit(request, path, true);
        if (path !== '/ws/guest' && path !== '/ws/desk') throw new StationError('NOT_FOUND', 'There is nothing at this address.');
        sockets.handleUpgrade(request, socket, head, (websocket) => {
          if (path === '/ws/desk') server.desk(websocket);
          else server.guest(websocket, sessions.guest?.tablet ?? '', isLocal(request.socket));
        });
      } catch (error) {
        const { status, detail } = problemOf(error);
        socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${detail}\n`);
      }
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function insist(access: Access): void {
  if (!access.allowed) throw new StationError(access.code, access.reason);
}

/** Only path and query are used; the host was checked apart. @throws StationError `NOT_FOUND` for what is no address */
function urlOf(request: IncomingMessage): URL {
  const url = URL.parse(request.url ?? '', 'http://station.invalid');
  if (url === null || url.host !== 'station.invalid') throw new StationError('NOT_FOUND', 'There is nothing at this address.');
  return url;
}
