import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { PDFDocument } from '../pdf-lib.ts';
import { afterAll, expect, test } from 'vitest';
import { arbitraryWords } from '#fixtures/arbitrary-words.ts';
import { judge } from '#fixtures/needs.ts';
import { faces } from './face.ts';
import { drawText, embedFonts, measureText } from './index.ts';
import { splitRuns } from './runs.ts';
import { shapeLine } from './shape.ts';

const SCRIPTS = {
  latin: 'Zoë Šķērsla Ångström, fi ffi 0123',
  vietnamese: 'Nguyễn Thị Ánh',
  cyrillic: 'Екатерина Щербакова',
  greek: 'Γιώργος Παπαδόπουλος',
  arabic: 'محمد عبد الله الخالدي',
  pointedArabic: 'مُحَمَّد',
  hebrew: 'יעל כהן תל אביב',
  pointedHebrew: 'בְּרֵאשִׁית',
  thai: 'น้ำใจ กำลัง ที่ปั๊ม ผู้ใหญ่ ญี่ปุ่น',
  chinese: '王小明，上海市浦东新区',
  japanese: '田中さくら「骨直」タナカ・ジロー',
};

const folder = mkdtempSync(join(tmpdir(), 'text-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function pageWith(lines: readonly string[], bold = false): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  const fonts = await embedFonts(pdf);
  lines.forEach((line, row) => drawText(page, fonts, line, { x: 50, y: 780 - row * 40, size: 18, bold }));
  return pdf.save({ useObjectStreams: false });
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The lines pdftotext reads, without the direction marks it adds. */
function readBack(pdftotext: string, path: string): string[] {
  const text = execFileSync(pdftotext, ['-layout', path, '-'], { encoding: 'utf8' });
  return text.replace(/[\u202a-\u202e\f]/gu, '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

test('every script comes back through pdftotext as it was written', async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  for (const bold of [false, true]) {
    const path = file(`scripts-${bold}.pdf`, await pageWith(Object.values(SCRIPTS), bold));
    expect(readBack(pdftotext, path)).toEqual(Object.values(SCRIPTS));
  }
});

test('a mixed line keeps its numbers and names whole', async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  const [mixed = ''] = readBack(pdftotext, file('mixed.pdf', await pageWith(['Guest: محمد الخالدي (room 412) 王小明, arrival 12.03.2026'])));
  for (const part of ['Guest:', 'محمد', 'الخالدي', 'room 412', '王小明', 'arrival 12.03.2026']) expect(mixed).toContain(part);
});

test('fonts are embedded as subsets with a Unicode map, and only those that are needed', async (context) => {
  const pdffonts = judge(context, 'pdffonts');
  const list = (bytes: Uint8Array): string[] => execFileSync(pdffonts, [file('fonts.pdf', bytes)], { encoding: 'utf8' }).trim().split('\n').slice(2);
  expect(list(await pageWith([SCRIPTS.latin, SCRIPTS.greek]))).toEqual([expect.stringMatching(/^[A-Z]{6}\+NotoSans-Regular +CID TrueType +Identity-H +yes yes yes/)]);
  const all = list(await pageWith(Object.values(SCRIPTS)));
  expect(all.map((line) => line.split(/[ +]/)[1])).toEqual(['NotoSans-Regular', 'NotoSansArabic-Regular', 'NotoSansHebrew-Regular', 'NotoSansThai-Regular', 'NotoSansSC-Regular', 'NotoSansJP-Regular']);
});

test('a page with Chinese stays far below the size of the font', async () => {
  expect((await pageWith([SCRIPTS.chinese])).length).toBeLessThan(40_000);
});

test('no line is drawn with .notdef, and every glyph exists in its font', () => {
  for (const text of Object.values(SCRIPTS)) {
    for (const bold of [false, true]) {
      const glyphs = shapeLine(text, faces(bold, text), 'auto').runs.flatMap((run) => run.glyphs);
      expect(glyphs.length).toBeGreaterThan(0);
      expect(glyphs.filter((glyph) => glyph.id === 0)).toEqual([]);
    }
  }
});

test.each(['한국어', 'አማርኛ', 'ok \u0007', 'emoji 🙂'])('a character no font has is refused, not drawn as a box: %j', async (text) => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage();
  const fonts = await embedFonts(pdf);
  expect(() => drawText(page, fonts, text, { x: 0, y: 0, size: 10 })).toThrow(expect.objectContaining({ code: 'NO_GLYPH' }));
});

test.each(['محمد \u0651الخالدي', '\ufeff\u0651', '\u06dd\u0651'])('a mark after a space or a sign that carries none is drawn: %j', (text) => {
  const marks = shapeLine(text, faces(false, text), 'auto').runs.flatMap((run) => run.glyphs).filter(({ codePoints }) => codePoints.includes(0x651));
  expect(marks).toHaveLength(1);
});

test('the packaged app leaves out weights of the fonts, and none that is used', () => {
  const [, left = ''] = /expo-google-fonts\/\*\/\{([^}]*)\}/.exec(readFileSync(join(import.meta.dirname, '..', '..', 'electron-builder.yml'), 'utf8')) ?? [];
  expect(left.split(',').length).toBeGreaterThan(5);
  for (const { file: path } of [...faces(false, ''), ...faces(true, '')]) expect(left.split(',')).not.toContain(path.split('/')[2]);
});

test('Chinese characters beside kana are drawn as in Japan, and the others as in China', () => {
  const facesOf = (text: string): string[] => shapeLine(text, faces(false, text), 'auto').runs.map((run) => run.face.name);
  expect(facesOf('骨直さくら')).toEqual(['NotoSansJP']);
  expect(facesOf('骨直')).toEqual(['NotoSansSC']);
  // simplified only: the Japanese face has no such character
  expect(facesOf('さくら们')).toEqual(['NotoSansJP', 'NotoSansSC']);
  // a name in Chinese characters alone, on a document in Japanese
  expect(shapeLine('骨直', faces(false, '骨直', 'ja'), 'auto').runs.map((run) => run.face.name)).toEqual(['NotoSansJP']);
});

test('a Thai vowel of two parts stands under its tone, and reads as one', () => {
  const glyphsOf = (text: string) => shapeLine(text, faces(false, ''), 'auto').runs.flatMap((run) => run.glyphs);
  expect(glyphsOf('น้ำ').map(({ codePoints }) => String.fromCodePoint(...codePoints))).toEqual(['น้', '', '', 'ำ']);
  // as HarfBuzz orders them: letter, nikhahit, tone, sara aa
  expect(glyphsOf('น้ำ').map(({ id }) => id)).toEqual(glyphsOf('น\u0e4d\u0e49\u0e32').map(({ id }) => id));
});

test('any words of these scripts come back: a line as it was, or of several scripts, each word whole', async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  const line = fc.oneof(...Object.values(arbitraryWords).map((one) => fc.array(one, { minLength: 1, maxLength: 3 })));
  const mixed = fc.tuple(arbitraryWords.latin, arbitraryWords.hebrew, arbitraryWords.thai, arbitraryWords.japanese);
  const page = fc.tuple(fc.array(line, { minLength: 16, maxLength: 16 }), fc.array(mixed, { minLength: 2, maxLength: 2 }), fc.boolean());
  await fc.assert(fc.asyncProperty(page, async ([plain, several, bold]) => {
    const read = readBack(pdftotext, file('words.pdf', await pageWith([...plain, ...several].map((words) => words.join(' ')), bold)));
    expect(read.slice(0, plain.length)).toEqual(plain.map((words) => words.join(' ').normalize('NFC')));
    for (const [index, words] of several.entries()) for (const each of words) expect(read[plain.length + index]).toContain(each.normalize('NFC'));
  }), { numRuns: 3 });
});

test('Arabic letters join, and dots drawn apart from their letter do not read as text', () => {
  const joined = shapeLine('خخخ', faces(false, ''), 'auto').runs.flatMap((run) => run.glyphs);
  const letters = joined.filter((glyph) => glyph.codePoints.length > 0);
  expect(letters.map((glyph) => String.fromCodePoint(...glyph.codePoints))).toEqual(['خ', 'خ', 'خ']);
  expect(new Set(letters.map((glyph) => glyph.id)).size).toBe(3);
});

test('the same shape in two texts of one process keeps its own characters', () => {
  const characters = (text: string): string[] =>
    shapeLine(text, faces(false, text), 'rtl').runs.flatMap((run) => run.glyphs).map((glyph) => String.fromCodePoint(...glyph.codePoints));
  expect(characters('\u0661')).toEqual(['\u0661']);
  expect(characters('\u06f1')).toEqual(['\u06f1']);
});

test('runs are in the order of UAX #9: numbers inside right-to-left text stay left to right', () => {
  const drawn = splitRuns('غرفة 412 (A)', faces(false, ''), 'auto').map((run) => run.text.trim());
  expect(drawn.indexOf('412')).toBeLessThan(drawn.indexOf('غرفة'));
  expect(drawn.join(' ')).toMatch(/\(.*A.*\).*412/);
  expect(splitRuns('room غرفة', faces(false, ''), 'auto').map((run) => run.rtl)).toEqual([false, true]);
});

test('maxWidth makes a long line smaller; align puts it where asked', async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage();
  const fonts = await embedFonts(pdf);
  const natural = measureText(fonts, SCRIPTS.greek, 20);
  const drawn = drawText(page, fonts, SCRIPTS.greek, { x: 300, y: 300, size: 20, align: 'right', maxWidth: natural / 2 });
  expect(drawn.width).toBeCloseTo(natural / 2);
  expect(drawn.size).toBeCloseTo(10);
  expect(measureText(fonts, SCRIPTS.greek, 20, true)).toBeGreaterThan(natural);
});

test('an incremental update keeps the bytes before it and adds its own subset beside the old one', async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  const before = await pageWith([SCRIPTS.cyrillic]);
  const pdf = await PDFDocument.load(before, { forIncrementalUpdate: true, updateMetadata: false });
  drawText(pdf.getPage(0), await embedFonts(pdf), `${SCRIPTS.arabic} 王`, { x: 50, y: 300, size: 14 });
  drawText(pdf.getPage(0), await embedFonts(pdf), 'Подпись', { x: 50, y: 200, size: 14 });
  const after = await pdf.save({ useObjectStreams: false });
  expect(after.subarray(0, before.length)).toEqual(before);
  const lines = readBack(pdftotext, file('increment.pdf', after));
  expect(lines[0]).toBe(SCRIPTS.cyrillic);
  expect(lines[1]).toContain('الخالدي');
  expect(lines[2]).toBe('Подпись');
});
