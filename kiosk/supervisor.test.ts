import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startHouse } from './supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-house-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(what: string, fits: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await fits()) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`in vain: ${what}`);
}

test('station and sync-agent run, come back on the same ports when killed, and stop together', async () => {
  const logged: string[] = [];
  const house = await startHouse({ home: join(folder, 'home'), port: 0, printerPort: 0, log: (line) => logged.push(line) });
  const { pid, syncPid, desk } = house;
  try {
    // no memory of either goes into a core dump (core(5))
    if (platform() === 'linux') expect([pid, syncPid].map((id) => readFileSync(`/proc/${id}/coredump_filter`, 'utf8').trim())).toEqual(['00000000', '00000000']);
    const before = await fetch(desk);
    expect(before.headers.getSetCookie()).toHaveLength(1);
    process.kill(pid, 'SIGKILL');
    process.kill(syncPid, 'SIGKILL');
    await until('both run again', () => house.pid !== pid && house.syncPid !== syncPid);
    await until('the station answers', () => fetch(new URL('/desk', desk)).then(({ status }) => status === 401, () => false));
    expect(logged.join('\n')).toMatch(/station ended unexpectedly \(SIGKILL\)/);
    expect(logged.join('\n')).not.toContain(new URL(desk).search);
  } finally {
    await house.stop();
  }
  expect([pid, syncPid, house.pid, house.syncPid].filter(alive)).toEqual([]);
});

test('a station that cannot run says why, and is not tried again', async () => {
  const home = mkdtempSync(join(folder, 'bad-'));
  writeFileSync(join(home, 'station.json'), '{"hotell":"x"}');
  await expect(startHouse({ home, port: 0, printerPort: 0, log: () => {} })).rejects.toMatchObject({ code: 'SETTINGS_INVALID', message: expect.stringContaining('hotell') });
});
