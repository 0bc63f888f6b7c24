/**
 * One signature from the printer to the custodian, with a real browser on both sides of the counter and a pen that
 * goes through the browser's own input pipeline.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from '#cli/browser/find-browser.ts';
import { isDown, Mark, type Sample } from '#biometrics/sample.ts';
import { buildPage } from '#examiner/build-page.ts';
import { drawWithPen, hoverWithPen, wave, type PenPoint } from '#fixtures/browser.ts';
import { judge } from '#fixtures/needs.ts';
import { taggedCard } from '#fixtures/tagged-card.ts';
import { consentText } from '#kiosk/protocol/consent.ts';
import { readPacket } from '#packet/container.ts';
import { counter, finish, privacyScreen, surfaceOf, toSurface } from './counter.ts';
import { countersign, eventually, type TestHouse } from './house.ts';
import { custodyPath, openKept, storedEnvelopes, trustOf, type KeptPacket } from './packets.ts';
import { delivered, onlook, type Delivered } from './pointer-onlooker.ts';
import { card } from './signing.ts';

const open = counter({ settings: { limits: { thanks: 1_000 } } });

/** What the first test leaves for those after it. */
let signed: { house: TestHouse; document: Uint8Array; kept: KeptPacket; sent: PenPoint[]; seen: Delivered[] };

describe('one signature', () => {
  // every test looks at what the first one left, and that needs a browser
  beforeEach((context) => { if (findBrowser() === null) judge(context, 'chromium'); });

  test('is printed, seen and released at the desk, read and agreed to in another language, signed, and thanked for', async (context) => {
    const { house, guestPage, deskPage } = await open(context);
    const [desk, guest] = [await deskPage(), await guestPage({ before: onlook })];
    const document = await card('Elīna Bērziņa', 3);
    // its own: a second try would find the first one's at the desk
    const title = `Registration card ${randomInt(1_000, 10_000)}`;
    await house.print(document, title);

    const request = desk.locator('.request', { hasText: title });
    await request.locator('.thumbnail.shown').waitFor();
    expect(await request.innerText()).toContain('Waiting');
    // the companion's line is offered, and nobody has ticked it
    expect(await request.getByRole('checkbox').evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked))).toEqual([true, false]);
    await request.getByRole('button', { name: 'Send to tablet' }).click();
    await guest.getByRole('heading', { name: title }).waitFor({ state: 'attached' });
    await request.locator('[aria-current="step"]', { hasText: 'Reading' }).waitFor();

    const choose = async (language: string): Promise<void> => {
      await guest.locator('[popovertarget="languages"]').click();
      await guest.locator(`.language-menu [lang="${language}"]`).click();
    };
    await choose('lv');
    await guest.getByRole('button', { name: 'Parakstīt', exact: true }).waitFor();
    await choose('ar');
    await guest.getByRole('button', { name: 'توقيع', exact: true }).click();
    expect(await guest.evaluate(() => [window.document.documentElement.lang, getComputedStyle(window.document.body).direction])).toEqual(['ar', 'rtl']);
    await guest.getByRole('button', { name: 'أوافق' }).click();

    const box = await surfaceOf(guest);
    await request.locator('[aria-current="step"]', { hasText: 'Signing' }).waitFor();
    const sent = signatureOf(box);
    await hoverWithPen(guest, sent.before);
    for (const stroke of sent.strokes) await drawWithPen(guest, stroke);
    await hoverWithPen(guest, sent.after);
    // both while the guest still signs: after the thanks comes a renderer that knows nothing, at its own moment
    const seen = await delivered(guest);
    await guest.evaluate(() => { Object.assign(window, { sameRenderer: true }); });
    await guest.getByRole('button', { name: 'تم', exact: true }).click();
    await guest.getByRole('heading', { name: 'شكراً لك' }).waitFor();
    await privacyScreen(guest);
    expect(await guest.evaluate(() => [...Object.keys(window).filter((name) => name === 'sameRenderer'), window.document.documentElement.lang])).toEqual(['en']);

    await desk.getByRole('link', { name: 'Signed PDF' }).waitFor();
    await desk.getByText('in the store', { exact: true }).waitFor();
    await desk.getByText('All signed documents are in the store').waitFor();
    const id = await request.getAttribute('data-request') as string;
    await eventually('the packet in the store', () => storedEnvelopes(house.home, id).length === 1);
    const kept = await openKept(house.home, readFileSync(storedEnvelopes(house.home, id)[0] as string));
    signed = { house, document, kept, sent: [...sent.before, ...sent.strokes.flat(), ...sent.after], seen };
  });

  test('holds every sample that the pen sent, exactly as the browser delivered it', () => {
    const { kept: { record: { capture } }, sent, seen } = signed;
    const { samples } = capture;
    expect(samples).toHaveLength(sent.length);
    expect(samples.map(numbers)).toEqual(seen.map(numbers));
    expect(samples.map(numbers)).toEqual(sent.map(({ x, y, force, tiltX, tiltY, twist }, index) => [
      // what Chromium keeps of what it is told: 32-bit floats, and no pressure where nothing touches
      Math.fround(x), Math.fround(y), isDown(samples[index] as Sample) ? Math.fround(force) : 0, tiltX, tiltY, twist,
    ]));
    const since = (stamps: number[]): number[] => stamps.map((stamp) => stamp - (stamps[0] as number));
    const times = since(samples.map(({ hostTime }) => hostTime));
    since(seen.map(({ timeStamp }) => timeStamp)).forEach((at, index) => expect(Math.abs(at * 1e6 - (times[index] as number))).toBeLessThanOrEqual(1));
  });

  test('was written at 200 reports a second and more, with pressure and tilt, and the pen was seen before and after in the air', () => {
    const { samples } = signed.kept.record.capture;
    const strokes = strokesOf(samples);
    expect(strokes.map(({ length }) => length)).toEqual([401, 101]);
    for (const stroke of strokes) {
      const [first, last] = [stroke[0] as Sample, stroke.at(-1) as Sample];
      expect((stroke.length - 1) / ((last.hostTime - first.hostTime) / 1e9)).toBeGreaterThan(199.9);
      expect(new Set(stroke.map(({ pressure }) => pressure)).size).toBeGreaterThan(stroke.length / 3);
      expect(new Set(stroke.map(({ tiltX }) => tiltX)).size).toBeGreaterThan(5);
    }
    expect([isDown(samples[0] as Sample), isDown(samples.at(-1) as Sample)]).toEqual([false, false]);
    expect(samples.some(({ x }) => !Number.isInteger(x))).toBe(true);
  });

  test('says in its record where the samples came from, what that source cannot tell, and that nothing was lost', () => {
    const { capture, context } = signed.kept.record;
    expect(capture).toMatchObject({ complete: true, losses: { count: 0 }, source: { kind: 'pointer', instrument: 'pen' } });
    expect(capture.source.host).toContain('Chrome');
    expect(capture.source.limits).toEqual(expect.arrayContaining([
      expect.stringContaining('CSS pixels'), expect.stringContaining('32-bit ratio'), expect.stringContaining('tilt in whole degrees'),
    ]));
    expect(capture.source.channels.map(({ name }) => name)).toEqual(expect.arrayContaining(['x', 'y', 'pressure', 'tiltX', 'tiltY', 'twist', 'hostTime']));
    expect(capture.samples.filter(({ marks }) => (marks & Mark.rawUpdate) !== 0).length).toBeGreaterThan(500);
    expect(context).toMatchObject({ demo: true, attempts: 1, clears: 0, field: { page: 2 } });
  });

  test('binds the document that was printed and the notice in the language it was read in', () => {
    const { document, kept: { record: { context }, signedPdf, packet, verified } } = signed;
    const displayed = signedPdf.subarray(0, context.document.length);
    expect(createHash('sha256').update(displayed).digest('hex')).toBe(context.document.sha256);
    // what was printed needed no repair at intake, so it is D to the byte
    expect(Buffer.from(displayed).equals(document)).toBe(true);
    const { consent } = readPacket(packet);
    expect(consent.language).toBe('ar');
    expect(consent.text).toBe(consentText('ar', { hotel: 'Grand Hotel Norrvik', custodian: 'DEMO examiner', tabletPlace: null }));
    expect(context.consent).toMatchObject({ language: 'ar', sha256: createHash('sha256').update(consent.text).digest('hex') });
    expect(verified).toMatchObject({ indication: 'TOTAL-PASSED', trusted: true, audit: { intact: true } });
  });

  test('is checked by the command line with the custodian’s key: bound, checked', async () => {
    const { house, kept } = signed;
    const path = join(house.folder, 'packet.asice');
    writeFileSync(path, kept.packet);
    const { code, out } = await countersign(['verify', path, '--trust', trustOf(house.home), '--key', custodyPath(house.home, 'examinerKey'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ valid: true, sealedRecords: [{ bound: 'checked', documentSha256: kept.record.context.document.sha256 }] });
  });

  test('is valid to pdfsig, over the whole file', (context) => {
    const path = join(signed.house.folder, 'signed.pdf');
    writeFileSync(path, signed.kept.signedPdf);
    const said = execFileSync(judge(context, 'pdfsig'), [path], { encoding: 'utf8' });
    expect(said).toContain('Signature is Valid');
    expect(said).toContain('Total document signed');
  });

  test('is replayed by the examiner’s page from disk', async (context) => {
    const { browser } = await open(context);
    const { house, kept } = signed;
    const path = join(house.folder, 'to-replay.asice');
    writeFileSync(path, kept.packet);
    const page = await browser.newPage();
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(await buildPage()).href);
    await page.setInputFiles('#evidence', path);
    await page.setInputFiles('#key', custodyPath(house.home, 'examinerKey'));
    await page.click('#open');
    await page.waitForSelector('#replay:not([hidden])');
    expect(await page.textContent('#facts')).toContain(`${signed.sent.length} samples`);
    await page.close();
  });
});

describe('a form for two', () => {
  test('guest and companion sign one after the other, the guest ticks a box, the day is filled in: pdfsig finds both signatures valid', async (context) => {
    const { house, guestPage, deskPage } = await open(context);
    const [desk, guest] = [await deskPage(), await guestPage()];
    await house.print(await taggedCard(['initials', 'rules', 'staff']), 'A form for two');
    const request = desk.locator('.request', { hasText: 'A form for two' }).first();
    await request.getByRole('button', { name: 'Send to tablet' }).click();
    await guest.getByRole('checkbox', { name: 'I would like to receive letters' }).click();
    await drawWithPen(guest, wave(await toSurface(guest), 100));
    await guest.getByRole('button', { name: 'Done' }).click();
    await guest.getByText('hand the tablet to your companion').waitFor();
    await guest.getByRole('heading', { name: 'Now the companion signs' }).waitFor();
    await desk.locator('.chain').getByText('1 of 2 signed').first().waitFor();
    await guest.getByRole('button', { name: 'Continue' }).click();
    expect(await guest.getByRole('checkbox').count()).toBe(0);
    await drawWithPen(guest, wave(await toSurface(guest), 100));
    await finish(guest);

    const id = await request.getAttribute('data-request') as string;
    await eventually('the second packet in the store', () => storedEnvelopes(house.home, id).length === 1);
    const { signedPdf, record: { context: { acceptance, field } }, verified } = await openKept(house.home, readFileSync(storedEnvelopes(house.home, id)[0] as string));
    expect({ acceptance, name: field.name, verified }).toMatchObject({ acceptance: { refusals: [] }, name: 'companion', verified: { indication: 'TOTAL-PASSED', audit: { intact: true } } });
    const path = join(house.folder, 'two.pdf');
    writeFileSync(path, signedPdf);
    const said = execFileSync(judge(context, 'pdfsig'), ['-nocert', path], { encoding: 'utf8' });
    expect(said.match(/Signature is Valid/g)).toHaveLength(2);
    expect(said.match(/Total document signed/g)).toHaveLength(1);
    expect(execFileSync(judge(context, 'pdftotext'), [path, '-'], { encoding: 'utf8' })).toMatch(/^\d{4}-\d\d-\d\d$/m);
    // ISO 32000-2, 12.7.5.2.3: the state of a box that is ticked
    expect(Buffer.from(signedPdf).toString('latin1')).toMatch(/\/AS \/(?!Off)/);
  });
});

/** Two strokes at 200 and 250 reports a second, the pen coming, moving over and leaving in the air. Times go on from part to part. */
function signatureOf(box: { x: number; y: number; width: number; height: number }): { before: PenPoint[]; strokes: PenPoint[][]; after: PenPoint[] } {
  const long = wave(box, 402);
  const short = wave({ ...box, y: box.y + box.height * 0.2, height: box.height * 0.5 }, 102).map((point, index) => ({ ...point, x: point.x + 0.25, at: 2_400 + index * 4 }));
  const inAir = (from: PenPoint, at: number): PenPoint[] => Array.from({ length: 20 }, (_, index) => ({ ...from, x: from.x - 30 + index * 1.5, force: 0, at: at + index * 5 }));
  return {
    before: inAir(long[0] as PenPoint, 0),
    strokes: [long.map((point) => ({ ...point, at: point.at + 200 })), short],
    after: inAir(short.at(-1) as PenPoint, 3_000),
  };
}

/** What a pen report and a delivered event have in common, without their clocks. */
function numbers({ x, y, pressure, tiltX, tiltY, twist }: Pick<Sample, 'x' | 'y' | 'pressure' | 'tiltX' | 'tiltY' | 'twist'>): (number | null)[] {
  return [x, y, pressure, tiltX, tiltY, twist];
}

function strokesOf(samples: readonly Sample[]): Sample[][] {
  const strokes: Sample[][] = [];
  samples.forEach((sample, index) => {
    if (!isDown(sample)) return;
    if (index === 0 || !isDown(samples[index - 1] as Sample)) strokes.push([]);
    strokes.at(-1)?.push(sample);
  });
  return strokes;
}
