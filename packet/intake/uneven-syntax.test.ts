import { expect, test } from 'vitest';
import { signAnywhere } from '#fixtures/whole-way.ts';
import type { Field } from '../fields/field.ts';
import { openInViewer } from '../viewer.ts';
import { normalise } from './normalise.ts';

const field: Field = { kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 60, y: 200, width: 200, height: 40 }, found: 'fallback' };
const words = (text: string): string => `<< /Length ${text.length + 32} >>\nstream\nBT /F 24 Tf 20 400 Td (${text}) Tj ET\nendstream`;

/** What stands in catalog, page and font; `before` the font's object. `packed`: in an object stream, as number 9, behind `gap`. */
interface Odd { catalog?: string; page?: string; font?: string; before?: string; trailer?: string; gap?: string; packed?: string }

/** One page written by hand, with two streams that could be its contents: 4 says "One", 5 "Two". */
function oddPdf({ catalog = '', page = '/Contents 5 0 R', font = '', before = '', trailer = '', gap = '', packed }: Odd): Uint8Array {
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 6 0 R >> >> ${page} >>`,
    words('One'), words('Two'), `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica ${font} >>`,
    ...(packed === undefined ? [] : [`<< /Type /ObjStm /N 1 /First 4 /Length ${gap.length + packed.length + 4} >>\nstream\n9 ${gap.length} ${gap}${packed}\nendstream`]),
  ];
  let body = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at === 5 ? before : ''}${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = body.length;
  if (packed === undefined) {
    const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    body += `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${offsets.length + 1} /Root 1 0 R ${trailer} >>\n`;
  } else {
    const entries = [[0, 0, 0], ...[...offsets, start].map((offset) => [1, offset, 0]), [2, 7, 0]].map(([kind = 0, place = 0, index = 0]) => String.fromCharCode(kind, place >> 8, place & 255, index));
    body += `8 0 obj\n<< /Type /XRef /Size 10 /W [1 2 1] /Root 1 0 R /Length ${4 * entries.length} >>\nstream\n${entries.join('')}\nendstream\nendobj\n`;
  }
  return Buffer.from(`${body}startxref\n${start}\n%%EOF\n`, 'latin1');
}

const text = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

async function shownBy(pdf: Uint8Array): Promise<string> {
  const { items } = await (await (await openInViewer(pdf)).getPage(1)).getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join('');
}

const twice = 'written anew: entries given twice';
const misread = 'written anew: names that readers read differently';
const nulls = 'removed: names with null characters';

test.each<[string, Odd, string]>([
  ['a font with two names', { font: '/BaseFont /Courier' }, twice],
  ['one of them escaped', { font: '/Base#46ont /Courier' }, twice],
  ['behind strings, comments and lists that look like keys', { font: '/Own [(\\)/Own \\() <2f> << /Own 1 >> /Own] % /Own\r /Own 5 0 R' }, twice],
  ['deep inside', { font: `/Own ${'['.repeat(900)}<< /A 1 /A 2 >>${']'.repeat(900)}` }, twice],
  ['in the trailer', { trailer: '/Root 1 0 R' }, twice],
  ['in an object stream', { catalog: '/Own 9 0 R', packed: '<< /A 1 /A 2 >>' }, twice],
  ['in an object stream, behind what would make it a comment', { catalog: '/Own 9 0 R', gap: '% ', packed: '<< /A 1 /A 2 >>' }, twice],
  ['an entry under a key that pdf-lib takes for another', { font: '/BaseFon#2374 /Helvetica' }, misread],
  ['a key with a byte that is white space to PDFium', { font: '/Own\x80 1' }, misread],
  ['a name with a null character', { font: '/Own#00 1' }, nulls],
  ['such a name in a list', { font: '/Own [/A#00B]' }, nulls],
  ['an object behind what is no white space', { before: '\v' }, 'written anew: objects that readers find differently'],
])('%s: written anew, once; of a signed document the reason to refuse it', async (_what, odd, action) => {
  const received = oddPdf(odd);
  const { document, actions } = await normalise(received, 1);
  expect(actions).toContain(action);
  expect(await shownBy(document)).toBe('Two');
  expect((await normalise(document, 1)).actions).toEqual([]);
  await expect(normalise(await signAnywhere(received, [field]), 1)).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE', message: expect.stringContaining(action) });
});

test('of two contents the one stays that the screen shows', async () => {
  const { document, actions } = await normalise(oddPdf({ page: '/Contents 4 0 R /Contents 5 0 R' }), 1);
  expect(actions).toEqual([twice]);
  expect(await shownBy(document)).toBe('Two');
  expect(text(document).match(/\/Contents/g)).toHaveLength(1);
});

test('an object that begins inside another one is written anew', async () => {
  const inner = `4 0 obj\n${words('One')}\nendobj`;
  const plain = text(oddPdf({ font: `/Own (${inner})` }));
  const received = plain.replace(String(plain.indexOf(inner)).padStart(10, '0'), String(plain.lastIndexOf(inner)).padStart(10, '0'));
  const { actions } = await normalise(Buffer.from(received, 'latin1'), 1);
  expect(actions).toEqual(['written anew: objects that readers find differently']);
});

test('a script goes that pdf-lib does not see, since it takes the harmless entry behind it for the same', async () => {
  const catalog = '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /OpenActio#236E [3 0 R /Fit]';
  const { document, actions } = await normalise(oddPdf({ catalog }), 1);
  expect(actions).toEqual([misread]);
  expect(text(document)).not.toContain('JavaScript');
});

test('a key that only PDFium takes for /Contents leaves nothing but a picture, in which all see the same', async () => {
  const { document, actions } = await normalise(oddPdf({ page: '/Contents 4 0 R /Contents\x80 5 0 R' }), 1);
  expect(actions).toEqual([expect.stringMatching(/^turned into pictures/)]);
  expect(await shownBy(document)).toBe('');
});

test.each<[string, Odd]>([
  ['equal keys in dictionaries of their own', { page: '/Contents 4 0 R /Own [<< /A 1 >> << /A << /A /A >> >>]' }],
  ['equal values', { page: '/Contents 4 0 R /Own /Contents /Other /Contents' }],
  ['what looks like a trailer in a string', { font: '/Own (trailer << /A 1 /A 2 >>)' }],
  ['a number sign in a name', { page: '/Contents 4 0 R /No#23 /Room#20#23zz' }],
])('%s are no reason to change anything', async (_what, odd) => {
  expect((await normalise(oddPdf(odd), 1)).actions).toEqual([]);
});
