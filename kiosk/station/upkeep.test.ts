/** What is looked at once a second. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { closeStation, openStation } from './open-station.ts';
import { startUpkeep } from './upkeep.ts';

/** A busy machine may need its time. */
const PATIENCE = { timeout: 20_000 };

test('a step that fails keeps no other from being done, and is told once', async () => {
  const home = temporaryFolder();
  // more than any disk has
  writeFileSync(join(home, 'station.json'), JSON.stringify({ limits: { diskNotice: 1_024 ** 4 } }));
  const logged: string[] = [];
  const station = await openStation(home, (line) => logged.push(line));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const end = startUpkeep(station);
  onTestFinished(async () => {
    end();
    vi.useRealTimers();
    await closeStation(station);
  });
  vi.spyOn(station.outbox, 'status').mockImplementation(() => { throw new Error('broken as well'); });
  const expiring = vi.spyOn(station.requests, 'receivedBefore').mockImplementation(() => { throw new Error('broken'); });
  // of a guest who has gone
  station.notices.set({ code: 'DISK_FULL', severity: 'error', message: 'a guest waits' });
  for (const times of [1, 2]) {
    vi.advanceTimersByTime(1_000);
    await vi.waitFor(() => expect(expiring).toHaveBeenCalledTimes(times), PATIENCE);
    await vi.waitFor(() => expect(station.notices.list().map(({ code }) => code)).toContain('DISK_LOW'), PATIENCE);
    station.notices.clear('DISK_LOW');
  }
  expect(station.notices.list()).toEqual([]);
  await vi.waitFor(() => expect(logged.filter((line) => line.includes('broken'))).toEqual(['expiry: broken', 'the outbox: broken as well']), PATIENCE);
});
