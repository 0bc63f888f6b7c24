/**
 * Keys: who a station is, whom it seals to, and what keeps its files closed.
 *
 * Before it: nothing; the data folder's name and the station's are enough.
 * After it: `kiosk/station` signs and seals with these keys, `packet` verifies against the root, `sync-agent` wraps for
 * the store's public key, and `cli keys` shows and makes them.
 */
export type { AtRestKey } from './at-rest-key.ts';
export { describeCertificate, readCertificate, readPrivateKey, type CertificateDescription } from './certificate.ts';
export { CUSTODY_FILES, custodyFolder } from './custody.ts';
export { DEMO_AUTHORITY_NAME } from './demo-authority.ts';
export { KeyError, type KeyErrorCode } from './errors.ts';
export { createExaminer, listExaminers, type Examiner } from './examiner.ts';
export type { Protection } from './secret-store.ts';
export { installPaper, installPapers, type Installed } from './station-configure.ts';
export { installEnrolment, rootOfEnrolment } from './station-enrolment.ts';
export { dropReplacedKeys, kindOfKeys, papersStamp } from './station-folder.ts';
export { openSigningKey } from './signers/key-reference.ts';
export { wordsOf } from './signers/seal-certificate.ts';
export { sealAt, vouchedBy } from './signers/station-seal.ts';
export { installedSeal, installSeal, openSeal, pendingSealRequest, requestSeal, sealWarning, type InstalledSeal, type KeyChoice } from './signers/seal-folder.ts';
export { signerWith, type SigningKey } from './signers/signing-key.ts';
export { openStationKeys, type CertificateStanding, type AwaitingKeys, type SigningKeys, type StationKeys } from './station-keys.ts';
export { checkRequest, requestEnrolment } from './station-request.ts';
export { openTenantKeys } from './station-tenant.ts';
export type { StationName } from './tenant/documents.ts';
