/**
 * The way of public PDFs through intake, search and signing. `COUNTERSIGN_PDFS` names a folder of them (with subfolders); those of
 * `../shared/data` are taken besides.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { judge, sharedData } from '#fixtures/needs.ts';
import { viewersOf } from '#fixtures/pdf-viewers.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { PacketError } from './errors.ts';
import { findFields } from './fields/index.ts';
import { intake } from './intake/index.ts';
import { signDocument } from './sign-document.ts';

const folder = temporaryFolder();

/** What the station allows by default. */
const limits = { maxBytes: 200 * 2 ** 20, maxPages: 1000, deadlineMs: 10_000, memoryMb: 1536 };
/** Of those that two viewers show. */
const leastSignable = 0.99;
/** pdfsig and qpdf judge every so manieth signed document: they take longer than signing it. */
const judged = 10;

/** Codes of what intake should have seen. */
const faults = new Set(['INCREMENT_FAILED', 'FIELD_OUTSIDE_PAGE', 'DOCUMENT_CHANGED', 'SIGNATURE_TOO_LARGE']);

interface Signed { document: Uint8Array; signedPdf: Uint8Array }

/** The way of one document: in, field, signed. */
async function sign(received: Uint8Array): Promise<Signed> {
  const { document, sha256 } = await intake(received, limits);
  const { fields } = await findFields(document, limits);
  const field = fields.find(({ kind }) => kind === 'signature');
  if (field === undefined) throw new Error('no field');
  const { signedPdf } = await signDocument({
    document, documentSha256: sha256, field, ink: [{ width: 0.45, points: [[0, 0], [10, 10]] }], sealedRecord: new Uint8Array(1000), requestId: 'request-0001',
    signerName: null, place: 'Rīga', signedAt: new Date(), demo: false, seal: await testSigner('Test seal'),
  });
  return { document, signedPdf };
}

/** @throws where a signed document is not what an outsider may expect of it */
function expectAccepted(file: string, { document, signedPdf }: Signed, pdfsig: string, qpdf: string): void {
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  expect(digest(signedPdf.subarray(0, document.length)), file).toBe(digest(document));
  const quality = (as: string, bytes: Uint8Array): number | null => {
    writeFileSync(join(folder, as), bytes);
    return spawnSync(qpdf, ['--check', join(folder, as)]).status;
  };
  // 0: sound, 3: warnings, 2: errors. Signing may not make it worse.
  const [before, after] = [quality('document.pdf', document), quality('signed.pdf', signedPdf)];
  expect(after === before || after === 0, `${file}: qpdf ${before} before, ${after} after`).toBe(true);
  const verdict = spawnSync(pdfsig, [join(folder, 'signed.pdf')], { encoding: 'utf8' }).stdout;
  expect(verdict.slice(verdict.lastIndexOf('Signature #')), file).toMatch(/Total document signed[^]*Signature is Valid/);
}

function pdfsIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((entry) => entry.endsWith('.pdf')).toSorted().map((entry) => join(path, entry));
}

test.for(['pdf', 'print/malformed', 'print/cups', 'print/pwg', 'print/suites'])(
  'every PDF of ../shared/data/%s is refused with a reason, or signed and valid',
  { timeout: 300_000 },
  async (name, context) => {
    const path = sharedData(context, ...name.split('/'));
    const [pdfsig, qpdf] = [judge(context, 'pdfsig'), judge(context, 'qpdf')];
    for (const file of pdfsIn(path)) {
      const result = await sign(readFileSync(file)).catch((error: unknown) => error);
      if (result instanceof Error) expect(result, file).toBeInstanceOf(PacketError);
      else expectAccepted(file, result as Signed, pdfsig, qpdf);
    }
  },
);

/** What became of one file. */
interface Outcome { file: string; viewers: string[]; code: string; message: string; ms: number }

test('at least 99 % of the public PDFs that two viewers show become signable', { timeout: 7_200_000 }, async (context) => {
  const path = process.env['COUNTERSIGN_PDFS'];
  if (path === undefined) context.skip('data: COUNTERSIGN_PDFS names no folder of public PDFs');
  const [pdfsig, qpdf] = [judge(context, 'pdfsig'), judge(context, 'qpdf')];
  const files = pdfsIn(path as string);
  const viewers = await viewersOf(files);
  const outcomes: Outcome[] = [];
  const toCome = files.entries();
  // Two at a time, as the station does.
  await Promise.all([1, 2].map(async () => {
    for (const [at, file] of toCome) {
      const from = performance.now();
      const result: unknown = await sign(readFileSync(file)).catch((error: unknown) => error);
      const ms = Math.round(performance.now() - from);
      const error = result instanceof Error ? result : at % judged === 0 ? objection(file, result as Signed, pdfsig, qpdf) : null;
      outcomes.push({ file: basename(file), viewers: viewers.get(file) ?? [], code: codeOf(error), message: error?.message ?? '', ms });
    }
  }));
  const shown = outcomes.filter((outcome) => outcome.viewers.length >= 2);
  const signed = shown.filter(({ code }) => code === 'signed');
  process.stdout.write(report(outcomes, shown, signed.length));
  expect(outcomes.filter(({ code }) => code === 'FAULT')).toEqual([]);
  expect(signed.length / shown.length).toBeGreaterThanOrEqual(leastSignable);
});

/** A refusal has a code; anything else that was thrown is a fault of ours. */
function codeOf(error: Error | null): string {
  if (error === null) return 'signed';
  return error instanceof PacketError && !faults.has(error.code) ? error.code : 'FAULT';
}

/** What the judges object to. */
function objection(file: string, signed: Signed, pdfsig: string, qpdf: string): Error | null {
  try {
    expectAccepted(file, signed, pdfsig, qpdf);
    return null;
  } catch (error) {
    return error as Error;
  }
}

function report(outcomes: readonly Outcome[], shown: readonly Outcome[], signed: number): string {
  const percent = ((100 * signed) / shown.length).toFixed(2);
  const refused = outcomes.filter(({ code }) => code !== 'signed');
  const slowest = (some: readonly Outcome[]): string => some.toSorted((one, other) => other.ms - one.ms).slice(0, 3).map(({ file, ms }) => `${file} ${ms} ms`).join(', ');
  const lines = [
    `${outcomes.length} PDFs: ${outcomes.length - refused.length} signed, ${refused.length} refused`,
    ...['pdf.js', 'pdfium', 'mupdf'].map((viewer) => `  ${viewer} shows ${outcomes.filter(({ viewers }) => viewers.includes(viewer)).length}`),
    `  two viewers show ${shown.length}; of these ${signed} signed, ${percent} %`,
    `  longest refusals: ${slowest(refused)}`,
    `  longest ways to a signature: ${slowest(outcomes.filter(({ code }) => code === 'signed'))}`,
    ...Object.entries(Object.groupBy(refused, ({ code }) => code)).map(([code, some]) => `  ${code}: ${some?.length}`),
    ...outcomes.filter(({ code }) => code === 'FAULT').map(({ file, message }) => `  FAULT ${file}: ${message}`),
    'refused though two viewers show them:',
    ...shown.filter(({ code }) => code !== 'signed').map(({ file, code, message, viewers, ms }) => `  ${file} [${viewers.join(' ')}] ${code} ${ms} ms: ${message}`),
  ];
  return `${lines.join('\n')}\n`;
}
