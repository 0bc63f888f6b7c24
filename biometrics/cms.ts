/**
 * Cryptographic Message Syntax (RFC 5652), the parts of it that Countersign uses, each in its own file under `cms/`.
 *
 * Before it: a `Signer`, examiner certificates. After it: `seal.ts` and `open.ts` here, PAdES and CAdES in `packet/`.
 * Written against WebCrypto, so it runs in browsers; certificate paths, revocation and trust are not judged here.
 */
export { buildEnvelope, openEnvelope, readEnvelope, type DecryptionKey, type Envelope } from './cms/authenticated-envelope.ts';
export { chainAbove, describeName, readCertificateParts, sha256, sha256Hex } from './cms/certificate.ts';
export { attribute, buildSignedData } from './cms/signed-data.ts';
export { verifySignedData, type VerifiedSignedData } from './cms/verify-signed-data.ts';
