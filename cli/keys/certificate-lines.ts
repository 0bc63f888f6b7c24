import type { CertificateDescription } from '#keys/index.ts';

/** A certificate as the commands of `keys` show it. */
export function certificateLines(title: string, { subject, issuer, keyType, notBefore, notAfter, sha256 }: CertificateDescription): string {
  return `${title}
  subject  ${subject}
  issuer   ${issuer}
  key      ${keyType}
  valid    ${notBefore} to ${notAfter}
  SHA-256  ${sha256}
`;
}
