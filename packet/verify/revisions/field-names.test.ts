/** Locks go by the names of fields, and values are inherited (ISO 32000-2, 12.7.4.1, 12.7.4.2, 12.8.2.4): ways to write either so that it is overlooked. */
import { expect, test } from 'vitest';
import { lastRevision } from '#fixtures/last-revision.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { testSigner } from '#fixtures/test-certificates.ts';

const seal = await testSigner('Test seal');
const WIDGET = '/Type /Annot /Subtype /Widget /P 3 0 R /F 132 /Rect [20 20 120 40] /AP << /N 30 0 R >>';
const FORM = '<< /Type /XObject /Subtype /Form /BBox [0 0 100 20] /Length 17 >>\nstream\n0 0 100 20 re f  \nendstream';
const LOCKED = 'an earlier signature locks';
type Objects = readonly (readonly [number, string])[];

/** Object 20 is the form's only field; signed with this lock, then once more along with the change. */
async function changed(form: Objects, lock: string, change: Objects): ReturnType<typeof under> {
  const plain = plainPdf();
  const document = writeObjects(plain, new Map([[1, '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [20 0 R] >> >>'], [30, FORM], ...form]), Number(/startxref\s+(\d+)/.exec(latin1(plain))?.[1]));
  const reference = `/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << ${lock} >> >>] /Filter`;
  return under(await handSignedPdf({ seal, document, ...(lock === '' ? {} : { dictionary: (text: string) => text.replace('/Filter', reference) }) }), change);
}

async function under(document: Uint8Array, change: Objects): Promise<ReturnType<typeof lastRevision>> {
  return lastRevision(await handSignedPdf({ seal, document, field: 'companion', objects: new Map(change) }));
}

const include = (name: string): string => `/Action /Include /Fields  [${name}]`;
const filled = (dictionary: string): [number, string] => [20, `<< ${dictionary.replace('30 0 R', '60 0 R')} /V (1) >>`];
const DAY = `${WIDGET} /FT /Tx /T (day)`;

test.each<[string, Objects, string, Objects]>([
  ['its own name is an object of its own', [[20, `<< ${DAY.replace('(day)', '40 0 R')} >>`], [40, '(day)']], include('(day)'), [filled(DAY.replace('(day)', '40 0 R')), [60, FORM]]],
  ['the lock names it by an object of its own', [[20, `<< ${DAY} >>`], [40, '(day)']], include('40 0 R'), [filled(DAY), [60, FORM]]],
  ['the lock names what is no name', [[20, `<< ${DAY} >>`]], include('/day'), [filled(DAY), [60, FORM]]],
  ['an empty signature field, its name an object of its own', [[20, `<< ${WIDGET} /FT /Sig /T 40 0 R >>`], [40, '(agent)'], [3, page('20 0 R')]], include('(agent)'), []],
])('a locked field is not filled in where %s', async (_, form, lock, change) => {
  const signs = change.length === 0;
  expect(signs ? await signedIn20(form, lock) : await changed(form, lock, change)).toContain(LOCKED);
});

test.each<[string, Objects, Objects]>([
  ['whose parent stands inside it', [[20, `<< ${DAY} /Parent << /T (locked) >> >>`]], [filled(`${DAY} /Parent << /T (locked) >>`), [60, FORM]]],
  ['deeper than anybody follows', [[20, '<< /T (locked) /Kids [41 0 R] >>'], ...levels(41, 60), [61, `<< ${DAY} /Parent 60 0 R >>`]], [[61, `<< ${DAY.replace('30 0 R', '70 0 R')} /Parent 60 0 R /V (1) >>`], [70, FORM]]],
])('a field is not filled in %s, since nobody can tell its name', async (_, form, change) => {
  expect(await changed(form, include('(locked)'), change)).toMatch(/the name of a field/);
});

const GROUP = '/FT /Tx /T (group) /Kids [21 0 R]';
const CHILD = `${DAY} /Parent 20 0 R`;

test.each<[string, Objects, Objects]>([
  ['a value for all fields below', [[20, `<< ${GROUP} >>`], [21, `<< ${CHILD} >>`]], [[20, `<< ${GROUP} /V (1) >>`]]],
  ['a value in place of an inherited one', [[20, `<< ${GROUP} /V (old) >>`], [21, `<< ${CHILD} >>`]], [[21, `<< ${CHILD.replace('/N 30', '/N 60')} /V (1) >>`], [60, FORM]]],
])('%s is not filling in', async (_, form, change) => {
  expect(await changed(form, '', change)).toMatch(/object 2[01]/);
});

test('a value without an appearance is told as something that viewers may show', async () => {
  const apart = '/FT /Tx /T (day) /Kids [21 0 R]';
  const found = await changed([[20, `<< ${apart} >>`], [21, `<< ${WIDGET} /Parent 20 0 R >>`]], '', [[20, `<< ${apart} /V (1) >>`]]);
  expect(found).toContainEqual({ kind: 'form-field', field: 'day', visible: true });
});

test('a signature is not put above further signature fields', async () => {
  const group = '/FT /Sig /T (group) /Kids [21 0 R]';
  expect(await signedIn20([[20, `<< ${group} >>`], [21, `<< ${WIDGET} /T (agent) /Parent 20 0 R >>`]], include('(group.agent)'))).toMatch(/object 20/);
});

test.each([[1, 'certifies that nothing will be'], [2, '[signature]'], [9, 'certifies that nothing will be']])('the lock of a field that was signed grants level %i (table 235)', async (level, found) => {
  const lock = `/Lock << /Type /SigFieldLock /Action /Include /Fields  [(other)] /P ${level} >>`;
  const document = await handSignedPdf({ seal, objects: new Map([[7, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (guest) /V 6 0 R /Rect [0 0 0 0] /P 3 0 R ${lock} >>`]]) });
  const last = await under(document, []);
  expect(typeof last === 'string' ? last : `[${last.map(({ kind }) => kind).join()}]`).toContain(found);
});

function page(annotations: string): string {
  return `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [${annotations}] >>`;
}

function levels(from: number, to: number): [number, string][] {
  return Array.from({ length: to - from + 1 }, (_, at) => [from + at, `<< /T (n) /Parent ${at === 0 ? 20 : from + at - 1} 0 R /Kids [${from + at + 1} 0 R] >>`]);
}

/** The next signature goes into object 20; its own field, which has the number behind it, is nowhere listed. */
async function signedIn20(form: Objects, lock: string): Promise<ReturnType<typeof lastRevision>> {
  const plain = plainPdf();
  const own = '<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [20 0 R] >> >>';
  const document = writeObjects(plain, new Map([[1, own], [30, FORM], ...form]), Number(/startxref\s+(\d+)/.exec(latin1(plain))?.[1]));
  const reference = `/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << ${lock} >> >>] /Filter`;
  const signed = await handSignedPdf({ seal, document, dictionary: (text) => text.replace('/Filter', reference) });
  const catalog = /1 0 obj\n(.*)\nendobj/.exec(latin1(signed.subarray(document.length)))?.[1] ?? '';
  const next = Math.max(...Array.from(latin1(signed).matchAll(/(?<!\d)(\d+) 0 obj/g), ([, number]) => Number(number))) + 1;
  const was = form.find(([number]) => number === 20)?.[1] ?? '';
  return lastRevision(await handSignedPdf({ seal, document: signed, objects: new Map([[1, catalog], [20, was.replace('<<', `<< /V ${next} 0 R`)], [next + 1, '<< /Unused true >>']]) }));
}
