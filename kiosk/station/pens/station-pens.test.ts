/** Pens that the station reads, through real WebSockets and HTTP, with a stand-in for the devices. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isDown } from '#biometrics/sample.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { PenError } from '#driver/errors.ts';
import { attachedPen, FakePad, LIFTED, RANGE, type FakeSource } from '#fixtures/attached-pens.ts';
import { begin, card, closed, deskState, done, expectDestroyed, HELLO, type Here, ink, lost, opened, opensTo, start, stroke, toSigning, TWO_TABLETS, watched } from '#fixtures/pens-at-station.ts';
import type { StationToGuest } from '#kiosk/protocol/messages.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { startTestStation } from '../station-for-tests.ts';

// each test prints the same card
vi.mock('#packet/child/index.ts', async (load) => (await import('#fixtures/remembered-children.ts')).remembering(await load()));

describe('a signature with a pen that the station reads', () => {
  test('shows its ink, and is kept sample by sample with reports and calibration', async () => {
    const here = await start();
    const signing = await toSigning(here);
    await here.guest.session.until('who reads', (message) => message.type === 'state' && message.pen.reads === 'station');
    begin(here, signing, 1);
    const source = await opened(here);
    const { samples: given, held } = watched(source, ...stroke);
    expect(given.map(({ x, y }) => ({ x, y }))).toEqual(stroke.map(({ x, y }) => ({ x, y })));
    const shown = await ink(here.guest, () => true);
    expect(shown).toMatchObject({ request: signing.request.id, attempt: 1 });
    expect(shown.points[0]).toEqual([100, 100, 0.244]);
    expect(shown.points).toHaveLength(stroke.length - 1);
    expect(shown.points.at(-1)).toBeNull();
    // the pen presses a button beside the surface
    source.move({ x: 100, y: 100 }, { x: 100, y: 100, ...LIFTED });
    const reports = source.findings().reports!.map(({ hostTime, bytes }) => ({ hostTime, bytes: Uint8Array.from(bytes) }));

    const answer = await done(here, signing, 1);
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.samples.slice(0, given.length)).toEqual(given);
    expect(capture.samples.filter(isDown)).toHaveLength(given.filter(isDown).length);
    expect(capture.reports).toEqual(reports);
    expect(capture.anomalies).toEqual({ strokesOutside: 1 });
    expect(capture.source.kind).toBe('hid');
    expect(capture.surface).toMatchObject({ width: 800, height: 300, orientation: 0, calibration: { method: 'whole-range', measuredAt: null, residual: null } });
    const [a, , , d, e, f] = capture.surface!.toPage!;
    const { rect } = signing.request.field;
    expect([a * 2_000 + e, d * 2_000 + f]).toEqual([expect.closeTo(rect.x, 6), expect.closeTo(rect.y + rect.height, 6)]);
    await closed(here);
    expectDestroyed({ held, reports: source.findings().reports!.map(({ bytes }) => bytes) });
  });

  test('a pen that opens nowhere though nothing was said against it: the next attempt is with browser pen events, until it is plugged in anew', async () => {
    const here = await start();
    const signing = await toSigning(here);
    here.pens.unreadable.set('pen-1', new PenError('PEN_CLAIMED', 'Test pen opens and cannot be read: Windows keeps this pen for itself.'));
    begin(here, signing, 1);
    expect(await lost(here.guest)).toMatchObject({ attempt: 1, why: 'refused' });
    await here.guest.session.until('the page reads', (message) => message.type === 'state' && message.pen.reads === 'screen');
    const desk = await deskState(here, 'why', ({ tablets }) => tablets[0]!.pen.name === 'Browser pen events');
    expect(desk.tablets[0]!.pen).toMatchObject({ accepted: true, others: [{ name: 'Test pen', reason: expect.stringContaining('Windows keeps this pen for itself') }] });
    here.pens.unreadable.clear();
    here.pens.unplug('pen-1');
    here.pens.plug(attachedPen());
    await here.guest.session.until('the station reads', (message) => message.type === 'state' && message.pen.reads === 'station');
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await done(here, signing, 2)).status).toBe(200);
  });

  test('too short: refused, and the next attempt counts', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    (await opened(here)).move({ x: 4_000, y: 4_000 });
    expect(await (await done(here, signing, 1)).json()).toMatchObject({ code: 'CAPTURE_TOO_SHORT' });
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await done(here, signing, 1)).status).toBe(422);
    expect((await done(here, signing, 2)).status).toBe(200);
  });
});

describe('Done takes exactly one attempt', () => {
  test('not one that was ended, not another’s number, not another tablet’s', async () => {
    const here = await start([attachedPen()], TWO_TABLETS);
    const signing = await toSigning(here);
    begin(here, signing, 3);
    const kept = watched(await opened(here), ...stroke);
    for (const attempt of [1, 2, 4]) expect(await (await done(here, signing, attempt)).json()).toMatchObject({ code: 'CAPTURE_INCOMPLETE' });
    const bar = await Guest.arrive(here.station.station.tokens('bar').guest);
    onTestFinished(() => bar.session.close());
    expect(await (await done({ ...here, guest: bar }, signing, 3)).json()).toMatchObject({ code: 'NOT_NOW' });
    here.guest.session.send({ type: 'pen-end', request: signing.request.id, attempt: 3 });
    await closed(here);
    expectDestroyed(kept);
    expect(await (await done(here, signing, 3)).json()).toMatchObject({ code: 'CAPTURE_INCOMPLETE', detail: expect.stringContaining('sign again') });
  });
});

describe('a minimum', () => {
  const RAW = { pens: { minimum: { raw: true } } } as const;

  test('keeps documents away from a tablet that cannot meet it, and says so', async () => {
    const here = await start([], RAW);
    await printFile(here.station.station.printer, card, { name: 'Card', user: 'x' });
    await expect(here.desk.release(await here.desk.request(['assigned']))).rejects.toThrow('PEN_INSUFFICIENT');
    const state = await deskState(here, 'a notice', ({ notices }) => notices.some(({ code }) => code === 'PEN_INSUFFICIENT front'));
    expect(state.tablets[0]!.pen).toMatchObject({ accepted: false, name: '', others: [{ name: 'Browser pen events' }] });
    await here.guest.session.until('nobody reads', (message) => message.type === 'state' && message.pen.reads === 'nobody');
    expect(here.station.logged.join('\n')).toContain('nothing can sign at tablet front');
    await here.desk.session.post('/desk/try', { tablet: 'front' });
    await here.guest.session.until('“try it”', (message) => message.type === 'state' && message.request?.autopilot === true);
  });

  test('takes the document back when the only pen goes, and lets it come again with the pen', async () => {
    const here = await start([attachedPen()], { ...RAW, limits: { penGrace: 50 } });
    const { request } = await toSigning(here);
    here.pens.unplug('pen-1');
    expect(await here.guest.session.until('blank', ({ type }) => type === 'blank')).toMatchObject({ request: request.id, why: 'other' });
    await deskState(here, 'it is back', ({ requests, tablets, notices }) => requests[0]?.state === 'assigned' && tablets[0]?.request === null && notices.some(({ code }) => code === 'PEN_GONE front'));
    here.pens.plug(attachedPen());
    await here.desk.release(await here.desk.request(['assigned'], request.id));
  });

  test('a pen that is only away for a moment takes nothing back', async () => {
    const here = await start([attachedPen()], { ...RAW, limits: { penGrace: 60_000 } });
    await toSigning(here);
    here.pens.unplug('pen-1');
    here.pens.plug(attachedPen());
    await deskState(here, 'no notice', ({ notices, requests }) => notices.every(({ code }) => !code.startsWith('PEN_')) && requests[0]?.state === 'signing');
  });

  test('is asked of the finished capture again', async () => {
    const here = await start([attachedPen()], RAW);
    const { request, sha256, consentSha256 } = await toSigning(here);
    const pointer = { ...recordedPen(), source: { ...recordedPen().source, kind: 'pointer' as const } };
    const answer = await here.guest.done(request, pointer, { documentSha256: sha256, consentSha256 });
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'PEN_INSUFFICIENT' }]);
  });
});

test('a page without a secure context gets no document; one that had it goes back', async () => {
  const here = await start([]);
  await toSigning(here);
  here.guest.session.send({ ...HELLO, secureContext: false });
  await here.guest.session.until('blank', ({ type }) => type === 'blank');
  await expect(here.desk.release(await here.desk.request(['assigned']))).rejects.toThrow('PEN_INSUFFICIENT');
});

describe('a signature pad', () => {
  const PAD = attachedPen({ id: 'pad', name: 'Pad', kind: 'stu-hid', pad: { width: 800, height: 480, colours: 65_536 } });

  test('shows the signing screen, its buttons reach the page, its ink the field; then nothing of the guest', async () => {
    const here = await start([PAD]);
    const signing = await toSigning(here);
    // the guest's picture is on its way for as long as the pad is open
    const way = Promise.withResolvers<void>();
    const show = vi.spyOn(FakePad.prototype, 'show').mockImplementation(async function (this: FakePad, picture) {
      this.shown.push(picture);
      if (picture.buttons.length > 0) await way.promise;
    });
    onTestFinished(() => show.mockRestore());
    begin(here, signing, 1, { language: 'ar' });
    await expect.poll(() => here.pens.reading('pad')?.pad?.shown.at(-1)?.buttons.length, { timeout: 10_000 }).toBe(3);
    const source = here.pens.reading('pad')!;
    const { ink: area, buttons } = source.pad!.shown.at(-1)!;
    // Arabic reads from right to left: "Done" is at the left
    expect(buttons.find(({ id }) => id === 'ok')!.area.x2).toBeLessThan(buttons.find(({ id }) => id === 'cancel')!.area.x1);
    source.pad!.press('clear');
    expect(await here.guest.session.until('a button', ({ type }) => type === 'pad-button')).toMatchObject({ attempt: 1, button: 'clear' });
    source.move(...stroke, { x: 100, y: RANGE.y }, { x: 100, y: RANGE.y, ...LIFTED });
    const close = source.close.bind(source);
    source.close = async () => {
      await close();
      way.reject(new PenError('PEN_GONE', 'The signature pad is not open.'));
    };
    expect((await done(here, signing, 1)).status).toBe(200);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.surface!.calibration!.method).toBe('pad');
    expect(capture.anomalies).toEqual({ strokesOutside: 1 });
    const [a, b, c, d, e, f] = capture.surface!.toPage!;
    const { rect } = signing.request.field;
    for (const [px, py] of [[area!.x1, area!.y1], [area!.x2 + 1, area!.y2 + 1]] as const) {
      const [x, y] = [px * RANGE.x / 800, py * RANGE.y / 480];
      expect(a * x + c * y + e).toBeGreaterThanOrEqual(rect.x - 1e-6);
      expect(a * x + c * y + e).toBeLessThanOrEqual(rect.x + rect.width + 1e-6);
      expect(b * x + d * y + f).toBeGreaterThanOrEqual(rect.y - 1e-6);
      expect(b * x + d * y + f).toBeLessThanOrEqual(rect.y + rect.height + 1e-6);
    }
    await expect.poll(() => here.pens.shownOn('pad').at(-1)?.buttons, { timeout: 10_000 }).toEqual([]);
  });
});

test('a tablet beside the screen: the guest is sent to it, and its whole range is laid on the field', async () => {
  const here = await start([attachedPen({ id: 'topaz', name: 'Topaz', kind: 'topaz' }, { tilt: 'none', pressureLevels: 0 })]);
  const signing = await toSigning(here);
  await here.guest.session.until('where', (message) => message.type === 'state' && message.pen.reads === 'station' && message.pen.where === 'tablet');
  await deskState(here, 'no calibration', ({ tablets }) => tablets[0]?.pen.calibration === 'not-needed');
  begin(here, signing, 1);
  // the pen presses nothing on the page: a stroke may begin anywhere
  (await opened(here, 'topaz')).move({ x: 0, y: 0 }, ...stroke.slice(1));
  expect((await done(here, signing, 1)).status).toBe(200);
  const { capture } = await opensTo(here, signing.request.id);
  expect([capture.surface!.calibration!.method, capture.anomalies]).toEqual(['pad', {}]);
});

test('a pad that has not said yet what it is, is a pad all the same', async () => {
  const here = await start([attachedPen({ id: 'pad', kind: 'stu-serial', gives: null, pad: null })]);
  await here.guest.session.until('where', (message) => message.type === 'state' && message.pen.reads === 'station' && message.pen.where === 'pad');
});

describe('calibration', () => {
  const tap = (source: FakeSource, x: number, y: number) => source.move({ x, y }, { x, y }, { x, y }, { x, y, ...LIFTED });
  const calibrate = (here: Here, what = '') => here.desk.session.post(`/desk/tablets/front/calibrate${what}`, {});
  /** As soon as the station has read where the screen lies. */
  const beginCalibration = (here: Here) => expect.poll(() => calibrate(here).then(() => 'begun', String)).toBe('begun');
  const step = ({ guest }: Here, number: number, again = false) => guest.session.until(`cross ${number}`, (message): message is Extract<StationToGuest, { type: 'state' }> => message.type === 'state' && message.calibrating?.step === number && message.calibrating.again === again);

  /** The digitizer lies 40 pixels to the right of the display, and is a little larger. */
  async function tapAll(here: Here, source: FakeSource, again = false, miss = 0): Promise<void> {
    for (let number = 1; number <= 5; number++) {
      const { calibrating } = await step(here, number, again);
      tap(source, (calibrating!.x * 1_000 - 40) * 19 + (number === 3 ? miss : 0), calibrating!.y * 500 * 19);
    }
  }

  test('five taps give a map that is kept, used and told; reset forgets it', async () => {
    const here = await start();
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await beginCalibration(here);
    await tapAll(here, await opened(here));
    await deskState(here, 'calibrated', ({ tablets }) => tablets[0]?.pen.calibration === 'calibrated');
    await closed(here);
    await here.station.restart();
    onTestFinished(() => here.guest.session.close());
    here.desk = await Desk.open(here.station.station.desk);
    here.guest = await Guest.arrive(here.station.station.guest);
    here.guest.session.send(HELLO);
    const signing = await toSigning(here);
    begin(here, signing, 1);
    (await opened(here)).move(...stroke);
    const { points } = await ink(here.guest, () => true);
    expect(points[0]!.slice(0, 2)).toEqual([expect.closeTo(4_000 / 19 + 40 - 100, 1), expect.closeTo(4_000 / 19 - 100, 1)]);
    await expect(calibrate(here)).rejects.toThrow('TABLET_BUSY');
    expect((await done(here, signing, 1)).status).toBe(200);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.surface!.calibration).toMatchObject({ method: 'points', measuredAt: expect.stringMatching(/Z$/), residual: expect.closeTo(0, 6) });
    await calibrate(here, '/reset');
    await deskState(here, 'default again', ({ tablets }) => tablets[0]?.pen.calibration === 'default');
  });

  test('a tap beside its cross: once more from the first; no document meanwhile; cancel ends it', async () => {
    const here = await start();
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await printFile(here.station.station.printer, card, { name: 'Card', user: 'x' });
    const waiting = await here.desk.request(['assigned']);
    await beginCalibration(here);
    await tapAll(here, await opened(here), false, 3_000);
    await step(here, 1, true);
    await expect(here.desk.release(waiting)).rejects.toThrow('TABLET_BUSY');
    await calibrate(here, '/cancel');
    await closed(here);
    await here.desk.release(waiting);
  });

  test.each<[string, string, (here: Here) => unknown]>([
    ['by nobody who taps', 'Nobody tapped', () => {}],
    ['by a pen that is pulled out', 'went away', ({ pens }) => pens.unplug('pen-1')],
  ])('is ended %s: the crosses go, the desk reads why, nothing is kept', async (_, why, ending) => {
    const here = await start([attachedPen()], { limits: { calibration: 1_000 } });
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await beginCalibration(here);
    await step(here, 1);
    tap(await opened(here), 2_000, 1_000);
    await step(here, 2);
    ending(here);
    await deskState(here, 'why', ({ notices, tablets }) => tablets[0]!.calibrating === false && notices.some(({ code, message }) => code === 'CALIBRATION front' && message.includes(why)));
    await here.guest.session.until('no cross', (message) => message.type === 'state' && message.calibrating === null);
    await closed(here);
    expect(existsSync(join(here.station.home, 'calibrations.json'))).toBe(false);
  });

  test('is ended by the station’s end: the device is closed first', async () => {
    const here = await start();
    await deskState(here, 'a pen', ({ tablets }) => tablets[0]?.pen.calibration === 'default' && tablets[0].connected);
    await beginCalibration(here);
    await opened(here);
    let openAtStop: FakeSource | null | undefined;
    const stop = here.pens.stop.bind(here.pens);
    here.pens.stop = async () => {
      openAtStop = here.pens.reading('pen-1');
      await stop();
    };
    await here.station.station.stop();
    expect(openAtStop).toBeNull();
  });
});

test('pen process and pens that cannot be read: the station runs and says so', async () => {
  const station = await startTestStation({}, { startPens: async () => { throw new Error('node-hid does not load'); } });
  onTestFinished(() => station.end());
  await expect.poll(() => station.logged.join('\n')).toContain('node-hid does not load');
});
