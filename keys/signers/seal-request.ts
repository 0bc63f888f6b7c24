/**
 * A request (PKCS#10, RFC 2986) for an organisation's seal certificate from a certification authority, by a key wherever it lies.
 *
 * The subject is that of a legal person (ETSI EN 319 412-3 clause 4.2.1): country, organisation, its number in a register, and
 * a common name. The authority checks who asks; the request shows only that the key is there.
 */
import { around, element, oid, octetString, sequence, setOf, smallInteger, Tag, algorithm, nothing } from '#biometrics/cms/der.ts';
import { KeyError } from '../errors.ts';
import { publicKeyDer } from '../key-pair.ts';
import { KeyUsage } from '../key-usage.ts';
import { bitString, checkedName, SignatureAlgorithm } from '../x509-parts.ts';
import type { SigningKey } from './signing-key.ts';

export interface SealSubject {
  /** ISO 3166-1, two capitals. */
  country: string;
  organization: string;
  /** As ETSI EN 319 412-1 clause 5.1.4 writes it: `VATLV-40003012345`, `NTRLV-…`, `LEIXG-…`; null where the authority asks for none. */
  organizationIdentifier: string | null;
  commonName: string;
}

const OID = {
  country: '2.5.4.6', organization: '2.5.4.10', organizationIdentifier: '2.5.4.97', commonName: '2.5.4.3',
  // RFC 2985 section 5.4.2, RFC 5280 section 4.2.1.3
  extensionRequest: '1.2.840.113549.1.9.14', keyUsage: '2.5.29.15',
} as const;
const PRINTABLE_STRING = 0x13;
const UTF8_STRING = 0x0c;
const ORGANIZATION_IDENTIFIER = /^(?:VAT|NTR|PSD|LEI|[A-Z]{2}:)[A-Z]{2}-\S.*$/;

/** @returns DER. @throws KeyError `NAME_INVALID`; what the key throws */
export async function makeSealRequest(subject: SealSubject, key: SigningKey): Promise<Uint8Array> {
  const usage = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
  const extensions = sequence(sequence(oid(OID.keyUsage), element(0x01, Uint8Array.of(0xff)), octetString(bitString(Uint8Array.of(usage), 6))));
  const attributes = element(around(0), sequence(oid(OID.extensionRequest), setOf([extensions])));
  const info = sequence(smallInteger(0), nameOf(subject), publicKeyDer(key.publicKey), attributes);
  const signatureAlgorithm = key.algorithm === 'rsa-pkcs1-sha256' ? algorithm(SignatureAlgorithm.rsaWithSha256, nothing()) : algorithm(SignatureAlgorithm.ecdsaWithSha256);
  return sequence(info, signatureAlgorithm, bitString(await key.sign(info)));
}

/** @throws KeyError `NAME_INVALID` */
export function nameOf({ country, organization, organizationIdentifier, commonName }: SealSubject): Uint8Array {
  if (!/^[A-Z]{2}$/.test(country)) throw new KeyError('NAME_INVALID', `${JSON.stringify(country)} is no country: two capital letters, such as LV.`);
  if (organizationIdentifier !== null && !ORGANIZATION_IDENTIFIER.test(organizationIdentifier)) {
    throw new KeyError('NAME_INVALID', `${JSON.stringify(organizationIdentifier)} is no organisation identifier. Expected kind, country and number, such as VATLV-40003012345, NTRLV-40003012345 or LEIXG-….`);
  }
  const part = (type: string, tag: number, text: string | null) => (text === null ? [] : [setOf([sequence(oid(type), element(tag, Buffer.from(checkedName(text), 'utf8')))])]);
  return element(Tag.sequence,
    ...part(OID.country, PRINTABLE_STRING, country), ...part(OID.organization, UTF8_STRING, organization),
    ...part(OID.organizationIdentifier, UTF8_STRING, organizationIdentifier), ...part(OID.commonName, UTF8_STRING, commonName));
}
