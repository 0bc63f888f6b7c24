/**
 * A serial pen at 1,000 reports a second, while the station that takes its samples is kept busy with intake and signing: how
 * many samples are lost (none may be), and how long a report takes from the tablet's write to the capture.
 *
 * The tablet is emulated in a process of its own, on a pseudo-terminal; the pen process reads it, as on a station. The station
 * runs in this process, one signing after the other, so its event loop is the one that takes the samples. Desk, guest and print
 * client are here too: more work than a station has. The peer has the same load at the same time.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { startPens } from '#driver/process/index.ts';
import type { AttachedPenSource, Pens } from '#driver/pens.ts';
import { startTestStation, type TestStation } from '#kiosk/station/station-for-tests.ts';
import { printFile } from '#print-to-tab/client.ts';
import type { TabletNews, TabletOrder } from '#fixtures/streaming-tablets-child.ts';
import { begun, card, titled } from '../signing.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { percentile } from './statistics.ts';

const RATE = 1_000;
const SECONDS = 60;
const PEER = 'the port read in the station itself with @serialport/stream (decodes x and y; keeps and checks nothing)';
const CHILD = new URL('../../fixtures/streaming-tablets-child.ts', import.meta.url);
const PEN_LENGTH = 9;
const NS_PER_MS = 1e6;
/** What is still under way when the last packet was written. */
const PATIENCE_MS = 5_000;

/** When each packet reached the capture, and the time it was given, ns by its number; 0: it did not come. */
interface Reader { arrived: Float64Array; stamped: Float64Array; close(): Promise<void> }

export async function driverStream(tell: Tell, seconds = SECONDS): Promise<Measurement[]> {
  const count = RATE * seconds;
  tell(`  ${RATE} reports a second for ${seconds} s, intake and signing busy`);
  const child = fork(CHILD, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const load = await Load.start();
  const readers: Reader[] = [];
  try {
    const [oursPath, peerPath] = (await asked(child, { tablets: 2 }) as Extract<TabletNews, { paths: string[] }>).paths as [string, string];
    const [ours, peer] = [await penProcess(oursPath, count), await peerReader(peerPath, count)];
    readers.push(ours, peer);
    load.begin();
    const { written } = await asked(child, { count, rate: RATE }) as Extract<TabletNews, { written: Float64Array[] }>;
    await settled([ours.arrived, peer.arrived]);
    const signings = await load.end();
    const [ourDelays, peerDelays] = [delays(written[0]!, ours.arrived), delays(written[1]!, peer.arrived)];
    tell(`  ${signings} signings meanwhile; the pen process lost ${count - ourDelays.length} of ${count}, the peer ${count - peerDelays.length}`);
    return [
      measurement(`samples lost of ${count} at ${RATE} a second, station busy`, count - ourDelays.length, 'samples'),
      measurement('report written to sample in the capture, station busy, p99', percentile(ourDelays, 0.99), 'ms', { name: PEER, value: percentile(peerDelays, 0.99) }),
      measurement('report written to sample in the capture, station busy, median', percentile(ourDelays, 0.5), 'ms', { name: PEER, value: percentile(peerDelays, 0.5) }),
      measurement('time of a sample, later than the best one of them, station busy, p99', lateness(written[0]!, ours.stamped), 'ms', { name: PEER, value: lateness(written[1]!, peer.stamped) }),
    ];
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
    await load.stop();
    child.disconnect();
    await once(child, 'exit');
  }
}

/** Ours: pen process, its channel, the listener. */
async function penProcess(path: string, count: number): Promise<Reader> {
  const [arrived, stamped] = [new Float64Array(count), new Float64Array(count)];
  const pens = await startPens({ serial: [{ path, protocol: 'isdv4' }], log: () => undefined });
  const source = pens.source(await asksFor(pens));
  let next = 0;
  let outOfTurn = 0;
  await source.open({
    samples: (samples) => {
      const at = now();
      for (const { x, y, hostTime } of samples) {
        const number = x + y * 65_536;
        if (number < next || number >= count) outOfTurn++;
        arrived[number] = at;
        stamped[number] = hostTime;
        next = number + 1;
      }
    },
    ended: () => undefined,
  });
  const close = async (): Promise<void> => {
    await closed(source);
    await pens.stop();
    if (outOfTurn > 0) throw new Error(`${outOfTurn} samples came twice or out of turn`);
  };
  return { arrived, stamped, close };
}

/** The pen in the list, once it was asked what it gives. */
async function asksFor(pens: Pens): Promise<string> {
  const find = (): string | undefined => pens.list().find(({ kind, gives }) => kind === 'isdv4' && gives !== null)?.id;
  while (find() === undefined) await new Promise<void>((resolve) => { const end = pens.onChange(() => { end(); resolve(); }); });
  return find()!;
}

async function closed(source: AttachedPenSource): Promise<void> {
  await source.close();
  const { complete, anomalies } = source.findings();
  if (!complete || anomalies['brokenPackets'] !== undefined) throw new Error(`the source says: ${JSON.stringify({ complete, anomalies })}`);
}

/** What a program of a few lines would do. */
async function peerReader(path: string, count: number): Promise<Reader> {
  const arrived = new Float64Array(count);
  const port = new SerialPortStream({ binding: autoDetect(), path, baudRate: 38_400, autoOpen: false });
  await new Promise<void>((resolve, reject) => { port.open((error) => { if (error === null) resolve(); else reject(error); }); });
  let rest = Buffer.alloc(0);
  port.on('data', (chunk: Buffer) => {
    const at = now();
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= PEN_LENGTH; rest = rest.subarray(PEN_LENGTH)) {
      const number = ((rest[1]! << 9) | (rest[2]! << 2) | ((rest[6]! >> 5) & 3)) + ((rest[3]! << 9) | (rest[4]! << 2) | ((rest[6]! >> 3) & 3)) * 65_536;
      if (number < count) arrived[number] = at;
    }
  });
  port.write('1');
  // its times are those of its arrivals
  return { arrived, stamped: arrived, close: () => new Promise<void>((resolve) => { port.close(() => { resolve(); }); }) };
}

/** Print jobs that are taken in, released, read, agreed to, signed and sealed, one after the other. */
class Load {
  readonly #house: TestStation;
  readonly #desk: Desk;
  readonly #guest: Guest;
  #running: Promise<number> | null = null;
  #over = false;

  private constructor(house: TestStation, desk: Desk, guest: Guest) {
    this.#house = house;
    this.#desk = desk;
    this.#guest = guest;
  }

  static async start(): Promise<Load> {
    const house = await startTestStation();
    const load = new Load(house, await Desk.open(house.station.desk), await Guest.arrive(house.station.guest));
    // the first signing warms up and is not measured
    load.#over = true;
    await load.#sign('Warm-up');
    load.#over = false;
    return load;
  }

  begin(): void {
    this.#running = this.#sign('Bench');
    // awaited in `end`; until then a failure waits there
    this.#running.catch(() => undefined);
  }

  /** @returns how many were signed */
  async end(): Promise<number> {
    this.#over = true;
    return await this.#running ?? 0;
  }

  async stop(): Promise<void> {
    await this.end().catch(() => undefined);
    this.#guest.session.close();
    this.#desk.close();
    await this.#house.end();
  }

  /** Once, and again until it is over. */
  async #sign(name: string): Promise<number> {
    const document = await card();
    for (let signed = 1; ; signed++) {
      const title = `${name} ${signed}`;
      const { state, message } = await printFile(this.#house.station.printer, document, { name: title, user: 'reception' });
      if (state !== 'completed') throw new Error(`${title} was not printed: ${state} ${message}`);
      const signing = await begun(this.#desk, this.#guest, await titled(this.#desk, title));
      const answer = await signing.done();
      if (!answer.ok) throw new Error(`Done was refused: ${await answer.text()}`);
      if (this.#over) return signed;
    }
  }
}

async function asked(child: ChildProcess, order: TabletOrder): Promise<TabletNews> {
  const answer = once(child, 'message');
  child.send(order);
  return (await Promise.race([answer, once(child, 'exit').then(() => { throw new Error('the emulated tablets ended'); })]))[0] as TabletNews;
}

/** Waits until every packet arrived, or none has for a while. */
async function settled(all: readonly Float64Array[]): Promise<void> {
  const missing = (): boolean => all.some((arrived) => arrived.includes(0));
  for (const until = performance.now() + PATIENCE_MS; missing() && performance.now() < until;) await new Promise((resolve) => { setTimeout(resolve, 50); });
}

/** ms, of those that arrived. */
function delays(written: Float64Array, times: Float64Array): number[] {
  return [...written].flatMap((at, index) => (times[index] === 0 ? [] : [(times[index]! - at) / NS_PER_MS]));
}

/** ms, p99, above the least: the two clocks begin anywhere. */
function lateness(written: Float64Array, stamped: Float64Array): number {
  const all = delays(written, stamped);
  return percentile(all, 0.99) - percentile(all, 0);
}

function now(): number {
  return Number(process.hrtime.bigint());
}
