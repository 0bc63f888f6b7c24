/**
 * A WebSocket (RFC 6455) that says whether the other side still lives: a tablet that lost its power sends no
 * close, so it is asked with pings.
 */
import type { WebSocket } from 'ws';

const EVERY = 5_000;

export interface LiveSocket {
  /** Sends a message, unless it is the same as the last of its type. */
  sendNews(message: { type: string }): void;
  /** Sends a message. */
  send(message: object): void;
}

export function keepAlive(socket: WebSocket): LiveSocket {
  let alive = true;
  const last = new Map<string, string>();
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, EVERY);
  socket.on('pong', () => { alive = true; });
  socket.on('close', () => clearInterval(timer));
  // what follows an error is always a close
  socket.on('error', () => {});
  return {
    sendNews(message) {
      const json = JSON.stringify(message);
      if (last.get(message.type) === json) return;
      last.set(message.type, json);
      socket.send(json);
    },
    send(message) {
      socket.send(JSON.stringify(message));
    },
  };
}
