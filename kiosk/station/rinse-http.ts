/**
 * Node reads what comes over HTTP into one buffer of 64 KiB for all connections of a process and hands out copies: the strokes of
 * the last "Done" would stay in it until as much else came in. It cannot be reached from here, so as much else is sent to it.
 *
 * Before: `routes.ts`, when a signature is through or refused, or its request broke off. With TLS (`--listen`) the library that decrypts has buffers of its
 * own, which this does not reach.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** Several times the buffer, for what arrives in pieces fills its beginning only. */
const RINSE_BYTES = 1024 * 1024;

export async function rinseHttp(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => { response.end(); });
  });
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.end(Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${RINSE_BYTES}\r\n\r\n`), Buffer.alloc(RINSE_BYTES)]));
    await once(socket.resume(), 'close');
  } finally {
    server.close();
  }
}
