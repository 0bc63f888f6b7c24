import { expect, test } from 'vitest';
import { FakePens, attachedPen } from '#fixtures/attached-pens.ts';
import { displayOn } from './display.ts';
import { watchPen } from './watch-pen.ts';

const PEN = attachedPen({ name: 'Pen\u001b[31m' });

/** What a stream was written while a pen moved, was pulled out, came back and moved again. */
async function shown(isTTY: boolean, json: boolean): Promise<string> {
  let text = '';
  const stream = { isTTY, columns: 60, write: (more: string) => { text += more; return true; } } as unknown as NodeJS.WriteStream;
  const display = displayOn(stream, json);
  const pens = new FakePens([PEN]);
  const stop = new AbortController();
  const watching = watchPen(pens, PEN, display, stop.signal);
  const reading = async (): Promise<void> => { while (pens.reading(PEN.id) === null) await new Promise((resolve) => { setTimeout(resolve, 1); }); };
  await reading();
  pens.reading(PEN.id)!.move({ x: 1_000, y: 500 }, { x: 1_100, y: 500 });
  pens.unplug(PEN.id);
  pens.plug(PEN);
  await reading();
  pens.reading(PEN.id)!.move({ x: 1_200, y: 500 });
  stop.abort();
  await watching;
  display.close();
  return text;
}

/** What a terminal would show in the end: each line as it was last drawn. */
function onTerminal(text: string): string[] {
  return text.split('\n').map((line) => line.split('\r\u001b[K').at(-1)!).filter((line) => line !== '');
}

test('a terminal has one line that is drawn again and never wraps; what happens to the pen has lines of its own', async () => {
  const text = await shown(true, false);
  const lines = onTerminal(text);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain('x 11.00 y 5.00 mm');
  expect(lines[1]).toContain('Waiting for it to come back');
  expect(lines[2]).toContain('is back');
  expect(lines[3]).toContain('x 12.00');
  for (const drawn of text.replaceAll('\r\u001b[K', '\n').split('\n').filter((part) => part.startsWith('x '))) expect(drawn.length).toBeLessThan(60);
  expect(text.endsWith('\n')).toBe(true);
});

test('a file has plain lines', async () => {
  const text = await shown(false, false);
  expect(text).toContain('x 11.00 y 5.00 mm');
  expect(text).toContain('is back');
});

test('a program has every sample, and what is lost and back by the id', async () => {
  const lines = (await shown(false, true)).trim().split('\n').map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([{ sample: { x: 1_000 } }, { sample: { x: 1_100 } }, { lost: PEN.id }, { back: PEN.id }, { sample: { x: 1_200 } }]);
});

test.each([true, false])('a name with control characters moves no cursor (terminal: %s)', async (isTTY) => {
  expect((await shown(isTTY, false)).replaceAll('\r\u001b[K', '')).not.toContain('\u001b');
});
