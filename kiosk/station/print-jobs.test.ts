/** Print jobs that are not what they should be, and jobs at and above the limits. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from '#packet/pdf-lib.ts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Desk } from '#cli/demo/desk.ts';
import { judge } from '#fixtures/needs.ts';
import type { StationToDesk } from '#kiosk/protocol/messages.ts';
import { sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { jobIntake } from './job-intake.ts';
import { closeStation, openStation } from './open-station.ts';
import { startTestStation, type TestSettings, type TestStation } from './station-for-tests.ts';

type DeskState = Extract<StationToDesk, { type: 'state' }>;

const card = await sampleCard({ pages: 1, size: 'Letter', guest: sampleGuests.arabic });
const threePages = await sampleCard({ pages: 3, size: 'A4', guest: sampleGuests.chinese });

let jobs = 0;

/** In the pieces a network would bring. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 4_096) yield bytes.subarray(at, at + 4_096);
}

/** What the print client and the desk are told of a job that is not taken. */
async function refusal(here: TestStation, bytes: Uint8Array): Promise<{ client: string; desk: string }> {
  const name = `Bad job ${jobs++}`;
  const desk = await Desk.open(here.station.tokens().desk);
  try {
    const client = await printFile(here.station.printer, pieces(bytes), { name, user: 'reception' }).then(
      ({ state, message }) => `${state}: ${message}`, (error: Error) => error.message,
    );
    const notice = (message: StationToDesk) => (message.type === 'state' ? message.notices.find(({ code, message }) => code === 'JOB_REFUSED' && message.includes(name)) : undefined);
    const told = notice(await desk.session.until('a notice', (message): message is DeskState => notice(message) !== undefined));
    return { client, desk: told?.message ?? '' };
  } finally {
    desk.close();
  }
}

async function accepted(here: TestStation, bytes: Uint8Array): Promise<number> {
  const desk = await Desk.open(here.station.tokens().desk);
  try {
    await printFile(here.station.printer, bytes, { name: 'Good job', user: 'reception' });
    return (await desk.request(['assigned'])).pages;
  } finally {
    desk.close();
  }
}

async function stationWith(settings: TestSettings): Promise<TestStation> {
  const here = await startTestStation(settings);
  onTestFinished(() => here.end());
  return here;
}

describe('a job that is not taken is told to both sides, and leaves nothing', () => {
  let here: TestStation;
  beforeAll(async () => { here = await startTestStation(); });
  afterAll(() => here.end());

  async function noPages(): Promise<Uint8Array> {
    const pdf = await PDFDocument.create();
    return pdf.save({ addDefaultPage: false });
  }

  test.each([
    ['text', async () => Buffer.from('Dear guest,\nwelcome.\n'), /PDF/],
    ['a picture', async () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /PDF/],
    ['a PDF that is only a beginning', async () => Buffer.from('%PDF-1.7\nhello'), /./],
    ['a PDF cut in the middle', async () => card.subarray(0, card.length / 2), /./],
    ['a PDF without pages', noPages, /page/],
  ] as const)('%s', async (_, make, words) => {
    const told = await refusal(here, await make());
    expect(told.client).toMatch(words);
    expect(told.desk).toMatch(words);
    expect(readdirSync(join(here.home, 'documents'))).toEqual([]);
  });

  test('a PDF that needs a password', async (context) => {
    const qpdf = judge(context, 'qpdf');
    const folder = mkdtempSync(join(tmpdir(), 'countersign-encrypted-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'in.pdf'), card);
    execFileSync(qpdf, ['--encrypt', 'secret', 'secret', '256', '--', join(folder, 'in.pdf'), join(folder, 'out.pdf')]);
    expect((await refusal(here, readFileSync(join(folder, 'out.pdf')))).desk).toMatch(/encrypted|password/i);
  });

  test('and the next good one clears the notice', async () => {
    expect(await accepted(here, card)).toBe(1);
    const desk = await Desk.open(here.station.tokens().desk);
    const state = await desk.session.until('a state', ({ type }) => type === 'state') as DeskState;
    desk.close();
    expect(state.notices).toEqual([]);
  });
});

describe('limits', () => {
  test('a job of exactly the most bytes is taken, one byte more is refused with the number', async () => {
    const here = await stationWith({ limits: { documentBytes: card.length } });
    expect(await accepted(here, card)).toBe(1);
    // a comment after the end of a PDF is nothing to a reader
    const { client, desk } = await refusal(here, Buffer.concat([card, Buffer.from('%')]));
    expect(client).toContain(String(card.length));
    expect(desk).toContain(`${Math.round(card.length / 1024)} KB`);
  });

  test('a job of exactly the most pages is taken, one page more is refused with the number', async () => {
    const here = await stationWith({ limits: { pages: 2 } });
    const pdf = await PDFDocument.load(threePages);
    pdf.removePage(1);
    expect(await accepted(here, await pdf.save())).toBe(2);
    expect((await refusal(here, threePages)).desk).toMatch(/\b2\b/);
  });

  test('with as many waiting as may wait, the printer is busy and says so', async () => {
    const here = await stationWith({ limits: { waitingRequests: 1 } });
    expect(await accepted(here, card)).toBe(1);
    await expect(printFile(here.station.printer, card, { name: 'x', user: 'y' })).rejects.toMatchObject({ name: 'PrintError' });
  });

  test('more than may arrive at one time is put off, not lost in memory', async () => {
    const here = await stationWith({ limits: { arrivingBytes: 4_096 } });
    await expect(printFile(here.station.printer, card, { name: 'x', user: 'y' })).rejects.toMatchObject({ name: 'PrintError' });
    expect(readdirSync(join(here.home, 'documents'))).toEqual([]);
  });
});

test('cancelled by the print client while it is being taken in, it never reaches the desk', async () => {
  const home = mkdtempSync(join(tmpdir(), 'cancelled-job-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const station = await openStation(join(home, 'home'), () => {});
  try {
    const store = jobIntake(station);
    const job = { id: 1, printer: 'front', name: 'Card', user: 'reception', format: 'application/pdf', claimedFormat: 'application/pdf', client: '127.0.0.1', copies: 1 };
    const sink = await store.open(job);
    await sink.write(await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin }));
    const closing = sink.close();
    await store.cancel(job.id);
    expect(await closing).toMatchObject({ state: 'aborted' });
    expect(station.requests.waiting()).toBe(0);
    expect(readdirSync(join(home, 'home', 'documents'))).toEqual([]);

    // nor does one for which there is no memory keep the room of others
    const large = await store.open({ ...job, id: 2 });
    const length = station.settings.limits.documentBytes;
    await large.write({ length, slice: () => ({ length, fill() {}, get 0() { throw new RangeError('no memory'); } }) } as unknown as Uint8Array);
    expect(await large.close()).toMatchObject({ state: 'aborted', reason: 'server-error' });
    const [one, other] = await Promise.all([store.open({ ...job, id: 3 }), store.open({ ...job, id: 4 })]);
    for (const sink of [one, other]) await sink.write({ length: station.settings.limits.arrivingBytes / 2, slice: () => Buffer.alloc(0) } as unknown as Uint8Array);
  } finally {
    await closeStation(station);
  }
});
