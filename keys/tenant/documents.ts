/**
 * The four papers that pass between a tenant's administrator and its stations. Each is UTF-8 JSON in canonical form; the
 * administrator's three are carried in CMS SignedData, so that stock OpenSSL verifies them:
 *
 *   station ──EnrolmentRequest──▶ administrator ──Enrolment──▶ station
 *                                              ──Configuration, DeviceList, CRL──▶ every station and every verifier
 *
 * Certificates, requests and CMS are Base64 of DER. Times are RFC 3339 UTC. Numbers only ever grow: an older one is refused.
 */

export interface StationName { tenant: string; site: string; station: string }

/** Made by a station; its private keys never leave it. */
export interface EnrolmentRequest {
  kind: 'countersign enrolment request';
  version: 1;
  station: StationName;
  /** PKCS#10 (RFC 2986) for the device key and for the seal key. */
  device: string;
  seal: string;
}

/** Given back by the administrator: the two certificates, and what the station starts with. */
export interface Enrolment {
  kind: 'countersign enrolment';
  version: 1;
  station: StationName;
  root: string;
  device: string;
  seal: string;
  /** The signed configuration, the signed device list (CMS) and the revocation list (X.509 CRL) of this moment. */
  configuration: string;
  devices: string;
  crl: string;
}

/** What a tenant's administrator decides for all its stations. */
export interface TenantConfiguration {
  kind: 'countersign tenant configuration';
  version: 1;
  tenant: string;
  /** From 1, one more for each edition. */
  number: number;
  issuedAt: string;
  /** Whom records are sealed to. `custody`: the split of the key, where it is split. */
  examiners: { name: string; certificate: string; custody: { set: string; threshold: number; shares: number } | null }[];
  /** `split`: every examiner's key must be a split one, else nothing is captured. */
  custody: 'any' | 'split';
  /** Roots trusted for time-stamps, and for certificates of others. */
  trust: { timeStamps: string[]; documents: string[] };
  /** RSA public key to which packets are wrapped offline, SubjectPublicKeyInfo; null: the station's own setting. */
  storePublicKey: string | null;
  /** What a pen must give (`pens.minimum` of `station.json` has the same members); null: the station's own setting. */
  penMinimum: Record<string, unknown> | null;
}

/** Which certificates the tenant has given out, and which it has taken back. */
export interface DeviceList {
  kind: 'countersign device list';
  version: 1;
  tenant: string;
  number: number;
  issuedAt: string;
  devices: DeviceListEntry[];
}

export interface DeviceListEntry {
  site: string;
  station: string;
  use: 'device' | 'seal';
  /** Serial number in lower-case hexadecimal, and SHA-256 (hex) of the certificate's DER. */
  serial: string;
  sha256: string;
  notBefore: string;
  notAfter: string;
  /** `invalidSince`: from when nothing signed by it is to be believed (RFC 5280 section 5.3.2), e.g. when the tablet was last seen. */
  revoked: { at: string; invalidSince: string; reason: 'keyCompromise' | 'cessationOfOperation' | 'superseded' | 'unspecified' } | null;
}
