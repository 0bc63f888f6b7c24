import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desktopTablet, laptopPen } from '#fixtures/hid/pens.ts';
import type { AttachedPen } from '../pens.ts';
import { AttachedPens } from './attached-pens.ts';

test.runIf(process.platform === 'linux')('a pen whose place another device took since it was listed is gone, and not read as what it was', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const sys = join(folder, 'hidraw0', 'device');
  mkdirSync(sys, { recursive: true });
  const plug = (name: string, descriptor: Uint8Array): void => {
    writeFileSync(join(sys, 'uevent'), `HID_ID=0003:0000256C:0000006D\nHID_NAME=${name}\nHID_PHYS=usb-1/input0\nHID_UNIQ=${name}\n`);
    writeFileSync(join(sys, 'report_descriptor'), descriptor);
  };
  plug('One', desktopTablet);
  const pens = new AttachedPens({ serial: [] }, () => undefined, { sys: folder, dev: folder });
  context.onTestFinished(async () => {
    await pens.stop();
    rmSync(folder, { recursive: true });
  });
  const lists: AttachedPen[][] = [];
  await pens.watch((list) => { lists.push(list); });
  const [one] = lists[0]!;
  expect((await pens.source(one!.id)).info.device.name).toBe('One');
  plug('Two', laptopPen);
  await expect(pens.source(one!.id)).rejects.toMatchObject({ code: 'PEN_GONE' });
  const [two] = lists.at(-1)!;
  expect((await pens.source(two!.id)).info).toMatchObject({ device: { name: 'Two' }, descriptor: laptopPen });
});
