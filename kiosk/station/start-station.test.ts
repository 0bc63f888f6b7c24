/** Ports, TLS and the control socket of a running station. */
import { statSync } from 'node:fs';
import { request } from 'node:https';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { needsHost } from '#fixtures/needs.ts';
import { startTestStation, type TestSettings, type TestStation } from './station-for-tests.ts';

async function started(settings: TestSettings = {}, options: Parameters<typeof startTestStation>[1] = {}): Promise<TestStation> {
  const here = await startTestStation(settings, options);
  onTestFinished(() => here.end());
  return here;
}

/** One command over the control socket, however long the answer takes. */
async function ask(here: TestStation, command: object): Promise<unknown> {
  const socket = connect(join(here.home, 'control.sock'));
  socket.write(`${JSON.stringify(command)}\n`);
  return JSON.parse(Buffer.concat(await socket.toArray() as Buffer[]).toString());
}

test('the control socket is the owner’s alone and answers its commands', async () => {
  const here = await started({ tablets: [{ id: 'front', name: 'Front desk' }, { id: 'bar', name: 'Bar' }] });
  expect(statSync(join(here.home, 'control.sock')).mode & 0o777).toBe(0o600);
  expect(await ask(here, { command: 'status' })).toMatchObject({ ok: true, demo: true, waiting: 0, printer: here.station.printer });
  expect(await ask(here, { command: 'tokens', tablet: 'bar' })).toMatchObject({ ok: true, printer: expect.stringMatching(/\/ipp\/print\/bar$/) });
  expect(await ask(here, { command: 'tokens', tablet: 'kitchen' })).toMatchObject({ ok: false, code: 'NO_SUCH_TABLET' });
  expect(await ask(here, { command: 'print-sample', pages: 2 })).toMatchObject({ ok: false, code: 'MALFORMED' });
  expect(await ask(here, { command: 'constructor' })).toMatchObject({ ok: false, code: 'UNKNOWN_COMMAND' });
  expect(await ask(here, { command: 'try' })).toMatchObject({ ok: true });
  expect(await ask(here, { command: 'try' })).toMatchObject({ ok: false, code: 'TABLET_BUSY' });
  expect(await ask(here, { command: 'status' })).toMatchObject({ ok: true, waiting: 1 });
});

test('what is no command, or has no end, is not waited for', async () => {
  const here = await started();
  const socket = connect(join(here.home, 'control.sock'));
  socket.write('x'.repeat(20_000));
  await once(socket, 'close');
  expect(await ask(here, { command: 'status' })).toMatchObject({ ok: true });
});

test('a second station on the same data folder, or the same port, is refused and breaks nothing', async () => {
  const here = await started();
  await expect(startTestStation({}, { home: here.home })).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
  const port = Number(new URL(here.station.guest).port);
  await expect(startTestStation({}, { port })).rejects.toMatchObject({ code: 'PORT_UNUSABLE', message: expect.stringContaining(String(port)) });
  expect(await ask(here, { command: 'status' })).toMatchObject({ ok: true });
});

test('beyond this machine it speaks TLS only, on screens and printer', async (context) => {
  const address = Object.values(networkInterfaces()).flat().find((each) => each?.family === 'IPv4' && !each.internal)?.address;
  if (address === undefined) return needsHost(context, 'a network address besides 127.0.0.1 is needed');
  const here = await started({}, { listen: address });
  expect(here.station.guest).toContain(`https://${address}:`);
  expect(here.station.printer).toContain(`ipps://${address}:`);
  await expect(fetch(here.station.guest.replace('https', 'http'))).rejects.toThrow();
  await expect(fetch(here.station.printer.replace('ipps', 'http'))).rejects.toThrow();

  // pinned below: the station's own authority is not in this machine's store
  const asked = request(here.station.guest, { rejectUnauthorized: false });
  asked.end();
  const [answer] = await once(asked, 'response') as [import('node:http').IncomingMessage];
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  answer.resume();
});
