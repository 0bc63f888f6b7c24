/** Opens a port, with or without TLS. */
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TransportKey } from '#keys/transport.ts';
import { StationError } from './errors.ts';

/** @param port 0 takes a free one. @throws StationError `PORT_UNUSABLE` */
export async function listen(address: string, port: number, tls: TransportKey | null): Promise<{ server: Server; port: number }> {
  const server = tls === null ? createServer() : createSecureServer({ key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(new StationError('PORT_UNUSABLE', whyNot(cause.code, address, port), { cause })));
    server.listen(port, address, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function whyNot(code: string | undefined, address: string, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} on ${address} is taken by another program, maybe by another station. Choose another port, or 0 for a free one.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one above 1023, or 0 for a free one.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${address}. Name one of its own with --listen.`;
  return `Port ${port} on ${address} cannot be used (${code ?? 'unknown reason'}).`;
}

/** Ends a server without waiting for keep-alive connections. */
export async function stopListening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
