/**
 * Signature time-stamps (RFC 3161 appendix A; CAdES-T, PAdES B-T): tokens over the signature value, kept among the unsigned
 * attributes of a CMS signature. Verify each with `verifyTimeStampOver(token, signature)`.
 */
import { Members, Tag, around, children, readDer, readOid } from '#biometrics/cms/der.ts';
import { OID } from './object-identifiers.ts';
import { asTimeStamp } from './unreadable.ts';

/**
 * @param unsignedAttributes as `verifySignedData` returns them
 * @returns tokens in the order in which they stand, DER; none is verified
 * @throws PacketError `TIME_STAMP_UNREADABLE`
 */
export function signatureTimeStamps(unsignedAttributes: Uint8Array | null): Promise<Uint8Array[]> {
  return asTimeStamp(() => {
    if (unsignedAttributes === null) return [];
    const set = readDer(unsignedAttributes, 'unsigned attributes');
    if (set.tag !== around(1)) return [];
    return children(set, 'unsigned attributes').flatMap((each) => {
      const members = new Members(each, 'unsigned attribute');
      return readOid(members.next(Tag.oid)) === OID.timeStampToken ? children(members.next(Tag.set), 'time-stamps').map(({ whole }) => whole) : [];
    });
  });
}
