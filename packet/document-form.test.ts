import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFRef, PDFString } from './pdf-lib.ts';
import { expect, test } from 'vitest';
import { signatureFieldPdf } from '#fixtures/pdf.ts';
import { DocumentForm } from './document-form.ts';

test('fields are told by their full names and inherited types; one without a type, one that is no dictionary and one in a circle disturb nobody', async () => {
  const pdf = await PDFDocument.load(await signatureFieldPdf());
  const { context } = pdf;
  const field = (entries: Record<string, unknown>): PDFRef => context.register(context.obj(entries as Record<string, string>));
  const circle = context.nextRef();
  context.assign(circle, context.obj({ T: PDFString.of('Circle'), Kids: [circle] }));
  const button = (flags: number): PDFRef => field({ T: PDFString.of(`${flags}`), Ff: flags });
  const buttons = field({ T: PDFString.of('Buttons'), FT: 'Btn', Kids: [button(0), button(0x8000), button(0x10000)] });
  const list = pdf.catalog.lookup(PDFName.of('AcroForm'), PDFDict).lookup(PDFName.of('Fields'), PDFArray);
  for (const ref of [field({ T: PDFString.of('No type') }), context.register(PDFString.of('no dictionary')), context.nextRef(), circle, buttons]) list.push(ref);
  expect(new DocumentForm(pdf).fields().map(({ name, type }) => [name, type])).toEqual([
    ['Remarks', 'text'], ['Approval.Guest', 'signature'], ['No type', null], ['Buttons.0', 'check box'], ['Buttons.32768', null], ['Buttons.65536', null],
  ]);
});

test('a list of fields that is no list gives way to one', async () => {
  const pdf = await PDFDocument.load(await signatureFieldPdf());
  pdf.catalog.lookup(PDFName.of('AcroForm'), PDFDict).set(PDFName.of('Fields'), PDFName.of('Own'));
  const form = new DocumentForm(pdf);
  form.add('Countersign guest', 'signature', { page: pdf.getPage(0), rotate: 0 }, { x: 0, y: 0, width: 9, height: 9 }, {});
  expect(new DocumentForm(pdf).fields().map(({ name }) => name)).toEqual(['Countersign guest']);
});
