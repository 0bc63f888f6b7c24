/** What the issuer of a certificate allows its key to be used for: KeyUsage, RFC 5280 section 4.2.1.3. */
import { around, children, inPlace, Members, readDer, readOid, Tag, type Element } from '#biometrics/cms/der.ts';
import { RecordError } from '#biometrics/errors.ts';
import { KeyError } from './errors.ts';

/** The first octet of the BIT STRING, first bit leftmost. */
export const KeyUsage = {
  digitalSignature: 0x80, nonRepudiation: 0x40, keyEncipherment: 0x20, keyAgreement: 0x08, keyCertSign: 0x04, cRLSign: 0x02,
} as const;

const KEY_USAGE = '2.5.29.15';

/** @returns bits of `KeyUsage`; null where the certificate does not limit its key. @throws KeyError `CERTIFICATE_MALFORMED` */
export function readKeyUsage(certificate: Uint8Array): number | null {
  try {
    const usage = extensionsOf(certificate).find((extension) => readOid(new Members(extension, 'extension').next(Tag.oid)) === KEY_USAGE);
    if (usage === undefined) return null;
    const value = readDer(children(usage, 'extension').at(-1)!.content, 'key usage');
    return value.tag === Tag.bitString ? value.content[1] ?? 0 : 0;
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new KeyError('CERTIFICATE_MALFORMED', `This certificate cannot be read: ${cause.message}.`, { cause });
  }
}

function extensionsOf(certificate: Uint8Array): Element[] {
  const body = new Members(new Members(readDer(certificate, 'certificate'), 'certificate').next(Tag.sequence), 'certificate');
  body.optional(around(0));
  body.next(Tag.integer);
  for (let member = 0; member < 5; member++) body.next(Tag.sequence);
  body.optional(inPlace(1));
  body.optional(inPlace(2));
  const extensions = body.optional(around(3));
  return extensions === null ? [] : children(readDer(extensions.content, 'extensions'), 'extensions');
}
