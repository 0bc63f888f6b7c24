/**
 * A tenant's authority: whose papers a station takes, and how they are made.
 *
 * Before it: `keys/` has key pairs and certificates. After it: `cli/keys/` is the administrator's side and the station's,
 * `keys/station-keys.ts` holds what a station was given, `packet/verify` judges by device list and revocation list.
 */
export type {
  Custody, DeviceList, DeviceListEntry, Enrolment, EnrolmentRequest, PenDemands, Revocation, RevocationReason, StationName, TenantConfiguration,
} from './documents.ts';
export { tenantOfRoot } from './names.ts';
export { openPaper, readPaper, signPaper, type OpenedPaper } from './paper.ts';
