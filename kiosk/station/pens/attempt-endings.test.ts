/** How attempts end, and what is left of their strokes then: through real WebSockets and HTTP, with a stand-in for the devices. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isDown } from '#biometrics/sample.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { PenError } from '#driver/errors.ts';
import { attachedPen } from '#fixtures/attached-pens.ts';
import { begin, closed, deskState, done, expectDestroyed, HELLO, type Here, hold, ink, lost, opened, opensTo, SCREEN, type Signing, start, stroke, SURFACE, toSigning, TWO_TABLETS, watched } from '#fixtures/pens-at-station.ts';

// each test prints the same card
vi.mock('#packet/child/index.ts', async (load) => (await import('#fixtures/remembered-children.ts')).remembering(await load()));

describe('nothing of the strokes is left', () => {
  test.each<[string, (here: Here, signing: Signing) => unknown]>([
    ['when cleared', ({ guest }, { request }) => guest.session.send({ type: 'pen-end', request: request.id, attempt: 1 })],
    ['when the guest goes back', ({ guest }, { request }) => guest.session.send({ type: 'back', request: request.id, why: 'cancel' })],
    ['when idle', ({ guest }, { request }) => guest.session.send({ type: 'idle', request: request.id })],
    ['when declined', ({ guest }, { request }) => guest.session.send({ type: 'decline', request: request.id, reason: 'paper', text: '' })],
    ['when the desk cancels', ({ desk }, { request }) => desk.session.post(`/desk/requests/${request.id}/cancel`, { reason: 'other' })],
    ['when the page is reloaded', ({ guest }) => guest.session.send(HELLO)],
    ['when the tablet goes away', ({ guest }) => guest.session.close()],
    ['when another attempt begins', (here, signing) => begin(here, signing, 2)],
    ['when the station stops', ({ station }) => station.station.stop()],
  ])('%s', async (_, ending) => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    const kept = watched(source, ...stroke);
    await ending(here, signing);
    await expect.poll(() => source === here.pens.reading('pen-1'), { timeout: 10_000 }).toBe(false);
    expectDestroyed(kept);
  });

  test('when moved to another tablet', async () => {
    const here = await start([attachedPen()], TWO_TABLETS);
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke);
    await here.desk.session.post(`/desk/requests/${signing.request.id}/move`, { tablet: 'bar' });
    await closed(here);
    expectDestroyed(kept);
  });

  test('when it expires', async () => {
    const here = await start([attachedPen()], { limits: { requestExpiry: 4_000 } });
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke);
    await here.guest.session.until('blank', (message) => message.type === 'blank' && message.why === 'expired');
    await closed(here);
    expectDestroyed(kept);
  });

  test('when the page goes while Done is being answered, and the answer is no', async () => {
    const here = await start([attachedPen()], { limits: { disconnectGrace: 60_000 } });
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    const kept = watched(source, { x: 4_000, y: 4_000 });
    const held = hold(source);
    const answer = done(here, signing, 1);
    await held.closing;
    here.guest.session.close();
    await deskState(here, 'the tablet has gone', ({ tablets }) => !tablets[0]!.connected);
    const isThere = () => kept.held[0]!.some((byte) => byte !== 0);
    expect(isThere()).toBe(true);
    held.release();
    expect(await (await answer).json()).toMatchObject({ code: 'CAPTURE_TOO_SHORT' });
    await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
    expectDestroyed(kept);
  });

  test('when the page comes again before the station has noticed that the old one has gone', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke);
    const again = await Guest.arrive(here.station.station.tokens().guest);
    onTestFinished(() => again.session.close());
    here.guest.session.close();
    await closed(here);
    expectDestroyed(kept);
  });
});

describe('two windows of one tablet', () => {
  test('the later attempt counts; the earlier window is told that its own is over, and can neither end nor hear the other', async () => {
    const here = await start();
    const signing = await toSigning(here);
    const other = { ...here, guest: await Guest.arrive(here.station.station.tokens().guest) };
    onTestFinished(() => other.guest.session.close());
    begin(here, signing, 1);
    const first = await opened(here);
    const kept = watched(first, ...stroke);
    begin(other, signing, 1);
    expect(await lost(here.guest)).toMatchObject({ attempt: 1, why: 'refused' });
    expectDestroyed(kept);
    await expect.poll(() => here.pens.reading('pen-1') !== first && here.pens.reading('pen-1') !== null, { timeout: 10_000 }).toBe(true);
    here.guest.session.send({ type: 'pen-end', request: signing.request.id, attempt: 1 });
    (await opened(here)).move(...stroke);
    await ink(other.guest, () => true);
    here.guest.session.close();
    await deskState(here, 'one window is left', ({ tablets }) => tablets[0]!.connected);
    expect((await done(other, signing, 1)).status).toBe(200);
  });

  test('pen-begin twice at once: the second counts, and the device is opened for one after the other', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await ink(here.guest, () => true)).attempt).toBe(2);
    expect((await done(here, signing, 2)).status).toBe(200);
  });
});

describe('two pens at two tablets at once', () => {
  const serialPen = attachedPen({ id: 'serial:/dev/ttyS9', name: 'Serial pen', kind: 'isdv4' });

  test('each guest sees their own ink and keeps their own signature; Done closes a pen at once, whoever is finished first', async () => {
    const here = await start([attachedPen(), serialPen], { ...TWO_TABLETS, pens: { serial: [{ path: '/dev/ttyS9', protocol: 'isdv4', tablet: 'bar' }] } });
    const bar = { ...here, guest: await Guest.arrive(here.station.station.tokens('bar').guest) };
    bar.guest.session.send(HELLO);
    onTestFinished(() => bar.guest.session.close());
    const atFront = await toSigning(here);
    const atBar = await toSigning(bar, 'bar');
    begin(here, atFront, 1);
    begin(bar, atBar, 1);
    const [frontPen, barPen] = [await opened(here), await opened(here, serialPen.id)];
    frontPen.move(...stroke);
    barPen.move(...stroke.map((point) => ({ ...point, x: point.x! + 2_000 })));
    expect((await ink(here.guest, () => true)).points[0]).toEqual([100, 100, 0.244]);
    expect((await ink(bar.guest, () => true)).points[0]).toEqual([200, 100, 0.244]);
    let closedAtFirst: boolean | null = null;
    here.station.station.onDelivery(() => { closedAtFirst ??= here.pens.reading('pen-1') === null && here.pens.reading(serialPen.id) === null; });
    const answers = await Promise.all([done(here, atFront, 1), done(bar, atBar, 1)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(closedAtFirst).toBe(true);
    expect((await opensTo(here, atFront.request.id)).capture.samples[0]!.x).toBe(4_000);
    expect((await opensTo(here, atBar.request.id)).capture.samples[0]!.x).toBe(6_000);
  });
});

test('a station that is stopped while Done is being answered finishes that signature whole', async () => {
  const here = await start();
  const signing = await toSigning(here);
  begin(here, signing, 1);
  const source = await opened(here);
  const kept = watched(source, ...stroke);
  const held = hold(source);
  const answer = done(here, signing, 1).catch((error: unknown) => error);
  await held.closing;
  // its own closing begins while the device is being closed for "Done"
  const stopped = here.station.station.stop();
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  held.release();
  await answer;
  await stopped;
  expectDestroyed(kept);
  await here.station.restart();
  const desk = await Desk.open(here.station.station.desk);
  onTestFinished(() => desk.close());
  const { capture } = await opensTo({ ...here, desk }, signing.request.id);
  expect(capture.samples.filter(isDown).map(({ x }) => x)).toEqual(stroke.slice(1, -1).map(({ x }) => x));
});

describe('what a page says of its place', () => {
  test.each([
    ['a surface of no size', { surface: { ...SURFACE, width: 0 } }],
    ['a display of no size', { screen: { ...SCREEN, height: 0 } }],
    ['a page map that is a line', { toPage: [1, 2, 2, 4, 0, 0] as [number, number, number, number, number, number] }],
    ['numbers beyond every display', { surface: { ...SURFACE, left: 1e300 } }],
  ])('%s: nothing begins, and the screen is told', async (_, claim) => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1, claim);
    expect(await lost(here.guest)).toMatchObject({ attempt: 1, why: 'refused' });
    expect(here.pens.opened).toEqual([]);
  });
});

describe('a device that vanishes in mid-stroke', () => {
  test('one whose samples were lost on the way costs the attempt as well, and is told as what it is', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    const kept = watched(source, ...stroke.slice(0, 10));
    source.vanish(new PenError('PEN_OVERFLOW', 'samples were lost on their way'));
    expect(await lost(here.guest)).toMatchObject({ request: signing.request.id, attempt: 1, why: 'overflow' });
    expectDestroyed(kept);
    expect(await (await done(here, signing, 1)).json()).toMatchObject({ code: 'CAPTURE_INCOMPLETE' });
  });

  test('costs the attempt, and nothing more: it is told, noted, and the next one counts', async () => {
    const here = await start();
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const kept = watched(await opened(here), ...stroke.slice(0, 10));
    here.pens.unplug('pen-1');
    expect(await lost(here.guest)).toMatchObject({ request: signing.request.id, attempt: 1, why: 'gone' });
    expectDestroyed(kept);
    expect((await done(here, signing, 1)).status).toBe(422);
    here.pens.plug(attachedPen());
    begin(here, signing, 2);
    (await opened(here)).move(...stroke);
    expect((await done(here, signing, 2)).status).toBe(200);
    const { capture } = await opensTo(here, signing.request.id);
    expect(capture.samples).toHaveLength(stroke.length);
  });

  test('keeps its source while a better one is plugged in', async () => {
    const here = await start([attachedPen({}, { tilt: 'none' })]);
    const signing = await toSigning(here);
    begin(here, signing, 1);
    const source = await opened(here);
    here.pens.plug(attachedPen({ id: 'better', name: 'Better' }));
    source.move(...stroke);
    expect((await done(here, signing, 1)).status).toBe(200);
    expect(here.pens.opened).toEqual(['pen-1']);
    await here.guest.session.until('the better one', (message) => message.type === 'state' && message.pen.reads === 'station' && message.pen.name === 'Better');
  });
});
