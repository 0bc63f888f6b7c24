/**
 * Opens everything a station consists of, in an order that leaves nothing half done: data folder, settings,
 * lock, keys, outbox; then what a crash left is put right. Nothing listens yet.
 */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { freeHeap } from '#driver/process/heap.ts';
import { dropReplacedKeys } from '#keys/index.ts';
import { readConfiguration, type SyncConfiguration } from '#sync-agent/configuration.ts';
import { Outbox } from '#sync-agent/outbox.ts';
import { AuditLog, STATION } from './audit-log.ts';
import { ClockSteps } from './clock-steps.ts';
import { openDatabase } from './database.ts';
import { Documents } from './documents.ts';
import { Forms } from './forms.ts';
import { closeDay } from './heads.ts';
import { prepareHome } from './home.ts';
import { Meta } from './meta.ts';
import { Notices } from './notices.ts';
import { openPens } from './pens/index.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { Papers } from './papers.ts';
import { recover } from './recovery.ts';
import { Requests } from './requests.ts';
import { Sessions } from './sessions.ts';
import { readSettings } from './settings.ts';
import { signingThread } from './signing-thread.ts';
import type { WrappedFor } from './signing-worker.ts';
import { SOFTWARE } from './software.ts';
import type { Station, StationEvents } from './station.ts';
import { TimeStamping } from './time-stamping.ts';
import { Visits } from './visits.ts';

/** @throws StationError, KeyError, SyncError: the station cannot run, and the message says why */
export async function openStation(home: string, log: (line: string) => void, atRestKey?: Uint8Array): Promise<Station> {
  const { migratedFrom } = prepareHome(home);
  const settings = readSettings(home);
  const database = openDatabase(join(home, 'station.db'));
  try {
    const { tenant, site, station: name } = settings;
    const meta = new Meta(database);
    const audit = new AuditLog(database, meta.salt, { station: `${tenant}/${site}/${name}`, software: SOFTWARE });
    const papers = await Papers.open(home, { tenant, site, station: name }, atRestKey, { database, meta, audit });
    dropOldKeys(home, log);
    const { atRest } = papers.keys;
    const { kms } = readConfiguration(home);
    const outboxFile = join(home, 'outbox.db');
    const outbox = Outbox.open(outboxFile, { wrap: { kind: kms === null ? 'rsa' : 'kms', wrap: async (bytes, context) => signingThread.wrap({ ...wrappedFor(papers, kms), bytes, context }) } });
    const events = new EventEmitter<StationEvents>();
    const pens = openPens(home, settings.pens, settings.tablets[0]?.id ?? '', log);
    const changed = () => { events.emit('changed'); };
    const station: Station = {
      home, settings, papers, database, meta, audit, outbox, events, log, pens,
      get keys() { return papers.keys; },
      putPacket: async (item) => signingThread.put({ ...wrappedFor(papers, kms), outbox: outboxFile, item }),
      forms: new Forms(database, settings.limits.forms),
      requests: new Requests(database, atRest, audit, changed),
      documents: new Documents(home, atRest),
      sessions: new Sessions(database, settings.limits.token),
      notices: new Notices(changed),
      clock: new ClockSteps(),
      timeStamping: TimeStamping.open(settings),
      visits: new Visits((tablet) => {
        if (pens.attempts.endVisit(tablet)) freeHeap();
      }),
      inTurn: oneAtATime(),
      printerOf: () => '',
      heard: () => Promise.resolve(),
    };
    const { completed, returned } = recover(station);
    if (completed + returned > 0) log(`after an unexpected end: ${completed} completed, ${returned} waiting again`);
    if (migratedFrom !== null) log(`the data folder was of version ${migratedFrom}; a copy of it is in ${join(home, `backup-${migratedFrom}`)}`);
    audit.note({ actor: STATION, action: 'station.started', details: { hotel: settings.hotel, address: settings.place.address, demo: papers.keys.demo, awaiting: papers.keys.awaiting !== null, recovered: completed, returned } });
    return station;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Keys that were replaced sign for a thief as long as their certificates last. */
function dropOldKeys(home: string, log: (line: string) => void): void {
  try {
    dropReplacedKeys(join(home, 'keys'));
  } catch (error) {
    log(`keys that were replaced could not be destroyed: ${(error as Error).message}`);
  }
}

/** The store's key is that of the configuration in force when a packet is wrapped. */
function wrappedFor({ keys }: Papers, kms: SyncConfiguration['kms']): WrappedFor {
  if (keys.awaiting !== null) throw new TypeError('A station that awaits its enrolment has nothing to wrap.');
  return { kms, spki: keys.storePublicKey.spki };
}

/** Waits for a signature that is being finished, then lets go of the data folder. */
export async function closeStation(station: Station): Promise<void> {
  await station.inTurn(async () => {
    try {
      station.audit.note({ actor: STATION, action: 'station.stopped' });
      while (await closeDay(station));
    } finally {
      station.outbox.close();
      station.database.close();
    }
  });
}
