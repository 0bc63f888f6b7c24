/** `countersign keys tenant revoke`: for a tablet that is lost, stolen or given away. */
import { parseArgs } from 'node:util';
import { RecordError } from '#biometrics/errors.ts';
import { instant } from '#biometrics/shape.ts';
import { revoke, type RevocationReason } from '#keys/tenant/index.ts';
import { only, open, OPTIONS, print } from './tenant-command.ts';

const REASONS: readonly string[] = ['keyCompromise', 'cessationOfOperation', 'superseded', 'unspecified'] satisfies RevocationReason[];
const TO_THE_MINUTE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/;

export async function revokeStation(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true, options: { ...OPTIONS, site: { type: 'string' }, reason: { type: 'string' }, 'invalid-since': { type: 'string' }, newer: { type: 'string' } },
  });
  const station = only(positionals, 'name the station: countersign keys tenant revoke STATION --invalid-since TIME --reason keyCompromise');
  const invalidSince = timeOf(values['invalid-since']);
  const reason = reasonOf(values.reason);
  const newer = newerOf(values.newer);
  const { tenant, unlock } = await open(values);
  const { revoked, tenant: after } = await revoke(tenant, { station, invalidSince, reason, newer, ...(values.site === undefined ? {} : { site: values.site }), ...unlock });
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
  const time = text === undefined ? null : existing(text.replace(TO_THE_MINUTE, '$1:00$2'));
  if (time !== null) return time;
  throw new Error(`${text === undefined ? 'say from when nothing is to be believed' : `--invalid-since ${text} is no time`}: --invalid-since 2026-11-20T18:00:00Z, the last moment at which the tablet `
    + 'was surely in honest hands. Everything signed after it loses its worth; what can be shown to be older keeps it, also what a thief signed. "now" says that it is in honest hands still');
}

/** `Date` would read the 31st of February as a day of March, and a time without its zone as of here. */
function existing(text: string): Date | null {
  try {
    const time = new Date(instant(text, 'time'));
    return Number.isNaN(time.getTime()) ? null : time;
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
}

function newerOf(text: string | undefined): 'keep' | 'revoke' | undefined {
  if (text === undefined || text === 'keep' || text === 'revoke') return text;
  throw new Error(`--newer ${text}: there is keep (certificates made after that moment are of another, good tablet) and revoke`);
}

function reasonOf(text: string | undefined): RevocationReason {
  if (text !== undefined && REASONS.includes(text)) return text as RevocationReason;
  throw new Error(`${text === undefined ? 'say why' : `--reason ${text} is none`}: --reason keyCompromise (lost, stolen, opened), cessationOfOperation (retired, given away), superseded or unspecified`);
}
