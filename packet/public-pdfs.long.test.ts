/**
 * The way of public PDFs through intake, search and signing. `COUNTERSIGN_PDFS` names a folder of them (with subfolders); those of
 * `../shared/data` are taken besides.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '#fixtures/completed-signing.ts';
import { answersOf } from '#fixtures/line-child.ts';
import { judge, sharedData } from '#fixtures/needs.ts';
import { viewersOf } from '#fixtures/pdf-viewers.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { signAnywhere } from '#fixtures/whole-way.ts';
import { PacketError } from './errors.ts';
import { intake } from './intake/index.ts';

const folder = temporaryFolder();

/** What the station allows by default. */
const limits = { maxBytes: 200 * 2 ** 20, maxPages: 1000, deadlineMs: 10_000, memoryMb: 1536 };
/** Of those that two viewers show. */
const leastSignable = 0.99;
/** Every so manieth document goes the way through the child processes, and pdfsig and qpdf judge it: that takes longer than the way itself. */
const judged = 20;
/** And whatever takes longer than this in a process that is warm: a child of its own has to start first, and has a deadline. */
const quickMs = 2000;
/** Codes of what intake should have seen. */
const faults = new Set(['INCREMENT_FAILED', 'FIELD_OUTSIDE_PAGE', 'DOCUMENT_CHANGED', 'SIGNATURE_TOO_LARGE']);

interface Signed { document: Uint8Array; signedPdf: Uint8Array }

async function sign(received: Uint8Array): Promise<Signed> {
  const { document, found } = await intake(received, limits);
  return { document, signedPdf: await signAnywhere(document, found.fields) };
}

/** @throws where a signed document is not what an outsider may expect of it */
function expectAccepted(file: string, { document, signedPdf }: Signed, pdfsig: string, qpdf: string): void {
  expect(sha256(signedPdf.subarray(0, document.length)), file).toBe(sha256(document));
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

/** What became of one file. `code`: `signed`, or why it was refused, after `ms`; `alone`: by child processes of its own, as at the station. */
interface Outcome { file: string; viewers: string[]; code: string; pdfA: string; message: string; ms: number; alone: boolean }

test('at least 99 % of the public PDFs that two viewers show become signable', { timeout: 7_200_000 }, async (context) => {
  const path = process.env['COUNTERSIGN_PDFS'];
  if (path === undefined) return context.skip('data: COUNTERSIGN_PDFS names no folder of public PDFs');
  const [pdfsig, qpdf] = [judge(context, 'pdfsig'), judge(context, 'qpdf')];
  const files = pdfsIn(path);
  const viewers = await viewersOf(files);
  const answers = await answersOf(new URL('../fixtures/whole-way-child.ts', import.meta.url), files);
  const outcomes: Outcome[] = [];
  for (const [at, file] of files.entries()) {
    const [, readMs = '', code = '', pdfA = ''] = /^(\d+) (.*?)(?: (PDF\/A.*))?$/.exec(answers.get(file) ?? '') ?? [];
    const outcome = { file: relative(path, file), viewers: viewers.get(file) ?? [], code, pdfA, message: '', ms: 0, alone: false };
    outcomes.push(outcome);
    if (code === 'signed' && at % judged !== 0 && Number(readMs) < quickMs) continue;
    outcome.alone = true;
    // What was refused, hung or broke is refused, and in time, by the child process of its own that the station gives it.
    const from = performance.now();
    const result: unknown = await sign(readFileSync(file)).catch((error: unknown) => error);
    outcome.ms = Math.round(performance.now() - from);
    const error = result instanceof Error ? result : null;
    if (error === null) expectAccepted(file, result as Signed, pdfsig, qpdf);
    outcome.code = error === null ? 'signed' : error instanceof PacketError && !faults.has(error.code) ? error.code : 'FAULT';
    outcome.message = error?.message ?? '';
  }
  const shown = outcomes.filter((outcome) => outcome.viewers.length >= 2);
  const signed = shown.filter(({ code }) => code === 'signed');
  process.stdout.write(report(outcomes, shown, signed.length));
  expect(outcomes.filter(({ code }) => code === 'FAULT')).toEqual([]);
  expect(outcomes.filter(({ pdfA }) => pdfA.startsWith('PDF/A lost'))).toEqual([]);
  expect(signed.length / shown.length).toBeGreaterThanOrEqual(leastSignable);
});

function report(outcomes: readonly Outcome[], shown: readonly Outcome[], signed: number): string {
  const refused = outcomes.filter(({ code }) => code !== 'signed');
  const slowest = (some: readonly Outcome[]): string => some.toSorted((one, other) => other.ms - one.ms).slice(0, 3).map(({ file, ms }) => `${file} ${ms} ms`).join(', ');
  const lines = [
    `${outcomes.length} PDFs: ${outcomes.length - refused.length} signed, ${refused.length} refused`,
    ...['pdf.js', 'pdfium', 'mupdf'].map((viewer) => `  ${viewer} shows ${outcomes.filter(({ viewers }) => viewers.includes(viewer)).length}`),
    `  two viewers show ${shown.length}; of these ${signed} signed, ${((100 * signed) / shown.length).toFixed(2)} %`,
    `  by child processes of their own, with their deadline: ${outcomes.filter(({ alone }) => alone).length}`,
    `  longest refusals: ${slowest(refused)}`,
    `  longest of the signed: ${slowest(outcomes.filter(({ code }) => code === 'signed'))}`,
    `  PDF/A without a fault, kept: ${outcomes.filter(({ pdfA }) => pdfA === 'PDF/A kept').length}`,
    ...Object.entries(Object.groupBy(refused, ({ code }) => code)).map(([code, some]) => `  ${code}: ${some?.length}`),
    'refused though two viewers show them:',
    ...shown.filter(({ code }) => code !== 'signed').map(({ file, code, message, viewers, ms }) => `  ${file} [${viewers.join(' ')}] ${code} ${ms} ms: ${message}`),
    ...outcomes.filter(({ pdfA }) => pdfA.startsWith('PDF/A lost')).map(({ file, pdfA }) => `  ${file}: ${pdfA}`),
  ];
  return `${lines.join('\n')}\n`;
}
