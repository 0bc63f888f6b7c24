/**
 * What may be added to a signed PDF, and the published ways to change one after signing: shadow attacks (NDSS 2021), incremental
 * saving, evil annotations and sneaky signatures (IEEE S&P 2021), and our own.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { headlineOf } from '../headline.ts';
import { verify } from '../verify.ts';

const [seal, stranger] = await Promise.all([testSigner('Test seal'), testSigner('A stranger')]);
const APPEARANCE = '<< /Type /XObject /Subtype /Form /BBox [0 0 100 20] /Length 31 >>\nstream\n1 g 0 0 100 20 re f 0 g (Free)  \nendstream';
const PAGE = '/Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>';
const CATALOG = '/Type /Catalog /Pages 2 0 R';
const FORM = '/AcroForm << /SigFlags 3 /Fields [7 0 R] >>';
const DSS: [number, string] = [20, '<< /Certs [21 0 R] >>'];
const CERTIFICATE: [number, string] = [21, '<< /Length 2 >>\nstream\n0\n\nendstream'];
const signed = await handSignedPdf({ seal });

function append(pdf: Uint8Array, objects: readonly (readonly [number, string])[]): Uint8Array<ArrayBuffer> {
  return writeObjects(pdf, new Map(objects), startxref(pdf));
}

function startxref(pdf: Uint8Array): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(pdf))?.[1]);
}

async function errors(pdf: Uint8Array): Promise<string[]> {
  const { findings } = await verify(pdf, {});
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

test('validation data alone may follow a signature, and more of it', async () => {
  const once = append(signed, [[1, `<< ${CATALOG} ${FORM} /DSS 20 0 R >>`], DSS, CERTIFICATE]);
  const twice = append(once, [[20, '<< /Certs [21 0 R 22 0 R] >>'], [22, CERTIFICATE[1]]]);
  const result = await verify(twice, {});
  const added = { allowed: true, problem: null, seals: [], changes: [{ kind: 'validation-data', field: null, visible: false }] };
  expect(result).toMatchObject({
    valid: true, signatures: [{ intact: true, wholeFile: false }],
    revisions: [{ number: 1, length: signed.length, seals: [{ field: 'guest', signer: 'CN=Test seal' }] }, { number: 2, length: once.length, ...added }, { number: 3, length: twice.length, ...added }],
  });
});

test.each<[string, (readonly [number, string])[], string]>([
  ['the content of a page', [[4, '<< /Length 4 >>\nstream\nBT ET\nendstream']], 'object 4'],
  ['a font', [[5, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>']], 'object 5 (Font)'],
  ['the page tree', [[2, '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>']], 'object 2 (Pages)'],
  ['the resources of a page', [[3, `<< ${PAGE.replace('5 0 R', '20 0 R')} >>`], [20, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>']], '/Resources of a page'],
  ['the size of a page', [[3, `<< ${PAGE.replace('595', '59')} >>`]], '/MediaBox of a page'],
  ['an annotation over the content', [[3, `<< ${PAGE} /Annots [20 0 R] >>`], [20, '<< /Type /Annot /Subtype /FreeText /Rect [0 0 400 500] /AP << /N 21 0 R >> >>'], [21, APPEARANCE]], 'no signature'],
  ['a text field', [[1, `<< ${CATALOG} /AcroForm << /SigFlags 3 /Fields [7 0 R 20 0 R] >> >>`], [20, '<< /Type /Annot /Subtype /Widget /FT /Tx /T (sum) /V (1) /Rect [0 0 0 0] >>']], 'no signature'],
  ['a signature field that nobody signed', [[1, `<< ${CATALOG} /AcroForm << /SigFlags 3 /Fields [7 0 R 20 0 R] >> >>`], [3, `<< ${PAGE} /Annots [20 0 R] >>`], [20, '<< /Type /Annot /Subtype /Widget /FT /Sig /T (x) /Rect [0 0 400 500] /AP << /N 21 0 R >> >>'], [21, APPEARANCE]], 'without a signature'],
  ['an appearance in the field that was signed', [[7, '<< /Type /Annot /Subtype /Widget /FT /Sig /T (guest) /V 6 0 R /Rect [0 0 0 0] /P 3 0 R /AP << /N 20 0 R >> >>'], [20, APPEARANCE]], 'object 7'],
  ['an action at opening', [[1, `<< ${CATALOG} ${FORM} /OpenAction << /S /JavaScript /JS (app.alert) >> >>`]], '/OpenAction of the catalog'],
  ['another page tree', [[1, `<< ${CATALOG.replace('2 0 R', '20 0 R')} ${FORM} >>`], [20, '<< /Type /Pages /Kids [] /Count 0 >>']], '/Pages of the catalog'],
  ['the form\'s appearances made anew', [[1, `<< ${CATALOG} ${FORM.replace('/SigFlags', '/NeedAppearances true /SigFlags')} >>`]], '/NeedAppearances of the form'],
  ['a signature field taken away', [[1, `<< ${CATALOG} /AcroForm << /SigFlags 3 /Fields [] >> >>`]], 'taken away'],
  ['a key given twice', [[1, `<< ${CATALOG} ${FORM} /DSS 20 0 R /Pages 2 0 R >>`], DSS, CERTIFICATE], 'twice'],
  ['validation data that hides a font', [[1, `<< ${CATALOG} ${FORM} /DSS << /Certs [5 0 R] >> >>`], [5, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>']], 'object 5 (Font)'],
])('%s is not allowed to change', async (_, objects, why) => {
  const changed = await verify(append(signed, objects), {});
  expect(changed).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', signatures: [{ intact: true }], revisions: [{ allowed: true }, { allowed: false, problem: expect.stringContaining(why), seals: [] }] });
  expect(changed.findings.find(({ severity }) => severity === 'error')).toMatchObject({ code: 'BYTES_AFTER_SIGNATURE', message: expect.stringContaining(why) });
});

test('and not under a further signature either', async () => {
  const changed = append(signed, [[4, '<< /Length 4 >>\nstream\nBT ET\nendstream']]);
  const covered = await verify(await handSignedPdf({ seal: stranger, document: changed, field: 'stranger' }), {});
  expect(covered).toMatchObject({ indication: 'TOTAL-FAILED', signatures: [{ intact: true }, { intact: true, wholeFile: true }], revisions: [{}, { allowed: false, length: changed.length }, { allowed: true }] });
  expect(covered.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['CHANGED_AFTER_SIGNATURE']);
});

test('shadow, replace: a reference that led nowhere gets its object after signing', async () => {
  const prepared = await handSignedPdf({ seal, document: append(plainPdf(), [[3, `<< ${PAGE.replace('4 0 R', '[4 0 R 30 0 R]')} >>`]]) });
  const shown = append(prepared, [[1, `<< ${CATALOG} ${FORM} /DSS 20 0 R >>`], DSS, CERTIFICATE, [30, '<< /Length 4 >>\nstream\nBT ET\nendstream']]);
  expect(await verify(shown, {})).toMatchObject({ valid: false, revisions: [{}, { problem: expect.stringContaining('object 30') }] });
});

test('shadow, hide-and-replace: an object prepared before is brought out by the cross-reference alone', async () => {
  const hidden = '30 0 obj\n<< /Length 5 >>\nstream\nBT ET\nendstream\nendobj\n';
  const plain = plainPdf();
  const prepared = await handSignedPdf({ seal, document: writeObjects(new Uint8Array(Buffer.concat([plain, Buffer.from(hidden)])), new Map([[9, 'null']]), startxref(plain)) });
  const at = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;
  for (const entry of [`30 1\n${at(plain.length)}`, `4 1\n${at(plain.length)}`, `4 1\n${at(latin1(plain).indexOf('5 0 obj'))}`, '4 1\n0000000000 00001 f \n']) {
    const dss = '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n';
    const table = `xref\n1 1\n${at(prepared.length)}${entry}trailer\n<< /Size 40 /Root 1 0 R /Prev ${startxref(prepared)} >>\nstartxref\n${prepared.length + dss.length}\n%%EOF\n`;
    expect(await errors(new Uint8Array(Buffer.concat([prepared, Buffer.from(dss + table)]))), entry).toEqual(['BYTES_AFTER_SIGNATURE']);
  }
});

test('shadow, by an object stream that calls itself validation data: what it holds may not be exchanged', async () => {
  const packed = (font: string): string => {
    const text = `5 0 << /Type /Font /Subtype /Type1 /BaseFont /${font} >>`;
    return `<< /Type /ObjStm /N 1 /First 4 /Length ${text.length} >>\nstream\n${text}\nendstream`;
  };
  // a table cannot name a packed object: the catalog's revision is written with a cross-reference stream
  const withStream = (before: Uint8Array, objects: readonly (readonly [number, string])[], packs: boolean): Uint8Array<ArrayBuffer> => {
    let text = '';
    const entries = objects.map(([number, body]) => {
      const at = before.length + text.length;
      text += `${number} 0 obj\n${body}\nendobj\n`;
      return { number, bytes: [1, at >> 16, (at >> 8) & 255, at & 255, 0] };
    });
    if (packs) entries.push({ number: 5, bytes: [2, 0, 0, 40, 0] });
    const at = before.length + text.length;
    const data = Buffer.from(entries.flatMap(({ bytes }) => bytes)).toString('hex');
    text += `50 0 obj\n<< /Type /XRef /Size 70 /Root 1 0 R /W [1 3 1] /Index [${entries.map(({ number }) => `${number} 1`).join(' ')}] /Filter /ASCIIHexDecode /Prev ${startxref(before)} /Length ${data.length + 1} >>\nstream\n${data}>\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`;
    return new Uint8Array(Buffer.concat([before, Buffer.from(text, 'latin1')]));
  };
  const document = withStream(plainPdf(), [[1, `<< ${CATALOG} /DSS << /Certs [40 0 R] >> >>`], [40, packed('Courier')]], true);
  const prepared = await handSignedPdf({ seal, document });
  const kept = append(prepared, [[60, '<< /Certs [40 0 R] >>'], [1, latin1(prepared).match(/<< \/Type \/Catalog \/Pages 2 0 R \/AcroForm.*>>/)![0].replace('/AcroForm', '/DSS 60 0 R /AcroForm')]]);
  expect(await verify(kept, {})).toMatchObject({ valid: true });
  const exchanged = await verify(withStream(kept, [[40, packed('Symbol')]], false), {});
  expect(exchanged).toMatchObject({ valid: false, revisions: [{}, { allowed: true }, { allowed: false, problem: expect.stringMatching(/object (5|40)/) }] });
});

test.each<[string, (text: string) => string]>([
  ['another catalog', (text) => text.replace('/Root 1 0 R', '/Root 20 0 R')],
  ['fewer objects', (text) => text.replace(/\/Size \d+/, '/Size 5')],
  ['an object that is in no table', (text) => text.replace('xref\n0 1', '4 0 obj\n<< /Length 2 >>\nstream\nBT\nendstream\nendobj\nxref\n0 1')],
  ['bytes between its objects', (text) => text.replace('20 0 obj', '(free) 20 0 obj')],
  ['a comment between its objects', (text) => text.replace('20 0 obj', '%1 0 obj\n20 0 obj')],
  ['a table that is elsewhere', (text) => text.replace(/startxref\n\d+/, 'startxref\n10')],
  ['bytes behind its end', (text) => `${text}<< >>`],
])('an update with %s is none', async (_, change) => {
  const whole = append(signed, [[1, `<< ${CATALOG} ${FORM} /DSS 20 0 R >>`], DSS, CERTIFICATE]);
  const before = Buffer.from(signed);
  const changed = Buffer.concat([before, Buffer.from(change(latin1(whole.subarray(signed.length))), 'latin1')]);
  expect(await errors(new Uint8Array(changed))).toEqual(['BYTES_AFTER_SIGNATURE']);
});

test('a further signature is allowed by a certification at level 2, not at level 1, nor in a field that is locked', async () => {
  const under = async (reference: string): Promise<string[]> => {
    const first = await handSignedPdf({ seal, dictionary: (text) => text.replace('/Filter', `/Reference [${reference}] /Filter`) });
    return errors(await handSignedPdf({ seal, document: first, field: 'companion' }));
  };
  const reference = (method: string, parameters: string): string => `<< /Type /SigRef /TransformMethod /${method} /TransformParams << ${parameters} >> >>`;
  expect(await under(reference('DocMDP', '/P 2'))).toEqual([]);
  expect(await under(reference('DocMDP', '/P 1'))).toEqual(['CHANGED_AFTER_SIGNATURE']);
  expect(await under(reference('FieldMDP', '/Action /Include /Fields  [(guest)]'))).toEqual([]);
  expect(await under(reference('FieldMDP', '/Action /All'))).toEqual(['CHANGED_AFTER_SIGNATURE']);
  expect(await under(reference('FieldMDP', '/Action /Exclude /Fields  [(guest)]'))).toEqual(['CHANGED_AFTER_SIGNATURE']);
  expect(await under(reference('Unheard', ''))).toEqual(['CHANGED_AFTER_SIGNATURE']);
});

test('certification attack "sneaky signature": shown over the content, by a stranger, or under the very name of the first signer', async () => {
  for (const sneak of [stranger, await testSigner('Test seal', 300)]) {
    const covered = await handSignedPdf({ seal: sneak, document: signed, field: 'stranger', objects: new Map([
      [3, `<< ${PAGE} /Annots [9 0 R] >>`], [9, '<< /Type /Annot /Subtype /Widget /FT /Sig /T (stranger) /V 8 0 R /Rect [0 0 400 500] /AP << /N 20 0 R >> >>'], [20, APPEARANCE],
    ]) });
    const result = await verify(covered, {});
    expect(result).toMatchObject({ indication: 'INDETERMINATE', valid: false });
    expect(result.revisions[1]).toMatchObject({ changes: [{ kind: 'signature', field: 'stranger', visible: true }] });
    expect(result.findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code)).toEqual(expect.arrayContaining(['APPEARANCE_ADDED', 'SEVERAL_SIGNERS']));
    // where both are trusted it is told, as parties of a contract sign so
    const trusted = await verify(covered, { trust: [await testRoot()] });
    expect(trusted).toMatchObject({ valid: true });
    expect(headlineOf(trusted).because.join(' ')).toContain('may cover what CN=Test seal signed');
    expect(await verify(covered, { trust: [seal.certificate] })).toMatchObject({ valid: false });
  }
});

test.each(['FreeText', 'Stamp', 'Redact', 'Highlight', 'Ink', 'Square', 'Link'])('certification attack "evil annotation": /%s is refused even where the certification allows annotations', async (subtype) => {
  const reference = '<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /V /1.2 /P 3 >> >>';
  const certified = await handSignedPdf({ seal, dictionary: (text) => text.replace('/Filter', `/Reference [${reference}] /Filter`) });
  const evil = append(certified, [[3, `<< ${PAGE} /Annots [7 0 R 30 0 R] >>`], [30, `<< /Type /Annot /Subtype /${subtype} /Rect [0 0 400 500] /Contents (Free) /AP << /N 31 0 R >> >>`], [31, APPEARANCE]]);
  expect(await errors(evil)).toEqual(['BYTES_AFTER_SIGNATURE']);
  expect((await errors(await handSignedPdf({ seal: stranger, document: evil, field: 'stranger' })))).toContain('CHANGED_AFTER_SIGNATURE');
});

// pdfsig 22.12, too, calls both signatures of each valid, and the second one over the whole file
for (const [name, fields] of [['pyhanko__minimal-signed-twice-no-sig-type.pdf', ['Sig1', 'Sig2']], ['pyhanko__minimal-signed-twice-second-created.pdf', ['Sig1', 'Signature3']]] as const) {
  test(`two signatures of others: ${name}`, async (context) => {
    const result = await verify(new Uint8Array(readFileSync(sharedData(context, 'pdf', name))), {});
    expect(result).toMatchObject({ valid: true, signatures: fields.map((field, index) => ({ field, intact: true, wholeFile: index === 1 })), revisions: [{ allowed: true }, { allowed: true }] });
    expect(result.revisions[1]?.changes.map(({ kind }) => kind)).toEqual(['signature', 'metadata']);
  });
}
