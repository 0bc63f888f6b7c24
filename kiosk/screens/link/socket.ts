/**
 * A WebSocket to the station that comes back by itself. Same origin only; the session cookie says who we are.
 * What is sent while it is away is dropped: the station starts anew with every connection, and so do the screens.
 */
export interface Socket<Out> {
  send(message: Out): void;
  close(): void;
}

export interface SocketListener<In> {
  opened(): void;
  message(message: In): void;
  /** Called once per loss, not per failed attempt. */
  lost(): void;
}

const FIRST_WAIT = 300;
const LONGEST_WAIT = 5_000;

export function openSocket<In, Out>(path: string, listener: SocketListener<In>): Socket<Out> {
  let wait = FIRST_WAIT;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket;

  const connect = (): void => {
    let wasOpen = false;
    socket = new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')));
    socket.addEventListener('open', () => {
      wasOpen = true;
      wait = FIRST_WAIT;
      listener.opened();
    });
    socket.addEventListener('message', (event: MessageEvent<string>) => listener.message(JSON.parse(event.data) as In));
    socket.addEventListener('close', () => {
      if (closed) return;
      if (wasOpen) listener.lost();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };
  connect();

  return {
    send: (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
