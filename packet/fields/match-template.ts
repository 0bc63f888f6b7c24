/**
 * Whether a document is a print of the form that a template was learned on, and where its places lie in this print. The
 * words of both are aligned in reading order, each at the same distance from the left edge; how far down they stand may
 * differ, since a list in between may be longer. A place then moves with the words next to it. Everything that is not
 * clearly the same form is another one: a signature in the wrong place is worse than a label searched for.
 * Before: `form.ts`. After: `search.ts`.
 */
import type { Rect } from './field.ts';
import { fewestWords, type Form, type FormPage, type FormWord } from './form.ts';
import { type Drawings, likeness } from './page-picture.ts';
import { inside } from './place.ts';
import type { Template } from './template.ts';
import { inverse, rectThrough } from './upright.ts';

/** Points; positions are rounded, and fonts of other printers differ by less. */
const besideBy = 4;
/** Share of the template's words that must be there, and of the document's words that must be the template's. */
const shared = { ofTemplate: 0.6, ofDocument: 0.4 };
/** So many words next to a place are looked at, and so many of them must be there. */
const anchors = { near: 8, found: 3 };
/**
 * Share of the patterns of a picture. Measured on `fixtures/house-forms.ts`, scanned: each of the 13 for another guest 0.89; some of them
 * moved by parts of a cell, with noise, in black and white at 100 dpi, stretched by 1.5 %, turned by half a degree, or with a name of
 * 65 letters 0.86 and more. The 156 pairs of different forms, whose title and three of nine lines differ, 0.61 to 0.74.
 */
const alike = 0.8;

export interface Match {
  template: Template;
  /** Where a rectangle of the template (user space of its page) lies in the document; null where the words next to it are missing. */
  moved(page: number, rect: Rect): { page: number; rect: Rect } | null;
  /** From 0 to 1. */
  score: number;
}

/** @returns the best one whose every field has its place, or null. */
export async function matchTemplate(templates: readonly Template[], form: Form, drawings: Drawings): Promise<Match | null> {
  const matches: Match[] = [];
  for (const template of templates) {
    if (template.form.signers.join() !== form.signers.join()) continue;
    const match = new Set(template.form.words.map(([, hash]) => hash)).size >= fewestWords ? matchWords(template, form) : await matchPictures(template, form, drawings);
    if (match !== null) matches.push(match);
  }
  matches.sort((a, b) => b.score - a.score);
  return matches.find(({ template, moved }) => template.fields.every(({ page, rect }) => moved(page, rect) !== null)) ?? null;
}

function matchWords(template: Template, form: Form): Match | null {
  const [learned, shown] = [template.form.pages[0], form.pages[0]];
  if (learned === undefined || shown === undefined) return null;
  const scales = [...new Set([1, Math.round(shown.width / learned.width * 1000) / 1000, Math.round(shown.height / learned.height * 1000) / 1000])];
  const aligned = scales.map((scale) => ({ scale, pairs: align(template.form.words, form.words, scale) })).reduce((a, b) => (b.pairs.size > a.pairs.size ? b : a));
  const { scale, pairs } = aligned;
  const score = pairs.size / template.form.words.length;
  if (pairs.size < fewestWords || score < shared.ofTemplate || pairs.size / form.words.length < shared.ofDocument) return null;
  return { template, score, moved: (page, rect) => moveWithWords(template.form, form, pairs, scale, page, rect) };
}

/** The longest sequence of words that both have in the same order and column. @returns document word by template word, as indexes */
function align(learned: readonly FormWord[], shown: readonly FormWord[], scale: number): Map<number, number> {
  const places = new Map<number, number[]>();
  for (const [at, [, hash]] of shown.entries()) places.set(hash, [...places.get(hash) ?? [], at]);
  const shift = commonShift(learned, shown, places, scale);
  // Longest increasing subsequence over the candidates of each word, the last first (Hunt and Szymanski, 1977).
  interface Link { one: number; other: number; before: Link | null }
  const ends: Link[] = [];
  for (const [one, [, hash, x]] of learned.entries()) {
    for (const other of (places.get(hash) ?? []).toReversed()) {
      if (Math.abs((shown[other] as FormWord)[2] - scale * x - shift) > besideBy) continue;
      let [low, high] = [0, ends.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ends[middle] as Link).other < other) low = middle + 1;
        else high = middle;
      }
      ends[low] = { one, other, before: ends[low - 1] ?? null };
    }
  }
  const pairs = new Map<number, number>();
  for (let link = ends.at(-1) ?? null; link !== null; link = link.before) pairs.set(link.one, link.other);
  return pairs;
}

/** How far to the right the document stands, by what most words of rare hash say. */
function commonShift(learned: readonly FormWord[], shown: readonly FormWord[], places: ReadonlyMap<number, readonly number[]>, scale: number): number {
  const votes = new Map<number, number>();
  for (const [, hash, x] of learned) {
    const candidates = places.get(hash) ?? [];
    if (candidates.length > 3) continue;
    for (const at of candidates) {
      const shift = Math.round((shown[at] as FormWord)[2] - scale * x);
      votes.set(shift, (votes.get(shift) ?? 0) + 1);
    }
  }
  let [best, most] = [0, 0];
  for (const shift of votes.keys()) {
    const near = [-2, -1, 0, 1, 2].reduce((sum, by) => sum + (votes.get(shift + by) ?? 0), 0);
    if (near > most || (near === most && Math.abs(shift) < Math.abs(best))) [best, most] = [shift, near];
  }
  return best;
}

function moveWithWords(learned: Form, shown: Form, pairs: ReadonlyMap<number, number>, scale: number, page: number, rect: Rect): { page: number; rect: Rect } | null {
  const sheet = learned.pages.find(({ number }) => number === page);
  if (sheet === undefined) return null;
  const place = rectThrough(sheet.matrix, rect);
  const near = learned.words.map((word, at) => ({ word, at })).filter(({ word }) => word[0] === page)
    .map((one) => ({ ...one, distance: distanceTo(place, one.word) })).sort((a, b) => a.distance - b.distance).slice(0, anchors.near);
  const found = near.flatMap(({ word, at }) => {
    const other = pairs.get(at);
    return other === undefined ? [] : [{ word, other: shown.words[other] as FormWord }];
  });
  const first = found[0];
  if (first === undefined || found.length < Math.min(anchors.found, near.length)) return null;
  const nearest = found.filter(({ other }) => other[0] === first.other[0]).slice(0, anchors.found);
  const x = median(nearest.map(({ word, other }) => other[2] + scale * (place.x - word[2])));
  const y = median(nearest.map(({ word, other }) => other[3] + scale * (place.y - word[3])));
  const target = shown.pages.find(({ number }) => number === first.other[0]);
  return target === undefined ? null : onPage(target, { x, y, width: place.width * scale, height: place.height * scale });
}

async function matchPictures(template: Template, form: Form, drawings: Drawings): Promise<Match | null> {
  const { pictures } = template.form;
  if (pictures.length === 0 || pictures.length !== form.pictures.length) return null;
  const places = new Map<number, { page: number; across: number; down: number }>();
  let score = 1;
  for (const [at, { page, picture }] of pictures.entries()) {
    const number = form.pictures[at]?.page as number;
    const drawing = await drawings.draw(number);
    const { value, ...shift } = drawing === null ? { value: 0, across: 0, down: 0 } : likeness(picture, drawing);
    score = Math.min(score, value);
    if (score < alike) return null;
    places.set(page, { page: number, ...shift });
  }
  return {
    template, score,
    moved: (page, rect) => {
      const sheet = template.form.pages.find(({ number }) => number === page);
      const shift = places.get(page);
      const target = form.pages.find(({ number }) => number === shift?.page);
      if (sheet === undefined || target === undefined || shift === undefined) return null;
      const place = rectThrough(sheet.matrix, rect);
      const [across, up] = [target.width / sheet.width, target.height / sheet.height];
      return onPage(target, {
        x: place.x * across + shift.across * target.width, y: place.y * up - shift.down * target.height, width: place.width * across, height: place.height * up,
      });
    },
  };
}

/** Null where it would reach over the edge: the desk drew it inside. */
function onPage(page: FormPage, rect: Rect): { page: number; rect: Rect } | null {
  const slack = 2;
  if (rect.x < -slack || rect.y < -slack || rect.x + rect.width > page.width + slack || rect.y + rect.height > page.height + slack) return null;
  return { page: page.number, rect: rectThrough(inverse(page.matrix), inside(rect, page)) };
}

function distanceTo({ x, y, width, height }: Rect, [, , wordX, wordY]: FormWord): number {
  return Math.hypot(Math.max(x - wordX, 0, wordX - x - width), Math.max(y - wordY, 0, wordY - y - height));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
