/** A signer as `certificate-standing.ts` judges it, and how findings name certificates and lists. */
import { describeCertificate, serialOf } from '#keys/certificate.ts';
import type { RevocationList } from '#keys/crl.ts';
import type { DeviceList, DeviceListEntry, StationName } from '#keys/tenant/documents.ts';
import type { ValidationData } from './validation-data.ts';

export interface Signer {
  /** How the findings name it, e.g. `Signature "guest"`. */
  what: string;
  use: DeviceListEntry['use'];
  /** DER, and those that may lie between it and a root. */
  certificate: Uint8Array;
  others: readonly Uint8Array[];
  /** Revocation lists that came with the signature, DER: anything may be among them. */
  crls: readonly Uint8Array[];
  /** What else lies in the file: of this signer, or of anybody. */
  stored: ValidationData;
  /** When it was signed, by the signer's own word; null where it does not say. */
  claimedTime: string | null;
  /** When a time-stamp authority saw the signature; null where none did. */
  provenTime: Date | null;
  /** Whose signature it says it is; null where it does not say. */
  station: StationName | null;
}

export function nameCertificate(certificate: Uint8Array): string {
  return `the certificate of ${describeCertificate(certificate).subject} (serial number ${serialOf(certificate)})`;
}

export function nameList({ number, tenant, issuedAt }: DeviceList): string {
  return `device list ${number} of ${tenant}, of ${issuedAt}`;
}

export function nameOf({ number, thisUpdate }: RevocationList): string {
  return `revocation list ${number ?? 'without a number'} of ${thisUpdate}`;
}
