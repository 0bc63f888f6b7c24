/** A disk that fills up, on a small file system of its own. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { findProgram, needsHost } from '#fixtures/needs.ts';
import type { StationToDesk } from '#kiosk/protocol/messages.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { startTestStation } from './station-for-tests.ts';

type DeskState = Extract<StationToDesk, { type: 'state' }>;

/** A file system of 24 MB, gone after the test. */
function smallDisk(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-small-'));
  try {
    execFileSync(findProgram('mount') ?? '', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    needsHost(context, 'a small file system can be mounted only as root on Linux');
  }
  onTestFinished(() => {
    execFileSync(findProgram('umount') ?? '', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Takes all the room there is. */
function fill(disk: string): string {
  const path = join(disk, 'filler');
  const file = openSync(path, 'w');
  try {
    for (const size of [1 << 20, 4_096]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
  return path;
}

test('at Done: the guest is asked to wait, the desk is told, the document stays, and with room again Done works', async (context) => {
  const disk = smallDisk(context);
  const here = await startTestStation({}, {}, disk);
  const [desk, guest] = [await Desk.open(here.station.desk), await Guest.arrive(here.station.guest)];
  onTestFinished(async () => {
    guest.session.close();
    desk.close();
    await here.end();
  });
  const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });
  await printFile(here.station.printer, card, { name: 'Card', user: 'x' });
  await desk.release(await desk.request(['assigned']));
  const { state, request, sha256 } = await guest.read();
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);

  const filler = fill(disk);
  const full = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
  expect([full.status, await full.json()]).toMatchObject([507, { code: 'DISK_FULL', detail: expect.stringMatching(/wait/) }]);
  await desk.session.until('the notice', (message): message is DeskState => message.type === 'state' && message.notices.some(({ code }) => code === 'DISK_FULL'));
  expect((await desk.request(['signing'], request.id)).delivery).toBe('none');

  const refused = await printFile(here.station.printer, card, { name: 'Second', user: 'x' });
  expect(refused).toMatchObject({ state: 'aborted', message: expect.stringMatching(/disk is full/) });

  rmSync(filler);
  const done = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
  expect(done.status).toBe(200);
  expect(await desk.request(['completed'], request.id)).toMatchObject({ delivery: 'waiting' });
});
