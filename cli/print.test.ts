/** `countersign print` as a program: its words, its JSON, its exit codes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPrinter, type TestPrinter } from '#fixtures/printer.ts';

let printer: TestPrinter;
let folder: string;
beforeEach(async () => {
  printer = await startPrinter();
  folder = await mkdtemp(join(tmpdir(), 'print-'));
  await writeFile(join(folder, 'card.pdf'), '%PDF-1.7\ncard\n%%EOF\n');
  await writeFile(join(folder, 'card.ps'), '%!PS-Adobe-3.0\n');
});
afterEach(async () => {
  await printer.close();
  await rm(folder, { recursive: true });
});

interface Outcome { code: number; stdout: string; stderr: string }

function countersign(...argv: string[]): Promise<Outcome> {
  const program = `import('${join(import.meta.dirname, 'main.ts')}').then(async ({ main }) => { process.exitCode = await main(process.argv.slice(1)); })`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', program, '--', 'print', ...argv], (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }));
  });
}

const file = (name: string): string => join(folder, name);

test('a PDF is printed: 0, and --json says which job it was', async () => {
  expect(await countersign(file('card.pdf'), '--to', printer.uri, '--json')).toEqual({
    code: 0, stdout: `${JSON.stringify({ printer: printer.uri, jobId: 1, state: 'completed', message: '' })}\n`, stderr: '',
  });
  expect(printer.jobs[0]?.info.name).toBe('card.pdf');
  expect((await countersign(file('card.pdf'), '--to', printer.uri, '--name', 'Room 412')).stdout).toContain('Printed');
  expect(printer.jobs[1]?.info.name).toBe('Room 412');
});

test('the printer says no: 1, in its own words', async () => {
  const aborted = await countersign(file('card.ps'), '--to', printer.uri);
  expect(aborted).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('PostScript') });
  const refused = await countersign(file('card.pdf'), '--to', printer.uri.replace('front', 'nobody'), '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ jobId: null, state: 'refused' });
});

test.each([
  ['no file', [], 'name one file'],
  ['a file that is not there', ['missing.pdf', '--to', 'ipp://localhost/ipp/print/x'], 'missing.pdf'],
  ['no printer address', [import.meta.filename, '--to', 'localhost'], 'no printer address'],
  ['an option that does not exist', [import.meta.filename, '--frob'], '--frob'],
])('with %s: 2, and what to do', async (_, argv, words) => {
  expect(await countersign(...argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
});

test('without --to the running station is asked; without a station it says so', async () => {
  expect(await countersign(file('card.pdf'), '--home', folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('countersign start') });
  const asked: string[] = [];
  const station = createServer((socket) => {
    socket.on('data', (line) => {
      asked.push(String(line));
      socket.end(`${JSON.stringify({ ok: true, printer: printer.uri })}\n`);
    });
  });
  await new Promise<void>((resolve) => { station.listen(join(folder, 'control.sock'), resolve); });
  expect(await countersign(file('card.pdf'), '--home', folder)).toMatchObject({ code: 0 });
  await new Promise((resolve) => { station.close(resolve); });
  expect(asked).toEqual(['{"command":"status"}\n']);
  expect(printer.jobs).toHaveLength(1);
});

test('--help tells the options and the exit codes', async () => {
  const { code, stdout } = await countersign('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('--to URL');
  expect(stdout).toContain('Exit codes');
});
