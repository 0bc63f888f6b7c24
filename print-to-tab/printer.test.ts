/** A printer at its address: HTTP, versions, attributes, and what is not a request. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { given, ipp, ippMessage, OPERATION, postIpp } from '#fixtures/ipp-request.ts';
import { sharedData } from '#fixtures/needs.ts';
import { barDesk, frontDesk, startPrinter, type TestPrinter } from '#fixtures/printer.ts';
import { decode } from './ipp-codec/decode.ts';
import { find, groupOf, integerOf, stringOf, stringsOf } from './ipp-codec/message.ts';
import { GROUP } from './ipp-codec/tags.ts';
import { attribute, enumeration, integer, keyword, uri } from './ipp-codec/value.ts';
import { STATUS } from './ipp-operations/status.ts';

const PDF = Buffer.from('%PDF-1.7\nsmall\n%%EOF\n');
let printer: TestPrinter;

beforeEach(async () => { printer = await startPrinter({ limits: { idleMs: 5_000 } }); });
afterEach(() => printer.close());

const web = (path: string): string => `http://localhost:${printer.port}${path}`;

async function askPrinter(...names: string[]): Promise<ReturnType<typeof groupOf>> {
  const attributes = names.length === 0 ? [] : [given.requested(...names)];
  const { status, message } = await ipp(printer.uri, OPERATION.getPrinterAttributes, { attributes });
  expect(status).toBe(STATUS['successful-ok']);
  return groupOf(message, GROUP.printer);
}

describe('over HTTP', () => {
  test('a browser sees which printer this is and how to add it, and nothing of its jobs', async () => {
    await ipp(printer.uri, OPERATION.printJob, { document: PDF, attributes: [given.jobName('Mrs Secret')] });
    const response = await fetch(web('/ipp/print/front'));
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('Front desk');
    expect(page).toContain(`ipp://localhost:${printer.port}/ipp/print/front`);
    expect(page).not.toContain('Secret');
  });

  test.each(['/', '/ipp/print', '/ipp/print/', '/ipp/print/nobody', '/ipp/print/front/x', '/ipp/print/%ff'])('there is no page at %s', async (path) => {
    expect((await fetch(web(path))).status).toBe(404);
  });

  test('a name is text on the page, never markup', async () => {
    const odd = await startPrinter({ printers: [{ ...frontDesk, name: '<script>"&' }] });
    const page = await (await fetch(odd.uri.replace('ipp', 'http'))).text();
    await odd.close();
    expect(page).not.toContain('<script>');
  });

  test.each([
    ['another method', { method: 'PUT', body: 'x' }, 405],
    ['another type', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }, 415],
    ['no type', { method: 'POST' }, 415],
    ['a web page of somebody else', { method: 'POST', body: 'x', headers: { 'content-type': 'application/ipp', origin: 'http://evil.example' } }, 403],
  ])('%s is refused', async (_, init, status) => {
    expect((await fetch(web('/ipp/print/front'), init)).status).toBe(status);
  });

  test('Expect: 100-continue is answered before the body, and a chunked body is read', async () => {
    const socket = connect(printer.port, 'localhost');
    const answer = text(socket);
    const continued = new Promise<string>((resolve) => { socket.once('data', (bytes) => resolve(String(bytes))); });
    socket.write('POST /ipp/print/front HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n');
    expect(await continued).toMatch(/^HTTP\/1\.1 100 /);
    const body = Buffer.concat([ippMessage(printer.uri, OPERATION.printJob), PDF]);
    for (const byte of body) socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
    socket.write('0\r\n\r\n');
    expect(await answer).toMatch(/HTTP\/1\.1 200 /);
    expect(printer.jobs[0]).toMatchObject({ end: 'closed', bytes: PDF });
  });

  test('addresses in the answers are those by which the client came', async () => {
    const answered = await new Promise<Buffer>((resolve, reject) => {
      const request = httpRequest({ port: printer.port, path: '/ipp/print/front', method: 'POST', headers: { host: 'desk.hotel.example:631', 'content-type': 'application/ipp' } }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces)));
      });
      request.on('error', reject).end(ippMessage('ipp://desk.hotel.example/ipp/print/front', OPERATION.getPrinterAttributes));
    });
    expect(stringOf(groupOf(decode(answered).message, GROUP.printer), 'printer-uri-supported', 'uri')).toBe('ipp://desk.hotel.example:631/ipp/print/front');
  });
});

describe('the printer says of itself', () => {
  test('what Windows and CUPS need to set it up', async () => {
    const all = await askPrinter();
    expect(stringOf(all, 'printer-uuid', 'uri')).toBe(`urn:uuid:${frontDesk.uuid}`);
    expect(stringOf(all, 'printer-name', 'name')).toBe('Front desk');
    expect(stringOf(all, 'printer-dns-sd-name', 'name')).toBe('Front desk');
    expect(stringOf(all, 'printer-location', 'text')).toBe('Lobby');
    expect(stringOf(all, 'printer-device-id', 'text')).toMatch(/^MFG:[^;]+;MDL:[^;]+;CMD:PDF;/);
    expect(stringsOf(all, 'document-format-supported', 'mimeMediaType')).toEqual(['application/pdf', 'application/octet-stream']);
    expect(stringOf(all, 'document-format-default', 'mimeMediaType')).toBe('application/pdf');
    expect(stringOf(all, 'document-format-preferred', 'mimeMediaType')).toBe('application/pdf');
    expect(stringsOf(all, 'ipp-versions-supported', 'keyword')).toEqual(['1.0', '1.1', '2.0']);
    expect(stringsOf(all, 'media-supported', 'keyword')).toEqual(['iso_a4_210x297mm', 'na_letter_8.5x11in', 'iso_a5_148x210mm']);
    expect(stringsOf(all, 'sides-supported', 'keyword')).toEqual(['one-sided']);
    expect(find(all, 'copies-supported')?.values).toEqual([{ type: 'rangeOfInteger', lower: 1, upper: 1 }]);
    for (const edge of ['bottom', 'left', 'right', 'top']) expect(find(all, `media-${edge}-margin-supported`)?.values).toEqual([integer(0)]);
    for (const source of stringsOf(all, 'media-source-supported', 'keyword')) expect(source).not.toMatch(/^\d/);
  });

  test('only what was asked; names it does not know are left out, not answered with no-value', async () => {
    const some = await askPrinter('printer-uuid', 'mopria_certified', 'printer-charge-info');
    expect(some.map(({ name }) => name)).toEqual(['printer-uuid']);
    expect((await askPrinter()).map(({ name }) => name)).not.toContain('media-col-database');
    expect((await askPrinter('media-col-database')).map(({ name }) => name)).toEqual(['media-col-database']);
    expect(await askPrinter('none')).toEqual([]);
  });

  test('each tablet for itself', async () => {
    const bar = printer.uri.replace('front', 'bar');
    const { message } = await ipp(bar, OPERATION.getPrinterAttributes, { attributes: [given.requested('printer-uuid')] });
    expect(stringOf(groupOf(message, GROUP.printer), 'printer-uuid', 'uri')).toBe(`urn:uuid:${barDesk.uuid}`);
  });

  test('its state, and since when', async () => {
    const info = { ...frontDesk };
    const desk = await startPrinter({ printers: [info] });
    const ask = async (): Promise<ReturnType<typeof groupOf>> => groupOf((await ipp(desk.uri, OPERATION.getPrinterAttributes)).message, GROUP.printer);
    const before = await ask();
    expect(stringsOf(before, 'printer-state-reasons', 'keyword')).toEqual(['none']);
    Object.assign(info, { state: 'stopped', accepting: false, reasons: ['offline-report'] });
    const after = await ask();
    await desk.close();
    expect(integerOf(after, 'printer-state')).toBe(5);
    expect(stringsOf(after, 'printer-state-reasons', 'keyword')).toEqual(['offline-report']);
    expect(find(after, 'printer-is-accepting-jobs')?.values).toEqual([{ type: 'boolean', value: false }]);
  });
});

describe('a request', () => {
  test.each([{ major: 1, minor: 0 }, { major: 1, minor: 1 }, { major: 2, minor: 0 }, { major: 2, minor: 2 }])('of IPP/$major.$minor is answered in it', async (version) => {
    const { status, message } = await ipp(printer.uri, OPERATION.getPrinterAttributes, { version, requestId: 77 });
    expect({ status, version: message.version, requestId: message.requestId }).toEqual({ status: 0, version, requestId: 77 });
  });

  test.each([[{ major: 0, minor: 9 }, { major: 1, minor: 1 }], [{ major: 3, minor: 0 }, { major: 2, minor: 0 }]])('of a version not spoken is told so in the nearest one', async (version, nearest) => {
    const { status, message } = await ipp(printer.uri, OPERATION.getPrinterAttributes, { version });
    expect({ status, version: message.version }).toEqual({ status: STATUS['server-error-version-not-supported'], version: nearest });
  });

  test('to a printer that is not there, or whose address and path differ, is not found', async () => {
    const nobody = printer.uri.replace('front', 'nobody');
    expect((await ipp(nobody, OPERATION.getPrinterAttributes)).status).toBe(STATUS['client-error-not-found']);
    const crossed = ippMessage(printer.uri, OPERATION.printJob);
    expect((await postIpp(printer.uri.replace('front', 'bar'), Buffer.concat([crossed, PDF]))).status).toBe(STATUS['client-error-not-found']);
    expect(printer.jobs).toEqual([]);
  });

  test('for an operation the printer does not have', async () => {
    expect((await ipp(printer.uri, 0x0012)).status).toBe(STATUS['server-error-operation-not-supported']);
  });

  test('that insists on what the printer cannot do is refused; one that only wishes for it is told', async () => {
    const job = [attribute('sides', keyword('two-sided-long-edge')), attribute('copies', integer(1)), attribute('print-quality', enumeration(4)), attribute('job-sheets', keyword('standard'))];
    const wished = await ipp(printer.uri, OPERATION.printJob, { job, document: PDF });
    expect(wished.status).toBe(STATUS['successful-ok-ignored-or-substituted-attributes']);
    expect(groupOf(wished.message, GROUP.unsupported)).toEqual([attribute('sides', keyword('two-sided-long-edge')), attribute('job-sheets', { type: 'unsupported' })]);
    const insisting = [attribute('ipp-attribute-fidelity', { type: 'boolean', value: true })];
    for (const operation of [OPERATION.printJob, OPERATION.validateJob, OPERATION.createJob]) {
      expect((await ipp(printer.uri, operation, { job, attributes: insisting })).status).toBe(STATUS['client-error-attributes-or-values-not-supported']);
    }
    expect(printer.jobs).toHaveLength(1);
  });

  test('with more attributes than the limit is refused, at the limit it is not', async () => {
    const small = await startPrinter({ limits: { maxAttributeBytes: 1_000 } });
    const padded = (bytes: number): Buffer => {
      const empty = ippMessage(small.uri, OPERATION.getPrinterAttributes, { attributes: [attribute('x', uri(''))] });
      return ippMessage(small.uri, OPERATION.getPrinterAttributes, { attributes: [attribute('x', uri('y'.repeat(bytes - empty.length)))] });
    };
    const answers = [await postIpp(small.uri, padded(1_000)), await postIpp(small.uri, padded(1_001))];
    await small.close();
    expect(answers.map(({ status }) => status)).toEqual([STATUS['successful-ok'], STATUS['client-error-request-entity-too-large']]);
  });
});

describe('a stranger', () => {
  const stillPrints = async (): Promise<void> => {
    expect((await ipp(printer.uri, OPERATION.getPrinterAttributes)).status).toBe(STATUS['successful-ok']);
  };

  test('may post any bytes and gets an IPP answer', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect((await postIpp(printer.uri, bytes)).status).toBeGreaterThan(0);
    }), { numRuns: 100 });
    await stillPrints();
  });

  test('may post the seeds others fuzz IPP with', async (context) => {
    const folder = sharedData(context, 'print', 'ipp-fuzz');
    for (const seed of readdirSync(folder)) await postIpp(printer.uri, readFileSync(join(folder, seed)));
    await stillPrints();
  });

  test('may send any operation with any attributes', async () => {
    const names = ['job-id', 'job-uri', 'requested-attributes', 'which-jobs', 'limit', 'my-jobs', 'compression', 'document-format', 'last-document', 'job-ids', 'job-name'];
    const values = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(integer), fc.string().map(keyword),
      fc.constantFrom('__proto__', 'constructor', 'all', 'none', 'gzip').map(keyword), fc.constant({ type: 'no-value' as const }),
    );
    const attributes = fc.array(fc.record({ name: fc.constantFrom(...names), values: fc.array(values, { minLength: 1, maxLength: 3 }) }), { maxLength: 4 });
    await fc.assert(fc.asyncProperty(fc.constantFrom(...Object.values(OPERATION)), attributes, fc.uint8Array({ maxLength: 50 }), async (operation, list, document) => {
      expect((await ipp(printer.uri, operation, { attributes: list, document })).message.requestId).toBe(1);
    }), { numRuns: 150 });
    await stillPrints();
  });

  test('who falls silent in the middle is hung up on', async () => {
    const hasty = await startPrinter({ limits: { idleMs: 50 } });
    const socket = connect(hasty.port, 'localhost');
    socket.write('POST /ipp/print/front HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\nContent-Length: 500\r\n\r\n');
    socket.write(Buffer.concat([ippMessage(hasty.uri, OPERATION.printJob), Buffer.alloc(20, '%PDF-1.7')]));
    expect(await text(socket).catch(() => 'broken off')).not.toContain('200 OK');
    await hasty.close();
  });
});
