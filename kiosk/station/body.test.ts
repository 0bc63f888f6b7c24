/** What is left of the body of "Done" when it was read, or refused before anybody reads it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { readShared } from './body.ts';
import { rinseHttp } from './rinse-http.ts';
import { answerRoute } from './routes.ts';
import type { Station } from './station.ts';

vi.mock('./rinse-http.ts', () => ({ rinseHttp: vi.fn(async () => {}) }));

const station = { settings: { limits: { doneBytes: 10 } } } as Station;

test.each([
  ['is too long', 'TOO_LARGE', [6, 6]],
  ['breaks off', 'BAD_BODY', [4, 4, null]],
])('nothing, where it %s', async (_, code, lengths) => {
  const pieces = lengths.map((length) => (length === null ? null : Buffer.alloc(length, 7)));
  const body = Readable.from((async function* () {
    for (const piece of pieces) {
      if (piece === null) throw new Error('gone');
      yield piece;
    }
  })());
  const rinsed = vi.mocked(rinseHttp).mock.calls.length;
  const answered = answerRoute(station, '/guest/requests/1/done', 'front', Object.assign(body, { method: 'POST', headers: {} }) as unknown as IncomingMessage, {} as ServerResponse);
  await expect(answered).rejects.toMatchObject({ code });
  expect(pieces.every((piece) => piece === null || piece.every((byte) => byte === 0))).toBe(true);
  // and as much in the memory of Node that all requests come through
  expect(vi.mocked(rinseHttp).mock.calls).toHaveLength(rinsed + 1);
});

test('nothing in the pieces that it came in, where several came at once', async () => {
  const pieces = [Buffer.alloc(4, 1), Buffer.alloc(5, 2), Buffer.alloc(6, 3)];
  const body = new Readable({ read() {} });
  for (const piece of [...pieces, null]) body.push(piece);
  const read = await readShared(Object.assign(body, { headers: {} }) as unknown as IncomingMessage, 20);
  expect([...read]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]);
  expect(pieces.map((piece) => piece.every((byte) => byte === 0))).toEqual([true, true, true]);
});
