/** The way of a document into the store: whole, told by its bytes, bounded, held back, cancelled, broken off. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { given, ipp, ippMessage, OPERATION, type IppAnswer } from '#fixtures/ipp-request.ts';
import { sharedData } from '#fixtures/needs.ts';
import { startPrinter, type TestPrinter, type TestPrinterOptions } from '#fixtures/printer.ts';
import { PrintError } from './errors.ts';
import { integerOf, stringOf, stringsOf } from './ipp-codec/message.ts';
import { attribute, integer } from './ipp-codec/value.ts';
import { STATUS } from './ipp-operations/status.ts';
import type { JobResult, JobStore } from './job-store.ts';
import { JOB_STATES } from './jobs.ts';

const started: { close(): Promise<void> }[] = [];
afterEach(async () => { for (const each of started.splice(0)) await each.close(); });

async function start(options?: TestPrinterOptions): Promise<TestPrinter> {
  const printer = await startPrinter(options);
  started.push(printer);
  return printer;
}

const pdf = (length = 3_000): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(length - 9)]);

const print = (printer: TestPrinter, document: Uint8Array, ...attributes: Parameters<typeof ipp>[2] extends { attributes?: infer A } | undefined ? NonNullable<A> : never): Promise<IppAnswer> =>
  ipp(printer.uri, OPERATION.printJob, { document, attributes });

const jobId = (answer: IppAnswer): number => integerOf(answer.job, 'job-id') ?? 0;

async function stateOf(printer: TestPrinter, id: number, user?: string): Promise<{ state: number | null; reasons: string[]; message: string | null; name: string | null }> {
  const { job } = await ipp(printer.uri, OPERATION.getJobAttributes, { attributes: [given.jobId(id)], user });
  return {
    state: integerOf(job, 'job-state'), reasons: stringsOf(job, 'job-state-reasons', 'keyword'),
    message: stringOf(job, 'job-state-message', 'text'), name: stringOf(job, 'job-name', 'name'),
  };
}

/** A promise that the test resolves. */
function latch<T>(): { wait: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => { /* replaced at once */ };
  const wait = new Promise<T>((resolve) => { open = resolve; });
  return { wait, open };
}

/** A client that sends a part of a document and keeps the line open. */
function halfPrinted(printer: TestPrinter, document: Uint8Array): Socket {
  const body = Buffer.concat([ippMessage(printer.uri, OPERATION.printJob), document]);
  const socket = connect(printer.port, 'localhost');
  socket.on('error', () => { /* the printer may hang up */ });
  socket.write(`POST /ipp/print/front HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\nContent-Length: ${body.length + 1_000_000}\r\n\r\n`);
  socket.write(body);
  return socket;
}

describe('a PDF', () => {
  test('arrives byte for byte, with what the client says of it', async () => {
    const printer = await start();
    const document = pdf(300_000);
    const answer = await ipp(printer.uri, OPERATION.printJob, {
      document, user: 'anna', attributes: [given.jobName('Card\u0007 of\u202e Guest'), given.format('application/octet-stream')],
    });
    expect(answer.status).toBe(STATUS['successful-ok']);
    expect(printer.jobs[0]?.bytes.equals(document)).toBe(true);
    expect(printer.jobs[0]).toMatchObject({
      end: 'closed',
      info: { printer: 'front', name: 'Card of Guest', user: 'anna', format: 'application/pdf', claimedFormat: 'application/octet-stream', copies: 1 },
    });
    expect(printer.jobs[0]?.info.client).toMatch(/127\.0\.0\.1|::1/);
    expect(await stateOf(printer, jobId(answer), 'anna')).toEqual({ state: JOB_STATES.completed, reasons: ['job-completed-successfully'], message: null, name: 'Card of Guest' });
  });

  test('is not named to other users', async () => {
    const printer = await start();
    const answer = await ipp(printer.uri, OPERATION.printJob, { document: pdf(), user: 'anna', attributes: [given.jobName('Mr Guest')] });
    expect((await stateOf(printer, jobId(answer), 'bert')).name).not.toContain('Guest');
  });

  test.each([
    ['gzip', gzipSync], ['deflate', deflateRawSync], ['deflate', deflateSync],
  ] as const)('packed with %s (%o) arrives unpacked', async (kind, pack) => {
    const printer = await start();
    const document = pdf();
    await print(printer, pack(document), given.compression(kind));
    expect(printer.jobs[0]?.bytes.equals(document)).toBe(true);
  });

  test('fifty at once on two printers keep their bytes apart', async () => {
    const printer = await start();
    const documents = Array.from({ length: 50 }, (_, index) => Buffer.concat([pdf(20_000 + index * 997), Buffer.from(`document ${index}`)]));
    const answers = await Promise.all(documents.map((document, index) => ipp(printer.uri.replace('front', index % 2 === 0 ? 'front' : 'bar'), OPERATION.printJob, { document, attributes: [given.jobName(String(index))] })));
    expect(new Set(answers.map(jobId)).size).toBe(50);
    expect(printer.jobs).toHaveLength(50);
    for (const { info, bytes, end } of printer.jobs) {
      expect(end).toBe('closed');
      expect(bytes.equals(documents[Number(info.name)] as Buffer)).toBe(true);
      expect(info.printer).toBe(Number(info.name) % 2 === 0 ? 'front' : 'bar');
    }
  });

  test('at the limit is taken; one byte more is refused with the number, and its sink aborted', async () => {
    const printer = await start({ limits: { maxBytes: 100_000 } });
    expect((await print(printer, pdf(100_000))).status).toBe(STATUS['successful-ok']);
    const refused = await print(printer, pdf(100_001));
    expect(refused.status).toBe(STATUS['client-error-request-entity-too-large']);
    expect(printer.jobs.map(({ end, reason }) => [end, reason])).toEqual([['closed', null], ['aborted', 'DOCUMENT_TOO_LARGE']]);
    const state = await stateOf(printer, 2);
    expect(state).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system', 'document-too-large'] });
    expect(state.message).toContain('100000');
  });

  test('that unpacks to more than the limit stops there: a bomb', async () => {
    const printer = await start({ limits: { maxBytes: 1_000_000 } });
    const bomb = gzipSync(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(50_000_000)]));
    expect(bomb.length).toBeLessThan(100_000);
    expect((await print(printer, bomb, given.compression('gzip'))).status).toBe(STATUS['client-error-request-entity-too-large']);
    expect(printer.jobs[0]?.end).toBe('aborted');
  });

  test.each([['no gzip at all', pdf()], ['cut short', gzipSync(pdf(50_000)).subarray(0, 30_000)]])('marked as gzip but %s', async (_, document) => {
    const printer = await start();
    expect((await print(printer, document, given.compression('gzip'))).status).toBe(STATUS['client-error-compression-error']);
    expect(await stateOf(printer, 1)).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system', 'compression-error'] });
    expect(printer.jobs.every(({ end }) => end === 'aborted')).toBe(true);
  });

  test('is read from the network only as fast as the store takes it', async () => {
    const first = latch<void>();
    const printer = await start({
      store: (keeping) => ({
        ...keeping,
        async open(job) {
          const sink = await keeping.open(job);
          return { ...sink, write: async (chunk) => { await first.wait; await sink.write(chunk); } };
        },
      }),
    });
    let connection: Socket | undefined;
    printer.server.on('connection', (socket: Socket) => { connection = socket; });
    const document = pdf(60_000_000);
    const answer = print(printer, document);
    let before = -1;
    await vi.waitUntil(() => {
      const now = connection?.bytesRead ?? 0;
      const still = now > 0 && now === before;
      before = now;
      return still;
    }, { interval: 100, timeout: 20_000 });
    expect(before).toBeLessThan(document.length / 10);
    first.open();
    expect((await answer).status).toBe(STATUS['successful-ok']);
    expect(printer.jobs[0]?.bytes.equals(document)).toBe(true);
  });
});

describe('what is no PDF', () => {
  test.for([
    ['cups/onepage-a4.ps', 'PostScript', 'application/postscript'],
    ['raster/made-here-onepage-a4-600-sgray8.pwg', 'PWG raster', 'image/pwg-raster'],
    ['raster/CUPS_RASTER_WRITE_COMPRESSED.raster', 'CUPS raster', 'application/vnd.cups-raster'],
    ['raster/CUPS_RASTER_WRITE_APPLE.raster', 'Apple raster', 'image/urf'],
    ['cups/color.jpg', 'JPEG', 'image/jpeg'],
    ['cups/testfile.pcl', 'PCL', 'application/vnd.hp-pcl'],
    ['cups/testfile.txt', 'plain text', 'text/plain'],
  ] as const)('%s is accepted, then aborted; the receptionist reads what arrived, the desk is told', async ([file, words, type], context) => {
    const document = readFileSync(sharedData(context, 'print', file));
    const printer = await start();
    const answer = await print(printer, document, given.jobName('Invoice'));
    expect(answer.status).toBe(STATUS['successful-ok']);
    const state = await stateOf(printer, jobId(answer));
    expect(state).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system', 'document-format-error'] });
    expect(state.message).toContain(words);
    expect(printer.jobs).toEqual([]);
    expect(printer.refused).toEqual([{ info: expect.objectContaining({ name: 'Invoice', format: type }), message: state.message }]);
  });

  test.each([
    ['\x1b%-12345X@PJL JOB\n@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS', 'PostScript'],
    ['PK\x03\x04xps', 'XPS'],
    ['UNIRAST\0\0', 'Apple raster'],
    ['\x89PNG\r\n\x1a\n', 'PNG'],
    ['<!DOCTYPE html>', 'web page'],
    ['\0\x01\x02', 'unknown'],
    ['', 'empty'],
  ])('%j is told as %s', async (document, words) => {
    const printer = await start();
    const answer = await print(printer, Buffer.from(document, 'latin1'));
    expect((await stateOf(printer, jobId(answer))).message).toContain(words);
  });

  test('and says so is refused before it is sent, by every operation that names a format', async () => {
    const printer = await start();
    for (const operation of [OPERATION.validateJob, OPERATION.createJob, OPERATION.printJob]) {
      expect((await ipp(printer.uri, operation, { attributes: [given.format('image/urf')] })).status).toBe(STATUS['client-error-document-format-not-supported']);
    }
    expect((await print(printer, pdf(), given.compression('compress'))).status).toBe(STATUS['client-error-compression-not-supported']);
  });
});

describe('the store', () => {
  const unwilling = (error: unknown) => (keeping: JobStore): JobStore => ({ ...keeping, open: () => Promise.reject(error as Error) });

  test.each([
    ['BUSY', 'server-error-busy'], ['NOT_ACCEPTING', 'server-error-not-accepting-jobs'],
  ] as const)('that says %s is passed on, and the job never was', async (code, status) => {
    const printer = await start({ store: unwilling(new PrintError(code, 'room 412 is signing')) });
    expect((await print(printer, pdf())).status).toBe(STATUS[status]);
    expect((await ipp(printer.uri, OPERATION.getJobs, { attributes: [attribute('limit', integer(9))] })).job).toEqual([]);
  });

  test('that becomes busy in the middle gets its sink aborted, and no job is left behind', async () => {
    const printer = await start({
      store: (keeping) => ({
        ...keeping,
        open: async (job) => ({ ...await keeping.open(job), write: () => Promise.reject(new PrintError('BUSY', 'no room')) }),
      }),
    });
    expect((await print(printer, pdf())).status).toBe(STATUS['server-error-busy']);
    expect(printer.jobs[0]).toMatchObject({ end: 'aborted', reason: 'BUSY' });
    expect((await ipp(printer.uri, OPERATION.getJobs)).job).toEqual([]);
  });

  test('that is busy may be asked again with the same job', async () => {
    let busy = true;
    const printer = await start({ store: (keeping) => ({ ...keeping, open: (job) => (busy ? Promise.reject(new PrintError('BUSY', 'wait')) : keeping.open(job)) }) });
    const id = jobId(await ipp(printer.uri, OPERATION.createJob));
    const send = (): Promise<IppAnswer> => ipp(printer.uri, OPERATION.sendDocument, { attributes: [given.jobId(id), given.last(true)], document: pdf() });
    expect((await send()).status).toBe(STATUS['server-error-busy']);
    busy = false;
    expect((await send()).status).toBe(STATUS['successful-ok']);
    expect(printer.jobs[0]?.end).toBe('closed');
  });

  test('that fails ends the job as the printer’s fault, without saying how', async () => {
    const printer = await start({ store: unwilling(new Error('/var/secret is full')) });
    expect((await print(printer, pdf())).status).toBe(STATUS['server-error-internal-error']);
    const state = await stateOf(printer, 1);
    expect(state).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system'] });
    expect(state.message).not.toContain('secret');
  });

  test.each<JobResult>([
    { state: 'aborted', reason: 'document-password-error', message: 'This PDF needs a password.' },
    { state: 'aborted', reason: 'document-format-error', message: 'This PDF is broken.' },
  ])('decides what becomes of the job: $reason', async (result) => {
    const printer = await start({ result: async () => result });
    const answer = await print(printer, pdf());
    expect(answer.status).toBe(STATUS['successful-ok']);
    expect(await stateOf(printer, jobId(answer))).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system', 'reason' in result ? result.reason : ''], message: 'message' in result ? result.message : '' });
  });

  test('that takes long leaves the job processing, then completed', async () => {
    const durable = latch<JobResult>();
    const printer = await start({ limits: { answerMs: 10 }, result: () => durable.wait });
    const id = jobId(await print(printer, pdf()));
    expect((await stateOf(printer, id)).state).toBe(JOB_STATES.processing);
    durable.open({ state: 'completed' });
    await vi.waitFor(async () => expect((await stateOf(printer, id)).state).toBe(JOB_STATES.completed));
  });
});

describe('a job ends early', () => {
  test('when the client goes away in the middle: the sink is aborted', async () => {
    const printer = await start();
    const socket = halfPrinted(printer, pdf(10_000));
    await vi.waitFor(() => expect(printer.jobs).toHaveLength(1));
    socket.destroy();
    await vi.waitFor(() => expect(printer.jobs[0]).toMatchObject({ end: 'aborted', reason: 'DISCONNECTED' }));
    expect(await stateOf(printer, 1)).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system'] });
  });

  test('when the client falls silent', async () => {
    const printer = await start({ limits: { idleMs: 50 } });
    halfPrinted(printer, pdf(10_000));
    await vi.waitFor(() => expect(printer.jobs[0]).toMatchObject({ end: 'aborted', reason: 'IDLE' }));
  });

  test('when the printer is closed: the sink is aborted before close resolves', async () => {
    const printer = await startPrinter();
    halfPrinted(printer, pdf(10_000));
    await vi.waitFor(() => expect(printer.jobs).toHaveLength(1));
    await printer.close();
    expect(printer.jobs[0]?.end).toBe('aborted');
  });

  test('when it is cancelled while it arrives, by its own user only', async () => {
    const printer = await start();
    const socket = halfPrinted(printer, pdf(10_000));
    await vi.waitFor(() => expect(printer.jobs).toHaveLength(1));
    const cancel = (user: string): Promise<IppAnswer> => ipp(printer.uri, OPERATION.cancelJob, { attributes: [given.jobId(1)], user });
    expect((await cancel('somebody else')).status).toBe(STATUS['client-error-not-authorized']);
    expect((await cancel('reception')).status).toBe(STATUS['successful-ok']);
    socket.write(randomBytes(1_000));
    await vi.waitFor(() => expect(printer.jobs[0]).toMatchObject({ end: 'aborted', reason: 'CANCELED' }));
    expect(await stateOf(printer, 1)).toMatchObject({ state: JOB_STATES.canceled, reasons: ['job-canceled-by-user'] });
    socket.destroy();
  });

  test('when it is cancelled while the store works on it: the store is told, and its late answer changes nothing', async () => {
    const durable = latch<JobResult>();
    const printer = await start({ limits: { answerMs: 10 }, result: () => durable.wait });
    const id = jobId(await print(printer, pdf()));
    expect((await ipp(printer.uri, OPERATION.cancelMyJobs)).status).toBe(STATUS['successful-ok']);
    durable.open({ state: 'completed' });
    expect(printer.jobs[0]?.end).toBe('cancelled');
    expect((await stateOf(printer, id)).state).toBe(JOB_STATES.canceled);
  });

  test('when no document follows Create-Job', async () => {
    const printer = await start({ limits: { idleMs: 50 } });
    const id = jobId(await ipp(printer.uri, OPERATION.createJob));
    await vi.waitFor(async () => expect(await stateOf(printer, id)).toMatchObject({ state: JOB_STATES.aborted }));
    const late = await ipp(printer.uri, OPERATION.sendDocument, { attributes: [given.jobId(id), given.last(true)], document: pdf() });
    expect(late.status).toBe(STATUS['client-error-not-possible']);
    expect(printer.jobs).toEqual([]);
  });

  test('when it is closed without a document', async () => {
    const printer = await start();
    const id = jobId(await ipp(printer.uri, OPERATION.createJob));
    await ipp(printer.uri, OPERATION.closeJob, { attributes: [given.jobId(id)] });
    expect(await stateOf(printer, id)).toMatchObject({ state: JOB_STATES.aborted, reasons: ['aborted-by-system', 'document-format-error'] });
  });
});

describe('the queue', () => {
  test('takes one document a job', async () => {
    const printer = await start();
    const id = jobId(await ipp(printer.uri, OPERATION.createJob));
    const send = (last: boolean, document?: Buffer): Promise<IppAnswer> => ipp(printer.uri, OPERATION.sendDocument, { attributes: [given.jobId(id), given.last(last)], document });
    expect((await send(false, pdf())).status).toBe(STATUS['successful-ok']);
    expect((await send(true, pdf())).status).toBe(STATUS['server-error-multiple-document-jobs-not-supported']);
    expect((await send(true)).status).toBe(STATUS['successful-ok']);
    expect((await ipp(printer.uri, OPERATION.closeJob, { attributes: [given.jobId(id)] })).status).toBe(STATUS['successful-ok']);
    expect(printer.jobs).toHaveLength(1);
  });

  test('is busy when too many jobs are unfinished, and free again afterwards', async () => {
    const printer = await start({ limits: { maxJobs: 2 } });
    const create = (): Promise<IppAnswer> => ipp(printer.uri, OPERATION.createJob);
    const ids = [jobId(await create()), jobId(await create())];
    expect((await create()).status).toBe(STATUS['server-error-busy']);
    expect((await print(printer, pdf())).status).toBe(STATUS['server-error-busy']);
    for (const id of ids) await ipp(printer.uri, OPERATION.cancelJob, { attributes: [given.jobId(id)] });
    expect((await print(printer, pdf())).status).toBe(STATUS['successful-ok']);
  });

  test('forgets finished jobs, which may hold guests’ names', async () => {
    const printer = await start({ limits: { historyMs: 0 } });
    const id = jobId(await print(printer, pdf(), given.jobName('Mr Guest')));
    await vi.waitFor(async () => {
      const { status } = await ipp(printer.uri, OPERATION.getJobAttributes, { attributes: [given.jobId(id)] });
      expect(status).toBe(STATUS['client-error-not-found']);
    });
  });

  test('of one tablet does not show the jobs of another', async () => {
    const printer = await start();
    const id = jobId(await print(printer, pdf()));
    const other = printer.uri.replace('front', 'bar');
    expect((await ipp(other, OPERATION.getJobAttributes, { attributes: [given.jobId(id)] })).status).toBe(STATUS['client-error-not-found']);
    expect((await ipp(other, OPERATION.cancelJob, { attributes: [given.jobId(id)] })).status).toBe(STATUS['client-error-not-found']);
  });

  test('that is closed for now refuses new jobs', async () => {
    const printer = await start({ printers: [{ id: 'front', name: 'Front', uuid: '1', location: '', accepting: false, state: 'stopped', reasons: ['paused'] }] });
    for (const operation of [OPERATION.validateJob, OPERATION.createJob, OPERATION.printJob]) {
      expect((await ipp(printer.uri, operation)).status).toBe(STATUS['server-error-not-accepting-jobs']);
    }
  });
});
