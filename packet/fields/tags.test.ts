import fc from 'fast-check';
import { PDFDocument, rgb, StandardFonts, TextRenderingMode, setTextRenderingMode } from '../pdf-lib.ts';
import { describe, expect, test } from 'vitest';
import { openInViewer } from '../viewer.ts';
import { ROLES } from './field.ts';
import type { Found } from './found.ts';
import { search } from './search.ts';
import { readTag } from './tags.ts';

interface Drawn { text: string; x?: number; y: number; size?: number; white?: boolean; hidden?: boolean }

async function foundOn(...pages: Drawn[][]): Promise<Found> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const texts of pages) {
    const page = pdf.addPage([595, 842]);
    for (const { text, x = 60, y, size = 10, white = false, hidden = false } of texts) {
      if (hidden) page.pushOperators(setTextRenderingMode(TextRenderingMode.Invisible));
      page.drawText(text, { x, y, size, font, color: white ? rgb(1, 1, 1) : rgb(0, 0, 0) });
    }
  }
  return search(await openInViewer(await pdf.save()));
}

describe('every tag', () => {
  test('says kind, role and name', async () => {
    const { fields, warnings } = await foundOn(
      [{ text: '{{initials:guest}}', y: 100 }],
      [
        { text: '{{sig:guest}}', y: 700 }, { text: '{{date}}', x: 320, y: 700 }, { text: '{{initials:guest}}', y: 100 }, { text: '{{sig:companion}}', y: 500 },
        { text: '{{date:companion}}', x: 320, y: 500 }, { text: '{{sig:staff}}', y: 300 }, { text: '{{check:newsletter}} I want letters', y: 200 }, { text: '{{check:companion:rules}}', y: 150 },
      ],
    );
    expect(warnings).toEqual([]);
    expect(fields.map(({ kind, role, name, page, found }) => [kind, role, name, page, found])).toEqual([
      ['initials', 'guest', 'guest', 1, 'tag'], ['signature', 'guest', 'guest', 2, 'tag'], ['date', 'guest', 'guest', 2, 'tag'], ['check', 'guest', 'newsletter', 2, 'tag'],
      ['initials', 'guest', 'guest', 2, 'tag'], ['signature', 'companion', 'companion', 2, 'tag'], ['date', 'companion', 'companion', 2, 'tag'], ['check', 'companion', 'rules', 2, 'tag'],
      ['signature', 'staff', 'staff', 2, 'tag'],
    ]);
  });

  test('is read back as it was written', () => {
    const spaced = fc.constantFrom('', ' ');
    fc.assert(fc.property(
      fc.constantFrom('sig', 'initials', 'date', 'check'), fc.constantFrom(...ROLES), fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/u),
      fc.option(fc.integer({ min: 3, max: 250 })), fc.option(fc.integer({ min: 3, max: 120 })), spaced, fc.boolean(),
      (kind, role, name, width, height, space, capital) => {
        const text = [`${kind}:${role}${kind === 'check' ? `:${name}` : ''}`, ...(width === null ? [] : [`w=${width}`]), ...(height === null ? [] : [`h=${height}mm`])].join(`${space};${space}`);
        expect(readTag(capital ? text.replace(kind, kind.toUpperCase()) : text)).toEqual({
          kind: kind === 'sig' ? 'signature' : kind, role, name: kind === 'check' ? name : role, ...(width === null ? {} : { width }), ...(height === null ? {} : { height }),
        });
      },
    ), { numRuns: 200 });
  });

  test('that is none is explained, whatever stands in it', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(/^(sig|date|check|initials)[:;=a-z0-9 ]{0,20}$/u)), (text) => {
      const tag = readTag(text);
      if (typeof tag === 'string') expect(tag.length).toBeGreaterThan(10);
      else expect(ROLES).toContain(tag.role);
    }), { numRuns: 300 });
  });
});

test.each([
  ['{{sign:guest}}', 'there is no tag "sign"'], ['{{sig}}', 'does not say who signs'], ['{{sig:gast}}', '"gast" is not guest'], ['{{initials}}', 'does not say who signs'],
  ['{{check}}', 'a check needs a name'], ['{{sig:guest;width=60}}', 'is not a size'], ['{{sig:guest;w=900}}', 'between 3 and 250 mm'], ['{{sig:guest', 'closing }}'], ['{{date:guest:staff}}', 'is not guest'],
  ['{{sig:guest}', 'between {{ and }}'], ['{sig:guest}}', 'between {{ and }}'], ['{date}', 'between {{ and }}'], ['[[sig:guest]]', 'between {{ and }}'],
])('%s is told to the desk, and a place is found all the same', async (text, why) => {
  const { fields, warnings } = await foundOn([{ text, y: 400 }]);
  expect(warnings).toEqual([expect.stringContaining(why)]);
  expect(warnings[0]).toContain(text.slice(0, 5));
  expect(fields).toMatchObject([{ kind: 'signature', found: 'fallback' }]);
});

describe('the place of a tag', () => {
  test('is as large as it says, in millimetres, and never smaller than its letters', async () => {
    const { fields } = await foundOn([{ text: '{{sig:guest;w=60;h=18}}', y: 400 }, { text: '{{check:a;w=4;h=4}}', y: 300 }]);
    expect(fields[0]?.rect.width).toBeCloseTo(60 * 72 / 25.4, 1);
    expect(fields[0]?.rect.height).toBeCloseTo(18 * 72 / 25.4, 1);
    expect(fields[1]?.rect.width).toBeGreaterThan(80);
  });

  test.each([
    ['alone', [], { x: 60, y: 397, width: 180, height: 50 }],
    ['below a line of text', [{ text: 'The guest agrees to all of the above.', y: 420 }], { x: 60, width: 180, height: 50 }],
    ['before other words', [{ text: 'Date of departure', x: 180, y: 400 }], { x: 60, width: 118 }],
  ] as [string, Drawn[], Partial<Record<'x' | 'y' | 'width' | 'height', number>>][])('%s covers its letters and no others', async (_name, others, expected) => {
    const { fields: [field] } = await foundOn([{ text: '{{sig:guest}}', y: 400 }, ...others]);
    const rect = field?.rect as { x: number; y: number; width: number; height: number };
    for (const [side, value] of Object.entries(expected)) expect(Math.abs(rect[side as 'x'] - value), `${side} of ${JSON.stringify(rect)}`).toBeLessThan(1.5);
    expect(rect.y).toBeLessThan(399);
    expect(rect.y + rect.height).toBeGreaterThan(408);
    for (const { y } of others.filter(({ x }) => x === undefined)) expect(rect.y + rect.height).toBeLessThanOrEqual(y - 2);
  });

  test.each([['white', { white: true }], ['invisible', { hidden: true }], ['tiny', { size: 1 }]])('counts where its letters are %s', async (_name, look) => {
    expect((await foundOn([{ text: '{{sig:guest}}', y: 400, ...look }])).fields).toMatchObject([{ found: 'tag', rect: { x: expect.closeTo(60, 0) } }]);
  });

  test('does not count outside the page', async () => {
    expect((await foundOn([{ text: '{{sig:guest}}', x: 700, y: 400 }])).fields).toMatchObject([{ found: 'fallback' }]);
  });

  test('may be drawn letter by letter, in any order, and twice', async () => {
    const letters = [...'{{sig:guest}}'].map((text, at) => ({ text, x: 60 + 6 * at, y: 400 }));
    for (const runs of [letters, letters.toReversed(), [...letters, ...letters.map((letter) => ({ ...letter, x: letter.x + 0.3 }))]]) {
      expect((await foundOn(runs)).fields).toMatchObject([{ kind: 'signature', found: 'tag' }]);
    }
  });
});

describe('the label of a check', () => {
  test.each<[string, Drawn[], string]>([
    ['after it', [{ text: '{{check:news}} I want letters', y: 400 }], 'I want letters'],
    ['beside it', [{ text: '{{check:news}}', y: 400 }, { text: 'I want letters', x: 200, y: 400 }], 'I want letters'],
    ['before it', [{ text: 'I want letters {{check:news}}', y: 400 }], 'I want letters'],
    ['over two lines', [{ text: '{{check:news}}', y: 400 }, { text: 'I want letters of the house', x: 160, y: 400 }, { text: 'twice a year', x: 160, y: 388 }, { text: 'Terms', x: 60, y: 350 }], 'I want letters of the house twice a year'],
    ['up to the next', [{ text: '{{check:a}} Yes', y: 400 }, { text: '{{check:b}} No', x: 300, y: 400 }], 'Yes'],
    ['missing', [{ text: '{{check:news}}', y: 400 }], 'news'],
  ])('is the words %s', async (_name, texts, label) => {
    expect((await foundOn(texts)).fields.find(({ kind }) => kind === 'check')?.label).toBe(label);
  });
});

test('a thousand tags on a page are bounded, and the signature among them is kept', async () => {
  const texts = Array.from({ length: 1000 }, (_, at) => ({ text: at === 990 ? '{{sig:guest}}' : `{{check:c${at}}}`, x: 10 + 8 * (at % 70), y: 20 + 50 * Math.floor(at / 70), size: 1 }));
  const { fields, warnings } = await foundOn(texts);
  expect(fields).toHaveLength(500);
  expect(fields.filter(({ kind }) => kind === 'signature')).toHaveLength(1);
  expect(warnings.at(-1)).toContain('1000 places');
});
