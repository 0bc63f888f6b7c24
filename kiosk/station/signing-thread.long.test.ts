/**
 * A station runs for months and its signing thread as long: what a signature left behind there would add up. A thousand guests, each with
 * all that "Done" asks of the thread, and the memory between a warm thread and the end.
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { CONSENT, sha256, SIGNED_AT, trail } from '#fixtures/completed-signing.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { Outbox } from '#sync-agent/outbox.ts';
import { inkToNumbers } from './ink-numbers.ts';
import { SigningThread } from './signing-thread.ts';

const GUESTS = 1_000;
/** After these the fonts' glyphs are kept, code is compiled, and the allocator has its size. */
const WARM = 200;
/** On the heap after a collection. V8 itself still learns, some 500 for each guest here and megabytes less where it lets code go; a page or a document kept would be 20,000. */
const HEAP_BYTES_EACH = 2_500;
/** Of the highest resident memory in the first half and in the second. */
const RESIDENT_MB = 32;

const folder = temporaryFolder();
const MB = 2 ** 20;

test(`the thread holds no more after ${GUESTS} signatures than when it was warm`, async () => {
  const { promise, resolve } = Promise.withResolvers<Worker>();
  process.once('worker', resolve);
  const thread = new SigningThread();
  const path = join(folder, 'outbox.db');
  const outbox = Outbox.open(path, { wrap: null });
  onTestFinished(async () => {
    await thread.end();
    outbox.close();
  });
  await thread.warm();
  const worker = await promise;

  const document = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });
  const seal = await testSigner('Test seal');
  const spki = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey.export({ type: 'spki', format: 'der' });
  const names = Object.values(sampleGuests).map(({ name }) => name);
  const audit = trail('request', document);
  const ink = inkToNumbers([{ width: 0.45, points: Array.from({ length: 400 }, (_, at): [number, number] => [at / 8, 6 + 6 * Math.sin(at / 9)]) }]);
  const serve = async (guest: number): Promise<void> => {
    const id = `guest-${guest}`;
    const name = names[guest % names.length] ?? null;
    const common = { requestId: id, signedAt: SIGNED_AT, demo: false, seal };
    const { signedPdf } = await thread.sign({
      ...common, document, documentSha256: sha256(document), ink, sealedRecord: new Uint8Array(9_000).fill(guest), signerName: name, place: 'Stockholm',
      field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: 1, rect: { x: 50, y: 102, width: 233, height: 60 }, found: 'phrase' },
    });
    const origin = { station: null, place: { name: name ?? '', address: null, coordinates: null }, disclosed: [] };
    const auditPdf = await thread.page({ ...origin, request: id, signedAt: SIGNED_AT.toISOString(), demo: false, events: audit, consent: { sha256: sha256(document), language: 'en', version: '1' } }, guest % 2 === 0 ? 'ja' : null);
    const bytes = await thread.packet({ ...common, signedPdf, audit, origin, auditPdf, consent: CONSENT });
    await thread.wrap({ kms: null, spki, bytes: signedPdf, context: { packet: id } });
    await thread.put({ kms: null, spki, outbox: path, item: { id, destination: 'packet', key: `${id}.esdk`, bytes, context: { packet: id } } });
    // as the sync-agent does when the store has it
    outbox.receipt(id, { store: 'test', location: id, sha256: '', at: '', alreadyThere: false });
  };
  /** Highest resident memory meanwhile. */
  const serveMany = async (from: number, to: number): Promise<number> => {
    let highest = 0;
    for (let guest = from; guest < to; guest++) {
      await serve(guest);
      highest = Math.max(highest, process.memoryUsage.rss());
    }
    return highest;
  };

  await serveMany(0, WARM);
  const [warm, files] = [await held(worker), openFiles()];
  const half = Math.floor((WARM + GUESTS) / 2);
  const first = await serveMany(WARM, half);
  const second = await serveMany(half, GUESTS);
  const end = await held(worker);

  expect((end.heap - warm.heap) / (GUESTS - WARM)).toBeLessThan(HEAP_BYTES_EACH);
  expect(end.outside - warm.outside).toBeLessThan(MB);
  expect((second - first) / MB).toBeLessThan(RESIDENT_MB);
  expect(openFiles()).toBe(files);
});

/** Bytes after a full collection, which a snapshot begins with: on the thread's heap, and held by it outside. */
async function held(worker: Worker): Promise<{ heap: number; outside: number }> {
  // nobody waits for this thread between two tasks
  worker.ref();
  await once((await worker.getHeapSnapshot()).resume(), 'end');
  const { used_heap_size: heap, external_memory: outside } = await worker.getHeapStatistics();
  worker.unref();
  return { heap, outside };
}

/** Connections, files: of the whole process. Null where the system does not list them. */
function openFiles(): number | null {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : null;
}
