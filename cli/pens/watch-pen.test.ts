import { expect, test } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { attachedPen, FakePens, type FakeSource } from '#fixtures/attached-pens.ts';
import type { Display } from './display.ts';
import { watchPen } from './watch-pen.ts';

const PEN = attachedPen();

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
  const pens = new FakePens();
  const [heard, stop] = [new Heard(), new AbortController()];
  pens.plug(PEN);
  const watching = watchPen(pens, PEN, heard, stop.signal);
  await opened(pens);
  pens.reading(PEN.id)!.move({ x: 1 }, { x: 2 });
  pens.unplug(PEN.id);
  await heard.until(2);
  pens.plug(attachedPen({ id: 'another' }));
  pens.plug(PEN);
  await heard.until(3);
  pens.reading(PEN.id)!.move({ x: 3 });
  stop.abort();
  await watching;
  expect(heard.what).toEqual(['x 1 2', 'lost', 'back', 'x 3']);
  expect(pens.reading(PEN.id)).toBeNull();
});

test('that a pen is back is told before what it sends, also where it sends before its opening is known', async () => {
  const pens = new FakePens();
  const [heard, stop] = [new Heard(), new AbortController()];
  const source = pens.source.bind(pens);
  pens.source = (id) => {
    const eager = source(id) as FakeSource;
    const open = eager.open.bind(eager);
    eager.open = async (listener) => {
      await open(listener);
      eager.move({ x: 7 });
    };
    return eager;
  };
  pens.plug(PEN);
  const watching = watchPen(pens, PEN, heard, stop.signal);
  await heard.until(1);
  pens.unplug(PEN.id);
  pens.plug(PEN);
  await heard.until(4);
  stop.abort();
  await watching;
  expect(heard.what).toEqual(['x 7', 'lost', 'back', 'x 7']);
});

test('it can be stopped while the pen is away', async () => {
  const pens = new FakePens();
  const [heard, stop] = [new Heard(), new AbortController()];
  pens.plug(PEN);
  const watching = watchPen(pens, PEN, heard, stop.signal);
  await opened(pens);
  pens.unplug(PEN.id);
  await heard.until(1);
  stop.abort();
  await watching;
  expect(heard.what).toEqual(['lost']);
});

test('a pen that does not open the first time is not waited for', async () => {
  await expect(watchPen(new FakePens(), PEN, new Heard(), new AbortController().signal)).rejects.toMatchObject({ code: 'PEN_UNKNOWN' });
});

async function opened(pens: FakePens): Promise<void> {
  while (pens.reading(PEN.id) === null) await new Promise((resolve) => { setTimeout(resolve, 1); });
}
