/** `countersign keys tenant list`: what was given out, what was taken back, and what ends soon. Opens no private key. */
import { parseArgs } from 'node:util';
import { openTenant, overview, SOON_DAYS, type DeviceListEntry } from '#keys/tenant/index.ts';
import { OPTIONS, print } from './tenant-command.ts';

export async function listTenant(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { folder: OPTIONS.folder, json: OPTIONS.json } });
  const all = overview(await openTenant(values.folder));
  const { tenant, root, administrator, configuration, lists, devices, due } = all;
  print(values.json, all, `Tenant         ${tenant}
Root           ${root.fingerprint}, until ${day(root.notAfter)}
Administrator  ${administrator.subject}, until ${day(administrator.notAfter)}
Configuration  ${configuration === null ? 'none yet' : `number ${configuration.number} of ${day(configuration.issuedAt)}, custody ${configuration.custody}`}
${(configuration?.examiners ?? []).map(({ name, split, notAfter }) => `Examiner       ${name}, ${split === null ? 'not known to be split' : `split ${split}`}, until ${day(notAfter)}\n`).join('')}Lists          number ${lists.number} of ${day(lists.issuedAt)}, to be renewed by ${lists.nextUpdate === null ? 'no day' : day(lists.nextUpdate)}
${devices.length === 0 ? '\nNo station was enrolled yet.\n' : `\n${table(devices)}`}
${due.length === 0 ? `Nothing ends within ${SOON_DAYS} days.\n` : `${due.map((line) => `! ${line}`).join('\n')}\n`}`);
  return 0;
}

function table(devices: readonly DeviceListEntry[]): string {
  const width = (text: (entry: DeviceListEntry) => string, least: number): number => Math.max(least, ...devices.map((entry) => text(entry).length)) + 2;
  const [station, site] = [width((entry) => entry.station, 7), width((entry) => entry.site, 4)];
  const line = (...cells: [string, string, string, string, string, string]): string =>
    `${cells[0].padEnd(station)}${cells[1].padEnd(site)}${cells[2].padEnd(8)}${cells[3].padEnd(34)}${cells[4].padEnd(12)}${cells[5]}`.trimEnd();
  return `${[
    line('station', 'site', 'use', 'serial', 'until', 'revoked'),
    ...devices.map(({ station: name, site: place, use, serial, notAfter, revoked }) =>
      line(name, place, use, serial, day(notAfter), revoked === null ? '' : `${revoked.reason}, nothing after ${revoked.invalidSince.slice(0, 16)}Z`)),
  ].join('\n')}\n`;
}

function day(time: string): string {
  return time.slice(0, 10);
}
