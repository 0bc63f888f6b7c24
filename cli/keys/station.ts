/** `countersign keys station …`: a station's way from its own keys to the tenant's certificates, and what it has now. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkRequest, installEnrolment, installPapers, kindOfKeys, requestEnrolment, rootOfEnrolment, type StationName } from '#keys/index.ts';
import { writePrivateFile } from '#keys/file-secret-store.ts';
import { nameStation } from '#kiosk/station/name-station.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { homeFolder } from '../home.ts';
import { showStation } from './station-show.ts';

export async function run([action, ...argv]: string[]): Promise<number> {
  if (action === 'csr' || action === 'install-seal' || action === 'seal') return (await import('./station-seal.ts')).run([action, ...argv]);
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      home: { type: 'string' }, tenant: { type: 'string' }, site: { type: 'string' }, station: { type: 'string' },
      out: { type: 'string' }, root: { type: 'string' }, json: { type: 'boolean', default: false },
    },
  });
  const home = homeFolder(values.home);
  switch (action) {
    case 'request': return request(home, values, values.out, values.json);
    case 'enrol': return enrol(home, positionals, values.root, values.json);
    case 'configure': return configure(home, positionals, values.json);
    case 'show': return showStation(home, values.json);
    default: throw new Error('countersign keys station request, enrol, configure, show, csr, install-seal or seal; "countersign keys --help" explains them');
  }
}

async function request(home: string, given: Partial<StationName>, out: string | undefined, json: boolean): Promise<number> {
  const name = nameOf(home, given);
  checkRequest(home, name);
  nameStation(home, name);
  const made = await requestEnrolment(home, name);
  if (out !== undefined) writePrivateFile(resolve(out), made.bytes);
  const { path, fingerprint, renewal } = made;
  print(json, { request: path, copy: out === undefined ? null : resolve(out), fingerprint, renewal }, `Request       ${path}
${out === undefined ? '' : `Copy          ${resolve(out)}\n`}Fingerprint   ${fingerprint}

Give the file to the tenant’s administrator, and the fingerprint by telephone or in person: the administrator compares it
before enrolling. ${renewal ? 'The certificates of now stay in force until the new enrolment is installed.' : 'The station shows it on its screens once it is started.'} Then install what comes back:

  countersign keys station enrol FILE
`);
  return 0;
}

/** A renewal is of the station that is there. */
function nameOf(home: string, { tenant, site, station }: Partial<StationName>): StationName {
  if (tenant !== undefined && site !== undefined && station !== undefined) return { tenant, site, station };
  if (tenant === undefined && site === undefined && station === undefined && kindOfKeys(join(home, 'keys')) === 'tenant') return readSettings(home);
  throw new Error('name the station as the administrator knows it: countersign keys station request --tenant T --site S --station N');
}

async function enrol(home: string, [file, ...more]: string[], root: string | undefined, json: boolean): Promise<number> {
  if (file === undefined || more.length > 0) throw new Error('name the file that the administrator gave back: countersign keys station enrol FILE');
  const cms = new Uint8Array(readFileSync(file));
  if (root === undefined) {
    const { fingerprint, tenant } = await rootOfEnrolment(cms);
    print(json, { installed: false, tenant, root: fingerprint }, `Tenant        ${tenant}
Its root      ${fingerprint}

Nothing was installed. Compare the fingerprint with the tenant’s administrator, by telephone or in person, not by the way on
which the file came: whoever exchanged the file would be the tenant, and could read every signature. If it is the same, repeat it:

  countersign keys station enrol ${file} --root "…"
`);
    return 1;
  }
  const { paper: { station }, configuration, crl } = await installEnrolment(home, cms, root);
  const { number, examiners } = configuration.paper;
  print(json, { installed: true, station, configuration: number, crl: crl.number, examiners: examiners.map(({ name }) => name) }, `Enrolled      ${station.station} at ${station.site} of ${station.tenant}
Configuration ${number}, examiners: ${examiners.map(({ name }) => name).join(', ') || 'none, so nothing can be signed'}
Revocations   list ${crl.number}

A running station notices within a second or two.
`);
  return 0;
}

async function configure(home: string, files: string[], json: boolean): Promise<number> {
  if (files.length === 0) throw new Error('name what the administrator gave out: countersign keys station configure CONFIGURATION REVOCATIONS');
  const papers = await installPapers(home, files.map((file) => new Uint8Array(readFileSync(file))));
  const installed = papers.map((paper, index) => ({ file: files[index] as string, ...paper }));
  const words = { configuration: 'configuration', crl: 'revocation list' };
  print(json, installed, installed.map(({ file, kind, number, installed: now }) => `${file}: ${words[kind]} ${number} ${now ? 'is installed' : 'was in force already'}\n`).join(''));
  return 0;
}

function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
}
