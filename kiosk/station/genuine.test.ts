/** One file at a time, nothing of it kept, and an answer whatever it is; what the answers say: `whole-way.test.ts`, `packet/verify/headline.test.ts`. */
import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { readBytes } from './body.ts';
import { checkGenuine } from './genuine.ts';
import { closeStation, openStation } from './open-station.ts';

const folder = temporaryFolder();

test('a second file is refused before it is read, whatever the first is; the bytes of each are overwritten, and the next is taken', async () => {
  const station = await openStation(folder, () => {});
  try {
    const { promise, resolve: arrive } = Promise.withResolvers<Uint8Array>();
    const first = checkGenuine(station, () => promise, { deadlineMs: 1, memoryMb: 512 });
    await expect(checkGenuine(station, () => expect.fail('read'))).rejects.toMatchObject({ code: 'NOT_NOW' });
    const bytes = plainPdf();
    arrive(bytes);
    expect(await first).toMatchObject({ headline: { kind: 'unsaid', because: [expect.stringContaining('would take longer than')] } });
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    await expect(checkGenuine(station, async () => { throw new TypeError('the connection broke off'); })).rejects.toThrow('broke off');
    expect((await checkGenuine(station, async () => plainPdf(), { deadlineMs: 1, memoryMb: 512 })).headline.kind).toBe('unsaid');
  } finally {
    await closeStation(station);
  }
});

test.each([['said beforehand', { 'content-length': '1001' }], ['not said', {}]])('a body above the limit is refused, its length %s', async (_, headers) => {
  const body = Object.assign(Readable.from([new Uint8Array(600), new Uint8Array(401)].map((each) => Buffer.from(each))), { headers }) as unknown as IncomingMessage;
  await expect(readBytes(body, 1000)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});
