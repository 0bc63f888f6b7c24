/**
 * `countersign doctor --pad-test`: shows a picture on the attached signature pad that looks wrong wherever a picture setting is
 * wrong, and says what to look for. A person has to look: no pad can be asked what it shows.
 *
 * Before: a pad. After: `stu.bitOrder` in station.json, or a word to us.
 */
import { createInterface } from 'node:readline';
import type { AttachedPen, Pens } from '#driver/index.ts';
import { testPicture } from '#driver/stu/image/test-picture.ts';
import { isPad } from '../pens/describe-pen.ts';
import { pensOfStation, withPens } from '../pens/open-pens.ts';
import { printable } from '../pens/printable.ts';
import { stopSignal } from '../pens/stop-signal.ts';

const LOOK_FOR = `Right is: a closed frame at the edge, a large F that reads as one, and a straight line from the upper left to the
lower right. On a colour pad three bars, from the left red, green, blue, with one, two and three notches. What the pen writes is black.

   the F is broken or mirrored in steps of 8 pixels, the line is a saw   the other bitOrder in station.json: "pens": { "stu": { "bitOrder": "lsb" } }
   anything else is wrong                                                tell us the model and what it looks like: nothing can be set

Press Enter, or Ctrl+C, when you have seen it.
`;

/** @returns 0 shown, 1 there is no pad to show it on. @throws Error where a station holds the pad; PenError from the pad */
export async function padTest(home: string): Promise<number> {
  if (await pensOfStation(home) !== null) throw new Error('a station runs on this data folder and a guest may be signing on the pad: stop the station first.');
  return withPens(home, [], false, async (pens) => {
    const pad = pens.list().find((pen) => isPad(pen) && pen.problem === null);
    if (pad === undefined) {
      process.stderr.write('countersign doctor: no signature pad is attached that can be opened. "countersign pens" says more.\n');
      return 1;
    }
    await showOn(pens, pad);
    return 0;
  });
}

async function showOn(pens: Pens, { id, name }: AttachedPen): Promise<void> {
  const source = pens.source(id);
  const lost = Promise.withResolvers<void>();
  await source.open({ samples: () => undefined, ended: (error) => { if (error !== null) lost.reject(error); } });
  try {
    const { width, height } = source.pad!;
    process.stdout.write(`${printable(name)}, ${width} × ${height} pixels: drawing…\n`);
    await source.pad!.show(testPicture(width, height));
    process.stdout.write(`\n${LOOK_FOR}`);
    await Promise.race([seen(), lost.promise]);
  } finally {
    await source.close();
  }
}

function seen(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = stopSignal();
  stop.addEventListener('abort', () => resolve());
  const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : null;
  lines?.once('line', () => resolve());
  lines?.once('SIGINT', () => resolve());
  return promise.finally(() => lines?.close());
}
