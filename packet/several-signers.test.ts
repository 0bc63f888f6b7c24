import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { degrees, PDFDocument } from './pdf-lib.ts';
import { expect, test, type TestContext } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { cardPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { placeOf, signAll, signingsOf } from '#fixtures/several-signers.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import type { Field } from './fields/field.ts';
import { verify } from './verify/verify.ts';

const folder = temporaryFolder();
const seal = await testSigner('Test seal');

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function judged(context: TestContext, path: string): { valid: number; sound: { status: number | null; stderr: string } } {
  const verdict = execFileSync(judge(context, 'pdfsig'), [path], { encoding: 'utf8' });
  const { status, stderr } = spawnSync(judge(context, 'qpdf'), ['--check', path], { encoding: 'utf8' });
  return { valid: verdict.match(/Signature is Valid/g)?.length ?? 0, sound: { status, stderr } };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

test.for([['a table', false, ['guest', 'companion']], ['a cross-reference stream', true, ['guest', 'companion', 'staff']]] as const)('each signature keeps the earlier ones valid: a document with %s', async ([, compressed, roles], context) => {
  const signings = signingsOf(roles);
  const revisions = await signAll(await cardPdf({ pages: 3, compressed }), signings, seal);
  const last = revisions.at(-1)!;
  const path = save(`several-${roles.length}.pdf`, last);
  expect(judged(context, path)).toEqual({ valid: signings.length, sound: { status: 0, stderr: '' } });

  const result = await verify(last, {});
  expect(result).toMatchObject({ valid: true, signatures: signings.map(() => ({ intact: true })), revisions: signings.map(() => ({ allowed: true })) });
  const filled = result.revisions.map(({ changes }) => changes.map(({ kind, field, visible }) => `${kind} ${field}${visible ? '' : ', unseen'}`));
  expect(filled[1]).toEqual(['signature Countersign guest', 'form-field Countersign guest date', 'form-field Countersign rules check']);
  expect(filled[2]).toEqual(['signature Countersign companion initials', 'form-field Countersign companion initials 2', 'form-field Countersign companion initials 3']);
  // what is shown is there to read, too: the day, three times at most, never twice for one role
  const shown = execFileSync(judge(context, 'pdftotext'), [path, '-'], { encoding: 'utf8' });
  expect(shown.match(/2026-11-21\n/g)).toHaveLength(roles.length);

  // 12.8.2.2 and 12.8.2.4: the first alone certifies, the last alone locks all, and the field said so before (12.7.5.5)
  const [first = new Uint8Array()] = revisions;
  expect(text(last).match(/\/TransformMethod \/DocMDP/g)).toHaveLength(1);
  expect(text(first)).toContain('/TransformMethod /DocMDP');
  expect(text(first).match(/\/SigFieldLock\n\/Action \/All/g)).toHaveLength(1);
  expect(text(last).match(/\/TransformParams\n\/Action \/All/g)).toHaveLength(1);
  expect(text(revisions.at(-2)!)).not.toMatch(/\/TransformParams\n\/Action \/All/);
  // later signings bring no field, no page, no catalog
  const later = text(last.subarray(first.length));
  expect(later).not.toMatch(/\/Type \/Page\b|\/Type \/Catalog|\/Annots/);
  expect(new Set(text(last).match(/\/T <[0-9A-F]+>/g))).toEqual(new Set(text(first).match(/\/T <[0-9A-F]+>/g)));
});

test('the document\'s own signature field is used, locked by the last, and nothing of ours is put beside it', async (context) => {
  const own: Field = { ...placeOf('companion', 'signature', 1, { name: 'Approval.Guest', found: 'acroform' }), rect: { x: 300, y: 400, width: 150, height: 40 } };
  const revisions = await signAll(await signatureFieldPdf(), [{ field: placeOf('guest', 'signature', 1), fillings: [] }, { field: own, fillings: [] }], seal);
  expect(judged(context, save('own.pdf', revisions.at(-1)!))).toEqual({ valid: 2, sound: { status: 0, stderr: '' } });
  expect(await verify(revisions.at(-1)!, {})).toMatchObject({ valid: true, revisions: [{}, { changes: [{ kind: 'signature', field: 'Approval.Guest', visible: true }] }] });
  expect(text(revisions[0]!)).toContain('/SigFieldLock');
});

test('the document\'s own text fields and check boxes are filled in where they were found', async (context) => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 400]);
  pdf.getForm().createTextField('Signing.Day').addToPage(page, { x: 40, y: 200, width: 120, height: 20 });
  pdf.getForm().createCheckBox('Signing.Rules').addToPage(page, { x: 40, y: 160, width: 16, height: 16 });
  const day: Field = { ...placeOf('companion', 'date', 1, { name: 'Signing.Day', found: 'acroform' }), rect: { x: 40, y: 200, width: 120, height: 20 } };
  const rules: Field = { ...placeOf('companion', 'check', 1, { name: 'Signing.Rules', found: 'acroform' }), rect: { x: 40, y: 160, width: 16, height: 16 } };
  const companion = { ...placeOf('companion', 'signature', 1), rect: { x: 200, y: 300, width: 150, height: 44 } };
  const guest = { ...placeOf('guest', 'signature', 1), rect: { x: 20, y: 300, width: 150, height: 44 } };
  const revisions = await signAll(await pdf.save({ useObjectStreams: false }), [{ field: guest, fillings: [] }, { field: companion, fillings: [{ field: day, text: '2026-11-21' }, { field: rules, checked: true }] }], seal);
  const path = save('own-fields.pdf', revisions.at(-1)!);
  expect(judged(context, path)).toEqual({ valid: 2, sound: { status: 0, stderr: '' } });
  expect(await verify(revisions.at(-1)!, {})).toMatchObject({ valid: true, revisions: [{}, { changes: [{ kind: 'signature' }, { kind: 'form-field', field: 'Signing.Day' }, { kind: 'form-field', field: 'Signing.Rules' }] }] });
  const filled = await PDFDocument.load(revisions.at(-1)!);
  expect(filled.getForm().getTextField('Signing.Day').getText()).toBe('2026-11-21');
  expect(filled.getForm().getCheckBox('Signing.Rules').isChecked()).toBe(true);
});

test('letters of a tag do not show through, whichever way the page is turned; other ground is left alone', async (context) => {
  const pdf = await PDFDocument.create();
  for (const rotate of [0, 90, 180, 270]) {
    const page = pdf.addPage([200, 200]);
    page.setRotation(degrees(rotate));
    page.drawRectangle({ x: 0, y: 0, width: 200, height: 200 });
  }
  const at = (kind: Field['kind'], page: number, found: Field['found'], y: number): Field => ({ ...placeOf('guest', kind, page, { found }), rect: { x: 30, y, width: 60, height: 30 } });
  const printed = [1, 2, 3, 4].map((page) => at('initials', page, 'phrase', 20));
  const tagged = [at('signature', 1, 'tag', 80), at('date', 2, 'tag', 80), at('initials', 3, 'tag', 80)];
  const empty = { ...at('signature', 4, 'tag', 80), role: 'companion', name: 'companion' } as const;
  const [signed] = await signAll(await pdf.save({ useObjectStreams: false }), [
    { field: tagged[0]!, fillings: [{ field: tagged[1]!, text: 'i' }, { field: tagged[2]!, ink: [] }, ...printed.map((field) => ({ field, ink: [] }))] },
    { field: empty, fillings: [] },
  ], seal, { ink: [], signerName: null });
  execFileSync(judge(context, 'pdftoppm'), ['-r', '72', '-gray', save('ground.pdf', signed!), join(folder, 'ground')]);
  for (const page of [1, 2, 3, 4]) {
    const pixel = shownAs((page - 1) * 90, readFileSync(join(folder, `ground-${page}.pgm`)));
    // inside three corners of the tag's field; beside it; in the printed one
    expect([pixel(87, 107), pixel(33, 107), pixel(87, 94)], `page ${page}`).toEqual([255, 255, 255]);
    expect([pixel(26, 95), pixel(94, 95), pixel(60, 75), pixel(60, 115), pixel(60, 45)], `page ${page}`).toEqual([0, 0, 0, 0, 0]);
  }
});

test('what nobody kept free in a signed document is refused, and a lock of others is kept', async () => {
  const [signed] = await signAll(await cardPdf({ pages: 3 }), [{ field: placeOf('guest', 'signature', 3), fillings: [] }], seal);
  const date = { field: placeOf('companion', 'date', 3), text: '2026-11-21' };
  const companion = { field: placeOf('companion', 'signature', 3), fillings: [date] };
  await expect(signAll(signed!, [companion], seal)).rejects.toMatchObject({ code: 'FIELD_NOT_PREPARED', message: expect.stringContaining('the date of companion on page 3') });
  // the same when only a later signing would need it: said before anybody signs
  await expect(signAll(signed!, [{ ...companion, fillings: [] }, { field: placeOf('staff', 'signature', 3), fillings: [{ ...date, field: placeOf('staff', 'date', 3) }] }], seal)).rejects.toMatchObject({ code: 'FIELD_NOT_PREPARED' });
  const [, both] = await signAll(signed!, [{ ...companion, fillings: [] }, { field: placeOf('staff', 'signature', 3), fillings: [] }], seal);
  expect(await verify(both!, {})).toMatchObject({ valid: true, signatures: [{ intact: true }, { intact: true }, { intact: true }] });
  await expect(signAll(both!, [{ field: placeOf('guest', 'signature', 1), fillings: [] }], seal)).rejects.toMatchObject({ code: 'PDF_LOCKED', message: expect.stringContaining('Countersign staff') });
});

/** A pixel of a page turned that way, by its place in user space. */
function shownAs(rotate: number, pgm: Buffer): (x: number, y: number) => number | undefined {
  const pixels = pgm.subarray(pgm.length - 200 * 200);
  return (x, y) => {
    const [left, top] = ({ 0: [x, 200 - y], 90: [y, x], 180: [200 - x, y], 270: [200 - y, 200 - x] } as Record<number, [number, number]>)[rotate]!;
    return pixels[top * 200 + left];
  };
}
