import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi, type TestContext } from 'vitest';
import { watchDevices } from './watch-devices.ts';

test('on Linux a device file that comes or goes is looked for, other files are not', async (context) => {
  const { folder, looks } = watched(context);
  writeFileSync(join(folder, 'null'), '');
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  expect(looks()).toBe(0);
  writeFileSync(join(folder, 'hidraw0'), '');
  await vi.waitUntil(() => looks() > 0, { timeout: 5_000 });
  const before = looks();
  rmSync(join(folder, 'hidraw0'));
  await vi.waitUntil(() => looks() > before, { timeout: 5_000 });
});

test('a folder that cannot be watched leaves the poll', () => {
  vi.useFakeTimers();
  try {
    let looks = 0;
    const { stop } = watchDevices(() => { looks++; }, 'linux', '/nowhere');
    vi.advanceTimersByTime(11_000);
    expect(looks).toBe(2);
    stop();
    vi.advanceTimersByTime(11_000);
    expect(looks).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test.each(['darwin', 'linux'] as const)('on %s nothing is looked for without a reason while a pen writes', (platform) => {
  vi.useFakeTimers();
  try {
    let looks = 0;
    const { busy, stop } = watchDevices(() => { looks++; }, platform, '/nowhere');
    for (let tenth = 0; tenth < 100; tenth++) {
      busy();
      vi.advanceTimersByTime(100);
    }
    expect(looks).toBe(0);
    vi.advanceTimersByTime(11_000);
    expect(looks).toBeGreaterThan(1);
    stop();
  } finally {
    vi.useRealTimers();
  }
});

function watched(context: TestContext): { folder: string; looks: () => number } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  let looks = 0;
  const { stop } = watchDevices(() => { looks++; }, 'linux', folder);
  context.onTestFinished(() => { stop(); rmSync(folder, { recursive: true }); });
  return { folder, looks: () => looks };
}
