/**
 * How far the ink on a guest's screen is behind a pen that the station reads: from the moment the tablet writes a packet to the
 * `ink` message in a guest's WebSocket client on the same machine. In real time, one stroke of 5 s at each rate.
 *
 * All of the way is in it but the painting: tablet (emulated, in a process of its own), a real port of the kernel, pen process, its
 * channel, station, socket. Not in it: the time that nine bytes take on a real line (2.3 ms at 38,400 baud), and a network. The
 * peer has the same packets at the same moments from a second tablet, read in the client's process: what the port alone takes. Guest
 * and peer share that process's event loop, so that each waits for the other's work; tablets, pen process and station do not.
 */
import type { Guest } from '#cli/demo/guest.ts';
import type { DisplayPlace, GuestRequest, StationToDesk } from '#kiosk/protocol/messages.ts';
import { startHouse, type TestHouse } from '../house.ts';
import { begun, printed } from '../signing.ts';
import { Arrivals, delays, monotonicNs, settled } from './arrivals.ts';
import { EmulatedTablets } from './emulated-tablets.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { portPeer, readPort } from './port-peer.ts';
import { percentile } from './statistics.ts';

const RATES = [200, 1_000];
const SECONDS = 5;
const PEER = portPeer('the guest’s client');
/** The page is the display. Pixels are sent in hundredths: a raw count is 1.5 of them, so that every number can be told. */
const SIDE = 1_000;
/** What the tablets declare, as whole range of each axis. */
const RAW_MAX = 65_535;
const PLACE = { left: 0, top: 0, width: SIDE, height: SIDE };
const SCREEN: DisplayPlace = { ...PLACE, devicePixelRatio: 1, orientation: 0 };
/** Of all that is not the streaming itself. */
const PATIENCE_MS = 30_000;

/** What arrived of the stream that runs now. */
interface Turn { ours: Arrivals; peer: Arrivals }

export async function inkDelay(tell: Tell, seconds = SECONDS): Promise<Measurement[]> {
  const ends: (() => Promise<unknown> | void)[] = [];
  try {
    const tablets = await EmulatedTablets.start(2);
    ends.push(() => tablets.stop());
    const [oursPath, peerPath] = tablets.paths as [string, string];
    const house = await startHouse({ settings: { pens: { serial: [{ path: oursPath, protocol: 'isdv4' }], minimum: { raw: true } } } });
    ends.push(() => house.end());
    const guest = await house.guest();
    ends.push(() => guest.session.close());
    const request = await agreed(house, guest);
    const turns = RATES.map((rate): Turn => ({ ours: new Arrivals(rate * seconds), peer: new Arrivals(rate * seconds) }));
    let current = 0;
    ends.push(await readPort(peerPath, (x, y) => turns[current]!.peer.take(x, y)));
    const drawn = draw(guest, request, turns, () => turns[current]!);
    // awaited at the end; a stream that is not complete is told before
    drawn.catch(() => undefined);
    const measured: Measurement[] = [];
    for (const [index, rate] of RATES.entries()) {
      tell(`  tablet to guest's socket, ${seconds} s at ${rate} reports a second`);
      current = index;
      const written = await tablets.stream(rate * seconds, rate);
      await settled(turns[index]!.ours, turns[index]!.peer);
      measured.push(...compared(rate, turns[index]!, written as [Float64Array, Float64Array]));
    }
    await drawn;
    return measured;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** A guest who is about to sign with the serial pen. */
async function agreed(house: TestHouse, guest: Guest): Promise<GuestRequest> {
  const desk = await house.desk();
  try {
    type DeskState = Extract<StationToDesk, { type: 'state' }>;
    await desk.session.until('the pen at the desk', (message): message is DeskState => message.type === 'state' && message.tablets[0]?.connected === true && message.tablets[0].pen.accepted);
    return (await begun(desk, guest, await printed(house, desk, 'Bench'))).request;
  } finally {
    desk.close();
  }
}

/** One attempt for all rates: its strokes are one. Resolves with the last packet of the last stream. @throws Error where the pen was lost */
async function draw(guest: Guest, request: GuestRequest, turns: readonly Turn[], turn: () => Turn): Promise<void> {
  const attempt = 1;
  const toRaw = (pixels: number): number => Math.round(pixels * RAW_MAX / SIDE);
  const packets = turns.reduce((sum, { ours }) => sum + ours.at.length, 0);
  let arrived = 0;
  const over = guest.session.until('all of the ink', (message) => {
    if (message.type !== 'ink' || message.attempt !== attempt) return message.type === 'pen-lost';
    const at = monotonicNs();
    // none is lifted
    for (const [x, y] of message.points as (readonly [number, number, number])[]) turn().ours.take(toRaw(x), toRaw(y), at);
    arrived += message.points.length;
    return arrived >= packets;
  }, packets / Math.min(...RATES) * 1_000 + PATIENCE_MS);
  guest.session.send({ type: 'pen-begin', request: request.id, attempt, language: 'en', surface: PLACE, screen: SCREEN, toPage: [0.1, 0, 0, -0.1, 100, 200] });
  const last = await over;
  if (last.type === 'pen-lost') throw new Error(last.message);
  guest.session.send({ type: 'pen-end', request: request.id, attempt });
}

function compared(rate: number, { ours, peer }: Turn, written: readonly [Float64Array, Float64Array]): Measurement[] {
  const name = `station-read ink, ${rate} reports/s`;
  const [ourDelays, peerDelays] = [delays(written[0], ours.at), delays(written[1], peer.at)];
  return [
    measurement(`${name}, samples without ink of ${ours.at.length}`, ours.missing, 'samples'),
    ...[0.5, 0.99].flatMap((share) => {
      const [value, beside] = [percentile(ourDelays, share), percentile(peerDelays, share)];
      const label = `${name}, report written to guest's socket, p${share * 100}`;
      return [measurement(label, value, 'ms', { name: PEER, value: beside }), measurement(`${label}, more than the peer's`, value - beside, 'ms')];
    }),
  ];
}
