/**
 * Textual encodings of RFC 7468: base64 of DER between two labelled lines, 64 characters per line.
 */

/** One PEM block with its closing line break. `label` as in RFC 7468: `CERTIFICATE`, `PRIVATE KEY`, `PUBLIC KEY`. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** DER of every block with that label, in order; text around the blocks is ignored. */
export function fromPem(label: string, pem: string): Uint8Array[] {
  const blocks = pem.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g'));
  return [...blocks].map(([, body]) => new Uint8Array(Buffer.from(body as string, 'base64')));
}
