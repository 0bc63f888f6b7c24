/**
 * The bundled typefaces: Noto Sans in the order in which they are asked for a character. Files come from
 * pinned npm packages (SIL Open Font License 1.1); each is read once per process, when a text first needs it,
 * because the Chinese one has 10 MB.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as fontkit from 'fontkit';

export interface Face {
  /** Unique, also the tag of its font resource in a page. */
  readonly name: string;
  /** Path inside `node_modules`. */
  readonly file: string;
}

/** Latin, Cyrillic and Greek; Arabic; Chinese. */
const REGULAR: readonly [Face, ...Face[]] = [
  { name: 'NotoSans', file: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf' },
  { name: 'NotoSansArabic', file: '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf' },
  { name: 'NotoSansSC', file: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf' },
];
const BOLD: readonly [Face, ...Face[]] = [
  { name: 'NotoSansBold', file: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf' },
  { name: 'NotoSansArabicBold', file: '@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf' },
  { name: 'NotoSansSCBold', file: '@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf' },
];

const require = createRequire(import.meta.url);
const opened = new Map<string, fontkit.Font>();

/** The faces to try, first choice first. */
export function faces(bold: boolean): readonly [Face, ...Face[]] {
  return bold ? BOLD : REGULAR;
}

/** The parsed font of a face, shared by every document of this process. */
export function openFace(face: Face): fontkit.Font {
  let font = opened.get(face.name);
  if (font === undefined) {
    font = forgetful(fontkit.create(readFileSync(require.resolve(face.file))));
    opened.set(face.name, font);
  }
  return font;
}

/**
 * fontkit keeps a glyph with the characters it first stood for, in whatever text that was. One shape stands for
 * several letters (Arabic dots are glyphs of their own), so here each use gets its own characters.
 */
function forgetful(font: fontkit.Font): fontkit.Font {
  const getGlyph = font.getGlyph.bind(font);
  font.getGlyph = (id, codePoints = []) => Object.create(getGlyph(id), { codePoints: { value: codePoints } });
  return font;
}
