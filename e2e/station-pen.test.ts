/**
 * One signature with a pen that the station reads: a serial ISDv4 tablet (emulated) on a real port of the kernel, the pen process,
 * a station as a user starts it, and the guest's page in a real browser.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openSealedRecord } from '#biometrics/open.ts';
import { isDown, Switch } from '#biometrics/sample.ts';
import { encodeSamples } from '#biometrics/samples.ts';
import { sharedBrowser } from '#fixtures/browser.ts';
import { processesHolding, withChildren } from '#fixtures/process-memory.ts';
import { openPty } from '#fixtures/pty.ts';
import { inkPixels, LANDSCAPE } from '#fixtures/screens.ts';
import { point, type PenPoint } from '#fixtures/serial-pens/isdv4-packets.ts';
import { Isdv4Tablet, TABLET } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { CUSTODY_FILES, custodyFolder, readPrivateKey } from '#keys/index.ts';
import type { StationToDesk } from '#kiosk/protocol/messages.ts';
import { placeOnDisplay, type WindowOnDisplay } from '#kiosk/screens/guest/place-on-display.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { finish, surfaceOf } from './counter.ts';
import { eventually, startHouse } from './house.ts';
import { printed } from './signing.ts';

type DeskState = Extract<StationToDesk, { type: 'state' }>;

test('a serial pen signs: what it sent is what the custodian opens', async (context) => {
  const pty = await openPty(context);
  const tablet = new Isdv4Tablet(pty);
  const pens = { serial: [{ path: pty.path, protocol: 'isdv4' as const }], minimum: { raw: true as const, pressure: 256, tilt: true as const, inAir: true as const } };
  const house = await startHouse({ settings: { pens } });
  onTestFinished(() => house.end());
  const desk = await house.desk();
  onTestFinished(() => desk.close());
  const page = await (await sharedBrowser(context)).newPage({ viewport: LANDSCAPE, reducedMotion: 'reduce' });
  onTestFinished(() => page.close());
  page.setDefaultTimeout(20_000);
  await page.goto((await house.ask({ command: 'tokens' }))['guest'] as string);
  const state = await desk.session.until('the pen at the desk', (message): message is DeskState => message.type === 'state' && message.tablets[0]?.connected === true && message.tablets[0].pen.accepted);
  expect(state.tablets[0]!.pen).toMatchObject({ detail: expect.stringContaining('256 levels of pressure, tilt'), calibration: 'default', others: [{ name: 'Browser pen events' }] });

  const waiting = await printed(house, desk, 'Serial card');
  await desk.release(waiting);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'I agree' }).click();
  const surface = await surfaceOf(page);
  const display = placeOnDisplay(await page.evaluate(() => {
    const { screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight, devicePixelRatio } = window;
    const { width, height, availWidth, availHeight, orientation: { angle } } = window.screen;
    return { screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight, devicePixelRatio, screen: { width, height, availWidth, availHeight, orientation: { angle } } };
  }) as WindowOnDisplay);
  const raw = (x: number, y: number): Pick<PenPoint, 'x' | 'y'> => ({
    x: Math.round((surface.x + x * surface.width + display.left) * TABLET.xMax / display.width),
    y: Math.round((surface.y + y * surface.height + display.top) * TABLET.yMax / display.height),
  });
  const points: PenPoint[] = [
    point({ ...raw(0.1, 0.5), tip: false }),
    ...Array.from({ length: 150 }, (_, at) => point({ ...raw(0.1 + at * 0.005, 0.5 + 0.3 * Math.sin(at / 9)), pressure: 40 + (at % 200), tiltX: 63 + (at % 20), tiltY: 60 })),
    point({ ...raw(0.86, 0.5), tip: false }),
  ];
  await tablet.until('sampling');
  await desk.session.until('the guest signs', (message): message is DeskState => message.type === 'state' && message.requests.some(({ id, state: at }) => id === waiting.id && at === 'signing'));
  // one by one, as a pen sends them: what goes from process to process in small pieces lies elsewhere in memory than what goes in large ones
  for (const each of points) {
    tablet.draw(each);
    await sleep(5);
  }
  await eventually('ink on the guest screen', async () => await inkPixels(page) > 500);
  await finish(page);

  const signed = await desk.session.until('the signed copy', (message): message is DeskState => message.type === 'state' && message.requests.some(({ id, signedUrl }) => id === waiting.id && signedUrl !== null));
  const copy = new Uint8Array(await (await desk.session.fetch(signed.requests.find(({ id }) => id === waiting.id)!.signedUrl!)).arrayBuffer());
  const privateKey = readPrivateKey(readFileSync(join(custodyFolder(house.home), CUSTODY_FILES.examinerKey)));
  const { capture } = await openSealedRecord(readSignedPdf(copy).sealedRecords[0]!.bytes, { privateKey });
  expect(capture.source.kind).toBe('isdv4');
  expect(capture.complete).toBe(true);
  expect(capture.samples.map(({ x, y, pressure, tiltX, tiltY, switches }) => ({ x, y, pressure, tiltX, tiltY, tip: (switches & Switch.tip) !== 0 })))
    .toEqual(points.map(({ x, y, pressure, tiltX, tiltY, tip }) => ({ x, y, pressure, tiltX, tiltY, tip })));
  expect(capture.samples.filter(isDown)).toHaveLength(150);
  expect(capture.reports).toHaveLength(points.length);
  expect(capture.surface).toMatchObject({ calibration: { method: 'whole-range', measuredAt: null, residual: null } });
  expect(capture.surface!.toPage).not.toBeNull();
  // no process of the house keeps anything of what the pen sent: neither the reports nor the rows of numbers on their way
  if (process.platform !== 'linux') return;
  const processes = withChildren(house.child.pid!);
  expect(processes.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('driver/process/main.ts'))).toHaveLength(1);
  const [reports, rows] = [capture.reports!.slice(70, 90).map(({ bytes }) => Buffer.from(bytes)), capture.samples.slice(70, 90).map((sample) => Buffer.from(encodeSamples([sample]).subarray(16, 32)))];
  await eventually('nothing of the stroke in the memory of the house', async () => (await processesHolding(processes, ...reports, ...rows)).length === 0);
});
