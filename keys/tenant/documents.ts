/**
 * The papers that pass between a tenant's administrator and its stations:
 *
 *   station ──EnrolmentRequest──▶ administrator ──Enrolment──▶ station
 *                                              ──TenantConfiguration, DeviceList, CRL──▶ every station and every verifier
 *
 * Each is UTF-8 JSON; the administrator's three are carried in CMS SignedData (`paper.ts`), so that stock OpenSSL verifies
 * them. Certificates, requests, lists and CMS inside are Base64 of DER. Times are RFC 3339 UTC. Numbers only ever grow: an
 * older one is refused.
 */
import { RecordError } from '#biometrics/errors.ts';
import { boolean, digest, instant, integer, list, nullable, object, oneOf, text, type Shape } from '#biometrics/shape.ts';

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
  /** The signed configuration (CMS) and the revocation list (X.509 CRL) of this moment. */
  configuration: string;
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
  examiners: { name: string; certificate: string; custody: Custody | null }[];
  /** `split`: every examiner's key must be a split one, else nothing is captured. */
  custody: 'any' | 'split';
  /** Roots trusted for time-stamps, and for certificates of others. */
  trust: { timeStamps: string[]; documents: string[] };
  /** RSA public key to which packets are wrapped offline, SubjectPublicKeyInfo. */
  storePublicKey: string;
  /** What a pen must give (`pens.minimum` of `station.json` has the same members); null: the station's own setting. */
  penMinimum: PenDemands | null;
  /**
   * The time-stamp authority that stations ask at Done, believed under `trust.timeStamps`; it may lie in the hotel's own network. Left out
   * where there is none, so that a station of a version before this still takes the paper.
   */
  timeStamping?: { authority: string };
}

/** `set` names the splitting (16 hex digits); any `threshold` of `shares` open the key. */
export interface Custody { set: string; threshold: number; shares: number }

export interface PenDemands { raw: boolean; pressure: number | null; tilt: boolean; inAir: boolean; deviceClock: boolean }

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
  revoked: Revocation | null;
}

/**
 * `invalidSince`: from when nothing signed by it is to be believed (RFC 5280 section 5.3.2): when the tablet was last seen in
 * honest hands. Of a superseded certificate it is later than `at`, for the days until the station has taken the new one.
 */
export interface Revocation { at: string; invalidSince: string; reason: RevocationReason }

export type RevocationReason = 'keyCompromise' | 'cessationOfOperation' | 'superseded' | 'unspecified';

/** More than any tenant has, and little enough for one paper (about 350 bytes each). */
const MAX_DEVICES = 32_768;

/** 6 MiB of text: a revocation list of a very large tenant, and an end to what is read. */
const MAX_BASE64 = 6 * 1_024 * 1_024;
const base64: Shape<string> = (value, where) => {
  if (typeof value !== 'string' || value.length > MAX_BASE64 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    throw new RecordError('RECORD_MALFORMED', `${where}: should be Base64`);
  }
  return value;
};
const version1: Shape<1> = (value, where) => integer(1, 1)(value, where) as 1;
const count = integer(1, Number.MAX_SAFE_INTEGER);
const stationName = object<StationName>({ tenant: text, site: text, station: text });
const custody = object<Custody>({ set: text, threshold: integer(2, 255), shares: integer(2, 255) });
const penDemands = object<PenDemands>({ raw: boolean, pressure: nullable(integer(1, 65_536)), tilt: boolean, inAir: boolean, deviceClock: boolean });
const revocation = object<Revocation>({ at: instant, invalidSince: instant, reason: oneOf('keyCompromise', 'cessationOfOperation', 'superseded', 'unspecified') });

const configurationMembers = {
  kind: oneOf('countersign tenant configuration'), version: version1, tenant: text, number: count, issuedAt: instant,
  examiners: list(object({ name: text, certificate: base64, custody: nullable(custody) })),
  custody: oneOf('any', 'split'),
  trust: object({ timeStamps: list(base64), documents: list(base64) }),
  storePublicKey: base64,
  penMinimum: nullable(penDemands),
} as const;
const withoutTimeStamping = object<Omit<TenantConfiguration, 'timeStamping'>>(configurationMembers);
const withTimeStamping = object<TenantConfiguration>({ ...configurationMembers, timeStamping: object({ authority: text }) });
const tenantConfiguration: Shape<TenantConfiguration> = (value, where) => (
  typeof value === 'object' && value !== null && 'timeStamping' in value ? withTimeStamping(value, where) : withoutTimeStamping(value, where));

/** One shape for each kind. @throws RecordError with the path at which the paper is wrong */
export const SHAPES = {
  'countersign enrolment request': object<EnrolmentRequest>({
    kind: oneOf('countersign enrolment request'), version: version1, station: stationName, device: base64, seal: base64,
  }),
  'countersign enrolment': object<Enrolment>({
    kind: oneOf('countersign enrolment'), version: version1, station: stationName,
    root: base64, device: base64, seal: base64, configuration: base64, crl: base64,
  }),
  'countersign tenant configuration': tenantConfiguration,
  'countersign device list': object<DeviceList>({
    kind: oneOf('countersign device list'), version: version1, tenant: text, number: count, issuedAt: instant,
    devices: list(object<DeviceListEntry>({
      site: text, station: text, use: oneOf('device', 'seal'), serial: text, sha256: digest, notBefore: instant, notAfter: instant, revoked: nullable(revocation),
    }), MAX_DEVICES),
  }),
} as const;

export type PaperKind = keyof typeof SHAPES;
export type PaperOf<K extends PaperKind> = ReturnType<(typeof SHAPES)[K]>;
