/**
 * The picture on a signature pad's own screen: the signing screen in the guest's language, or the privacy picture.
 *
 * Before: `pad-layout.ts`, `kiosk/protocol/pad-words.ts`. After: `PadControls.show`; `driver/stu` encodes it for the model. Pure black
 * and pure white only, edges of letters too: so nothing is lost on a pad of one bit per pixel, and colour pads take it as one bit,
 * in a fraction of the time a guest would else wait. The document itself is on the guest's page, not here: the pad names it by its title.
 */
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { PadArea, PadPicture } from '#driver/pad.ts';
import type { Language } from '#kiosk/protocol/consent.ts';
import { PAD_WORDS } from '#kiosk/protocol/pad-words.ts';
import { padLayout, type PadButtonId } from './pad-layout.ts';

export interface PadSize { width: number; height: number }

export interface PadScreen { hotel: string; title: string; language: Language; demo: boolean }

const BLACK = '#000000';
const WHITE = '#ffffff';
const MIDDLE = 128;
const DEMO_MARK = 'DEMO, not evidence';
const FAMILY = 'Countersign Pad';
/** The faces of `packet/text/face.ts`, with kana before Chinese. Registered when a text first needs them: the Chinese one has 10 MB. */
const FACES = [
  { file: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf', name: FAMILY, for: /./u },
  { file: '@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf', name: `${FAMILY} Arabic`, for: /\p{Script=Arabic}/u },
  { file: '@expo-google-fonts/noto-sans-hebrew/600SemiBold/NotoSansHebrew_600SemiBold.ttf', name: `${FAMILY} Hebrew`, for: /\p{Script=Hebrew}/u },
  { file: '@expo-google-fonts/noto-sans-thai/600SemiBold/NotoSansThai_600SemiBold.ttf', name: `${FAMILY} Thai`, for: /\p{Script=Thai}/u },
  { file: '@expo-google-fonts/noto-sans-jp/600SemiBold/NotoSansJP_600SemiBold.ttf', name: `${FAMILY} JP`, for: /[\p{Script=Hiragana}\p{Script=Katakana}]/u },
  { file: '@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf', name: `${FAMILY} SC`, for: /\p{Script=Han}/u },
] as const;

const require = createRequire(import.meta.url);

/** OK, Clear and Cancel where the driver takes contact as a press; ink only between them and the head line. */
export function padSigningScreen({ width, height }: PadSize, { hotel, title, language, demo }: PadScreen): PadPicture {
  const words = PAD_WORDS[language];
  const { head, ink, buttons } = padLayout(width, height, words.direction);
  return draw({ width, height }, buttons, ink, (canvas) => {
    const line = { y: ink.y1 + Math.round((ink.y2 - ink.y1) * 0.74), from: ink.x1 + 12, to: ink.x2 - 12 };
    write(canvas, demo ? `${DEMO_MARK} · ${title}` : `${hotel} · ${title}`, head, { align: 'start', direction: words.direction });
    canvas.fillRect(line.from, line.y, line.to - line.from, 2);
    write(canvas, words.sign, { x1: line.from, y1: line.y + 3, x2: line.to, y2: ink.y2 }, { align: 'start', direction: words.direction, most: 22 });
    for (const { id, area } of buttons) drawButton(canvas, area, words[id], id, words.direction);
  });
}

/** What the pad shows while nobody signs: whose it is, and nothing of any guest. */
export function padPrivacyScreen({ width, height }: PadSize, { hotel, demo }: Pick<PadScreen, 'hotel' | 'demo'>): PadPicture {
  const middle: PadArea = { x1: 8, y1: Math.round(height * 0.36), x2: width - 9, y2: Math.round(height * 0.58) };
  return draw({ width, height }, [], null, (canvas) => {
    write(canvas, hotel, middle, { align: 'center', direction: 'ltr', most: 40 });
    if (demo) write(canvas, DEMO_MARK, { ...middle, y1: Math.round(height * 0.7), y2: Math.round(height * 0.85) }, { align: 'center', direction: 'ltr', most: 22 });
  });
}

function draw({ width, height }: PadSize, buttons: PadPicture['buttons'], ink: PadArea | null, paint: (canvas: SKRSContext2D) => void): PadPicture {
  const picture = createCanvas(width, height);
  const canvas = picture.getContext('2d');
  canvas.fillStyle = WHITE;
  canvas.fillRect(0, 0, width, height);
  canvas.fillStyle = BLACK;
  paint(canvas);
  const { data } = canvas.getImageData(0, 0, width, height);
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // the canvas draws letters with grey edges
  for (let at = 0; at < rgba.length; at += 4) rgba[at] = rgba[at + 1] = rgba[at + 2] = rgba[at]! < MIDDLE ? 0 : 255;
  return { width, height, rgba, buttons, ink };
}

function drawButton(canvas: SKRSContext2D, area: PadArea, words: string, id: PadButtonId, direction: 'ltr' | 'rtl'): void {
  const [width, height] = [area.x2 - area.x1 + 1, area.y2 - area.y1 + 1];
  canvas.fillStyle = BLACK;
  canvas.fillRect(area.x1, area.y1, width, height);
  if (id !== 'ok') {
    canvas.fillStyle = WHITE;
    canvas.fillRect(area.x1 + 2, area.y1 + 2, width - 4, height - 4);
  }
  canvas.fillStyle = id === 'ok' ? WHITE : BLACK;
  write(canvas, words, { x1: area.x1 + 4, y1: area.y1, x2: area.x2 - 4, y2: area.y2 }, { align: 'center', direction, most: 30 });
  canvas.fillStyle = BLACK;
}

/** One line, in the largest size that fits the area; a text that would have to be tiny ends in "…". */
function write(canvas: SKRSContext2D, words: string, { x1, y1, x2, y2 }: PadArea, { align, direction, most = 26 }: { align: 'start' | 'center'; direction: 'ltr' | 'rtl'; most?: number }): void {
  const [width, height] = [x2 - x1 + 1, y2 - y1 + 1];
  const size = Math.min(most, Math.floor(height * 0.72));
  const families = familiesFor(words);
  const measured = (text: string, at: number): number => {
    canvas.font = `${at}px ${families}`;
    return canvas.measureText(text).width;
  };
  const fitting = Math.min(size, Math.floor((size * width) / Math.max(1, measured(words, size))));
  const smallest = Math.min(size, Math.max(11, Math.round(size * 0.55)));
  const used = Math.max(fitting, smallest);
  const shown = measured(words, used) <= width ? words : shortened(words, (text) => measured(text, used) <= width);
  canvas.direction = direction;
  canvas.textAlign = align === 'center' ? 'center' : direction === 'ltr' ? 'left' : 'right';
  canvas.textBaseline = 'middle';
  canvas.font = `${used}px ${families}`;
  canvas.fillText(shown, align === 'center' ? (x1 + x2) / 2 : direction === 'ltr' ? x1 : x2, (y1 + y2) / 2);
}

function shortened(words: string, fits: (text: string) => boolean): string {
  const letters = [...words];
  while (letters.length > 1 && !fits(`${letters.join('')}…`)) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

function familiesFor(words: string): string {
  const needed = FACES.filter((face) => face.for.test(words));
  for (const { file, name } of needed) if (!GlobalFonts.has(name)) GlobalFonts.registerFromPath(require.resolve(file), name);
  return needed.map(({ name }) => `"${name}"`).join(', ');
}
