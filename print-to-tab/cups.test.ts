/** A stock CUPS client prints: queue set up without a driver, `lp`, and the PDF arrives. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startCups } from '#fixtures/cups.ts';
import { judge, sharedData } from '#fixtures/needs.ts';
import { startPrinter } from '#fixtures/printer.ts';

test('lpadmin -m everywhere, lp: the PDF arrives with its text, under its name, from the user who printed it', async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  const file = sharedData(context, 'print', 'cups', 'onepage-a4.pdf');
  const cups = await startCups(context);
  onTestFinished(() => cups.close());
  const printer = await startPrinter();
  onTestFinished(() => printer.close());

  await cups.addPrinter('front', printer.uri);
  await cups.print('front', file, ['-t', 'Registration card', '-o', 'media=A4']);
  await vi.waitFor(() => expect(printer.jobs[0]?.end).toBe('closed'), 15_000);

  const job = printer.jobs[0];
  expect(job?.info).toMatchObject({ printer: 'front', name: 'Registration card', format: 'application/pdf', copies: 1 });
  expect(job?.info.user).not.toBe('');
  const folder = await mkdtemp(join(tmpdir(), 'printed-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'printed.pdf'), job?.bytes ?? '');
  const text = (path: string): string => execFileSync(pdftotext, [path, '-'], { encoding: 'utf8' }).trim();
  expect(text(join(folder, 'printed.pdf'))).toBe(text(file));
  expect(text(file)).not.toBe('');
});

test('what is no PDF is refused without stopping the queue', async (context) => {
  const file = (name: string): string => sharedData(context, 'print', 'cups', name);
  const cups = await startCups(context);
  onTestFinished(() => cups.close());
  const printer = await startPrinter();
  onTestFinished(() => printer.close());

  await cups.addPrinter('front', printer.uri);
  await cups.print('front', file('onepage-a4.ps'), ['-o', 'raw']);
  await cups.print('front', file('onepage-letter.pdf'), ['-t', 'Second']);
  await vi.waitFor(() => expect(printer.jobs[0]?.end).toBe('closed'), 15_000);
  expect(printer.jobs.map(({ info }) => info.name)).toEqual(['Second']);
  expect(printer.refused.map(({ message }) => message)).toEqual([expect.stringContaining('PostScript')]);
});
