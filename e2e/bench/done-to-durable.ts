/**
 * How long the guest looks at "Keeping your signature safe": from the POST of Done to its 200, when the packet
 * is wrapped, committed and synced; on a running house, with the recorded pen. And how long another screen
 * waits for the station meanwhile, because one hotel's tablets share one event loop.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Desk } from '#cli/demo/desk.ts';
import type { Guest } from '#cli/demo/guest.ts';
import { startHouse, type TestHouse } from '../house.ts';
import { begun, card, printed, type Signing } from '../signing.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { PDFSIG, pdfsigPeer } from './pdfsig.ts';
import { inTurns, medianPeer, timed } from './rounds.ts';
import { median } from './statistics.ts';
import { tenPages } from './ten-pages.ts';

const ROUNDS = 5;
const WAITING_ROUNDS = 3;

export async function doneToDurable(tell: Tell): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const house = await startHouse({ settings: {} });
  const counter = await Counter.open(house);
  try {
    const sign = await pdfsigPeer(folder, tell);
    const measured: Measurement[] = [];
    for (const [pages, document] of [[1, await card()], [10, await tenPages()]] as const) {
      tell(`  Done to durable, ${pages} page${pages === 1 ? '' : 's'}`);
      const peer = sign === null ? null : () => sign(document);
      const times = await inTurns(ROUNDS, async () => timed(await counter.nextDone(document)), peer);
      measured.push(measurement(`Done to durable, ${pages} page${pages === 1 ? '' : 's'}`, median(times.ours), 'ms', medianPeer(PDFSIG, times.peer)));
    }
    tell('  what another screen waits meanwhile');
    const waits = await inTurns(WAITING_ROUNDS, async () => longestWait(house, await counter.nextDone(await card())), null);
    measured.push(measurement('longest wait of another screen during Done, 1 page', median(waits.ours), 'ms'));
    return measured;
  } finally {
    counter.close();
    await house.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The front desk with one guest after another. */
class Counter {
  readonly #house: TestHouse;
  readonly #desk: Desk;
  readonly #guest: Guest;
  #printed = 0;

  private constructor(house: TestHouse, desk: Desk, guest: Guest) {
    this.#house = house;
    this.#desk = desk;
    this.#guest = guest;
  }

  static async open(house: TestHouse): Promise<Counter> {
    return new Counter(house, await house.desk(), await house.guest());
  }

  /** Brings a document to where the guest presses Done. @returns what pressing does; it resolves when the packet is durable */
  async nextDone(document: Uint8Array): Promise<() => Promise<void>> {
    this.#printed += 1;
    const waiting = await printed(this.#house, this.#desk, `Bench ${this.#printed}`, 'front', document);
    const signing: Signing = await begun(this.#desk, this.#guest, waiting);
    return async () => {
      const answer = await signing.done();
      if (!answer.ok) throw new Error(`Done was refused: ${await answer.text()}`);
    };
  }

  close(): void {
    this.#guest.session.close();
    this.#desk.close();
  }
}

/** Asks for a small file, again and again, while the work runs. @returns ms of the slowest answer */
async function longestWait(house: TestHouse, work: () => Promise<void>): Promise<number> {
  const address = new URL('/screens/guest/index.html', house.ready.guest);
  const ask = (): Promise<number> => timed(async () => (await fetch(address)).arrayBuffer());
  await ask();
  const waits: number[] = [];
  const finished = work().then(() => true);
  for (let over = false; !over;) {
    const asked = ask();
    over = await Promise.race([finished, asked.then(() => false)]);
    waits.push(await asked);
  }
  return Math.max(...waits);
}
