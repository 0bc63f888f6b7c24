/** The project's own client against the project's own printer, and against what is no printer. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { startPrinter, type TestPrinter, type TestPrinterOptions } from '#fixtures/printer.ts';
import { printFile } from './client.ts';
import { PrintError } from './errors.ts';

const started: { close(): Promise<void> }[] = [];
afterEach(async () => { for (const each of started.splice(0)) await each.close(); });

async function start(options?: TestPrinterOptions): Promise<TestPrinter> {
  const printer = await startPrinter(options);
  started.push(printer);
  return printer;
}

/** A web server that answers everything with these words. */
async function startWebServer(status: number, words: string): Promise<string> {
  const server = createServer((_, response) => { response.writeHead(status).end(words); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  started.push({ close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) });
  return `ipp://127.0.0.1:${(server.address() as AddressInfo).port}/ipp/print/front`;
}

const document = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(500_000)]);
const options = { name: 'Karte für Zoë', user: 'anna' };

test('a document arrives whole, from memory or piece by piece', async () => {
  const printer = await start();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < document.length; at += 70_001) yield document.subarray(at, at + 70_001);
  }
  expect(await printFile(printer.uri, document, options)).toEqual({ jobId: 1, state: 'completed', message: '' });
  expect(await printFile(printer.uri, pieces(), { ...options, format: 'application/pdf' })).toEqual({ jobId: 2, state: 'completed', message: '' });
  expect(printer.jobs.map(({ info, bytes }) => [info.name, info.user, info.claimedFormat, bytes.equals(document)])).toEqual([
    ['Karte für Zoë', 'anna', 'application/octet-stream', true],
    ['Karte für Zoë', 'anna', 'application/pdf', true],
  ]);
});

test('it waits until the job has ended', async () => {
  let asked = 0;
  const printer = await start({
    limits: { answerMs: 1 },
    result: () => new Promise((resolve) => {
      printer.server.on('request', () => { asked += 1; if (asked === 2) resolve({ state: 'aborted', reason: 'document-format-error', message: 'This PDF is broken.' }); });
    }),
  });
  expect(await printFile(printer.uri, document, options)).toEqual({ jobId: 1, state: 'aborted', message: 'This PDF is broken.' });
});

test('what is no PDF comes back as aborted, with words for people', async () => {
  const printer = await start();
  const result = await printFile(printer.uri, Buffer.from('%!PS-Adobe-3.0\n'), options);
  expect(result).toMatchObject({ state: 'aborted', message: expect.stringContaining('PostScript') });
});

test('an answer that comes before the document is through is read all the same', async () => {
  const printer = await start({ limits: { maxBytes: 1_000 } });
  await expect(printFile(printer.uri, Buffer.concat([document, document]), options)).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('1000 bytes') });
});

test('over TLS, it prints only where the CA vouches for the printer', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pem = (file: string): string => readFileSync(join(folder, file), 'utf8');
  execFileSync(judge(context, 'openssl'), ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', '/CN=printer', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd: folder, stdio: 'ignore' });
  const printer = await start({ tls: { key: pem('key.pem'), cert: pem('cert.pem') } });
  await expect(printFile(printer.uri, document, options)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(await printFile(printer.uri, document, { ...options, ca: pem('cert.pem') })).toMatchObject({ state: 'completed' });
  expect(printer.jobs[0]?.bytes.equals(document)).toBe(true);
});

test.each(['', 'front', 'http://localhost/ipp/print/front', 'ipp://', 'ipp://a b/'])('%j is no printer address', async (address) => {
  await expect(printFile(address, document, options)).rejects.toMatchObject({ code: 'BAD_ADDRESS' });
});

test('nobody there, and somebody who is no printer, are told apart', async () => {
  const closed = await startPrinter();
  await closed.close();
  await expect(printFile(closed.uri, document, options)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  for (const [status, words] of [[404, 'no'], [200, 'hello'], [200, ''], [200, 'x'.repeat(2_000_000)]] as const) {
    await expect(printFile(await startWebServer(status, words), document, options)).rejects.toMatchObject({ code: 'NOT_A_PRINTER' });
  }
});

test('a printer that is not there is refused in the printer’s words', async () => {
  const printer = await start();
  const refusal = printFile(printer.uri.replace('front', 'nobody'), document, options);
  await expect(refusal).rejects.toBeInstanceOf(PrintError);
  await expect(refusal).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('no printer at this address') });
});

test('a document that cannot be read to its end ends the job, not the program', async () => {
  const printer = await start();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield document;
    await vi.waitFor(() => expect(printer.jobs).toHaveLength(1));
    throw new Error('disk pulled out');
  }
  await expect(printFile(printer.uri, broken(), options)).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('disk pulled out') });
  await vi.waitFor(() => expect(printer.jobs[0]?.end).toBe('aborted'));
});
