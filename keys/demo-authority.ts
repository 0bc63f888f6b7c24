/**
 * The certificate authority of demo mode. Its name says what its certificates are worth, and nothing under it is
 * ever valid under a production root. The private key exists only while the station's two certificates are issued.
 */
import { readPrivateKey } from './certificate.ts';
import { makeKeyPair, privateKeyPem } from './key-pair.ts';
import { issueCertificate, type Issuer } from './x509.ts';
import { checkedName } from './x509-parts.ts';

export const DEMO_AUTHORITY_NAME = 'Countersign DEMO CA (not evidence)';

const ROOT_DAYS = 3652;
/** 24 months at most for a device certificate. */
const LEAF_DAYS = 730;

export interface IssuedKey {
  /** PKCS#8 DER */
  privateKey: Uint8Array;
  /** DER */
  certificate: Uint8Array;
}

/** The station's names as they stand in both certificates. */
export interface StationIdentity {
  tenant: string;
  site: string;
  station: string;
}

/**
 * Makes a root and, under it, one device and one seal certificate.
 * @throws KeyError `NAME_INVALID`
 */
export async function issueDemoKeys(identity: StationIdentity): Promise<{ root: Uint8Array; device: IssuedKey; seal: IssuedKey }> {
  const authority: Issuer = { name: { commonName: DEMO_AUTHORITY_NAME }, keys: await makeKeyPair('p256') };
  const root = await issueCertificate(
    { subject: authority.name, publicKey: authority.keys.publicKey, use: { kind: 'authority' }, days: ROOT_DAYS }, authority,
  );
  return { root, device: await issueLeaf('device', identity, authority), seal: await issueLeaf('seal', identity, authority) };
}

async function issueLeaf(role: 'device' | 'seal', { tenant, site, station }: StationIdentity, authority: Issuer): Promise<IssuedKey> {
  const keys = await makeKeyPair('p256');
  const subject = { commonName: `DEMO ${role} ${checkedName(station)}`, organization: tenant, unit: site };
  const certificate = await issueCertificate({ subject, publicKey: keys.publicKey, use: { kind: 'signing' }, days: LEAF_DAYS }, authority);
  return { privateKey: readPrivateKey(Buffer.from(privateKeyPem(keys.privateKey))), certificate };
}
