/**
 * The organisation's seal at a station: where an authority's certificate is installed and its key lies in a file here, PDF and packet are
 * sealed with it at Done, in the place of the seal that the tenant's authority gave. One in a token or a service is never asked at Done,
 * where a guest waits: it is put on later (`countersign packet seal`).
 *
 * Before: `seal-folder.ts` installs it. After: `station-tenant.ts`; `kiosk/station/papers.ts` asks `sealAt` at each signature.
 */
import type { Signer } from '#biometrics/signer.ts';
import { describeCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { openSigningKey } from './key-reference.ts';
import { sealKindOf, wordsOf } from './seal-certificate.ts';
import { installedSeal } from './seal-folder.ts';
import { signerWith } from './signing-key.ts';

export interface OrganisationSeal {
  signer: Signer;
  /** RFC 3339 UTC, of its certificate. */
  notBefore: string;
  notAfter: string;
}

/** Why one that is installed is not used, for the desk (`kiosk/station/seal-notice.ts`); the station's own goes on being used. */
export interface UnusableSeal { problem: string }

/**
 * Null where none is installed, or its key lies elsewhere.
 * @param isRevoked by the tenant's list, where the tenant's authority issued it: serial number in hexadecimal
 */
export async function openOrganisationSeal(home: string, isRevoked: (serial: string) => boolean): Promise<OrganisationSeal | UnusableSeal | null> {
  try {
    const seal = installedSeal(home);
    if (seal === null || isElsewhere(seal.reference) || seal.kind === 'demo') return null;
    if (seal.kind === 'tenant' && isRevoked(seal.serial)) return { problem: `The seal certificate of ${seal.subject} is revoked: documents are sealed with the station’s own. Ask for a new one with countersign keys station csr.` };
    const key = await openSigningKey(seal.reference, () => Promise.reject(new KeyError('SIGNER_REFUSED', 'A station asks nobody for a PIN.')));
    return { signer: signerWith(key, seal.certificate, seal.chain), notBefore: seal.notBefore, notAfter: seal.notAfter };
  } catch (error) {
    if (error instanceof KeyError) return { problem: `The organisation’s seal is not used, and documents are sealed with the station’s own: ${error.message}` };
    throw error;
  }
}

/** A token or a service, which may be slow or away. */
function isElsewhere(reference: string): boolean {
  return reference.startsWith('pkcs11:') || reference.startsWith('arn:');
}

/** With which seal a document is sealed now: an ended certificate would make the signature worth a claim, the station's own holds. */
export function sealAt({ seal, organisationSeal }: { seal: Signer; organisationSeal: OrganisationSeal | UnusableSeal | null }, now: Date): Signer {
  if (organisationSeal === null || 'problem' in organisationSeal) return seal;
  const { signer, notBefore, notAfter } = organisationSeal;
  return now.getTime() >= Date.parse(notBefore) && now.getTime() <= Date.parse(notAfter) ? signer : seal;
}

/** Whose seal it is and who vouches for that, in words. */
export function vouchedBy({ certificate, chain }: Pick<Signer, 'certificate' | 'chain'>): string {
  const { subject, issuer } = describeCertificate(certificate);
  return `${subject}, ${wordsOf(sealKindOf(chain), issuer)}`;
}
