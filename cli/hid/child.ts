/** The process in which `countersign hid` reads foreign bytes. Before: `in-child.ts` spawned it. After: its text goes back. */
import { PenError } from '#driver/errors.ts';
import { serve } from '#packet/child/index.ts';
import { decode } from './decode.ts';
import { describe } from './describe.ts';
import type { HidWork } from './in-child.ts';

/** Pieces of text that are put together before they become bytes. */
const PIECES = 1000;

await serve<HidWork, null>(async ({ verb, device, json }, input) => ({
  result: null,
  output: verb === 'describe' ? Buffer.from(describe(input, device, json)) : bytesOf(decode(new TextDecoder().decode(input), json)),
}), PenError);

function bytesOf(pieces: Iterable<string>): Uint8Array {
  const blocks: Uint8Array[] = [];
  let block: string[] = [];
  for (const piece of pieces) {
    block.push(piece);
    if (block.length < PIECES) continue;
    blocks.push(Buffer.from(block.join('')));
    block = [];
  }
  return Buffer.concat([...blocks, Buffer.from(block.join(''))]);
}
