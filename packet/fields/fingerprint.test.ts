import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Form, type FormWord, readForm } from './form.ts';
import { matchTemplate } from './match-template.ts';
import type { Drawings } from './page-picture.ts';
import type { Piece } from './page-text.ts';
import { learnTemplate, type Template } from './template.ts';

const upright = { width: 595, height: 842, unit: 1, matrix: [1, 0, 0, 1, 0, 0] as const, toUserSpace: <R>(rect: R): R => rect };
const noDrawings: Drawings = { draw: () => Promise.resolve(null), close: () => {} };
const line = (text: string, at: number): Piece => {
  const [left, right] = [60, 60 + 5 * text.length];
  return { text, left, right, baseline: 800 - 15 * at, size: 10, rightToLeft: false, runs: [{ from: 0, length: text.length, left, right, rightToLeft: false }] };
};
const formOf = (lines: readonly string[], names: readonly string[] = []): ReturnType<typeof readForm> => readForm([{ number: 1, upright, pieces: lines.map(line) }], ['guest'], names, noDrawings);

const word = fc.stringMatching(/^[a-z]{3,9}$/u);
const lines = fc.array(fc.array(word, { minLength: 4, maxLength: 8 }).map((words) => words.join(' ')), { minLength: 8, maxLength: 20 });
const value = fc.oneof(fc.stringMatching(/^[0-9]{1,8}$/u), fc.stringMatching(/^[A-Z]{1,3}-?[0-9]{2,6}$/u), fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)));

test('numbers, dates, what follows a colon, and the guest’s name change neither fingerprint nor words', async () => {
  await fc.assert(fc.asyncProperty(lines, value, value, word, word, async (fixed, one, other, name, another) => {
    const filled = (number: string, guest: string): string[] => [`Room ${number}`, `Guest: ${guest} ${guest}`, ...fixed, `Dear ${guest} welcome`, `${number} nights`];
    const [mine, theirs] = [await formOf(filled(one, `${name}qq`), [`${name}qq`]), await formOf(filled(other, `${another}zz`), [`${another}zz`])];
    expect(theirs.fingerprint).toBe(mine.fingerprint);
    expect(theirs.form.words.map(([, hash]) => hash)).toEqual(mine.form.words.map(([, hash]) => hash));
  }), { numRuns: 40 });
});

const place = { kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 60, y: 300, width: 150, height: 30 } } as const;
const learnedFrom = ({ form, fingerprint }: { form: Form; fingerprint: string }): Template => learnTemplate({ form, fingerprint }, 'Form', [place]);

/** Two forms under one letterhead. */
const twoForms = fc.uniqueArray(word, { minLength: 130, maxLength: 130 }).map((words) => {
  const line = (at: number): string => words.slice(5 * at, 5 * at + 5).join(' ');
  const [head, mine, theirs] = [[0, 1], [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]].map((at) => at.map(line)) as [string[], string[], string[]];
  return [[...head, ...mine], [...head, ...theirs]] as const;
});

test('made-up forms are told apart, and a form is known with two of its lines changed', async () => {
  await fc.assert(fc.asyncProperty(twoForms, fc.nat({ max: 4 }), async ([mine, theirs], from) => {
    const [one, other] = [await formOf(mine), await formOf(theirs)];
    expect(await matchTemplate([learnedFrom(one)], other.form, noDrawings)).toBe(null);
    // Not the lines next to the place: without those it is not known where it went.
    const changed = await formOf(mine.map((text, at) => (at === from || at === from + 4 ? 'quite another line of words here' : text)));
    expect((await matchTemplate([learnedFrom(one)], changed.form, noDrawings))?.template.fingerprint).toBe(one.fingerprint);
  }), { numRuns: 30 });
});

test('the same few words again and again are no form: each page of a scan may say by which program it was made', async () => {
  const scan = await formOf(Array.from({ length: 20 }, () => 'Scanned with SomeScanner'));
  expect(await matchTemplate([learnedFrom(scan)], scan.form, noDrawings)).toBe(null);
});

test('where the words next to a place are gone, the template is not used', async () => {
  await fc.assert(fc.asyncProperty(twoForms, async ([mine]) => {
    const changed = await formOf(mine.map((text, at) => (at > mine.length - 3 ? 'quite another line of words here' : text)));
    expect(await matchTemplate([learnedFrom(await formOf(mine))], changed.form, noDrawings)).toBe(null);
  }), { numRuns: 10 });
});

test('a place moves with its words by whole points, wherever they went', async () => {
  await fc.assert(fc.asyncProperty(lines, fc.integer({ min: -40, max: 40 }), fc.integer({ min: -100, max: 100 }), async (text, right, up) => {
    const { form, fingerprint } = await formOf(text);
    const near = { ...place, rect: { ...place.rect, y: 800 - 15 * text.length } };
    const template = learnTemplate({ form, fingerprint }, 'Form', [near]);
    const moved: Form = { ...form, words: form.words.map(([page, hash, x, y]): FormWord => [page, hash, x + right, y + up]) };
    const match = await matchTemplate([template], moved, noDrawings);
    expect(match?.moved(1, near.rect)?.rect).toEqual({ ...near.rect, x: near.rect.x + right, y: near.rect.y + up });
  }), { numRuns: 40 });
});
