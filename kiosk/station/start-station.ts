/**
 * Starts a station: opens it, lets the ports listen, and keeps it going until `stop`.
 *
 * Before: `main.ts`, or a test. After: `http.ts` for screens, `print-to-tab` for print jobs,
 * `control-socket.ts` for commands.
 */
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readBody } from '#kiosk/protocol/validate.ts';
import { createPrinter } from '#print-to-tab/printer.ts';
import { hostsOf, isLoopback, listenAllowed, printAllowed } from './access.ts';
import { listenForCommands, type Command } from './control-socket.ts';
import { printSample, tryIt } from './desk-commands.ts';
import { DeskSockets } from './desk-socket.ts';
import { StationError } from './errors.ts';
import { GuestSockets } from './guest-socket.ts';
import { screenHandlers } from './http.ts';
import { jobIntake } from './job-intake.ts';
import { listen, stopListening } from './listen.ts';
import { closeStation, openStation } from './open-station.ts';
import { penMinimum } from './pens/pen-minimum.ts';
import type { StartPens } from './pens/roster.ts';
import { deskPen, penReader } from './pens/tablet-pens.ts';
import { watchPens } from './pens/watch-pens.ts';
import { printerInfos } from './printer-info.ts';
import { papersView, keysView } from './papers-view.ts';
import { problemOf, sendProblem } from './problem.ts';
import type { Station } from './station.ts';
import { StaticScreens } from './static-screens.ts';
import { startUpkeep } from './upkeep.ts';
import { warmUp } from './warm-up.ts';

export interface StationOptions {
  home: string;
  /** 0 takes a free one. */
  port: number;
  printerPort: number;
  /** An address beyond this machine, served over TLS only; 127.0.0.1 without it. */
  listen?: string;
  /** Folder of the built screens. */
  screens?: string;
  log?: (line: string) => void;
  /** Kept in memory by whoever starts the station, in place of a file: see `openStationKeys`. */
  atRestKey?: Uint8Array;
  /** Reads what is attached; in a process of its own where nothing else is given. */
  startPens?: StartPens;
  /** Asked to stop over the control socket. */
  onStop?: () => void;
}

export interface Addresses {
  /** With their one-time tokens; the guest's is for the first tablet. */
  guest: string;
  desk: string;
  /** The first tablet's print queue. */
  printer: string;
}

export interface RunningStation extends Addresses {
  home: string;
  /** New addresses with new tokens. @throws StationError `NO_SUCH_TABLET` */
  tokens(tablet?: string): Addresses;
  /** Calls `listener` whenever the outbox has something new. */
  onDelivery(listener: () => void): void;
  stop(): Promise<void>;
}

const readAttached: StartPens = async (options) => (await import('#driver/process/index.ts')).startPens(options);
const SCREENS = join(import.meta.dirname, '../../dist/screens');
/** What stopping does, the last first. */
type Undo = (() => Promise<void> | void)[];

const WILDCARDS = new Set(['0.0.0.0', '::']);

/** @throws StationError, KeyError, SyncError: it cannot run, and nothing of it is left running */
export async function startStation(options: StationOptions): Promise<RunningStation> {
  const log = options.log ?? (() => {});
  const address = options.listen ?? '127.0.0.1';
  const station = await openStation(options.home, log, options.atRestKey);
  const undo: Undo = [() => closeStation(station)];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      // a step that fails, as on a full disk, keeps none of the others from being done
      await (async () => step())().catch((error: Error) => log(`stopping: ${error.message}`));
    }
  };
  try {
    const names = namesOf(address, station.settings.hosts);
    const tls = isLoopback(address) ? null : await station.keys.tls(names);
    const may = listenAllowed(address, tls !== null);
    if (!may.allowed) throw new StationError(may.code, may.reason);
    if (tls !== null) offerAuthority(options.home, tls.ca, log);

    const screens = await listen(address, options.port, tls);
    undo.push(() => stopListening(screens.server));
    const printing = await listen(address, options.printerPort, tls);
    undo.push(() => stopListening(printing.server));

    const host = (port: number) => `${names[0]?.includes(':') === true ? `[${names[0]}]` : names[0]}:${port}`;
    station.printerOf = (tablet) => `${tls === null ? 'ipp' : 'ipps'}://${host(printing.port)}/ipp/print/${tablet}`;
    const origin = `${tls === null ? 'http' : 'https'}://${host(screens.port)}`;
    const tokens = (tablet = station.settings.tablets[0]?.id ?? '') => addressesOf(station, origin, tablet);

    serveScreens(station, screens, { names, tls: tls !== null, folder: options.screens ?? SCREENS }, undo);
    servePrinter(station, printing, names, undo);
    const control = await listenForCommands(options.home, controlCommands(station, tokens, options.onStop ?? (() => {})));
    undo.push(() => { control.close(); });
    undo.push(watchPens(station, options.startPens ?? readAttached));
    undo.push(startUpkeep(station));
    setImmediate(() => void warmUp(log));
    return { ...tokens(), home: options.home, tokens, onDelivery: (listener) => { station.events.on('delivered', listener); }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Tablets on other machines trust the station only when its authority is installed on them; it has power over this station's names alone. */
function offerAuthority(home: string, ca: string, log: (line: string) => void): void {
  const path = join(home, 'tablet-authority.pem');
  writeFileSync(path, ca);
  log(`install ${path} as a trusted authority on each tablet and on computers that print`);
}

function serveScreens(station: Station, { server, port }: Awaited<ReturnType<typeof listen>>, as: { names: string[]; tls: boolean; folder: string }, undo: Undo): void {
  const guests = new GuestSockets(station);
  const desks = new DeskSockets(station);
  const handlers = screenHandlers(station, {
    names: as.names, port, tls: as.tls, screens: new StaticScreens(as.folder),
    guest: (socket, tablet, local) => guests.add(socket, tablet, local),
    desk: (socket) => desks.add(socket),
  });
  server.on('request', handlers.request);
  server.on('upgrade', handlers.upgrade);

  let planned: NodeJS.Immediate | null = null;
  station.events.on('changed', () => {
    // many changes of one moment make one message
    planned ??= setImmediate(() => {
      planned = null;
      guests.refresh();
      desks.refresh();
    });
  });
  undo.push(() => {
    station.events.removeAllListeners('changed');
    clearImmediate(planned ?? undefined);
    handlers.close();
  });
}

function servePrinter(station: Station, { server, port }: Awaited<ReturnType<typeof listen>>, names: string[], undo: Undo): void {
  const { documentBytes } = station.settings.limits;
  const printer = createPrinter({ printers: () => printerInfos(station), store: jobIntake(station), limits: { maxBytes: documentBytes } });
  const hosts = hostsOf(names, port);
  server.on('request', (request, response) => {
    const access = printAllowed(request.headers.host, request.headers.origin, hosts);
    if (!access.allowed) return sendProblem(response, problemOf(new StationError(access.code, access.reason)));
    void printer.handle(request, response);
  });
  undo.push(() => printer.close());
}

/** The first is the one that addresses are printed with. */
function namesOf(address: string, further: readonly string[]): string[] {
  if (isLoopback(address)) return [...new Set([address, '127.0.0.1', 'localhost'])];
  const own = WILDCARDS.has(address) ? [hostname(), '127.0.0.1', 'localhost'] : [address, hostname()];
  return [...new Set([...further, ...own])];
}

/** @throws StationError `NO_SUCH_TABLET` */
function addressesOf(station: Station, origin: string, tablet: string): Addresses {
  if (!station.settings.tablets.some(({ id }) => id === tablet)) throw new StationError('NO_SUCH_TABLET', `There is no tablet "${tablet}" at this station.`);
  return {
    guest: `${origin}/guest?token=${station.sessions.mint({ kind: 'guest', tablet })}`,
    desk: `${origin}/desk?token=${station.sessions.mint({ kind: 'desk', tablet: null })}`,
    printer: station.printerOf(tablet),
  };
}

function controlCommands(station: Station, tokens: (tablet?: string) => Addresses, onStop: () => void): Record<string, Command> {
  const [first] = station.settings.tablets;
  const withTablet = (request: Record<string, unknown>) => JSON.stringify({ tablet: first?.id, ...request });
  return {
    status: () => ({
      home: station.home, pid: process.pid, demo: station.keys.demo, hotel: station.settings.hotel,
      printer: station.printerOf(first?.id ?? ''),
      tablets: station.settings.tablets.map(({ id, name }) => ({ id, name, printer: station.printerOf(id), connected: station.visits.connected(id), pen: deskPen(station, id) })),
      waiting: station.requests.waiting(), outbox: station.outbox.status(), notices: station.notices.list(),
      atRest: station.keys.protection, papers: papersView(station),
    }),
    tokens: (request) => ({ ...tokens(typeof request['tablet'] === 'string' ? request['tablet'] : undefined) }),
    'print-sample': async (request) => {
      const { tablet, pages } = readBody.sample(withTablet(request));
      return { request: (await printSample(station, tablet, pages)).id };
    },
    try: async (request) => ({ request: (await tryIt(station, readBody.try(withTablet(request)).tablet)).id }),
    pens: () => ({
      reading: station.pens.roster.state,
      minimum: penMinimum(station),
      attached: station.pens.roster.list().map(({ pen, tablet }) => ({ ...pen, tablet })),
      tablets: station.settings.tablets.map(({ id, name }) => ({ id, name, reads: penReader(station, id), pen: deskPen(station, id) })),
    }),
    'sync-status': () => ({ ...station.outbox.status() }),
    'station-keys': () => keysView(station.keys),
    stop: () => {
      // the answer goes out first
      setImmediate(onStop);
      return {};
    },
  };
}
