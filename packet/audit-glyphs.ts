/**
 * Foreign text made fit to be drawn on one line: names in a trail are whatever a print program claimed. Control characters and marks that
 * turn the direction of writing go, and what no bundled font has becomes a question mark: a page that cannot be drawn is missing from
 * the packet.
 */
import { PacketError } from './errors.ts';
import { faces } from './text/face.ts';
import { splitRuns } from './text/runs.ts';

const MARKS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** A name no longer than this is read on the page; `audit.json` has all of it. */
const MOST = 600;

/** @param language as for `embedFonts` */
export function canBeDrawn(text: string, language: string | null): string {
  const plain = text.replace(MARKS, ' ').slice(0, MOST).toWellFormed();
  if (drawable(plain, language)) return plain;
  return Array.from(graphemes.segment(plain), ({ segment }) => (drawable(segment, language) ? segment : '?')).join('');
}

function drawable(text: string, language: string | null): boolean {
  if (/^[ -~]*$/.test(text)) return true;
  try {
    for (const bold of [false, true]) splitRuns(text, faces(bold, text, language), 'ltr');
    return true;
  } catch (error) {
    if (error instanceof PacketError && error.code === 'NO_GLYPH') return false;
    throw error;
  }
}
