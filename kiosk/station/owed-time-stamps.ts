/**
 * Time-stamps for signatures that left without one: the station keeps SHA-256 of the signature value, not the document, and when the network
 * is back fetches a token for it and sends it after the packet, as an addendum.
 *
 * Once, whatever a crash leaves: what is owed is noted before the outbox gets the packet, the signed addendum is noted before the outbox gets
 * that, and both trails are told in the transaction that ends the debt. Put again, the same bytes change nothing there. What the station itself
 * cannot send (the outbox holds something else, a key does not sign) is left for later and holds up nothing else; on a full disk all of them wait.
 * Before: `signature-level.ts`. After: the sync-agent; `packet/time-stamp/addendum.ts` says what it shows.
 */
import { createHash } from 'node:crypto';
import type { SigningKeys } from '#keys/index.ts';
import { retryDelay } from '#sync-agent/backoff.ts';
import { STATION } from './audit-log.ts';
import { isDiskFull } from './database.ts';
import { SOFTWARE } from './software.ts';
import type { Station } from './station.ts';
import type { TimeStampAuthority } from './time-stamping.ts';

interface Owed { request: string; signature_sha256: string; attempts: number; addendum: Buffer | null }

/** Nobody waits for these. */
const DEADLINE_MS = 10_000;

/** Requests whose time-stamp the station itself fails to send, each told once. */
const failing = new WeakMap<Station, Set<string>>();
const NOT_SENT = 'TIME_STAMP_NOT_SENT';
/** A full disk keeps no next time: how often it was full, and until when nothing is tried. An authority must not be asked every second for what nobody can keep. */
const full = new WeakMap<Station, { times: number; until: number }>();

/** @param signatureSha256 hex. Takes the place of what was owed for an earlier Done of this request */
export function oweTimeStamp({ database }: Pick<Station, 'database'>, request: string, signatureSha256: string): void {
  database.prepare('INSERT OR REPLACE INTO owed_time_stamps (request, signature_sha256) VALUES (?, ?)').run(request, signatureSha256);
}

export function noLongerOwed({ database }: Pick<Station, 'database'>, request: string): void {
  database.prepare('DELETE FROM owed_time_stamps WHERE request = ?').run(request);
}

/** Fetches and sends what is due, one after the other, until the authority fails. Never rejects for what a network does, nor for one that cannot be sent. */
export async function payOwedTimeStamps(station: Station, now = Date.now()): Promise<void> {
  const { keys, database } = station;
  if (keys.awaiting !== null || (full.get(station)?.until ?? 0) > now) return;
  for (const request of dueAt(station, now)) {
    if (!database.open) return;
    // as it is now: of a Done once more, while others were paid, another signature is owed for
    const owed = owedFor(station, request);
    if (owed === null) continue;
    try {
      if (!await pay(station, owed, keys).catch((error: Error) => leaveForLater(station, owed, error))) return;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      return waitForRoom(station);
    }
  }
}

/** @returns false: the authority is away, and need not be asked for the others */
async function pay(station: Station, owed: Owed, keys: SigningKeys): Promise<boolean> {
  const { timeStamping, database, requests, outbox } = station;
  if (!outbox.has(owed.request)) {
    // the guest pressed Done, and the packet never came to be
    if (requests.get(owed.request).state !== 'signing') noLongerOwed(station, owed.request);
    return true;
  }
  const authority = timeStamping.authorityFor(keys);
  if (owed.addendum === null && (authority === null || timeStamping.authority.open)) return false;
  const token = owed.addendum === null ? await fetchToken(station, owed, authority as TimeStampAuthority) : null;
  if (owed.addendum === null && token === null) return true;
  // no Done, no head and no end of the station between these steps
  await station.inTurn(async () => {
    if (!database.open) return;
    await send(station, owed, owed.addendum ?? await sign(station, owed, token as Token, keys));
    worked(station, owed.request);
  });
  return true;
}

interface Token { token: Uint8Array; time: string; authority: string }

/** Those signed already come first: they need no authority, and wait for none. */
function dueAt({ database }: Station, now: number): string[] {
  return database.prepare('SELECT request FROM owed_time_stamps WHERE next_at <= ? ORDER BY addendum IS NULL, next_at, request LIMIT 100').pluck().all(now) as string[];
}

function owedFor({ database }: Station, request: string): Owed | null {
  return (database.prepare('SELECT request, signature_sha256, attempts, addendum FROM owed_time_stamps WHERE request = ?').get(request) as Owed | undefined) ?? null;
}

async function fetchToken(station: Station, { request, signature_sha256, attempts }: Owed, { url, roots }: TimeStampAuthority): Promise<Token | null> {
  const { timeStamping, database, log } = station;
  try {
    const { fetchTimeStamp } = await import('#packet/time-stamp/fetch.ts');
    const { token, timeStamp } = await fetchTimeStamp(url, Buffer.from(signature_sha256, 'hex'), { deadlineMs: DEADLINE_MS, roots });
    timeStamping.authority.worked();
    return { token, time: timeStamp.time.toISOString(), authority: timeStamp.authority };
  } catch (error) {
    timeStamping.authority.failed();
    log(`the time-stamp for ${request} did not come (${(error as { code?: string }).code ?? 'UNEXPECTED'}); it is asked for again later`);
    if (database.open) askAgainLater(station, { request, attempts });
    return null;
  }
}

function askAgainLater({ database }: Station, { request, attempts }: Pick<Owed, 'request' | 'attempts'>): void {
  database.prepare('UPDATE owed_time_stamps SET attempts = attempts + 1, next_at = ? WHERE request = ?').run(Date.now() + retryDelay(attempts + 1), request);
}

/** There is room for none of them. The desk knows already: see `upkeep.ts`. */
function waitForRoom(station: Station): void {
  const times = (full.get(station)?.times ?? 0) + 1;
  full.set(station, { times, until: Date.now() + retryDelay(times) });
  if (times === 1) station.log('the disk is full: time-stamps that are owed are kept, and sent when there is room');
}

/** @returns false: the station has stopped meanwhile. @throws what says that the disk is full */
function leaveForLater(station: Station, owed: Owed, error: Error): boolean {
  if (!station.database.open) return false;
  if (isDiskFull(error)) throw error;
  askAgainLater(station, owed);
  const known = failing.get(station) ?? new Set();
  failing.set(station, known);
  if (known.has(owed.request)) return true;
  known.add(owed.request);
  station.log(`the time-stamp for ${owed.request} could not be sent (${error.message}); it is kept, and tried again for as long as that takes`);
  station.notices.set({
    code: NOT_SENT, severity: 'warning',
    message: 'A signature was made while the time-stamp authority was away, and its time-stamp, fetched later, cannot be sent. The signature itself is safe. The station goes on trying; tell whoever looks after it that its log says why.',
  });
  return true;
}

function worked(station: Station, request: string): void {
  full.delete(station);
  const known = failing.get(station);
  known?.delete(request);
  if (known?.size === 0) station.notices.clear(NOT_SENT);
}

async function sign(station: Station, { request, signature_sha256 }: Owed, { token, time }: Token, { device, demo }: SigningKeys): Promise<Buffer> {
  const { tenant, site, station: name } = station.settings;
  const [{ buildSignedData }, { writeAddendum }] = await Promise.all([import('#biometrics/cms.ts'), import('#packet/time-stamp/addendum.ts')]);
  const content = writeAddendum({
    station: { tenant, site, name, software: SOFTWARE }, demo, request, packetSha256: station.outbox.contentSha256Of(request) as string,
    signatureSha256: signature_sha256, time, timeStamp: Buffer.from(token).toString('base64'),
  });
  const addendum = Buffer.from(await buildSignedData({ content, signer: device, signingTime: new Date() }));
  station.database.prepare('UPDATE owed_time_stamps SET addendum = ? WHERE request = ?').run(addendum, request);
  return addendum;
}

async function send(station: Station, { request, signature_sha256 }: Owed, addendum: Buffer): Promise<void> {
  const { readAddendum } = await import('#packet/time-stamp/addendum.ts');
  const said = await readAddendum(addendum);
  if (said === null) throw new TypeError(`what is kept as the addendum of ${request} is none`);
  const { tenant, site } = station.settings;
  const { packetSha256, time } = said;
  const [year, month] = time.split('-');
  const sha256 = createHash('sha256').update(addendum).digest('hex');
  await station.outbox.put({
    id: `time-stamp-${request}`, destination: 'addendum', bytes: addendum,
    key: `${tenant}/${site}/addenda/${year}/${month}/${request}-${packetSha256.slice(0, 16)}.p7s.esdk`,
    context: { tenant, site, packet: request, purpose: 'addendum', sha256 },
  });
  const entry = { actor: STATION, action: 'time-stamp.added', details: { request, packetSha256, signatureSha256: signature_sha256, timeStamp: time, addendumSha256: sha256 } };
  station.database.transaction(() => {
    station.requests.note(request, entry);
    station.audit.note(entry);
    noLongerOwed(station, request);
  }).immediate();
  station.events.emit('delivered');
}
