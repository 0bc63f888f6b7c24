/**
 * Where a certificate says that its revocation is told (RFC 5280 sections 4.2.1.13 and 4.2.2.1). A stranger's word: `download.ts` decides
 * whether to go there.
 */
import { around, children, inPlace, Members, readDer, readOid, Tag, type Element } from '#biometrics/cms/der.ts';
import { extensionsOf } from '../time-stamp/authority-certificate.ts';

export interface Addresses {
  crls: string[];
  ocsp: string[];
  /** Of the certificate of the issuer. */
  issuers: string[];
}

const OID = {
  distributionPoints: '2.5.29.31', informationAccess: '1.3.6.1.5.5.7.1.1', ocsp: '1.3.6.1.5.5.7.48.1', issuers: '1.3.6.1.5.5.7.48.2',
} as const;
const URI = inPlace(6);
/** Of each kind; those beyond are left out. */
const MOST = 4;

/** @throws RecordError `CMS_MALFORMED` */
export function addressesOf(certificate: Uint8Array): Addresses {
  const extensions = extensionsOf(certificate);
  const listOf = (type: string): Element[] => {
    const value = extensions.find((each) => each.type === type)?.value;
    return value === undefined ? [] : children(readDer(value, 'addresses'), 'addresses');
  };
  const access = listOf(OID.informationAccess).map((each) => {
    const members = new Members(each, 'information access');
    return { method: readOid(members.next(Tag.oid)), place: children(each, 'information access').slice(1) };
  });
  const by = (method: string): string[] => urisIn(access.filter((each) => each.method === method).flatMap(({ place }) => place));
  return {
    crls: urisIn(listOf(OID.distributionPoints).flatMap(fullName)),
    ocsp: by(OID.ocsp),
    issuers: by(OID.issuers),
  };
}

/** Names of the points at which a certificate's revocation is told, GeneralName, DER: what the scope of a list is compared with. */
export function distributionNames(certificate: Uint8Array): Uint8Array[] {
  const value = extensionsOf(certificate).find(({ type }) => type === OID.distributionPoints)?.value;
  return value === undefined ? [] : children(readDer(value, 'addresses'), 'addresses').flatMap(fullName).map(({ whole }) => whole);
}

/** DistributionPoint with a fullName; a name relative to the issuer is one for directories, and left out. */
function fullName(point: Element): Element[] {
  const inner = (parent: Element): Element[] => children(parent, 'distribution point').filter(({ tag }) => tag === around(0));
  return inner(point).flatMap(inner).flatMap((names) => children(names, 'distribution point'));
}

function urisIn(names: readonly Element[]): string[] {
  return names.filter(({ tag }) => tag === URI).map(({ content }) => Buffer.from(content).toString('latin1')).filter((uri) => /^https?:/i.test(uri)).slice(0, MOST);
}
