import { concatTransformationMatrix, drawObject, PDFDocument, popGraphicsState, pushGraphicsState } from '../pdf-lib.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DrawnForm, formPdf, type FormOptions, someoneElse } from '#fixtures/forms.ts';
import { houseForms } from '#fixtures/house-forms.ts';
import { openInPdfium } from '../intake/pdfium.ts';
import { openInViewer } from '../viewer.ts';
import type { Rect } from './field.ts';
import type { Found } from './found.ts';
import { search } from './search.ts';
import { learnTemplate, type Template } from './template.ts';

const registration = houseForms[0] as (typeof houseForms)[number];
const found = async ({ pdf }: DrawnForm, templates: readonly Template[] = []): Promise<Found> => search(await openInViewer(pdf), templates);
const drawn = async (form: typeof registration, options: FormOptions = {}): Promise<DrawnForm> => formPdf(form, options);
/** Where somebody at the desk would rather have the guest's signature: beside the line, below its label. */
const wish = ({ x, y }: Rect): Rect => ({ x: x + 20, y: y - 40, width: 150, height: 26 });
const learned = async (form: typeof registration, options: FormOptions = {}): Promise<Template> => {
  const document = await drawn(form, options);
  const { rect } = document.signatures[0] as DrawnForm['signatures'][number];
  return learnTemplate(await found(document), form.title, [{ kind: 'signature', role: 'guest', name: 'guest', label: 'Guest', page: 1, rect: wish(rect) }]);
};
const expectNear = (actual: Rect, expected: Rect): void => {
  for (const side of ['x', 'y', 'width', 'height'] as const) expect(Math.abs(actual[side] - expected[side]), `${side} of ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`).toBeLessThan(3);
};

describe('a form', () => {
  const all: { name: string; mine: Found; theirs: Found; template: Template }[] = [];
  beforeAll(async () => {
    for (const form of houseForms) {
      const mine = await found(await drawn(form));
      all.push({
        name: form.title, mine, theirs: await found(await drawn(form, { guest: someoneElse })),
        template: learnTemplate(mine, form.title, [{ kind: 'signature', role: 'guest', name: 'guest', label: 'Guest', page: 1, rect: { x: 70, y: 300, width: 150, height: 26 } }]),
      });
    }
  });

  test('has the same fingerprint for every guest, and no other form has it', () => {
    for (const { name, mine, theirs } of all) expect(theirs.fingerprint, name).toBe(mine.fingerprint);
    expect(new Set(all.map(({ mine }) => mine.fingerprint)).size).toBe(houseForms.length);
  });

  test('uses its own template among those of all the others, and no other one where its own is missing', async () => {
    const templates = all.map(({ template }) => template);
    for (const [at, form] of houseForms.entries()) {
      const document = await drawn(form, { guest: someoneElse });
      expect((await found(document, templates)).template, form.title).toBe(templates[at]?.fingerprint);
      const { template, fields } = await found(document, templates.filter((_, other) => other !== at));
      expect(template, `${form.title} without its own`).toBe(null);
      expect(fields.map((field) => field.found)).toEqual(['phrase', 'phrase', 'phrase']);
    }
  });

  test('keeps nothing of the guest on whose document it was learned', () => {
    const words = ({ form }: Found): number[] => form.words.map(([, hash]) => hash);
    for (const { name, mine, theirs } of all) expect(words(mine), name).toEqual(words(theirs));
    expect(JSON.stringify(all[0]?.template).length).toBeLessThan(65_536);
  });
});

describe('a place that was drawn once', () => {
  test.each<[string, FormOptions, FormOptions]>([
    ['for another guest', {}, { guest: someoneElse }],
    ['below a longer list', { charges: 2 }, { charges: 9, guest: someoneElse }],
    ['below a shorter list', { charges: 9 }, {}],
    ['on another size of paper', {}, { size: [612, 792] }],
    ['printed further to the right', {}, { shift: [14, -9] }],
    ['turned by 90', {}, { rotate: 90 }],
    ['learned turned by 180, printed turned by 270', { rotate: 180 }, { rotate: 270, guest: someoneElse }],
  ])('is found again %s', async (_name, before, now) => {
    const template = await learned(registration, { ...before, rotate: 0 });
    // learned turned: the desk draws on the page as shown, which user space is not
    const turned = before.rotate === undefined ? template : await learnedTurned(before.rotate);
    const document = await drawn(registration, now);
    const result = await found(document, [turned]);
    expect(result.template).toBe(turned.fingerprint);
    expect(result.fingerprint).toBe(turned.fingerprint);
    const [field] = result.fields;
    expect(field).toMatchObject({ kind: 'signature', role: 'guest', found: 'template' });
    const upright = await drawn(registration, { ...now, rotate: 0 });
    expectNear(field?.rect as Rect, turnedRect(wish(upright.signatures[0]?.rect as Rect), now.rotate ?? 0));
  });

  test('gives way to what the document says itself', async () => {
    const tagged = await drawn({ ...registration, guest: '{{sig:guest}}', companion: undefined, staff: undefined });
    const template = learnTemplate(await found(tagged), 'Card', [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 70, y: 300, width: 150, height: 26 } }]);
    const { fields, template: used } = await found(tagged, [template]);
    expect(fields.map((field) => field.found)).toEqual(['tag']);
    expect(used).toBe(null);
  });

  test('is not used where another person is asked to sign', async () => {
    const template = await learned(registration);
    expect((await found(await drawn({ ...registration, companion: 'Driver and companion signature', staff: undefined }), [template])).template).toBe(null);
  });

  test('reads the hints that were marked with it, and the words beside a box to tick', async () => {
    const document = await drawn(registration);
    const template = learnTemplate(await found(document), 'Card', [
      { kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 70, y: 300, width: 150, height: 26 } },
      { kind: 'check', role: 'guest', name: 'true', label: '', page: 1, rect: { x: 40, y: 656, width: 12, height: 14 } },
    ], { room: { page: 1, rect: { x: 92, y: 702, width: 60, height: 14 } } });
    const { hints, fields } = await found(await drawn(registration, { guest: someoneElse }), [template]);
    expect(hints).toMatchObject({ room: '1117', guestName: someoneElse.name, reservation: someoneElse.reservation });
    expect(fields.find(({ kind }) => kind === 'check')?.label).toMatch(/^Hotel Baltic View/u);
  });
});

describe('a form that is only a picture', () => {
  /** As a scanner's program makes it, with a line of its own. */
  const pictured = async (form: typeof registration, options: FormOptions = {}, turned = 0): Promise<DrawnForm> => {
    const { pdf, signatures } = await drawn(form, options);
    const opened = await openInPdfium(pdf);
    const [width, height] = [744, 1053];
    const pixels = opened?.page(0)?.picture({ width, height }) ?? new Uint8Array();
    opened?.close();
    const scan = await PDFDocument.create();
    const grey = Uint8Array.from({ length: width * height }, (_, at) => pixels[3 * at] as number);
    const image = scan.context.register(scan.context.flateStream(grey, { Type: 'XObject', Subtype: 'Image', Width: width, Height: height, ColorSpace: 'DeviceGray', BitsPerComponent: 8 }));
    const page = scan.addPage([595, 842]);
    const [cos, sin] = [Math.cos(turned * Math.PI / 180), Math.sin(turned * Math.PI / 180)];
    page.pushOperators(pushGraphicsState(), concatTransformationMatrix(595 * cos, 595 * sin, -842 * sin, 842 * cos, 0, 0), drawObject(page.node.newXObject('Im', image)), popGraphicsState());
    page.drawText('Scanned with SomeScanner', { x: 40 + (options.shift?.[0] ?? 0), y: 8 + (options.shift?.[1] ?? 0), size: 4 });
    return { pdf: await scan.save(), signatures };
  };

  test('is known by its picture, for another guest, a little moved or turned, and no other form is', async () => {
    const document = await pictured(registration);
    const first = await found(document);
    expect(first.fields).toMatchObject([{ found: 'fallback' }]);
    const template = learnTemplate(first, 'Scan', [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: wish(document.signatures[0]?.rect as Rect) }]);
    // By parts of a cell: as a whole the pictures no longer fit.
    const moved = await pictured(registration, { guest: someoneElse, shift: [2.3, -1.7] });
    const again = await found(moved, [template]);
    expect(again.template).toBe(template.fingerprint);
    expectNear(again.fields[0]?.rect as Rect, wish(moved.signatures[0]?.rect as Rect));
    expect((await found(await pictured(registration, { guest: someoneElse }, 0.4), [template])).template).toBe(template.fingerprint);
    for (const other of [houseForms[9], houseForms[11]] as (typeof registration)[]) expect((await found(await pictured(other), [template])).template, other.title).toBe(null);
  });
});

async function learnedTurned(rotate: 0 | 90 | 180 | 270): Promise<Template> {
  const document = await drawn(registration, { rotate });
  const upright = await drawn(registration);
  return learnTemplate(await found(document), 'Turned', [
    { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest', page: 1, rect: turnedRect(wish(upright.signatures[0]?.rect as Rect), rotate) },
  ]);
}

/** From the page as shown (A4 upright) to the user space of a page that is turned. */
function turnedRect({ x, y, width, height }: Rect, rotate: 0 | 90 | 180 | 270): Rect {
  if (rotate === 90) return { x: 842 - y - height, y: x, width: height, height: width };
  if (rotate === 180) return { x: 595 - x - width, y: 842 - y - height, width, height };
  if (rotate === 270) return { x: y, y: 595 - x - width, width: height, height: width };
  return { x, y, width, height };
}
