/**
 * A serial pen at 1,000 reports a second, while the station that takes its samples is kept busy with intake and signing: how
 * many samples are lost (none may be), and how long a report takes from the tablet's write to the capture.
 *
 * The tablet is emulated in a process of its own, on a pseudo-terminal; the pen process reads it, as on a station. The station
 * runs in this process, one signing after the other, so its event loop is the one that takes the samples. Desk, guest and print
 * client are here too: more work than a station has. The peer has the same load at the same time.
 */
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { startPens } from '#driver/process/index.ts';
import type { AttachedPenSource, Pens } from '#driver/pens.ts';
import { startTestStation, type TestStation } from '#kiosk/station/station-for-tests.ts';
import { printFile } from '#print-to-tab/client.ts';
import { begun, card, titled } from '../signing.ts';
import { Arrivals, delays, monotonicNs, settled } from './arrivals.ts';
import { EmulatedTablets } from './emulated-tablets.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { portPeer, readPort } from './port-peer.ts';
import { percentile } from './statistics.ts';

const RATE = 1_000;
const SECONDS = 60;
const PEER = portPeer('the station');

export async function driverStream(tell: Tell, seconds = SECONDS): Promise<Measurement[]> {
  const count = RATE * seconds;
  tell(`  ${RATE} reports a second for ${seconds} s, intake and signing busy`);
  const ends: (() => Promise<void>)[] = [];
  try {
    const tablets = await EmulatedTablets.start(2);
    ends.push(() => tablets.stop());
    const load = await Load.start();
    ends.push(() => load.stop());
    const [oursPath, peerPath] = tablets.paths as [string, string];
    const [ours, peer, stamped] = [new Arrivals(count), new Arrivals(count), new Float64Array(count)];
    ends.push(await penProcess(oursPath, ours, stamped), await readPort(peerPath, (x, y) => peer.take(x, y)));
    load.begin();
    const written = await tablets.stream(count, RATE);
    await settled(ours, peer);
    const signings = await load.end();
    const [ourDelays, peerDelays] = [delays(written[0]!, ours.at), delays(written[1]!, peer.at)];
    tell(`  ${signings} signings meanwhile; the pen process lost ${ours.missing} of ${count}, the peer ${peer.missing}`);
    return [
      measurement(`samples lost of ${count} at ${RATE} a second, station busy`, ours.missing, 'samples'),
      measurement('report written to sample in the capture, station busy, p99', percentile(ourDelays, 0.99), 'ms', { name: PEER, value: percentile(peerDelays, 0.99) }),
      measurement('report written to sample in the capture, station busy, median', percentile(ourDelays, 0.5), 'ms', { name: PEER, value: percentile(peerDelays, 0.5) }),
      // the peer's times are those of its arrivals
      measurement('time of a sample, later than the best one of them, station busy, p99', lateness(written[0]!, stamped), 'ms', { name: PEER, value: lateness(written[1]!, peer.at) }),
    ];
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Ours: pen process, its channel, the listener. @param stamped the time each was given, by its number. @returns a function that closes it */
async function penProcess(path: string, arrivals: Arrivals, stamped: Float64Array): Promise<() => Promise<void>> {
  const pens = await startPens({ serial: [{ path, protocol: 'isdv4' }], log: () => undefined });
  const source = pens.source(await asksFor(pens));
  await source.open({
    samples: (samples) => {
      const at = monotonicNs();
      for (const { x, y, hostTime } of samples) stamped[arrivals.take(x, y, at)] = hostTime;
    },
    ended: () => undefined,
  });
  return async () => {
    await closed(source);
    await pens.stop();
  };
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

/** ms, p99, above the least: the two clocks begin anywhere. */
function lateness(written: Float64Array, stamped: Float64Array): number {
  const all = delays(written, stamped);
  return percentile(all, 0.99) - percentile(all, 0);
}
