/**
 * PAdES levels above B-B (ETSI EN 319 142-1): of a signed PDF, by appending. `raiseFresh` is the station's part, at Done; all else runs where
 * the envelope may be opened, never on a tablet.
 */
export { upgradeDocument, LEVELS, type Level, type UpgradedDocument, type UpgradeOptions, type UpgradeStep } from './upgrade-document.ts';
export { upgradeInChild, type UpgradedFile } from './in-child.ts';
export { sealInChild } from './seal-in-child.ts';
export { addSeal } from './add-seal.ts';
export { collectValidationData } from './validation-data.ts';
export { sealPacket, upgradePacket, type UpgradedPacket } from './upgrade-packet.ts';
export { raiseFresh, type Raised, type RaiseOptions } from './raise-fresh.ts';
