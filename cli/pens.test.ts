/** `countersign pens` as a program: its words, its JSON, its exit codes; pens are emulated on real serial ports. */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { countersign, Program } from '#fixtures/program.ts';
import { openPty, type Pty } from '#fixtures/pty.ts';
import { Isdv4Tablet } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { topazPacket } from '#fixtures/serial-pens/topaz-packet.ts';
import { attachedPen } from '#fixtures/attached-pens.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import type { AttachedPen } from '#driver/index.ts';
import { startPens } from '#driver/process/index.ts';
import { DEFAULT_PENS } from '#kiosk/station/pens/pen-settings.ts';
import { startTestStation } from '#kiosk/station/station-for-tests.ts';

const folder = temporaryFolder();
let homes = 0;
/** A data folder with these settings. */
function home(settings: object = {}): string {
  const path = join(folder, `home-${homes++}`);
  mkdirSync(path);
  writeFileSync(join(path, 'station.json'), JSON.stringify(settings));
  return path;
}

interface Listed { station: boolean; pens: AttachedPen[]; tablets: { id: string; pen: { accepted: boolean; name: string; detail: string; others: { name: string; reason: string }[] } }[] }

async function listed(...argv: string[]): Promise<Listed> {
  const { code, stdout, stderr } = await countersign('pens', ...argv, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Listed;
}

/** A tablet on a port with a name that stays when the port under it changes. */
async function tablet(context: TestContext): Promise<{ pty: Pty; path: string; isdv4: Isdv4Tablet }> {
  const pty = await openPty(context);
  const path = join(folder, `tty-${homes++}`);
  symlinkSync(pty.path, path);
  return { pty, path, isdv4: new Isdv4Tablet(pty) };
}

test('with nothing that can be read from the device it says so, and what the guest screen does; 0', async (context) => {
  const { pens, tablets } = await listed('--home', home());
  if (pens.length > 0) context.skip('host: needs a machine without a pen');
  expect(tablets).toMatchObject([{ id: 'front', pen: { accepted: true, name: 'Browser pen events' } }]);
  const { code, stdout } = await countersign('pens', '--home', home());
  expect(code).toBe(0);
  expect(stdout).toContain('No pen is attached');
  expect(stdout).toContain('Pointer Events');
});

test('a minimum that no browser meets is told for the tablet, with what is missing', async (context) => {
  const where = home({ pens: { minimum: { raw: true } } });
  const { pens, tablets: [front] } = await listed('--home', where);
  if (pens.length > 0) context.skip('host: needs a machine without a pen');
  expect(front!.pen).toMatchObject({ accepted: false, name: '', detail: expect.stringContaining('reports of the device itself') });
  expect((await countersign('pens', '--home', where)).stdout).toContain('NOTHING SIGNS HERE');
});

test('a serial pen says what it gives, and is chosen', async (context) => {
  const { path } = await tablet(context);
  const { station, pens, tablets: [front] } = await listed('--home', home(), '--serial', `${path}:isdv4`);
  expect(station).toBe(false);
  expect(pens.find(({ kind }) => kind === 'isdv4')).toMatchObject({
    layout: 'protocol', problem: null, bus: 'serial',
    gives: { pressureLevels: 256, tilt: 'tilt', clock: 'none', sizeMm: { width: 245.76, height: 184.32 } },
  });
  expect(front!.pen).toMatchObject({ accepted: true });
  if (pens.length === 1) expect(front!.pen.name).toContain('ISDv4');
});

test('the settings name serial ports; each belongs to its tablet, and one that is not there says what to do', async (context) => {
  const { path } = await tablet(context);
  const where = home({
    tablets: [{ id: 'front', name: 'Front' }, { id: 'bar', name: 'Bar' }],
    pens: { serial: [{ path, protocol: 'topaz', tablet: 'bar' }, { path: '/dev/ttyNowhere', protocol: 'isdv4' }] },
  });
  const { pens, tablets } = await listed('--home', where);
  expect(pens.find(({ kind }) => kind === 'topaz')).toMatchObject({ gives: { pressureLevels: 0, tilt: 'none' } });
  expect(pens.find(({ kind }) => kind === 'isdv4')?.problem?.message).toContain('/dev/ttyNowhere');
  expect(tablets.find(({ id }) => id === 'bar')?.pen.name).toContain('Topaz');
  expect(tablets.find(({ id }) => id === 'front')?.pen.others.find(({ name }) => name.includes('Topaz'))?.reason).toContain('another tablet');
  const { stdout } = await countersign('pens', '--home', where);
  expect(stdout).toMatch(/PROBLEM +There is no serial port \/dev\/ttyNowhere/);
  expect(stdout).toMatch(/pressure +none/);
});

test('watch --json gives every sample as the pen sent it, tells when it is pulled out, and goes on when it is back', async (context) => {
  const { pty, path, isdv4 } = await tablet(context);
  const watching = new Program(['pens', 'watch', `isdv4-${path}`, '--home', home(), '--serial', `${path}:isdv4`, '--json']);
  await isdv4.until('sampling');
  isdv4.draw({ x: 1_000, y: 2_000, pressure: 100 }, { x: 1_001, y: 2_000, pressure: 101, side: true });
  await watching.printed((text) => text.split('\n').length > 2);
  await pty.unplug();
  await watching.printed((text) => text.includes('"lost"'));
  rmSync(path);
  const again = await openPty(context);
  symlinkSync(again.path, path);
  const replugged = new Isdv4Tablet(again);
  await replugged.until('sampling');
  replugged.draw({ x: 3_000, y: 4_000, pressure: 7 });
  await watching.printed((text) => text.includes('"x":3000'));
  expect(await watching.end('SIGINT')).toBe(0);
  const lines = watching.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { sample: { x: 1_000, y: 2_000, pressure: 100, mm: { x: 10, y: 20 }, pressureRange: [0, 255], switches: { tip: true, barrel: false } } },
    { sample: { x: 1_001, pressure: 101, switches: { tip: true, barrel: true } } },
    { lost: `isdv4-${path}` }, { back: `isdv4-${path}` },
    { sample: { x: 3_000, y: 4_000, pressure: 7 } },
  ]);
});

test('watch into a pipe gives plain lines; the only pen need not be named', async (context) => {
  const { pty, path } = await tablet(context);
  const where = home();
  if ((await listed('--home', where)).pens.length > 0) context.skip('host: needs a machine without a pen');
  const watching = new Program(['pens', 'watch', '--home', where, '--serial', `${path}:topaz`]);
  const drawing = setInterval(() => { pty.far.write(topazPacket({ x: 100, y: 200 })); }, 20);
  context.onTestFinished(() => clearInterval(drawing));
  await watching.printed((text) => text.includes('\n'));
  expect(await watching.end('SIGTERM')).toBe(0);
  expect(watching.stdout).toContain('x 100 y 200');
  expect(watching.stdout).toContain('no pressure');
  expect(watching.stdout).not.toContain('\u001b');
});

test('Ctrl+C in a terminal reaches the pen process too, and is no loss of the pen', async (context) => {
  const { path, isdv4 } = await tablet(context);
  const watching = new Program(['pens', 'watch', `isdv4-${path}`, '--home', home(), '--serial', `${path}:isdv4`, '--json'], { ownGroup: true });
  await isdv4.until('sampling');
  isdv4.draw({ x: 1 });
  await watching.printed((text) => text.includes('\n'));
  expect(await watching.interrupt()).toBe(0);
  expect(watching.stdout).not.toContain('lost":"');
  // it was told to stop: whoever uses the port next finds it silent
  await isdv4.until('stopped');
});

test('a serial pen is not recorded: it has no report descriptor; 2, and no file', async (context) => {
  const { path } = await tablet(context);
  const out = join(folder, 'serial.hid');
  const { code, stdout, stderr } = await countersign('pens', 'record', out, `topaz-${path}`, '--home', home(), '--serial', `${path}:topaz`);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('no HID pen');
  expect(existsSync(out)).toBe(false);
});

test('a station that runs is asked, and what it holds is left to it', async (context) => {
  const { path } = await tablet(context);
  const where = home({ pens: { serial: [{ path, protocol: 'topaz' }] } });
  const pen = { ...attachedPen({ id: `topaz-${path}`, kind: 'topaz', name: 'Topaz at the \u001b[31mdesk' }, { pressureLevels: 0, tilt: 'none' }), tablet: 'front' };
  const chosen = { accepted: true, name: pen.name, detail: 'Read directly.', others: [{ name: 'Browser pen events', reason: 'Merged.' }] };
  const station = createServer((socket) => {
    socket.on('data', (line) => { socket.end(`${JSON.stringify(String(line) === '{"command":"pens"}\n' ? { ok: true, reading: 'running', attached: [pen], tablets: [{ id: 'front', name: 'Front', pen: chosen }] } : { ok: false, code: 'X', message: 'what?' })}\n`); });
  });
  await new Promise<void>((resolve) => { station.listen(join(where, 'control.sock'), resolve); });
  context.onTestFinished(() => { station.close(); });
  expect(await listed('--home', where)).toEqual({ station: true, reads: true, pens: [pen], tablets: [{ id: 'front', name: 'Front', pen: chosen }] });
  const { stdout } = await countersign('pens', '--home', where);
  expect(stdout).toContain('not Browser pen events: Merged.');
  expect(stdout).not.toContain('\u001b');
  const { code, stderr } = await countersign('pens', 'watch', pen.id, '--home', where);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/the station .* holds .*stop the station first/) });
});

test('a real station tells the pen it has and what its tablet signs with', async (context) => {
  const { path, isdv4 } = await tablet(context);
  const running = await startTestStation({ pens: { ...DEFAULT_PENS, tablet: 'front', serial: [{ path, protocol: 'isdv4' }] } }, { startPens });
  context.onTestFinished(() => running.end());
  let told = await listed('--home', running.home);
  // it is asked while the station runs already
  while (told.pens.find(({ kind }) => kind === 'isdv4')?.gives == null) told = await listed('--home', running.home);
  expect(told).toMatchObject({ station: true, tablets: [{ id: 'front', pen: { accepted: true } }] });
  if (told.pens.length === 1) expect(told.tablets[0]!.pen.name).toContain('ISDv4');
  const { code, stderr } = await countersign('pens', 'watch', `isdv4-${path}`, '--home', running.home);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('stop the station first') });
  expect(isdv4.commands).not.toContain('1');
});

test.each([
  ['an action that does not exist', ['look'], 'countersign pens'],
  ['record without a file', ['record'], 'pens record FILE'],
  ['a serial port without a protocol', ['--serial', '/dev/ttyS0'], '/dev/ttyUSB0:isdv4'],
  ['a protocol that does not exist', ['--serial', '/dev/ttyS0:rs232'], 'isdv4, topaz or stu'],
  ['no time', ['record', 'x', '--seconds', 'soon'], '--seconds soon'],
  ['a pen that is not attached', ['watch', 'nothing-here', '--home', folder], 'no pen "nothing-here" is attached'],
  ['settings that cannot be read', ['--home', join(folder, 'broken')], 'station.json'],
])('%s: 2, and what to do', async (_, argv, words) => {
  mkdirSync(join(folder, 'broken'), { recursive: true });
  writeFileSync(join(folder, 'broken/station.json'), '{');
  expect(await countersign('pens', ...argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
});

test('--help tells the options and the exit codes', async () => {
  const { code, stdout } = await countersign('pens', '--help');
  expect(code).toBe(0);
  expect(stdout).toContain('pens record FILE');
  expect(stdout).toContain('Exit codes');
});
