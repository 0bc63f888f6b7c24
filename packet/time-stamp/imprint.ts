/** MessageImprint (RFC 3161 section 2.4.1): the hash that a time-stamp is over, and which hash it is. */
import { Members, Tag, algorithm, nothing, octetString, readOid, sequence, type Element } from '#biometrics/cms/der.ts';
import { OID } from '#biometrics/cms/object-identifiers.ts';
import { PacketError } from '../errors.ts';

export interface Imprint {
  hash: 'SHA-256' | 'SHA-384' | 'SHA-512';
  digest: Uint8Array<ArrayBuffer>;
}

const HASHES: Record<string, { hash: Imprint['hash']; octets: number }> = {
  [OID.sha256]: { hash: 'SHA-256', octets: 32 }, [OID.sha384]: { hash: 'SHA-384', octets: 48 }, [OID.sha512]: { hash: 'SHA-512', octets: 64 },
};

/** With the parameters NULL, as most authorities expect them (RFC 5754 section 2 lets a reader take both forms). */
export function sha256Imprint(digest: Uint8Array): Uint8Array<ArrayBuffer> {
  return sequence(algorithm(OID.sha256, nothing()), octetString(digest));
}

/** @throws PacketError `TIME_STAMP_ALGORITHM` for another hash, SHA-1 among them; RecordError `CMS_MALFORMED` */
export function readImprint(from: Element): Imprint {
  const members = new Members(from, 'message imprint');
  const dotted = readOid(new Members(members.next(Tag.sequence), 'message imprint').next(Tag.oid));
  const digest = members.next(Tag.octetString).content;
  members.end();
  const known = HASHES[dotted];
  if (known === undefined) throw new PacketError('TIME_STAMP_ALGORITHM', `The time-stamp is over a hash by algorithm ${dotted}; SHA-256, SHA-384 and SHA-512 are accepted.`);
  if (digest.length !== known.octets) throw new PacketError('TIME_STAMP_UNREADABLE', `The time-stamp is over a ${known.hash} of ${digest.length} bytes.`);
  return { hash: known.hash, digest };
}
