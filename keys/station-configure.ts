/**
 * Installs what a tenant's administrator gives out after the enrolment: configurations and revocation lists.
 *
 * Before it: `countersign keys station configure`. After it: a running station notices the file by itself
 * (`kiosk/station/papers.ts`).
 */
import { join } from 'node:path';
import { verifySignedData } from '#biometrics/cms.ts';
import { KeyError } from './errors.ts';
import { writePrivateFiles } from './file-secret-store.ts';
import { fromPem } from './pem.ts';
import { openEnrolmentInForce } from './station-enrolment.ts';
import { KEY_FOLDER, refuseExaminerKeys } from './station-folder.ts';
import { editionOf, editionOfCrl, openConfiguration, openRevocationList, papersInForce, refuseOlder, refuseRevokedAdministrator, type Edition, type OpenedCrl } from './station-papers.ts';

export interface Installed extends Edition {
  kind: 'configuration' | 'crl';
  /** False: it was in force already. */
  installed: boolean;
}

/**
 * Installs a newer configuration or revocation list; a running station notices by itself.
 * @param bytes configuration (CMS, DER), or CRL (DER or PEM)
 * @throws KeyError `PAPER_OLDER`, `PAPER_OF_ANOTHER`, `PAPER_NOT_GENUINE`, `PAPER_MALFORMED`, `KEYS_INCOMPLETE`, `SECRET_STORE`
 */
export async function installPaper(home: string, bytes: Uint8Array, now = new Date()): Promise<Installed> {
  return (await installPapers(home, [bytes], now))[0] as Installed;
}

/**
 * Installs several, all or none, in any order: a configuration is held against the newest revocation list among them, too.
 * @throws KeyError as `installPaper`; nothing was installed
 */
export async function installPapers(home: string, files: readonly Uint8Array[], now = new Date()): Promise<Installed[]> {
  const folder = join(home, 'keys');
  const enrolment = await openEnrolmentInForce(folder);
  const before = await papersInForce(folder, enrolment);
  const inForce = { configuration: editionOf(before.configuration), crl: editionOfCrl(before.crl) };
  const lists = files.map(crlOf);
  const opened = lists.flatMap((der) => (der === null ? [] : [openRevocationList(der, enrolment.root)]));
  const newest = opened.reduce((one, other) => (other.number > one.number ? other : one), before.crl);
  const installed: Installed[] = [];
  const writing = new Map<string, Uint8Array>();
  for (const [index, bytes] of files.entries()) {
    const der = lists[index] ?? null;
    const kind = der === null ? 'configuration' : 'crl';
    const given = der === null ? await openedConfiguration(folder, bytes, enrolment.root, newest, now) : editionOfCrl(openRevocationList(der, enrolment.root));
    const isNewer = refuseOlder(kind, inForce[kind], given) === 'newer';
    if (isNewer) writing.set(join(folder, KEY_FOLDER[kind]), der ?? bytes);
    inForce[kind] = given;
    installed.push({ kind, ...given, installed: isNewer });
  }
  writePrivateFiles(Array.from(writing, ([path, bytes]) => ({ path, bytes })));
  return installed;
}

async function openedConfiguration(folder: string, bytes: Uint8Array, root: Uint8Array, newest: OpenedCrl, now: Date): Promise<Edition> {
  await refuseOtherKind(bytes);
  const given = await openConfiguration(bytes, root, now);
  refuseRevokedAdministrator(given.administrator, newest);
  refuseExaminerKeys(folder, given.paper.examiners.map(({ certificate }) => new Uint8Array(Buffer.from(certificate, 'base64'))));
  return editionOf(given);
}

/** The administrator hands out several papers, and the wrong one should be called by its name. */
async function refuseOtherKind(cms: Uint8Array): Promise<void> {
  const content = await verifySignedData(cms).then((verified) => verified.content, () => null);
  const [kind] = /countersign (enrolment|device list)(?=")/.exec(Buffer.from(content ?? []).toString('utf8', 0, 200)) ?? [];
  if (kind === undefined) return;
  throw new KeyError('PAPER_MALFORMED', kind.endsWith('list')
    ? 'This is a device list, which is for whoever verifies. A station takes configurations (configuration-N.cms) and revocation lists (revocations-N.crl).'
    : 'This is an enrolment. Install it with: countersign keys station enrol FILE');
}

/** DER of a revocation list, or null where the file is something else. A signed paper begins with an object identifier (RFC 5652 section 3), a list with another SEQUENCE. */
function crlOf(bytes: Uint8Array): Uint8Array | null {
  const pem = fromPem('X509 CRL', Buffer.from(bytes).toString('latin1'))[0];
  if (pem !== undefined) return pem;
  const [SEQUENCE, LONG] = [0x30, 0x80];
  const length = bytes[1] ?? 0;
  const first = bytes[length < LONG ? 2 : 2 + (length & 0x7f)];
  return bytes[0] === SEQUENCE && first === SEQUENCE ? bytes : null;
}
