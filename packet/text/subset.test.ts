import * as fontkit from 'fontkit';
import { expect, test } from 'vitest';
import { faces, fileOf, openFace } from './face.ts';

test.each(faces(false, ''))('a subset of $name draws and measures what the whole font does, composite glyphs and those that come twice included', (face) => {
  const whole = openFace(face);
  const every = [...'Riīgą Åé'].concat([...'محمדשกน้王骨さ']).map((character) => whole.glyphForCodePoint(character.codePointAt(0) ?? 0).id);
  // the last glyph of the file has no advance of its own where such are left out
  const ids = [0, ...every.filter((id) => id !== 0), every.find((id) => id !== 0) ?? 0, (whole as unknown as { numGlyphs: number }).numGlyphs - 1];
  const { bytes, count } = fileOf(face).subset(ids);
  const subset = fontkit.create(Buffer.from(bytes));
  const drawn = (font: fontkit.Font, id: number) => ({ advance: font.getGlyph(id).advanceWidth, commands: font.getGlyph(id).path.commands });
  expect(ids.map((_, at) => drawn(subset, at))).toEqual(ids.map((id) => drawn(whole, id)));
  expect((subset as unknown as { numGlyphs: number }).numGlyphs).toBe(count);
  expect(count).toBeGreaterThanOrEqual(ids.length);
});

test('a subset has the tables that a font in a PDF needs (ISO 32000-2, 9.9.1), in order, and adds up to what a font file must', () => {
  const { bytes } = fileOf(faces(false, '')[0]).subset([0, 36]);
  const words = new DataView(bytes.buffer, bytes.byteOffset);
  const tags = Array.from({ length: words.getUint16(4) }, (_, at) => Buffer.from(bytes).toString('latin1', 12 + at * 16, 16 + at * 16));
  // OpenType 1.9, "Table Directory": sorted by tag
  expect(tags).toEqual(['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep']);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + words.getUint32(at)) >>> 0;
  // OpenType 1.9, "Calculating checksums"
  expect(sum).toBe(0xb1b0afba);
});
