/**
 * A CMS that Countersign made has exactly one form: built anew from what it says, it must give the same bytes.
 *
 * A CMS signature covers its signed attributes and nothing else of the CMS: versions, algorithm lists, the certificates
 * above the signer's, unsigned attributes. Readers ignore changes there; we find them. Certificates must lead upwards from the
 * signer, each signed by the next, with none left over. A certification authority's root is often left out, since whoever trusts it has
 * it: then the last one is checked against the roots given and the certificates in the file. The signer's own stands under the signature
 * by its hash; of any other whose issuer is not at hand nobody can say whether it was changed.
 *
 * The one thing that may be added to ours later is a time-stamp over the signature value, and nothing beside it; `time-stamps.ts`
 * verifies it. Not for signatures of others, whose form is theirs to choose.
 */
import { X509Certificate } from 'node:crypto';
import { buildSignedData, type VerifiedSignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import { describeCertificate } from '#keys/certificate.ts';
import { PacketError } from '../errors.ts';
import { sameBytes } from '../manifest.ts';
import { fromHex, sha256 } from '../sha256.ts';
import { signatureTimeStamps } from '../time-stamp/signature-time-stamp.ts';
import { withTimeStamp } from '../upgrade/signature-time-stamp.ts';
import { signedBy } from './chain.ts';
import type { Report } from './result.ts';

/** @param known certificates that may have signed the last one carried: roots given, and what lies in the file, DER */
export async function checkOwnForm(what: string, cms: Uint8Array, content: Uint8Array, signed: VerifiedSignedData, known: readonly Uint8Array[], report: Report): Promise<void> {
  if (!await isAsMade(cms, content, signed).catch(isUnreadable)) report.fail('FORMAT_FAILURE', 'SIGNATURE_NOT_CANONICAL', `${what}: the signature holds something that its maker did not put there.`);
  const top = topOf(signed.certificate, signed.certificates);
  if (top === null) report.fail('FORMAT_FAILURE', 'CERTIFICATES_CHANGED', `${what}: the certificates it carries do not lead upwards from its signer one by one.`);
  else if (!isSelfSigned(top) && !top.raw.equals(signed.certificate) && !known.some((der) => isSignedBy(top, der))) {
    // a root says that it is its own issuer
    if (top.subject === top.issuer) report.fail('FORMAT_FAILURE', 'CERTIFICATES_CHANGED', `${what}: the root it carries was changed.`);
    else report.doubt('NO_CERTIFICATE_CHAIN_FOUND', 'ISSUER_NOT_AT_HAND', `${what}: the certificates it carries end at ${describeCertificate(top.raw).subject}, and that of its issuer (${describeCertificate(top.raw).issuer}) is not at hand: give it with --trust.`);
  }
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

/** The last certificate on the way up from the signer; null where one is left over or cannot be read. */
function topOf(leaf: Uint8Array, certificates: readonly Uint8Array[]): X509Certificate | null {
  try {
    const rest = certificates.filter((der) => !sameBytes(der, leaf)).map((der) => new X509Certificate(der));
    let at = new X509Certificate(leaf);
    while (rest.length > 0) {
      const above = rest.findIndex((candidate) => signedBy(at, candidate));
      if (above === -1) return null;
      [at] = rest.splice(above, 1) as [X509Certificate];
    }
    return at;
  } catch {
    return null;
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return signedBy(certificate, certificate);
}

function isSignedBy(certificate: X509Certificate, der: Uint8Array): boolean {
  try {
    return signedBy(certificate, new X509Certificate(der));
  } catch {
    return false;
  }
}
