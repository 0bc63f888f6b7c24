/** `countersign keys station show`: read from the data folder; what a running station says of itself is asked of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCertificate, kindOfKeys, listExaminers, openTenantKeys, readCertificate, type SigningKeys } from '#keys/index.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { askStation } from '../control.ts';
import { certificateLines } from './certificate-lines.ts';

type Described = Record<'root' | 'device' | 'seal', ReturnType<typeof describeCertificate>>;

export async function showStation(home: string, json: boolean): Promise<number> {
  const folder = join(home, 'keys');
  const kind = kindOfKeys(folder);
  if (kind === 'none') throw new Error(`no station has run on ${home} yet. Start one, or name its data folder with --home.`);
  if (kind === 'demo') return show(json, { mode: 'demo', ...demoCertificates(folder) }, 'Demo mode: nothing signed here is evidence.\n');
  const keys = await openTenantKeys(folder, readSettings(home));
  if (keys.awaiting !== null) {
    print(json, { mode: 'awaiting enrolment', request: keys.awaiting }, `Waiting for its enrolment.

Request       ${keys.awaiting.path}
Fingerprint   ${keys.awaiting.fingerprint}
`);
    return 0;
  }
  const status = await askStation(home, { command: 'status' }).catch(() => null);
  const running = status?.ok === true ? status['papers'] as { capture: { allowed: boolean; reason?: string }; problem: string | null } : null;
  const { papers, renewal, custody, penMinimum } = keys;
  return show(json, { mode: 'enrolled', ...certificatesOf(keys), configuration: papers!.configuration, crl: edition(papers!.crl), custody, penMinimum, renewal, capture: running?.capture ?? null }, `Enrolled.

Configuration ${papers!.configuration.number}  ${papers!.configuration.sha256}
Revocations   ${papers!.crl.number}  ${papers!.crl.sha256}${papers!.crl.nextUpdate === null ? '' : `, to be replaced by ${papers!.crl.nextUpdate}`}
Custody       ${custody === 'split' ? 'every examiner’s key must be split' : 'of any kind'}
Signing       ${running === null ? 'no station is running to say' : running.capture.allowed ? 'allowed' : `not allowed. ${running.capture.reason}`}
${renewal === null ? '' : `Renewal       asked for; fingerprint ${renewal.fingerprint}\n`}`);
}

function edition({ number, sha256, nextUpdate }: NonNullable<SigningKeys['papers']>['crl']): object {
  return { number, sha256, nextUpdate };
}

function demoCertificates(folder: string): Described & { examiners: object[] } {
  const certificate = (file: string) => describeCertificate(readCertificate(readFileSync(join(folder, file))));
  return {
    root: certificate('root.cert.pem'), device: certificate('device.cert.pem'), seal: certificate('seal.cert.pem'),
    examiners: listExaminers(join(folder, 'examiners')).map(({ name, description }) => ({ name, ...description })),
  };
}

function certificatesOf({ trust, device, seal, examiners }: Pick<SigningKeys, 'trust' | 'device' | 'seal' | 'examiners'>): Described & { examiners: object[] } {
  return {
    root: describeCertificate(trust), device: describeCertificate(device.certificate), seal: describeCertificate(seal.certificate),
    examiners: examiners.map(({ name, certificate, custody }) => ({ name, custody, ...describeCertificate(certificate) })),
  };
}

function show(json: boolean, value: Described & { examiners: object[] } & Record<string, unknown>, heading: string): number {
  const { root, device, seal, examiners } = value;
  print(json, value, [
    heading,
    ...Object.entries({ root, device, seal }).map(([name, description]) => certificateLines(name, description)),
    ...examiners.map((examiner) => certificateLines(`examiner ${(examiner as { name: string }).name}`, examiner as Described['root'])),
  ].join('\n'));
  return 0;
}

function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
