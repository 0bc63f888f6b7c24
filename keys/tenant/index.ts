/**
 * A tenant's authority: whose papers a station takes, and how they are made.
 *
 * Before it: `keys/` has key pairs and certificates. After it: `cli/keys/` is the administrator's side and the station's,
 * `keys/station-keys.ts` holds what a station was given, `packet/verify` judges by device list and revocation list.
 *
 * A whole tenant, for tests too: `newTenant`, `configure`, `enrol`, `revoke`; each returns the tenant as it is then.
 */
export { newTenant, replaceAdministrator, type NewTenant } from './authority.ts';
export { configure, type ConfigurationChanges } from './configure.ts';
export type {
  Custody, DeviceList, DeviceListEntry, Enrolment, EnrolmentRequest, PenDemands, Revocation, RevocationReason, StationName, TenantConfiguration,
} from './documents.ts';
export { checkRequest, enrol, MOST_MONTHS, type Enrolled, type EnrolOptions } from './enrol.ts';
export { readEnrolmentRequest, type RequestedKeys } from './enrolment-request.ts';
export { examinerChoice, readExaminerFiles, type ExaminerChoice } from './examiner-choice.ts';
export { FILES, openTenant, type Tenant } from './folder.ts';
export { tenantOfRoot } from './names.ts';
export { overview, SOON_DAYS, type Overview } from './overview.ts';
export { openPaper, readPaper, signPaper, type OpenedPaper } from './paper.ts';
export { renewLists, revoke, type RevokeOptions } from './revoke.ts';
export type { Unlock } from './unlock.ts';
