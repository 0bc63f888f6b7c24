/**
 * A station's keys, made once and the same at every start. Four private keys, never one for two uses: device, seal,
 * transport, at-rest. Examiners and the store are known by their public halves only.
 *
 * Before it, for a tenant's station: `station-request.ts` and `station-enrolment.ts`. Without a key folder the station
 * runs in demo mode (`station-demo.ts`). Whether something may be signed with these keys now is not decided here but in
 * `kiosk/station/capture-allowed.ts`: a station whose certificate has ended still has to hand over what it holds.
 */
import { join } from 'node:path';
import type { Signer } from '#biometrics/signer.ts';
import { createAtRestKey, type AtRestKey } from './at-rest-key.ts';
import type { RevocationListReason } from './crl.ts';
import type { StationIdentity } from './demo-authority.ts';
import { KeyError } from './errors.ts';
import { openFileSecretStore } from './file-secret-store.ts';
import type { Protection } from './secret-store.ts';
import { makeDemoKeys, openDemoKeys } from './station-demo.ts';
import { KEY_FOLDER, kindOfKeys, refuseExaminerKeys } from './station-folder.ts';
import type { OrganisationSeal, UnusableSeal } from './signers/station-seal.ts';
import { readSecret } from './station-secret.ts';
import { openTenantKeys } from './station-tenant.ts';
import type { Custody, PenDemands } from './tenant/documents.ts';
import { openTransportKey, type TransportKey } from './transport.ts';

interface CommonKeys {
  /** Everything that is signed says that it is no evidence. */
  demo: boolean;
  atRest: AtRestKey;
  protection: Protection;
  /** Key, certificate and authority for these DNS names and IP addresses. */
  tls(hosts: string[]): Promise<TransportKey>;
}

/** Of a station that can sign: one in demo mode, or an enrolled one. */
export interface SigningKeys extends CommonKeys {
  awaiting: null;
  /** Signs records and audit heads. */
  device: Signer;
  /** Signs the PDF and the container: that of the tenant's authority. */
  seal: Signer;
  /** In its place where one is installed and valid (`sealAt`); null in demo mode, and where there is none whose key lies here. */
  organisationSeal: OrganisationSeal | UnusableSeal | null;
  /** Root certificate, DER. */
  trust: Uint8Array;
  /** Whom records are sealed to: the name as guests read it; certificates in DER. `custody`: how the key is split, null where it is not. */
  examiners: { name: string; certificate: Uint8Array; demo: boolean; custody: Custody | null }[];
  /** `split`: nothing may be sealed to an examiner whose key is not split. */
  custody: 'any' | 'split';
  /** RSA public key to which packets are wrapped: SubjectPublicKeyInfo DER; `id` is its SHA-256, lower-case hex. */
  storePublicKey: { spki: Uint8Array; id: string };
  /** What the tenant asks of pens; null: the station's own setting. */
  penMinimum: PenDemands | null;
  /** The authority that is asked for a time-stamp at Done, and the roots under which it is believed, DER; null: none is asked. */
  timeStamping: { authority: string; roots: Uint8Array[] } | null;
  /** Roots of others, DER, under which documents and time-stamps are believed; both empty in demo mode. */
  trusts: { documents: Uint8Array[]; timeStamps: Uint8Array[] };
  /** Of device, seal and examiners: how they stand by the revocation list in force. */
  certificates: CertificateStanding[];
  /** What the tenant's administrator has given; null in demo mode. */
  papers: PapersInForce | null;
  /** New keys are made, and their certificates asked for. */
  renewal: PendingRequest | null;
}

/** Of a station whose keys are made and whose certificates have not come yet: it can sign nothing. */
export interface AwaitingKeys extends CommonKeys {
  demo: false;
  awaiting: PendingRequest;
}

export type StationKeys = SigningKeys | AwaitingKeys;

/** @see `station-request.ts` */
export interface PendingRequest {
  /** The request's file. */
  path: string;
  /** What its administrator compares. */
  fingerprint: string;
}

export interface PapersInForce {
  /** SHA-256 of the enrolment, and of the root under which everything here is. */
  enrolment: { sha256: string; root: string };
  configuration: { number: number; sha256: string };
  /** `der` travels inside every sealed record. */
  crl: { number: number; sha256: string; der: Uint8Array; nextUpdate: string | null };
}

export interface CertificateStanding {
  use: 'device' | 'seal' | 'examiner';
  /** Of an examiner; else empty. */
  name: string;
  /** RFC 3339 UTC. */
  notBefore: string;
  notAfter: string;
  /** By the revocation list in force: `since` when nothing it signs is to be believed. Null: not in the list. */
  revoked: { since: string; reason: RevocationListReason } | null;
}

export interface StationKeysOptions {
  /**
   * 32 bytes that whoever started the station keeps in memory, in place of the file: what lies under it cannot be read
   * once the power is gone, not even by this machine.
   */
  atRestKey?: Uint8Array;
  /** False: where there are no keys, none are made for a demonstration. */
  mayBeDemo?: boolean;
}

/**
 * Opens the keys under `<home>/keys`, or makes those of demo mode where there are none.
 * @throws KeyError `KEYS_INCOMPLETE`, `KEYS_OF_ANOTHER_STATION`, `CERTIFICATE_EXPIRED` (demo), `CUSTODY_INCOMPLETE`,
 *   `EXAMINER_KEY_HERE`, `NAME_INVALID`, `PAPER_*`, `SECRET_EXPOSED`, `SECRET_STORE`
 */
export async function openStationKeys(home: string, identity: StationIdentity, { atRestKey, mayBeDemo = true }: StationKeysOptions = {}): Promise<StationKeys> {
  const folder = join(home, 'keys');
  refuseExaminerKeys(folder);
  if (kindOfKeys(folder) === 'none') {
    if (!mayBeDemo) throw new KeyError('KEYS_INCOMPLETE', `${folder} is gone. This data folder is of a tenant’s station: restore its key folder from a backup, or have a new station enrolled on a new data folder.`);
    await makeDemoKeys(home, folder, identity, atRestKey === undefined);
  }
  const secrets = openFileSecretStore(folder);
  const common = {
    atRest: createAtRestKey(atRestKey ?? readSecret(secrets, folder, KEY_FOLDER.atRest)),
    protection: atRestKey === undefined ? secrets.protection : { kind: 'memory', held: true, advice: '' } as const,
    tls: (hosts: string[]) => openTransportKey(secrets, hosts),
  };
  const own = kindOfKeys(folder) === 'demo' ? openDemoKeys(folder, secrets, identity) : await openTenantKeys(folder, identity);
  refuseExaminerKeys(folder, own.awaiting === null ? own.examiners.map(({ certificate }) => certificate) : []);
  return { ...common, ...own };
}
