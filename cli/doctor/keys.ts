/** Of whom this station is, what of the tenant's is in force, and what ends soon. */
import { join } from 'node:path';
import { kindOfKeys, openTenantKeys } from '#keys/index.ts';
import { captureAllowed, factsOf } from '#kiosk/station/capture-allowed.ts';
import { paperNotices } from '#kiosk/station/readiness.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { askStation } from '../control.ts';
import type { Finding } from './finding.ts';

const id = 'keys';

/** @param now of the dates of certificates */
export async function keys(home: string, now = new Date()): Promise<Finding> {
  const folder = join(home, 'keys');
  const kind = kindOfKeys(folder);
  if (kind === 'none') return { id, state: 'ok', detail: 'none yet: the first start makes those of a demonstration', advice: 'For a tenant’s station, before the first start: countersign keys station request' };
  if (kind === 'demo') return { id, state: 'ok', detail: 'demo mode: nothing signed here is evidence', advice: '' };
  try {
    const own = await openTenantKeys(folder, readSettings(home));
    if (own.awaiting !== null) return { id, state: 'warning', detail: `waiting for the enrolment; fingerprint ${own.awaiting.fingerprint}`, advice: 'Have the tenant’s administrator compare it, then: countersign keys station enrol FILE' };
    // only a running station knows of papers that were put back
    const told = await askStation(home, { command: 'status' }).catch(() => null);
    const allowed = told?.ok === true ? (told['papers'] as { capture: ReturnType<typeof captureAllowed> }).capture : captureAllowed(factsOf(own, ''), now);
    const { configuration, crl } = own.papers!;
    const ends = own.certificates.filter(({ use }) => use !== 'examiner').map(({ notAfter }) => notAfter).sort()[0] ?? '';
    const detail = `enrolled: configuration ${configuration.number}, revocation list ${crl.number}, certificates until ${ends.slice(0, 10)}`;
    const notices = paperNotices(own, null, allowed, now).filter(({ severity }) => severity !== 'info');
    return { id, state: allowed.allowed ? notices.length > 0 ? 'warning' : 'ok' : 'missing', detail, advice: notices.map(({ message }) => message).join(' ') };
  } catch (error) {
    return { id, state: 'missing', detail: (error as Error).message, advice: 'A station does not start like this.' };
  }
}
