/**
 * Where to sign: how many signature lines are found, and how many places are found that are none. On cards made here in 25
 * languages and five layouts, and on public forms where `COUNTERSIGN_FORMS` names a folder of PDFs with `labels.json`:
 * `[{"file":"a.pdf","signatures":[{"page":1,"rect":{"x":60,"y":200,"width":180,"height":20}}]}]`, user space, points.
 * A place counts where it overlaps the one that was drawn or labelled, on its page, for the right person where that is known.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field, Rect } from '#packet/fields/field.ts';
import { findFields } from '#packet/fields/index.ts';
import { search } from '#packet/fields/search.ts';
import { openInViewer } from '#packet/viewer.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { formPdf, type FormWords, layouts, someone } from '#fixtures/forms.ts';
import { languageForms } from '#fixtures/language-forms.ts';
import { type Measurement, measurement, type Tell } from './measurement.ts';
import { type Place, wordSearch } from './pdftotext.ts';
import { inTurns, medianPeer, timed } from './rounds.ts';
import { median } from './statistics.ts';

interface Labelled { pdf: Uint8Array; signatures: { role?: string; page: number; rect: Rect }[] }
interface Counts { right: number; found: number; wanted: number }

const childLimits = { deadlineMs: 20_000, memoryMb: 1024 };

export async function fields(tell: Tell): Promise<Measurement[]> {
  const peer = wordSearch(tell);
  const measurements: Measurement[] = [];
  const compare = async (name: string, documents: readonly Labelled[]): Promise<void> => {
    tell(`  ${name}: ${documents.length} documents, ${documents.reduce((sum, { signatures }) => sum + signatures.length, 0)} signatures`);
    const [ours, theirs] = [{ right: 0, found: 0, wanted: 0 }, { right: 0, found: 0, wanted: 0 }];
    for (const { pdf, signatures } of documents) {
      const { fields: found } = await search(await openInViewer(pdf));
      count(ours, found.filter(({ kind, found: by }) => kind === 'signature' && by !== 'fallback'), signatures);
      if (peer !== null) count(theirs, await peer.find(pdf), signatures);
    }
    for (const [what, share] of [['found', recall], ['right', precision]] as const) {
      measurements.push(measurement(`${name}: ${what}`, share(ours), 'share', peer === null ? null : { name: peer.name, value: share(theirs) }));
    }
  };
  for (const layout of layouts) await compare(`cards, 25 languages, label ${layout}`, await cards(languageForms, layout));
  await compare('cards with tags', await cards(languageForms.map((form) => ({ ...form, guest: '{{sig:guest}}', companion: '{{sig:companion}}', staff: '{{sig:staff}}' })), 'under'));
  measurements.push(measurement('cards, 25 languages: reservation, room, name and language right', await hintsRight(), 'share'));
  const folder = process.env['COUNTERSIGN_FORMS'];
  if (folder === undefined) tell('  no public forms: COUNTERSIGN_FORMS names no folder');
  else await compare('public forms', publicForms(folder));
  const card = await cardPdf({ pages: 2 });
  const times = await inTurns(5, () => timed(() => findFields(card, childLimits)), peer === null ? null : () => timed(() => peer.find(card)));
  measurements.push(measurement('fields of a card of 2 pages, in a process of its own', median(times.ours), 'ms', peer === null ? null : medianPeer(peer.name, times.peer)));
  return measurements;
}

async function cards(forms: readonly FormWords[], layout: (typeof layouts)[number]): Promise<Labelled[]> {
  const drawn: Labelled[] = [];
  for (const form of forms) {
    const { pdf, signatures } = await formPdf(form, { layout, charges: 3 });
    drawn.push({ pdf, signatures: signatures.map((one) => ({ ...one, page: 1 })) });
  }
  return drawn;
}

async function hintsRight(): Promise<number> {
  let [right, all] = [0, 0];
  for (const form of languageForms) {
    const { hints } = await search(await openInViewer((await formPdf(form)).pdf));
    const expected = { reservation: someone.reservation, room: someone.room, guestName: someone.name, language: form.language };
    for (const [kind, value] of Object.entries(expected)) {
      all++;
      if (hints[kind as keyof typeof expected] === value) right++;
    }
  }
  return right / all;
}

function publicForms(folder: string): Labelled[] {
  const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as { file: string; signatures: { page: number; rect: Rect }[] }[];
  return labels.map(({ file, signatures }) => ({ pdf: readFileSync(join(folder, file)), signatures }));
}

/** Each place found is right for one label at most. */
function count(counts: Counts, found: readonly (Place & Partial<Pick<Field, 'role'>>)[], wanted: Labelled['signatures']): void {
  const open = [...found];
  for (const label of wanted) {
    const at = open.findIndex((one) => one.page === label.page && overlaps(one.rect, label.rect) && (one.role === undefined || label.role === undefined || one.role === label.role));
    if (at === -1) continue;
    open.splice(at, 1);
    counts.right++;
  }
  counts.found += found.length;
  counts.wanted += wanted.length;
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function recall({ right, wanted }: Counts): number {
  return wanted === 0 ? 1 : right / wanted;
}

function precision({ right, found }: Counts): number {
  return found === 0 ? 1 : right / found;
}
