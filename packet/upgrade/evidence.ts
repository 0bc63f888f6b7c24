/**
 * One piece of evidence on whether a certificate was revoked: a revocation list or an OCSP answer, in one form for both.
 * It is read only as far as somebody entitled signed it; whether it is fresh enough is for `validation-data.ts`.
 */
import { X509Certificate } from 'node:crypto';
import { equalBytes } from '#biometrics/cms/der.ts';
import { RecordError } from '#biometrics/errors.ts';
import { KeyError } from '#keys/errors.ts';
import { crlIssuedBy, disbelievedSince, entriesOf, readCrl, type RevocationList } from '#keys/read-crl.ts';
import { distributionNames } from './addresses.ts';
import { readOcspAnswer } from './ocsp.ts';

export interface Evidence {
  kind: 'crl' | 'ocsp';
  der: Uint8Array;
  thisUpdate: Date;
  nextUpdate: Date | null;
  /** From when nothing that the certificate signed is to be believed; null where it is not revoked. */
  revokedSince: Date | null;
  /** Of an OCSP answer that a responder of the issuer's own signed: its certificate, DER. */
  responder: Uint8Array | null;
}

/** @returns null where the list is not by this issuer, not of this certificate, or cannot be read */
export function fromCrl(der: Uint8Array, certificate: Uint8Array, issuer: Uint8Array): Evidence | null {
  return orNull(() => {
    if (!crlIssuedBy(der, issuer)) return null;
    const list = readCrl(der, 'partitioned');
    if (!isInScope(certificate, list.scope)) return null;
    const since = entriesOf(certificate, list).map((entry) => Date.parse(disbelievedSince(entry)));
    return {
      kind: 'crl', der, thisUpdate: new Date(list.thisUpdate), nextUpdate: list.nextUpdate === null ? null : new Date(list.nextUpdate),
      revokedSince: since.length === 0 ? null : new Date(Math.min(...since)), responder: null,
    };
  });
}

/** @returns null where the answer is not about this certificate, not by who may answer, says "unknown", or cannot be read */
export function fromOcsp(der: Uint8Array, certificate: Uint8Array, issuer: Uint8Array): Evidence | null {
  return orNull(() => {
    const answer = readOcspAnswer(der, certificate, issuer);
    if (answer === null || answer.status === 'unknown') return null;
    const { thisUpdate, nextUpdate, revokedAt, responder } = answer;
    return { kind: 'ocsp', der, thisUpdate, nextUpdate, revokedSince: revokedAt, responder };
  });
}

/** RFC 5280 section 6.3.3 (b) (2): a list for a part of the certificates says nothing of others, least of all that they are good. */
function isInScope(certificate: Uint8Array, scope: RevocationList['scope']): boolean {
  if (scope === null) return true;
  if (scope.only !== null && (scope.only === 'authorities') !== new X509Certificate(certificate).ca) return false;
  return scope.names.length === 0 || distributionNames(certificate).some((name) => scope.names.some((other) => equalBytes(name, other)));
}

function orNull(read: () => Evidence | null): Evidence | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordError || error instanceof KeyError) return null;
    throw error;
  }
}
