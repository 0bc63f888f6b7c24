import { expect, test } from 'vitest';
import { NativeHid, nativeLibrary } from '#fixtures/native-hid.ts';
import type { HidLink } from './hid-link.ts';
import { openHid } from './open-hid.ts';

test('reports come as they are, stamped, from the first listener on, with what waited in the system', async () => {
  const { native, link } = await opened();
  native.send(1, 2, 3);
  const heard: number[][] = [];
  const times: number[] = [];
  const before = Number(process.hrtime.bigint());
  link.onReport((report, hostTime) => { heard.push([...report]); times.push(hostTime); });
  await new Promise((resolve) => { setTimeout(resolve); });
  native.send(4);
  expect(heard).toEqual([[1, 2, 3], [4]]);
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times[1]).toBeGreaterThanOrEqual(times[0]!);
});

test('unplugging is told once, and closing twice is no error', async () => {
  const { native, link } = await opened();
  const ends: string[] = [];
  link.onEnd((why) => { ends.push(why); });
  native.unplug();
  native.failReading('again');
  await link.close();
  await link.close();
  expect(ends).toEqual([expect.stringContaining('device disconnected')]);
  expect(native.closes).toBe(1);
});

test('a device that is gone before anyone listens says so to who listens, and does not end the process', async () => {
  const { native, link } = await opened();
  native.unplug();
  const why = await new Promise<string>((resolve) => { link.onEnd(resolve); });
  expect(why).toContain('device disconnected');
});

test('closing is no loss, and nothing is heard after it', async () => {
  const { native, link } = await opened();
  let told = 0;
  link.onEnd(() => { told++; });
  link.onReport(() => { told++; });
  await link.close();
  native.send(1);
  native.failReading('read error while closing');
  expect(told).toBe(0);
});

test('feature reports go both ways; what is not answered is silent, what is gone is gone', async () => {
  const { native, link } = await opened();
  await link.sendFeature(Uint8Array.of(4, 1, 2));
  expect([...await link.getFeature(4, 3)]).toEqual([4, 1, 2]);
  await link.write(Uint8Array.of(9, 9));
  expect(native.written).toEqual([[9, 9]]);
  await expect(link.getFeature(5, 3)).rejects.toMatchObject({ name: 'PenError', code: 'PEN_SILENT' });
  native.unplug();
  await expect(link.getFeature(4, 3)).rejects.toMatchObject({ code: 'PEN_GONE' });
  await expect(link.sendFeature(Uint8Array.of(4))).rejects.toMatchObject({ code: 'PEN_GONE' });
  await link.close();
  await expect(link.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'PEN_GONE' });
});

test('a device that does not open says why', async () => {
  const refusing = nativeLibrary(new NativeHid(), 'cannot open device with path /dev/hidraw0: Failed to open a device with path \'/dev/hidraw0\': Permission denied');
  await expect(openHid(refusing, '/dev/hidraw0', 'the pen', 'linux')).rejects.toMatchObject({ code: 'PEN_FORBIDDEN' });
});

async function opened(): Promise<{ native: NativeHid; link: HidLink }> {
  const native = new NativeHid();
  return { native, link: await openHid(nativeLibrary(native), '/dev/hidraw0', 'the pen', 'linux') };
}
