/** Serial pens as a station has them: read in the pen process, from ports of the kernel. */
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PenEar } from '#fixtures/pen-listener.ts';
import { openPty, type Pty } from '#fixtures/pty.ts';
import { Isdv4Tablet } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { topazPacket } from '#fixtures/serial-pens/topaz-packet.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import type { AttachedPen, Pens } from '../pens.ts';
import { startPens } from '../process/index.ts';
import { captureOf } from '../source.ts';

const folder = temporaryFolder();

test('two pens at once; one is pulled out in mid-stroke, plugged in again, and is the same pen', async (context) => {
  // a name that stays, as udev gives one to an adapter
  const port = join(folder, 'tablet');
  let plugged = await plug(await openPty(context), port);
  const pad = await openPty(context);
  const pens = await startPens({ serial: [{ path: port, protocol: 'isdv4' }, { path: pad.path, protocol: 'topaz' }], log: () => undefined });
  context.onTestFinished(() => pens.stop());
  const { id, gives } = await listed(pens, ({ kind, gives: known }) => kind === 'isdv4' && known !== null);
  expect(gives).toMatchObject({ pressureLevels: 256, tilt: 'tilt' });
  const topaz = await listed(pens, ({ kind }) => kind === 'topaz');
  expect(topaz).toMatchObject({ problem: null, gives: { pressureLevels: 0 } });

  const [tabletSource, padSource] = [pens.source(id), pens.source(topaz.id)];
  const [tabletEar, padEar] = [new PenEar(), new PenEar()];
  await Promise.all([tabletSource.open(tabletEar), padSource.open(padEar)]);
  await plugged.tablet.until('sampling');
  plugged.tablet.draw({ x: 1 }, { x: 2 });
  pad.far.write(topazPacket({ x: 3, y: 3 }));
  await Promise.all([tabletEar.count(2), padEar.count(1)]);

  await plugged.unplug();
  await tabletEar.end();
  expect(tabletEar.ends.map((error) => error?.code)).toEqual(['PEN_GONE']);
  expect(captureOf(tabletSource, tabletEar.heard, null)).toMatchObject({ complete: false, samples: [{ x: 1 }, { x: 2 }] });
  expect(await listed(pens, (pen) => pen.id === id && pen.problem !== null)).toMatchObject({ problem: { code: 'PEN_GONE' } });
  pad.far.write(topazPacket({ x: 4, y: 4 }));
  await padEar.count(2);
  expect(padEar.ends).toEqual([]);

  plugged = await plug(await openPty(context), port);
  await listed(pens, (pen) => pen.id === id && pen.problem === null && pen.gives !== null);
  const again = pens.source(id);
  const ear = new PenEar();
  await again.open(ear);
  await plugged.tablet.until('sampling');
  plugged.tablet.draw({ x: 5 });
  await ear.count(1);
  await again.close();
  expect(captureOf(again, ear.heard, null)).toMatchObject({ complete: true, source: { kind: 'isdv4' }, samples: [{ x: 5 }] });
});

async function plug(pty: Pty, port: string): Promise<{ tablet: Isdv4Tablet; unplug(): Promise<void> }> {
  const tablet = new Isdv4Tablet(pty, { touchSensor: 1 });
  symlinkSync(pty.path, port);
  return { tablet, unplug: async () => { await pty.unplug(); rmSync(port); } };
}

/** The pen in the list, once it is so. */
async function listed(pens: Pens, isSo: (pen: AttachedPen) => boolean): Promise<AttachedPen> {
  for (;;) {
    const pen = pens.list().find(isSo);
    if (pen !== undefined) return pen;
    await new Promise<void>((resolve) => { const end = pens.onChange(() => { end(); resolve(); }); });
  }
}
