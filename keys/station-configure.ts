/**
 * Installs what a tenant's administrator gives out after the enrolment: configurations and revocation lists.
 *
 * Before it: `countersign keys station configure`. After it: a running station notices the file by itself
 * (`kiosk/station/papers.ts`).
 */
import { join } from 'node:path';
import { verifySignedData } from '#biometrics/cms.ts';
import { KeyError } from './errors.ts';
import { writePrivateFile } from './file-secret-store.ts';
import { fromPem } from './pem.ts';
import { openEnrolmentInForce } from './station-enrolment.ts';
import { KEY_FOLDER, refuseExaminerKeys } from './station-folder.ts';
import { editionOf, editionOfCrl, openConfiguration, openRevocationList, papersInForce, refuseOlder, refuseRevokedAdministrator, type Edition } from './station-papers.ts';

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
  const folder = join(home, 'keys');
  const enrolment = await openEnrolmentInForce(folder);
  const inForce = await papersInForce(folder, enrolment);
  const crl = crlOf(bytes);
  if (crl !== null) {
    const given = openRevocationList(crl, enrolment.root);
    return install('crl', editionOfCrl(inForce.crl), editionOfCrl(given), () => writePrivateFile(join(folder, KEY_FOLDER.crl), crl));
  }
  await refuseOtherKind(bytes);
  const given = await openConfiguration(bytes, enrolment.root, now);
  refuseRevokedAdministrator(given.administrator, inForce.crl);
  refuseExaminerKeys(folder, given.paper.examiners.map(({ certificate }) => new Uint8Array(Buffer.from(certificate, 'base64'))));
  return install('configuration', editionOf(inForce.configuration), editionOf(given), () => writePrivateFile(join(folder, KEY_FOLDER.configuration), bytes));
}

function install(kind: Installed['kind'], inForce: Edition, given: Edition, write: () => void): Installed {
  const same = refuseOlder(kind, inForce, given) === 'same';
  if (!same) write();
  return { kind, ...given, installed: !same };
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
