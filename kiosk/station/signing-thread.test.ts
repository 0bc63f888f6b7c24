import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { cardPdf } from '#fixtures/pdf.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { KeyError } from '#keys/errors.ts';
import { readPacket, type PacketContents } from '#packet/container.ts';
import { PacketError } from '#packet/errors.ts';
import { signDocument, type SignDocumentOptions } from '#packet/sign-document.ts';
import { SyncError } from '#sync-agent/errors.ts';
import { Outbox } from '#sync-agent/outbox.ts';
import { inkToNumbers } from './ink-numbers.ts';
import { SigningThread } from './signing-thread.ts';

const thread = new SigningThread();
afterAll(() => thread.end());

/** Without other fields to fill. */
let options: Omit<SignDocumentOptions, 'fillings'>;

function signing({ ink, ...document }: typeof options, by = thread): ReturnType<SigningThread['sign']> {
  return by.sign({ ...document, ink: inkToNumbers(ink) });
}

beforeAll(async () => {
  const document = await cardPdf({ pages: 2 });
  options = {
    document, documentSha256: createHash('sha256').update(document).digest('hex'), ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }],
    field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: 2, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' },
    // a view into a larger buffer, as Node makes of small ones
    sealedRecord: Buffer.alloc(9000, 0x5a).subarray(3000, 6000), requestId: 'request-0001', signerName: 'Līga Bērziņa', place: 'Rīga', signedAt: new Date('2026-11-21T10:02:03Z'), demo: false,
    seal: { ...await testSigner('Test seal'), sign: async (data) => new Uint8Array(64).fill(data[0] ?? 0) },
  };
});

test('a document is signed to the same bytes as without the thread, by a key that stays outside', async () => {
  const [inThread, here] = [await signing(options), await signDocument(options)];
  expect(inThread.byteRange).toEqual(here.byteRange);
  expect(Buffer.compare(inThread.signedPdf, here.signedPdf)).toBe(0);
  // copied, not taken
  expect(options.document.length).toBeGreaterThan(0);
});

test('a name that no font can draw is left out; any other error comes back as it was thrown', async () => {
  const { signedPdf } = await signing({ ...options, signerName: '\u{12000}' });
  expect(Buffer.compare(signedPdf, (await signDocument({ ...options, signerName: null })).signedPdf)).toBe(0);
  const changed = await signing({ ...options, documentSha256: '0'.repeat(64) }).catch((error: unknown) => error);
  expect(changed).toBeInstanceOf(PacketError);
  expect(changed).toMatchObject({ code: 'DOCUMENT_CHANGED' });
  const away = new KeyError('PRIVATE_KEY_MALFORMED', 'away');
  await expect(signing({ ...options, seal: { ...options.seal, sign: () => Promise.reject(away) } })).rejects.toBe(away);
});

function contents(): PacketContents {
  return { signedPdf: options.document, audit: [], consent: { text: 'Agreed', language: 'en', version: '1' }, requestId: 'request-0001', signedAt: options.signedAt, demo: true, seal: options.seal };
}

test('the packet is made and sealed in the same way', async () => {
  const bytes = await thread.packet({ ...contents(), seal: await testSigner('Test seal') });
  expect(readPacket(bytes)).toMatchObject({ request: 'request-0001', consent: { text: 'Agreed' } });
});

test('a packet is in the outbox when the thread says so, and why it is not comes back as it was thrown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-thread-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'outbox.db');
  const outbox = Outbox.open(path, { wrap: null });
  onTestFinished(() => outbox.close());
  const spki = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey.export({ type: 'spki', format: 'der' });
  const put = (bytes: Uint8Array) => thread.put({ kms: null, spki, outbox: path, item: { id: 'one', destination: 'packet', key: 'one.esdk', bytes, context: { packet: 'one' } } });
  // larger than what is copied at a time
  const packet = Buffer.alloc(5_000_000, 'packet');
  await put(packet);
  expect(outbox.contentSha256Of('one')).toBe(createHash('sha256').update(packet).digest('hex'));
  expect(outbox.claim(Date.now())?.envelope.length).toBeGreaterThan(packet.length);
  const other = await put(Buffer.from('another')).catch((error: unknown) => error);
  expect(other).toBeInstanceOf(SyncError);
  expect(other).toMatchObject({ code: 'OUTBOX_CONFLICT' });
});

test('what never ends is given up, and so is what outgrows its memory: it ends the thread, not the station', async () => {
  const impatient = new SigningThread({ deadlineMs: 1 });
  await expect(signing({ ...options, seal: { ...options.seal, sign: () => new Promise(() => {}) } }, impatient)).rejects.toThrow('took too long');
  const small = new SigningThread({ heap: { maxOldGenerationSizeMb: 4, maxYoungGenerationSizeMb: 1 } });
  await expect(signing(options, small)).rejects.toThrow(/failed: .*memory/);
});

const ends: { end: string; make(worker: Worker): unknown; why: string }[] = [
  { end: 'a message that cannot be read there', make: (worker) => { worker.postMessage(unreadable()); }, why: 'The signing thread failed: Missing internal module' },
  { end: 'a message that cannot be read here', make: (worker) => worker.emit('messageerror', new Error('no room for it')), why: 'The signing thread failed: no room for it' },
  { end: 'an error that nobody catches there', make: (worker) => { worker.postMessage(null); }, why: 'The signing thread failed: Cannot read properties of null' },
  { end: 'its end', make: () => thread.end(), why: 'The signing thread has ended.' },
];

test('however the thread ends, what it was doing fails and says why, and the next is done by another', async () => {
  await thread.end();
  for (const { end, make, why } of ends) {
    const { promise: started, resolve } = Promise.withResolvers<Worker>();
    process.once('worker', resolve);
    const asked = Promise.withResolvers<void>();
    // a packet, whose making needs the fewest modules
    const cut = thread.packet({ ...contents(), seal: { ...options.seal, sign: () => { asked.resolve(); return new Promise(() => {}); } } });
    const [worker] = await Promise.all([started, asked.promise]);
    make(worker);
    await expect(cut, end).rejects.toThrow(why);
  }
  expect(readPacket(await thread.packet(contents()))).toMatchObject({ request: 'request-0001' });
});

/** It can be sent, and says of itself that a module is needed to read it which is nowhere. */
function unreadable(): BlockList {
  const list = new BlockList();
  const clone = Object.getOwnPropertySymbols(BlockList.prototype).find(({ description }) => description === 'messaging_clone_symbol');
  return Object.defineProperty(list, clone!, { value: () => ({ data: {}, deserializeInfo: 'internal/nowhere:Nothing' }) });
}
