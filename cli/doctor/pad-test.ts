/**
 * `countersign doctor --pad-test`: shows pictures on the attached signature pad that look wrong wherever a picture setting is
 * wrong, and says what to look for. A person has to look: no pad can be asked what it shows.
 *
 * A black and white one goes as one bit a pixel, as the signing screen does; a pad of colours on USB is shown one of colours too.
 *
 * Before: a pad. After: `stu.bitOrder`, `stu.whiteBit`, `stu.byteOrder` in station.json, or a word to us.
 */
import { createInterface } from 'node:readline';
import type { AttachedPen, PenError, Pens } from '#driver/index.ts';
import type { PadPicture } from '#driver/pad.ts';
import { testPicture } from '#driver/stu/image/test-picture.ts';
import { isPad } from '../pens/describe-pen.ts';
import { pensOfStation, withPens } from '../pens/open-pens.ts';
import { printable } from '../pens/printable.ts';
import { stopSignal } from '../pens/stop-signal.ts';

const BLACK_AND_WHITE = `Right is, black on white: a closed frame at the edge, a large F that reads as one, and a straight line from the upper left to the
lower right. What the pen writes is black. Where it is not so, write into station.json:

   the F is broken or mirrored in steps of 8 pixels, the line is a saw   the other bitOrder: "pens": { "stu": { "bitOrder": "lsb" } }
   white on black                                                        the other whiteBit: "pens": { "stu": { "whiteBit": 0 } }
   anything else is wrong                                                tell us the model and what it looks like: nothing can be set
`;
const BARS = 'Right is: the same, and three bars on its right side: from the left red, green, blue, with one, two and three notches.\n';
const BARS_16 = `${BARS}
   bars of other colours   the other byteOrder in station.json: "pens": { "stu": { "byteOrder": "little" } }
   anything else is wrong  tell us the model and what it looks like: nothing can be set
`;
const BARS_24 = `${BARS}
   anything else           tell us the model and what it looks like: nothing can be set
`;
const WHEN_SEEN = 'Press Enter, or Ctrl+C, when you have seen it.\n';

/** What a pad is shown, one after the other, and what to look for. */
export function padPictures(kind: AttachedPen['kind'], { width, height, colours }: NonNullable<AttachedPen['pad']>): { picture: PadPicture; lookFor: string }[] {
  const blackAndWhite = { picture: testPicture(width, height, 'black and white'), lookFor: BLACK_AND_WHITE };
  // over a serial port every picture goes as one bit
  if (colours === 2 || kind === 'stu-serial') return [blackAndWhite];
  return [blackAndWhite, { picture: testPicture(width, height, 'colours'), lookFor: colours === 65_536 ? BARS_16 : BARS_24 }];
}

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

async function showOn(pens: Pens, { id, kind, name }: AttachedPen): Promise<void> {
  const source = pens.source(id);
  const lost = new AbortController();
  let why: PenError | null = null;
  await source.open({ samples: () => undefined, ended: (error) => { why = error; lost.abort(); } });
  try {
    const stop = AbortSignal.any([stopSignal(), lost.signal]);
    const { width, height } = source.pad!;
    const { colours } = pens.list().find((pen) => pen.id === id)?.pad ?? { colours: 2 as const };
    for (const { picture, lookFor } of padPictures(kind, { width, height, colours })) {
      process.stdout.write(`${printable(name)}, ${width} × ${height} pixels: drawing…\n`);
      // what ended the pad says more than that it is not open
      await source.pad!.show(picture).catch((error: unknown) => { throw why ?? error; });
      process.stdout.write(`\n${lookFor}\n${WHEN_SEEN}`);
      await seen(stop);
      if (why !== null) throw why as PenError;
      if (stop.aborted) return;
    }
  } finally {
    await source.close();
  }
}

/** Resolves with the next line that is typed, or when it is stopped. */
async function seen(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : null;
  await new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
    lines?.once('line', () => resolve());
    lines?.once('SIGINT', () => resolve());
  });
  lines?.close();
}
