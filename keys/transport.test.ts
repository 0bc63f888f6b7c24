import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { openFileSecretStore } from './file-secret-store.ts';
import { openTransportKey } from './transport.ts';

const folder = temporaryFolder();
const hosts = ['desk.hotel.lan', '127.0.0.1', 'fd00::1:2'];

describe('the transport key', () => {
  it('serves TLS to whoever installed the authority, under the names asked for only', async () => {
    const { key, cert, ca } = await openTransportKey(openFileSecretStore(join(folder, 'tls')), hosts);
    const server = createServer({ key, cert }, (socket) => socket.on('error', () => {}).end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    const greet = async (servername: string, authority: string | undefined) => {
      const socket = connect({ host: '127.0.0.1', port, servername, ca: authority });
      const [data] = await once(socket, 'data');
      return String(data);
    };
    await expect(greet('desk.hotel.lan', ca)).resolves.toBe('hello');
    await expect(greet('other.hotel.lan', ca)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await expect(greet('desk.hotel.lan', undefined)).rejects.toThrow(/certificate/);
    server.close();
  });

  it('is kept as long as it names every host', async () => {
    const secrets = openFileSecretStore(join(folder, 'kept'));
    const first = await openTransportKey(secrets, hosts);
    expect(await openTransportKey(secrets, ['127.0.0.1', 'fd00:0::1:2'])).toEqual(first);
    const second = await openTransportKey(secrets, [...hosts, '10.0.0.7']);
    expect(second.cert).not.toBe(first.cert);
    expect(await openTransportKey(secrets, ['10.0.0.7'])).toEqual(second);
  });

  it('has an authority that OpenSSL holds to those hosts', async (context) => {
    const openssl = judge(context, 'openssl');
    const { cert, ca } = await openTransportKey(openFileSecretStore(join(folder, 'judged')), hosts);
    const [certFile, caFile] = [join(folder, 'cert.pem'), join(folder, 'ca.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(caFile, ca);
    const answer = execFileSync(openssl, ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_ip', 'fd00::1:2', '-CAfile', caFile, certFile], { encoding: 'utf8' });
    expect(answer).toContain('OK');
    const constraints = execFileSync(openssl, ['x509', '-in', caFile, '-noout', '-ext', 'nameConstraints'], { encoding: 'utf8' });
    expect(constraints).toMatch(/Name Constraints: critical/);
    expect(constraints).toContain('IP:127.0.0.1/255.255.255.255');
    expect(constraints).toContain('IP:FD00:0:0:0:0:0:1:2/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF');
    expect(constraints).toContain('DNS:desk.hotel.lan');
  });
});
