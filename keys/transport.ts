/**
 * The TLS certificate for tablets on other machines (`--listen`), under a local authority whose certificate the
 * hotel installs on them.
 *
 * The authority's key exists only while it signs this one certificate, and its certificate is constrained to the
 * same hosts: installing it gives nobody power over any other site. The price: other hosts, or a certificate near its
 * end, mean a new authority to install.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { makeKeyPair, privateKeyPem } from './key-pair.ts';
import { fromPem, toPem } from './pem.ts';
import type { SecretStore } from './secret-store.ts';
import { issueCertificate, type Issuer } from './x509.ts';

/** All PEM, as `tls.createServer` takes them. `ca` is for the tablets. */
export interface TransportKey {
  key: string;
  cert: string;
  ca: string;
}

/** Apple's platforms refuse server certificates that live longer (support article 103769). */
const VALID_DAYS = 825;
const RENEW_DAYS_BEFORE = 30;

const SECRET = 'transport.pem';

/**
 * The kept certificate where it names every host and is not near its end, else a new one.
 * @param hosts DNS names and IP addresses, at least one
 * @throws KeyError `NAME_INVALID`, `SECRET_STORE`, `SECRET_EXPOSED`
 */
export async function openTransportKey(secrets: SecretStore, hosts: readonly string[]): Promise<TransportKey> {
  const kept = parseBundle(secrets.read(SECRET));
  if (kept !== null && covers(kept.cert, hosts)) return kept;
  const made = await makeTransportKey(hosts);
  secrets.write(SECRET, Buffer.from(made.key + made.cert + made.ca));
  return made;
}

async function makeTransportKey(hosts: readonly string[]): Promise<TransportKey> {
  const [authorityKeys, serverKeys] = await Promise.all([makeKeyPair('p256'), makeKeyPair('p256')]);
  const authority: Issuer = { name: { commonName: 'Countersign station, only for its own screens' }, keys: authorityKeys };
  const ca = await issueCertificate(
    { subject: authority.name, publicKey: authorityKeys.publicKey, use: { kind: 'authority', hosts }, days: VALID_DAYS }, authority,
  );
  const cert = await issueCertificate(
    { subject: { commonName: 'Countersign station' }, publicKey: serverKeys.publicKey, use: { kind: 'server', hosts }, days: VALID_DAYS }, authority,
  );
  return { key: privateKeyPem(serverKeys.privateKey), cert: toPem('CERTIFICATE', cert), ca: toPem('CERTIFICATE', ca) };
}

/** Key, certificate and authority lie in one file, so that they are always of one making. */
function parseBundle(bytes: Uint8Array | null): TransportKey | null {
  const text = Buffer.from(bytes ?? []).toString('latin1');
  const [key] = fromPem('PRIVATE KEY', text);
  const [cert, ca] = fromPem('CERTIFICATE', text);
  if (key === undefined || cert === undefined || ca === undefined) return null;
  return { key: toPem('PRIVATE KEY', key), cert: toPem('CERTIFICATE', cert), ca: toPem('CERTIFICATE', ca) };
}

function covers(pem: string, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(pem);
  const daysLeft = (certificate.validToDate.getTime() - Date.now()) / 86_400_000;
  const names = (host: string) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
  return daysLeft > RENEW_DAYS_BEFORE && hosts.every(names);
}
