/** `countersign keys tenant revoke`: for a tablet that is lost, stolen or given away. */
import { parseArgs } from 'node:util';
import { revoke, type RevocationReason } from '#keys/tenant/index.ts';
import { only, open, OPTIONS, print } from './tenant-command.ts';

const REASONS: readonly string[] = ['keyCompromise', 'cessationOfOperation', 'superseded', 'unspecified'] satisfies RevocationReason[];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

export async function revokeStation(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true, options: { ...OPTIONS, site: { type: 'string' }, reason: { type: 'string' }, 'invalid-since': { type: 'string' } },
  });
  const station = only(positionals, 'name the station: countersign keys tenant revoke STATION --invalid-since TIME --reason keyCompromise');
  const invalidSince = timeOf(values['invalid-since']);
  const reason = reasonOf(values.reason);
  const { tenant, unlock } = await open(values);
  const { revoked, tenant: after } = await revoke(tenant, { station, invalidSince, reason, ...(values.site === undefined ? {} : { site: values.site }), ...unlock });
  const { devices, crl } = after;
  const since = revoked[0]!.revoked!.invalidSince;
  print(values.json, { station, revoked: revoked.map(({ use, serial, revoked: revocation }) => ({ use, serial, ...revocation })), deviceList: devices.path, revocationList: crl.path }, `Revoked       ${revoked.map(({ use, serial }) => `${use} ${serial}`).join('\n              ')}
From          ${since}: nothing signed with these keys after that is to be believed
Reason        ${reason}

Give both lists to whoever verifies, now:

  ${devices.path}
  ${crl.path}

What the station signed before ${since.slice(0, 16)}Z is believed where something proves that it existed then: a time-stamp, or an
audit head that was shipped in time. A thief can write any time. A new tablet of this name makes a new request.
`);
  return 0;
}

/** Never a silent "now": what a thief signed until somebody noticed would stay believed. */
function timeOf(text: string | undefined): Date {
  if (text === 'now') return new Date();
  if (text !== undefined && TIME.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text);
  throw new Error(`${text === undefined ? 'say from when nothing is to be believed' : `--invalid-since ${text} is no time`}: --invalid-since 2026-11-20T18:00:00Z, the last moment at which the tablet `
    + 'was surely in honest hands. Everything signed after it loses its worth; what can be shown to be older keeps it, also what a thief signed. "now" says that it is in honest hands still');
}

function reasonOf(text: string | undefined): RevocationReason {
  if (text !== undefined && REASONS.includes(text)) return text as RevocationReason;
  throw new Error(`${text === undefined ? 'say why' : `--reason ${text} is none`}: --reason keyCompromise (lost, stolen, opened), cessationOfOperation (retired, given away), superseded or unspecified`);
}
