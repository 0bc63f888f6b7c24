/**
 * Configuration and revocation list of a tenant's station: those that came with its enrolment, or newer ones that were
 * installed since. The newer by number is in force.
 *
 * Before it: `station-enrolment.ts`, `station-configure.ts`. After it: `station-tenant.ts`. A file that someone exchanged for an
 * older genuine one cannot be told here, where nothing else is remembered: `kiosk/station/papers.ts` keeps the numbers.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCertificate } from './certificate.ts';
import type { RevocationListReason } from './crl.ts';
import { KeyError } from './errors.ts';
import { crlIssuedBy, readCrl, type RevocationList } from './read-crl.ts';
import type { OpenedEnrolment } from './station-enrolment.ts';
import { KEY_FOLDER } from './station-folder.ts';
import { openPaper, type OpenedPaper } from './tenant/paper.ts';

export type OpenedConfiguration = OpenedPaper<'countersign tenant configuration'>;

export interface OpenedCrl { der: Uint8Array; sha256: string; number: number; list: RevocationList }

/** What a paper is known by. */
export interface Edition { number: number; sha256: string }

/** @param at as `openPaper` @throws KeyError `PAPER_*` */
export function openConfiguration(cms: Uint8Array, root: Uint8Array, at: Date | null): Promise<OpenedConfiguration> {
  return openPaper('countersign tenant configuration', cms, root, at);
}

/** @throws KeyError `PAPER_NOT_GENUINE`, `PAPER_MALFORMED`, `CRL_MALFORMED` */
export function openRevocationList(der: Uint8Array, root: Uint8Array): OpenedCrl {
  const list = readCrl(der);
  if (!crlIssuedBy(der, root)) throw new KeyError('PAPER_NOT_GENUINE', `This revocation list is of "${list.issuer}", and was not signed by this tenant’s authority.`);
  if (list.number === null) throw new KeyError('PAPER_MALFORMED', 'This revocation list has no number, so that it cannot be told whether it is the latest.');
  return { der, sha256: sha256(der), number: list.number, list };
}

/** What the list says of a certificate; null: nothing. @param serial hexadecimal, as `describeCertificate` gives it */
export function revocationOf({ list }: OpenedCrl, serial: string): { since: string; reason: RevocationListReason } | null {
  const wanted = serial.toLowerCase().replace(/^0+/, '');
  const entry = list.entries.find((each) => each.serial === wanted);
  return entry === undefined ? null : { since: entry.invalidSince ?? entry.revokedAt, reason: entry.reason };
}

/** Those in force. @throws KeyError `PAPER_*` for a file that is not genuine */
export async function papersInForce(folder: string, { root, configuration, crl }: OpenedEnrolment): Promise<{ configuration: OpenedConfiguration; crl: OpenedCrl }> {
  const newer = readIfThere(join(folder, KEY_FOLDER.configuration));
  const newerCrl = readIfThere(join(folder, KEY_FOLDER.crl));
  const [given, givenCrl] = [
    newer === null ? null : await openConfiguration(newer, root, null),
    newerCrl === null ? null : openRevocationList(newerCrl, root),
  ];
  return {
    configuration: given !== null && given.paper.number > configuration.paper.number ? given : configuration,
    crl: givenCrl !== null && givenCrl.number > crl.number ? givenCrl : crl,
  };
}

/**
 * Whoever holds a key that was taken back could sign papers of any date, so none signed by it is installed any more.
 * @throws KeyError `PAPER_NOT_GENUINE`
 */
export function refuseRevokedAdministrator(certificate: Uint8Array, crl: OpenedCrl): void {
  const { serial, subject } = describeCertificate(certificate);
  if (revocationOf(crl, serial) !== null) throw new KeyError('PAPER_NOT_GENUINE', `This paper was signed by "${subject}", whose certificate is revoked. Ask for one signed by an administrator of now.`);
}

/**
 * Numbers only grow: an older paper could bring back an examiner or a station that the administrator has taken away.
 * @throws KeyError `PAPER_OLDER`
 */
export function refuseOlder(kind: 'configuration' | 'crl', inForce: Edition, given: Edition): 'same' | 'newer' {
  if (given.number > inForce.number) return 'newer';
  if (given.number === inForce.number && given.sha256 === inForce.sha256) return 'same';
  const name = kind === 'crl' ? 'revocation list' : 'configuration';
  throw new KeyError('PAPER_OLDER', given.number === inForce.number
    ? `Another ${name} of the number ${given.number} is in force: there is one of each number. Ask the administrator which is right, and for one with a higher number.`
    : `This is ${name} ${given.number}, and ${inForce.number} is in force. An older one is never installed; ask the administrator for the latest.`);
}

export function editionOf({ paper, sha256 }: OpenedConfiguration): Edition {
  return { number: paper.number, sha256 };
}

export function editionOfCrl({ number, sha256 }: OpenedCrl): Edition {
  return { number, sha256 };
}

function readIfThere(path: string): Uint8Array | null {
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : null;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
