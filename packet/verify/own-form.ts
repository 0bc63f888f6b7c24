/**
 * A CMS that Countersign made has exactly one form: built anew from what it says, it must give the same bytes.
 *
 * A CMS signature covers its signed attributes and nothing else of the CMS: versions, algorithm lists, the certificates
 * above the signer's, unsigned attributes. Readers ignore changes there; we find them. Certificates must lead from the
 * signer up to a self-signed root, each signed by the next, with none left over.
 *
 * The one thing that may be added to ours later is a time-stamp over the signature value, and nothing beside it; `time-stamps.ts`
 * verifies it. Not for signatures of others, whose form is theirs to choose.
 */
import { X509Certificate } from 'node:crypto';
import { buildSignedData, type VerifiedSignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import { PacketError } from '../errors.ts';
import { sameBytes } from '../manifest.ts';
import { fromHex, sha256 } from '../sha256.ts';
import { signatureTimeStamps } from '../time-stamp/signature-time-stamp.ts';
import { withTimeStamp } from '../upgrade/signature-time-stamp.ts';
import { signedBy } from './chain.ts';
import type { Report } from './result.ts';

export async function checkOwnForm(what: string, cms: Uint8Array, content: Uint8Array, signed: VerifiedSignedData, report: Report): Promise<void> {
  if (!await isAsMade(cms, content, signed).catch(isUnreadable)) report.fail('FORMAT_FAILURE', 'SIGNATURE_NOT_CANONICAL', `${what}: the signature holds something that its maker did not put there.`);
  if (!isOnePath(signed.certificate, signed.certificates)) report.fail('FORMAT_FAILURE', 'CERTIFICATES_CHANGED', `${what}: the certificates it carries do not lead from its signer to one root.`);
}

async function isAsMade(cms: Uint8Array, content: Uint8Array, { certificate, certificates, signingTime, signature, unsignedAttributes }: VerifiedSignedData): Promise<boolean> {
  const made = await buildSignedData({
    content: null,
    digest: fromHex(await sha256(content)),
    signer: { certificate, chain: certificates, algorithm: isRsa(certificate) ? 'rsa-pkcs1-sha256' : 'ecdsa-p256-sha256', sign: async () => signature },
    signingTime: signingTime ?? undefined,
  });
  if (unsignedAttributes === null) return sameBytes(made, cms);
  const [first, ...more] = await signatureTimeStamps(unsignedAttributes);
  return first !== undefined && sameBytes([first, ...more].reduce(withTimeStamp, made), cms);
}

/** What cannot be read anew was not made here. */
function isUnreadable(error: unknown): false {
  if (error instanceof PacketError || error instanceof RecordError) return false;
  throw error;
}

function isRsa(certificate: Uint8Array): boolean {
  return new X509Certificate(certificate).publicKey.asymmetricKeyType === 'rsa';
}

function isOnePath(leaf: Uint8Array, certificates: readonly Uint8Array[]): boolean {
  try {
    const rest = certificates.filter((der) => !sameBytes(der, leaf)).map((der) => new X509Certificate(der));
    let at = new X509Certificate(leaf);
    while (!signedBy(at, at)) {
      const above = rest.findIndex((candidate) => signedBy(at, candidate));
      if (above === -1) return false;
      [at] = rest.splice(above, 1) as [X509Certificate];
    }
    return rest.length === 0;
  } catch {
    return false;
  }
}
