/**
 * A CMS that Countersign made has exactly one form: built anew from what it says, it must give the same bytes.
 *
 * A CMS signature covers its signed attributes and nothing else of the CMS: versions, algorithm lists, the certificates
 * above the signer's, unsigned attributes. Readers ignore changes there; we find them. Certificates must lead from the
 * signer up to a self-signed root, each signed by the next, with none left over.
 *
 * Not for signatures of others, whose form is theirs to choose, and not yet for a time-stamp added to ours later.
 */
import { X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { buildSignedData, type VerifiedSignedData } from '#biometrics/cms.ts';
import { sameBytes } from '../manifest.ts';
import { fromHex, sha256 } from '../sha256.ts';
import { signedBy } from './chain.ts';
import type { Report } from './result.ts';

export async function checkOwnForm(what: string, cms: Uint8Array, content: Uint8Array, signed: VerifiedSignedData, report: Report): Promise<void> {
  if (!await isAsMade(cms, content, signed)) report.fail('FORMAT_FAILURE', 'SIGNATURE_NOT_CANONICAL', `${what}: the signature holds something that its maker did not put there.`);
  if (!isOnePath(signed.certificate, signed.certificates)) report.fail('FORMAT_FAILURE', 'CERTIFICATES_CHANGED', `${what}: the certificates it carries do not lead from its signer to one root.`);
}

async function isAsMade(cms: Uint8Array, content: Uint8Array, { certificate, certificates, signingTime }: VerifiedSignedData): Promise<boolean> {
  const value = signatureValue(cms);
  if (value === null) return false;
  const rebuilt = await buildSignedData({
    content: null,
    digest: fromHex(await sha256(content)),
    signer: { certificate, chain: certificates, algorithm: 'ecdsa-p256-sha256', sign: async () => value },
    signingTime: signingTime ?? undefined,
  });
  return sameBytes(rebuilt, cms);
}

function signatureValue(cms: Uint8Array): Uint8Array | null {
  try {
    const { content } = pkijs.ContentInfo.fromBER(new Uint8Array(cms));
    return new pkijs.SignedData({ schema: content }).signerInfos[0]?.signature.valueBlock.valueHexView ?? null;
  } catch {
    return null;
  }
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
