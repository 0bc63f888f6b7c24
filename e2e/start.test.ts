/** Point 1 of the first issue: `countersign start` as a user or a service manager runs it; point 3: every command. */
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countersign, eventually, isAlive, startHouse, type TestHouse } from './house.ts';
import { card, titled } from './signing.ts';

let house: TestHouse;
const scratch = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));

beforeAll(async () => {
  house = await startHouse({ settings: {} });
});
afterAll(async () => {
  await house?.end();
  rmSync(scratch, { recursive: true, force: true });
});

describe('start --json', () => {
  it('prints exactly one line, and what is to be logged elsewhere', () => {
    expect(house.said.out).toMatch(/^\{.*\}\n$/);
    expect(Object.keys(house.ready)).toEqual(['ready', 'guest', 'desk', 'printer', 'home', 'pid', 'syncPid']);
    expect(house.ready).toMatchObject({
      ready: true, home: house.home,
      guest: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/guest\?token=[\w-]{43}$/),
      desk: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/desk\?token=[\w-]{43}$/),
      printer: expect.stringMatching(/^ipp:\/\/127\.0\.0\.1:\d+\/ipp\/print\/front$/),
    });
  });

  it('logs no token', async () => {
    await eventually('a first line of the log', () => house.said.err.includes('sync-agent'));
    for (const address of [house.ready.guest, house.ready.desk]) expect(house.said.err).not.toContain(new URL(address).searchParams.get('token'));
  });

  it('keeps its data in a folder for its user alone', () => {
    if (process.platform !== 'win32') expect((statSync(house.home).mode & 0o777).toString(8)).toBe('700');
  });

  it('names the processes of station and sync-agent', () => {
    for (const [pid, script] of [[house.ready.pid, 'kiosk/station/main.ts'], [house.ready.syncPid, 'sync-agent/main.ts']] as const) {
      expect(isAlive(pid)).toBe(true);
      if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).toContainEqual(expect.stringMatching(new RegExp(`${script}$`)));
    }
    if (process.platform === 'linux') expect(readlinkSync(`/proc/${house.ready.pid}/exe`)).toBe(readlinkSync(`/proc/${process.pid}/exe`));
  });

  it.each(['guest', 'desk'] as const)('gives a %s address that opens its screen once, and no other', async (kind) => {
    const { [kind]: address } = house.ready;
    const other = kind === 'guest' ? 'desk' : 'guest';
    expect((await fetch(address.replace(`/${kind}?`, `/${other}?`))).status).toBe(401);
    const first = await fetch(address);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toContain('text/html');
    expect(first.headers.getSetCookie()).toEqual([expect.stringMatching(/HttpOnly; SameSite=Strict/)]);
    const second = await fetch(address);
    expect(second.status).toBe(401);
    expect(await second.json()).toMatchObject({ code: 'NO_SESSION', detail: expect.stringContaining('used before') });
  });

  it('says that a station runs there already', async () => {
    const second = await countersign(['start', '--json', '--no-window', '--home', house.home, '--port', '0', '--printer-port', '0']);
    expect(second).toMatchObject({ code: 2, out: '' });
    expect(second.err).toMatch(/Another station has .* open\. Stop it first, or name another data folder with --home\./);
    expect(isAlive(house.ready.pid)).toBe(true);
  });

  it('refuses what is no port, and a port that is taken', async () => {
    const wrong = await countersign(['start', '--json', '--no-window', '--home', join(scratch, 'a'), '--port', '70000']);
    expect(wrong).toEqual({ code: 2, out: '', err: 'countersign start: "70000" is no port. Give a number from 0 to 65535; 0 takes a free one.\n' });
    const taken = new URL(house.ready.desk).port;
    const busy = await countersign(['start', '--json', '--no-window', '--home', join(scratch, 'b'), '--port', taken, '--printer-port', '0']);
    expect(busy).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`Port ${taken} on 127.0.0.1 is taken`) });
  });

  it('says what is wrong with station.json, and where', async () => {
    const home = join(scratch, 'c');
    mkdirSync(home);
    writeFileSync(join(home, 'station.json'), '{"limits":{"pagez":3}}');
    const { code, err } = await countersign(['start', '--no-window', '--home', home, '--port', '0', '--printer-port', '0']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/station\.json.*pagez/) });
  });
});

describe('start by environment', () => {
  it('takes data folder and ports from COUNTERSIGN_HOME, COUNTERSIGN_PORT, COUNTERSIGN_PRINTER_PORT', async () => {
    const [port, printerPort] = await freePorts();
    const home = join(scratch, 'by-environment');
    const named = await startHouse({
      folder: scratch, args: [],
      env: { COUNTERSIGN_HOME: home, COUNTERSIGN_PORT: String(port), COUNTERSIGN_PRINTER_PORT: String(printerPort) },
    });
    const { ready } = named;
    expect([ready.home, new URL(ready.desk).port, ready.printer]).toEqual([home, String(port), `ipp://127.0.0.1:${printerPort}/ipp/print/front`]);
    expect(await named.stop()).toBe(0);
  });
});

describe('the other commands reach it', () => {
  it('print', async () => {
    const file = join(scratch, 'card.pdf');
    writeFileSync(file, await card());
    const { code, out } = await countersign(['print', file, '--home', house.home, '--json']);
    expect({ code, ...JSON.parse(out) as object }).toMatchObject({ code: 0, printer: house.ready.printer, state: 'completed' });
    const desk = await house.desk();
    expect(await titled(desk, 'card.pdf')).toMatchObject({ tablet: 'front', pages: 1 });
    desk.close();
  });

  it('doctor', async () => {
    const { code, out } = await countersign(['doctor', '--home', house.home, '--json']);
    const findings = JSON.parse(out) as { id: string; state: string; detail: string }[];
    expect(findings.find(({ id }) => id === 'printer-port')).toMatchObject({ state: 'ok', detail: 'a station is running on this data folder' });
    expect(code).toBe(findings.some(({ state }) => state === 'missing') ? 1 : 0);
    for (const { state } of findings) expect(['ok', 'warning', 'missing', 'unknown']).toContain(state);
  });

  it('sync status', async () => {
    const { code, out } = await countersign(['sync', 'status', '--home', house.home, '--json']);
    expect({ code, ...JSON.parse(out) as object }).toEqual({ code: 0, waiting: 0, retrying: 0, delivered: 0, lastError: null });
  });

  it('keys station show', async () => {
    const { code, out } = await countersign(['keys', 'station', 'show', '--home', house.home, '--json']);
    const { root, device, seal, examiners } = JSON.parse(out) as Record<string, { subject: string; issuer: string; sha256: string }> & { examiners: { sha256: string }[] };
    expect(code).toBe(0);
    expect([device?.issuer, seal?.issuer]).toEqual([root?.subject, root?.subject]);
    expect(new Set([root, device, seal, ...examiners].map((each) => each?.sha256)).size).toBe(3 + examiners.length);
    expect(examiners).not.toEqual([]);
    const keys = await house.ask({ command: 'station-keys' });
    expect(device?.sha256.replaceAll(':', '').toLowerCase()).toBe(await sha256Of(keys['device'] as string));
  });
});

describe('every command', () => {
  const commands = ['start', 'demo', 'doctor', 'pens', 'print', 'verify', 'packet', 'timestamp', 'audit', 'open', 'export', 'import', 'measure', 'replay', 'keys', 'hid', 'sync'];

  it('is listed, and explains itself', async () => {
    const overview = await countersign(['--help']);
    expect(overview.code).toBe(0);
    const listed = [...overview.out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    expect(listed).toEqual(commands);
    const helps = await Promise.all(commands.map(async (name) => countersign([name, '--help'])));
    expect(helps.map(({ code, out, err }) => [code, out.split(/[ :\n]/, 2).join(' '), err])).toEqual(commands.map((name) => [0, `countersign ${name}`, '']));
  });

  it('that is none ends with 2 and points to the list', async () => {
    expect(await countersign(['sing'])).toEqual({ code: 2, out: '', err: 'countersign: there is no command "sing". "countersign --help" lists them.\n' });
    expect((await countersign(['doctor', '--colour'])).code).toBe(2);
    expect((await countersign(['verify', join(scratch, 'none.pdf')])).err).toContain('none.pdf cannot be read');
  });
});

describe('stopping', () => {
  it('ends everything, and loses nothing', async () => {
    const pids = [await house.pid(), house.ready.syncPid];
    expect(await house.stop()).toBe(0);
    expect(house.said.err).toContain('Nothing is lost');
    expect(pids.map(isAlive)).toEqual([false, false]);
    await expect(fetch(house.ready.desk)).rejects.toThrow();
    const again = await startHouse({ folder: house.folder });
    const desk = await again.desk();
    expect(await titled(desk, 'card.pdf')).toMatchObject({ state: 'assigned' });
    desk.close();
    await again.stop();
  });

  it('takes station and sync-agent along when the command itself is killed', async () => {
    const doomed = await startHouse({ folder: mkdtempSync(join(scratch, 'killed-')) });
    process.kill(doomed.ready.pid, 0);
    doomed.child.kill('SIGKILL');
    await eventually('station and sync-agent to be gone', () => !isAlive(doomed.ready.pid) && !isAlive(doomed.ready.syncPid));
  });

  it('starts a killed station and a killed sync-agent again', async () => {
    const hardy = await startHouse({ folder: mkdtempSync(join(scratch, 'hardy-')) });
    process.kill(hardy.ready.pid, 'SIGKILL');
    process.kill(hardy.ready.syncPid, 'SIGKILL');
    await eventually('both to be started again', () => (hardy.said.err.match(/ended unexpectedly \(SIGKILL\)/g) ?? []).length === 2);
    expect(await hardy.pid()).not.toBe(hardy.ready.pid);
    // on the same ports
    expect(await hardy.ask({ command: 'status' })).toMatchObject({ printer: hardy.ready.printer });
    expect(await hardy.stop()).toBe(0);
  });
});

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); })));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
  return ports as [number, number];
}

async function sha256Of(base64: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(base64, 'base64'))).toString('hex');
}
