import { expect, test } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { StandInPens } from '#fixtures/stand-in-pens.ts';
import { aSample, INFO, PEN } from '#fixtures/stand-in-pen.ts';
import type { Display } from './display.ts';
import { watchPen } from './watch-pen.ts';

/** What was shown, in order. */
class Heard implements Display {
  readonly what: string[] = [];
  #waiting: (() => void)[] = [];
  samples(samples: readonly Sample[]): void { this.#add(`x ${samples.map(({ x }) => x).join(' ')}`); }
  lost(): void { this.#add('lost'); }
  back(): void { this.#add('back'); }
  close(): void { this.#add('closed'); }
  async until(count: number): Promise<string[]> {
    while (this.what.length < count) await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    return this.what;
  }
  #add(text: string): void {
    this.what.push(text);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

test('a pen that is pulled out is told, and goes on when it is plugged in again, until it is stopped', async () => {
  const pens = new StandInPens();
  const [heard, stop] = [new Heard(), new AbortController()];
  pens.plug(PEN, INFO);
  const watching = watchPen(pens, PEN, heard, stop.signal);
  await opened(pens);
  pens.open.get(PEN.id)!.give(new Uint8Array(1), 0, aSample({ x: 1 }));
  pens.unplug(PEN.id);
  await heard.until(2);
  pens.plug({ ...PEN, problem: { code: 'PEN_FORBIDDEN', message: 'not yet', advice: '' } }, INFO);
  pens.plug(PEN, INFO);
  await heard.until(3);
  pens.open.get(PEN.id)!.give(new Uint8Array(1), 0, aSample({ x: 2 }));
  stop.abort();
  await watching;
  expect(heard.what).toEqual(['x 1', 'lost', 'back', 'x 2']);
  expect(pens.open.size).toBe(0);
});

test('it can be stopped while the pen is away', async () => {
  const pens = new StandInPens();
  const [heard, stop] = [new Heard(), new AbortController()];
  pens.plug(PEN, INFO);
  const watching = watchPen(pens, PEN, heard, stop.signal);
  await opened(pens);
  pens.unplug(PEN.id);
  await heard.until(1);
  stop.abort();
  await watching;
  expect(heard.what).toEqual(['lost']);
});

test('a pen that does not open the first time is not waited for', async () => {
  await expect(watchPen(new StandInPens(), PEN, new Heard(), new AbortController().signal)).rejects.toMatchObject({ code: 'PEN_UNKNOWN' });
});

async function opened(pens: StandInPens): Promise<void> {
  while (!pens.open.has(PEN.id)) await new Promise((resolve) => { setTimeout(resolve, 1); });
}
