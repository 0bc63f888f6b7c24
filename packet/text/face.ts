/**
 * The bundled typefaces: Noto Sans in the order in which they are asked for a character. Files come from
 * pinned npm packages (SIL Open Font License 1.1); each is read once per process, when a text first needs it,
 * because the Chinese one has 10 MB and the Japanese one 5.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as fontkit from 'fontkit';
import { TrueTypeFile } from './subset.ts';

export interface Face {
  /** Unique, also the tag of its font resource in a page. */
  readonly name: string;
  /** Path inside `node_modules`. */
  readonly file: string;
}

const file = (family: string, folder: string, weight: '400Regular' | '600SemiBold'): Face => (
  { name: `${family}${weight === '400Regular' ? '' : 'Bold'}`, file: `@expo-google-fonts/${folder}/${weight}/${family}_${weight}.ttf` });

/** Latin, Cyrillic and Greek; Arabic; Hebrew; Thai. */
const byScript = (weight: '400Regular' | '600SemiBold'): [Face, ...Face[]] => [
  file('NotoSans', 'noto-sans', weight), file('NotoSansArabic', 'noto-sans-arabic', weight),
  file('NotoSansHebrew', 'noto-sans-hebrew', weight), file('NotoSansThai', 'noto-sans-thai', weight),
];
/** Chinese characters look otherwise in Japanese; Korean writes most as Japanese does. Each face has some that the other lacks. */
const han = (weight: '400Regular' | '600SemiBold'): { chinese: Face; japanese: Face } => (
  { chinese: file('NotoSansSC', 'noto-sans-sc', weight), japanese: file('NotoSansJP', 'noto-sans-jp', weight) });

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

const require = createRequire(import.meta.url);
const opened = new Map<string, Opened>();

interface Opened { font: fontkit.Font; file: TrueTypeFile }

/**
 * The faces to try for a text, first choice first. Kana in it make it Japanese; a name in Chinese characters alone does not tell.
 * @param language that it is probably written in, as a BCP 47 primary tag
 */
export function faces(bold: boolean, text: string, language: string | null = null): readonly [Face, ...Face[]] {
  const weight = bold ? '600SemiBold' : '400Regular';
  const { chinese, japanese } = han(weight);
  return [...byScript(weight), ...(KANA.test(text) || language === 'ja' || language === 'ko' ? [japanese, chinese] : [chinese, japanese])];
}

/** The parsed font of a face, shared by every document of this process. */
export function openFace(face: Face): fontkit.Font {
  return open(face).font;
}

/** Its file, of which documents embed parts. */
export function fileOf(face: Face): TrueTypeFile {
  return open(face).file;
}

function open(face: Face): Opened {
  const known = opened.get(face.name);
  if (known !== undefined) return known;
  const bytes = readFileSync(require.resolve(face.file));
  const made = { font: forgetful(fontkit.create(bytes)), file: new TrueTypeFile(bytes) };
  opened.set(face.name, made);
  return made;
}

/**
 * fontkit keeps a glyph with the characters it first stood for, in whatever text that was. One shape stands for several letters (Arabic
 * dots are glyphs of their own), so here a glyph is kept for each character, and one of several characters, or of none, is made at each
 * use. Its measures are asked for before: kept with the glyph, they are not read from the font again.
 */
function forgetful(font: fontkit.Font): fontkit.Font {
  const getGlyph = font.getGlyph.bind(font);
  const ofOneCharacter = new Map<number, fontkit.Glyph>();
  const made = (id: number, codePoints: readonly number[]): fontkit.Glyph => {
    const glyph = getGlyph(id);
    void glyph.advanceWidth;
    return Object.create(glyph, { codePoints: { value: [...codePoints] } });
  };
  font.getGlyph = (id, codePoints = []) => {
    const [character, more] = codePoints;
    if (character === undefined || more !== undefined) return made(id, codePoints);
    const key = id * beyondUnicode + character;
    const glyph = ofOneCharacter.get(key) ?? made(id, codePoints);
    ofOneCharacter.set(key, glyph);
    return glyph;
  };
  return font;
}

const beyondUnicode = 0x110000;
