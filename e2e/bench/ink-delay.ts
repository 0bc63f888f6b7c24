/**
 * What it adds to read the pen at the station: from the arrival of a sample, as the pen process hands it to the station, to the
 * `ink` message in a guest's WebSocket client on the same machine. In real time, a stroke of 5 s at each rate.
 *
 * The devices are a stand-in in the station's own process (`fixtures/attached-pens.ts`): the way from the pen process to the station
 * is not in it, nor is drawing. There is no peer: nobody else sends ink from a station to a page.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { attachedPen, FakePens } from '#fixtures/attached-pens.ts';
import type { GuestRequest } from '#kiosk/protocol/messages.ts';
import { sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { startTestStation } from '#kiosk/station/station-for-tests.ts';
import { printFile } from '#print-to-tab/client.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { percentile } from './statistics.ts';

const RATES = [200, 1_000];
const SECONDS = 5;
/** The page is the display: a raw count is a twentieth of a pixel. */
const PLACE = { left: 0, top: 0, width: 1_000, height: 500 };

export async function inkDelay(tell: Tell): Promise<Measurement[]> {
  const pens = new FakePens([attachedPen()]);
  const station = await startTestStation({}, { startPens: async () => pens });
  const [desk, guest] = [await Desk.open(station.station.desk), await Guest.arrive(station.station.guest)];
  try {
    const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });
    await printFile(station.station.printer, card, { name: 'Card', user: 'bench' });
    await desk.release(await desk.request(['assigned']));
    const { state, request } = await guest.read();
    guest.agree(state, request);
    await desk.request(['signing'], request.id);
    const measured: Measurement[] = [];
    for (const [index, rate] of RATES.entries()) {
      tell(`  station to guest screen, ${SECONDS} s at ${rate} reports a second`);
      const delays = await drawn(pens, guest, request, index + 1, rate);
      for (const share of [0.5, 0.99]) measured.push(measurement(`station-read ink, ${rate} reports/s, sample to guest's socket, p${share * 100}`, percentile(delays, share), 'ms'));
    }
    return measured;
  } finally {
    guest.session.close();
    desk.close();
    await station.end();
  }
}

/** @returns the delay of every sample, ms */
async function drawn(pens: FakePens, guest: Guest, request: GuestRequest, attempt: number, rate: number): Promise<number[]> {
  const sent: number[] = [];
  const delays: number[] = [];
  const all = guest.session.until('all of the ink', (message) => {
    if (message.type !== 'ink' || message.attempt !== attempt) return false;
    const now = performance.now();
    for (const _ of message.points) delays.push(now - sent[delays.length]!);
    return delays.length === SECONDS * rate;
  }, (SECONDS + 20) * 1_000);
  guest.session.send({
    type: 'pen-begin', request: request.id, attempt, language: 'en', surface: PLACE, screen: { ...PLACE, devicePixelRatio: 1, orientation: 0 }, toPage: [0.1, 0, 0, -0.1, 100, 200],
  });
  while (pens.reading('pen-1') === null) await sleep(5);
  await sleep(50);
  const source = pens.reading('pen-1')!;
  const startedAt = performance.now();
  for (let at = 0; at < SECONDS * rate;) {
    // a timer of 1 ms may be late: what is due is handed over one by one, as the device would
    const due = Math.min(SECONDS * rate, Math.floor((performance.now() - startedAt) * rate / 1_000));
    for (; at < due; at++) {
      sent.push(performance.now());
      source.move({ x: 2_000 + at % 15_000, y: 5_000 });
    }
    await sleep(1);
  }
  await all;
  guest.session.send({ type: 'pen-end', request: request.id, attempt });
  return delays;
}
