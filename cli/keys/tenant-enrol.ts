/** `countersign keys tenant enrol`: in two steps, so that somebody compares the fingerprint with the tablet in between. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeCertificate } from '#keys/index.ts';
import { checkRequest, enrol, overview } from '#keys/tenant/index.ts';
import { forShell, only, open, OPTIONS, print, sameFolder, wholeNumber } from './tenant-command.ts';

export async function enrolStation(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { ...OPTIONS, fingerprint: { type: 'string' }, months: { type: 'string' }, 'supersede-in': { type: 'string' } },
  });
  const file = only(positionals, 'name the file that the station made: countersign keys tenant enrol REQUEST');
  const request = new Uint8Array(readFileSync(file));
  const { tenant, unlock } = await open(values);
  if (values.fingerprint === undefined) {
    const { station, fingerprint } = checkRequest(tenant, request);
    print(values.json, { enrolled: false, station, fingerprint }, `Request       ${station.station} at ${station.site} of ${station.tenant}
Fingerprint   ${fingerprint}

Nothing was given out. Call whoever stands at the tablet, on a number that you know, and have them read the fingerprint from
ITS screen. Compare all eight groups. If one differs, somebody may have exchanged the request on its way: stop. If they are
the same, type what was read to you:

  countersign keys tenant enrol ${forShell(file)} --fingerprint "…"${sameFolder(values)}
`);
    return 1;
  }
  const months = wholeNumber('months', values.months);
  const supersedeInDays = wholeNumber('supersede-in', values['supersede-in']);
  const made = await enrol(tenant, request, {
    ...unlock, fingerprint: values.fingerprint,
    ...(months === undefined ? {} : { months }), ...(supersedeInDays === undefined ? {} : { supersedeInDays }),
  });
  const { station, path, superseded, tenant: { crl, devices } } = made;
  const { notAfter } = describeCertificate(made.device);
  const root = overview(made.tenant).root.fingerprint;
  print(values.json, { enrolled: true, station, enrolment: path, notAfter, root, superseded: superseded.map(({ use, serial, revoked }) => ({ use, serial, revoked })), deviceList: devices.path, revocationList: crl.path }, `Enrolled      ${station.station} at ${station.site} of ${station.tenant}, until ${notAfter.slice(0, 10)}
Enrolment     ${path}
Root          ${root}
${superseded.length === 0 ? '' : `Superseded    the certificates it had before; it may use them until ${superseded[0]!.revoked!.invalidSince.slice(0, 16)}Z. After that, what it signed
              with them is shown valid only by a time-stamp from before. Was the old tablet lost or stolen, do not wait:
              countersign keys tenant revoke ${station.station} …\n`}
Carry the enrolment to the station; it holds no secret. There:

  countersign keys station enrol ${station.station}.enrolment

It shows the fingerprint of the root, to be compared with the one above, again by telephone. To whoever verifies give the new
lists:

  ${devices.path}
  ${crl.path}
`);
  return 0;
}
