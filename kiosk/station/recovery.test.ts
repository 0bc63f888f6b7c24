/** What a start makes of a station that died between "Done" and "Thank you": the outbox decides. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSealedRecord } from '#biometrics/open.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { CUSTODY_FILES, custodyFolder, readPrivateKey } from '#keys/index.ts';
import type { RequestState } from '#kiosk/protocol/states.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { printFile } from '#print-to-tab/client.ts';
import { openDatabase, type StationDatabase } from './database.ts';
import { startTestStation, type TestStation } from './station-for-tests.ts';

const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });

async function started(): Promise<TestStation> {
  const here = await startTestStation();
  onTestFinished(() => here.end());
  return here;
}

/** Runs with a desk and a guest at the station. */
async function atTheDesk<T>(here: TestStation, work: (desk: Desk, guest: Guest) => Promise<T>): Promise<T> {
  const { desk: deskAddress, guest: guestAddress } = here.station.tokens();
  const [desk, guest] = [await Desk.open(deskAddress), await Guest.arrive(guestAddress)];
  try {
    return await work(desk, guest);
  } finally {
    guest.session.close();
    desk.close();
  }
}

/** Prints (unless something waits) and brings a guest as far as the pen. */
async function atThePen(here: TestStation, desk: Desk, guest: Guest, waiting?: string) {
  if (waiting === undefined) await printFile(here.station.printer, card, { name: 'Card', user: 'x' });
  await desk.release(await desk.request(['assigned'], waiting));
  const { state, request, sha256 } = await guest.read();
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);
  return { request, seen: { documentSha256: sha256, consentSha256 } };
}

async function sign(here: TestStation, waiting?: string): Promise<string> {
  return atTheDesk(here, async (desk, guest) => {
    const { request, seen } = await atThePen(here, desk, guest, waiting);
    expect((await guest.done(request, recordedPen(), seen)).status).toBe(200);
    return request.id;
  });
}

function stateOf(here: TestStation, id: string): Promise<RequestState> {
  return atTheDesk(here, async (desk) => (await desk.request(['assigned', 'shown', 'signing', 'completed'], id)).state);
}

/** Changes the database of a station that is stopped, and starts it again. */
async function afterDying(here: TestStation, change: (database: StationDatabase) => void): Promise<void> {
  await here.station.stop();
  const database = openDatabase(join(here.home, 'station.db'));
  change(database);
  database.close();
  await here.restart();
}

async function chainOf(here: TestStation, id: string) {
  return atTheDesk(here, async (desk) => {
    const copy = new Uint8Array(await (await desk.session.fetch(`/desk/requests/${id}/signed.pdf`)).arrayBuffer());
    const privateKey = readPrivateKey(readFileSync(join(custodyFolder(here.home), CUSTODY_FILES.examinerKey)));
    return (await openSealedRecord(readSignedPdf(copy).sealedRecords[0]!.bytes, { privateKey })).context.chain;
  });
}

test('died after the outbox had the packet: completed, and the next record follows it without a gap', async () => {
  const here = await started();
  const first = await sign(here);
  const chain = await chainOf(here, first);
  const second = await sign(here);
  const { previousSha256 } = await chainOf(here, second);
  expect(chain).toEqual({ number: 1, previousSha256: null });

  // as if the station had died right behind the commit of the second packet
  await afterDying(here, (database) => {
    database.prepare(`UPDATE requests SET state = 'signing', released = 1 WHERE id = ?`).run(second);
    const { value } = database.prepare(`SELECT value FROM meta WHERE key = 'record-chain'`).get() as { value: string };
    const { number, sha256 } = JSON.parse(value) as { number: number; sha256: string };
    expect(number).toBe(2);
    database.prepare('INSERT INTO completing (only, request, record_number, sealed_sha256) VALUES (1, ?, ?, ?)').run(second, number, sha256);
    database.prepare(`UPDATE meta SET value = ? WHERE key = 'record-chain'`).run(JSON.stringify({ number: 1, sha256: previousSha256 }));
  });
  expect(await stateOf(here, second)).toBe('completed');
  const third = await sign(here);
  const after = await chainOf(here, third);
  expect(after.number).toBe(3);
  expect(after.previousSha256).not.toBe(previousSha256);
});

test('died before: the request waits again, unsigned, and its record number is used once', async () => {
  const here = await started();
  const id = await atTheDesk(here, async (desk, guest) => (await atThePen(here, desk, guest)).request.id);
  await afterDying(here, (database) => {
    database.prepare(`UPDATE requests SET state = 'signing', released = 1 WHERE id = ?`).run(id);
    database.prepare('INSERT INTO completing (only, request, record_number, sealed_sha256) VALUES (1, ?, 1, ?)').run(id, 'cd'.repeat(32));
  });
  expect(await stateOf(here, id)).toBe('assigned');
  expect(await sign(here, id)).toBe(id);
  expect(await chainOf(here, id)).toEqual({ number: 1, previousSha256: null });
});

test('files that belong to nothing, or are half written, are swept', async () => {
  const here = await started();
  const id = await sign(here);
  const documents = join(here.home, 'documents');
  await here.station.stop();
  for (const name of ['4a8e0c1e.document', '4a8e0c1e.signed', `${id}.document`, `${id}.signed.new`]) writeFileSync(join(documents, name), 'x');
  await here.restart();
  expect(readdirSync(documents)).toEqual([`${id}.signed`]);
});

test('screens keep their sessions over a restart on the same ports', async () => {
  const here = await started();
  const { port } = new URL(here.station.desk);
  const entry = await fetch(here.station.desk);
  const cookie = entry.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  await here.station.stop();
  const again = await startTestStation({}, { home: here.home, port: Number(port) });
  onTestFinished(() => again.end());
  expect((await fetch(`http://127.0.0.1:${port}/desk`, { headers: { Cookie: cookie } })).status).toBe(200);
});
