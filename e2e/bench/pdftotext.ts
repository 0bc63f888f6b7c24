/**
 * The peer of the search for signature lines: what is usually built from a text extractor. Poppler's pdftotext gives words with
 * their boxes; a place is put on each tag `{{sig…}}`, else above each word for "signature" in any of our languages.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelWords } from '#packet/fields/label-words.ts';
import type { Rect } from '#packet/fields/field.ts';
import type { Tell } from './measurement.ts';
import { findPeer, runProgram } from './peer-program.ts';

export interface Place { page: number; rect: Rect }

const signatures = Object.values(labelWords).flatMap(({ sign }) => sign);
const tag = /^\{\{sig:\w+\}\}$/u;

/** @returns null where it is not installed. */
export function wordSearch(tell: Tell): { name: string; find(pdf: Uint8Array): Promise<Place[]> } | null {
  const program = findPeer('pdftotext', 'poppler-utils', tell);
  if (program === null) return null;
  return {
    name: 'pdftotext -bbox and words for "signature", whoever signs',
    async find(pdf) {
      const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-fields-'));
      try {
        const path = join(folder, 'a.pdf');
        writeFileSync(path, pdf);
        const { stdout } = await runProgram(program, ['-bbox', path, '-'], { maxBuffer: 64 * 2 ** 20 });
        const places = placesIn(stdout);
        return places.some(({ tagged }) => tagged) ? places.filter(({ tagged }) => tagged) : places;
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

function placesIn(html: string): (Place & { tagged: boolean })[] {
  return html.split('<page ').slice(1).flatMap((page, index) => {
    const height = Number(/height="([\d.]+)"/u.exec(page)?.[1]);
    return [...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<\/word>/gu)].flatMap(([, left, top, bottom, text = '']) => {
      const tagged = tag.test(text);
      const word = text.toLowerCase().replaceAll(/[^\p{L}\p{M}]+/gu, '');
      if (!tagged && !signatures.includes(word)) return [];
      // Boxes are measured from the top of the page.
      return [{ page: index + 1, tagged, rect: { x: Number(left), y: height - Number(tagged ? bottom : top), width: 180, height: 50 } }];
    });
  });
}
