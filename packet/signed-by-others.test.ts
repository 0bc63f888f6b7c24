/** Documents that come in signed by others: what can still be signed and filled in, what is refused, and with which words. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { signAll } from '#fixtures/several-signers.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { DocumentForm } from './document-form.ts';
import type { Field } from './fields/field.ts';
import { fieldsLeft, leftOut } from './fields-left.ts';
import { checkSignable } from './permissions.ts';
import { load } from './revise.ts';
import { verify } from './verify/verify.ts';

const folder = temporaryFolder();
const [seal, other] = await Promise.all([testSigner('Test seal'), testSigner('Another company')]);

/** Empty: a signature field `agent` (20) and a text field `day` (21). */
const form = writeObjects(plainPdf(), new Map([
  [1, '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [20 0 R 21 0 R] >> >>'],
  [3, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [20 0 R 21 0 R] >>'],
  [20, '<< /Type /Annot /Subtype /Widget /FT /Sig /T (agent) /P 3 0 R /F 4 /Rect [200 100 350 140] >>'],
  [21, '<< /Type /Annot /Subtype /Widget /FT /Tx /T (day) /P 3 0 R /F 4 /Rect [200 60 300 80] /DA (/F1 10 Tf) >>'],
]), Number(/startxref\s+(\d+)/.exec(latin1(plainPdf()))?.[1]));

function signedBy(reference: string | null): Promise<Uint8Array> {
  return handSignedPdf({ seal: other, document: form, field: 'theirs', ...(reference === null ? {} : { dictionary: (text: string) => text.replace('/Filter', `/Reference [<< /Type /SigRef ${reference} >>] /Filter`) }) });
}
const docMdp = (level: number): string => `/TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P ${level} /V /1.2 >>`;
const fieldMdp = (lock: string): string => `/TransformMethod /FieldMDP /Data 1 0 R /TransformParams << /Type /TransformParams ${lock} /V /1.2 >>`;

const field = (changes: Partial<Field>): Field => ({ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 20, y: 100, width: 150, height: 40 }, found: 'phrase', ...changes });
const guest = field({});
const agent = field({ role: 'staff', name: 'agent', found: 'acroform', rect: { x: 200, y: 100, width: 150, height: 40 } });
const day = field({ kind: 'date', role: 'staff', name: 'day', found: 'acroform', rect: { x: 200, y: 60, width: 100, height: 20 } });
const tick = field({ kind: 'check', name: 'rules', rect: { x: 20, y: 60, width: 16, height: 16 } });

test.for([['no permissions', null], ['a certification that lets forms be filled in', docMdp(2)], ['one that lets annotations be made', docMdp(3)], ['a lock on something else', fieldMdp('/Action /Include /Fields  [(theirs)]')]] as const)('under a signature with %s, guest and staff sign, and it stays valid', async ([, reference], context) => {
  const document = await signedBy(reference);
  const left = await fieldsLeft(document, [guest, agent, day, tick]);
  expect(left).toEqual([guest, agent, day]);
  expect(leftOut([guest, agent, day, tick], left)).toEqual([expect.stringContaining('one place')]);
  const [, signed = new Uint8Array()] = await signAll(document, [{ field: guest, fillings: [] }, { field: agent, fillings: [{ field: day, text: '2026-11-21' }] }], seal);
  const path = join(folder, 'others.pdf');
  writeFileSync(path, signed);
  expect(execFileSync(judge(context, 'pdfsig'), [path], { encoding: 'utf8' }).match(/Signature is Valid/g)).toHaveLength(3);
  const result = await verify(signed, { trust: [await testRoot()] });
  expect(result).toMatchObject({ valid: true, signatures: [{ intact: true }, { intact: true }, { intact: true }], revisions: [{}, { allowed: true }, { allowed: true, changes: [{ field: 'agent' }, { kind: 'form-field', field: 'day' }] }] });
  // theirs was first: ours certifies nothing
  expect(latin1(signed.subarray(document.length))).not.toContain('/DocMDP');
});

test.each<[string, string, readonly Field[]]>([
  ['locks everything', fieldMdp('/Action /All'), []],
  ['certifies that nothing more will come, though the catalog does not name it', docMdp(1), []],
  ['locks what cannot be read', fieldMdp('/Action /Include /Fields  [/theirs]'), []],
  ['locks all but its own field and another', fieldMdp('/Action /Exclude /Fields  [(theirs) (agent)]'), [agent]],
  ['locks the fields that wait for others', fieldMdp('/Action /Include /Fields  [(agent) (day)]'), [guest]],
])('a signature that %s', async (_, reference, left) => {
  const document = await signedBy(reference);
  expect(await fieldsLeft(document, [guest, agent, day, tick]).catch(({ code }: { code: string }) => code)).toEqual(left.length > 0 ? left : 'PDF_LOCKED');
  for (const each of [guest, agent]) {
    const signed = await signAll(document, [{ field: each, fillings: [] }], seal).then(() => 'signed', (error: { code: string; message: string }) => `${error.code}: ${error.message}`);
    expect(signed).toMatch(left.includes(each) ? /^signed$/ : /^PDF_LOCKED: (The signature "theirs" in this PDF has locked the field "(agent|Countersign guest)"|This PDF is certified as final)/);
  }
  const taken = await load(document).then((pdf) => checkSignable(new DocumentForm(pdf))).then(() => true, ({ code }: { code: string }) => code);
  expect(taken).toBe(left.length > 0 ? true : 'PDF_LOCKED');
});

test.each([['/Action /All'], ['/Action /Include /Fields [] /P 1']])('a form whose own field ends it (%s) is signed there last, or not at all', async (lock) => {
  const ending = writeObjects(form, new Map([[20, '<< /Type /Annot /Subtype /Widget /FT /Sig /T (agent) /P 3 0 R /F 4 /Rect [200 100 350 140] /Lock 22 0 R >>'], [22, `<< /Type /SigFieldLock ${lock} >>`]]), Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(form))?.[1]));
  const first = [{ field: agent, fillings: [] }, { field: guest, fillings: [] }];
  await expect(signAll(ending, first, seal)).rejects.toMatchObject({ code: 'PDF_LOCKED', message: expect.stringContaining('Let that one sign last') });
  const [, signed] = await signAll(ending, first.toReversed(), seal);
  expect(await verify(signed!, {})).toMatchObject({ valid: true, revisions: [{}, { allowed: true }] });
  await expect(signAll(signed!, [{ field: { ...guest, name: 'another', rect: { ...guest.rect, y: 300 } }, fillings: [] }], seal)).rejects.toMatchObject({ code: 'PDF_LOCKED' });
});

test('a document that nobody has signed keeps all its places', async () => {
  expect(await fieldsLeft(form, [guest, agent, day, tick])).toEqual([guest, agent, day, tick]);
});
