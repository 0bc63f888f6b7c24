/** The exchange with an authority: what leaves, what comes back, and what is not taken for an answer. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { element, sequence, smallInteger, Tag } from '#biometrics/cms/der.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { startOpensslAuthority, startStandInAuthority, type Answer, type StandIn } from '#fixtures/time-stamp-authority.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { fetchTimeStamp, newNonce, provenTime, readTimeStampResponse, timeStampRequest, tokenIn, verifyTimeStamp } from './index.ts';

const folder = temporaryFolder();
const content = Buffer.from('a sealed record');
const sha256 = new Uint8Array(createHash('sha256').update(content).digest());
let authority: StandIn;

beforeAll(async () => { authority = await startStandInAuthority(); });
afterAll(() => authority.close());

describe('the request', () => {
  test('is what OpenSSL reads, and holds a hash and a nonce', (context) => {
    const openssl = judge(context, 'openssl');
    const read = (der: Uint8Array) => {
      writeFileSync(join(folder, 'request'), der);
      return String(execFileSync(openssl, ['ts', '-query', '-in', join(folder, 'request'), '-text'], { stdio: 'pipe' }));
    };
    const text = read(timeStampRequest({ sha256, nonce: Uint8Array.of(0, 0xff, 1, 2), policy: '1.2.3.4.5' }));
    expect(text).toMatch(/Version: 1\nHash Algorithm: sha256\n/);
    expect(text).toMatch(/Policy OID: 1\.2\.3\.4\.5\nNonce: 0xFF0102\nCertificate required: yes\n/);
    const bytes = [...text.matchAll(/^ {4}[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]?){1,16})/gm)].map(([, line]) => line!.replace(/[ -]/g, '')).join('');
    expect(bytes).toBe(Buffer.from(sha256).toString('hex'));
    expect(read(timeStampRequest({ sha256, nonce: newNonce() }))).toMatch(/Policy OID: unspecified/);
  });

  test('leaves with nothing else, and another nonce each time', async () => {
    const before = authority.requests.length;
    await fetchTimeStamp(authority.url, sha256);
    await fetchTimeStamp(authority.url, sha256);
    const [one, two] = authority.requests.slice(before).map(({ headers, body }) => ({ headers, body: Buffer.from(body) }));
    expect(one!.headers).toMatchObject({ 'content-type': 'application/timestamp-query', 'content-length': String(one!.body.length) });
    expect([one!.headers['cookie'], one!.headers['authorization'], one!.headers['referer']]).toEqual([undefined, undefined, undefined]);
    expect(one!.body.includes(Buffer.from(sha256))).toBe(true);
    expect(one!.body.length).toBeLessThan(75);
    expect(one!.body.equals(two!.body)).toBe(false);
  });
});

describe('the answer', () => {
  test.each<Answer>(['granted', 'granted-with-mods', 'named-by-sha1'])('%s is taken', async (answer) => {
    authority.answer = answer;
    const { token, response, timeStamp } = await fetchTimeStamp(authority.url, sha256, { roots: [authority.root] });
    expect(provenTime(timeStamp)).not.toBeNull();
    expect(Buffer.compare(await tokenIn(response), token)).toBe(0);
    expect(Buffer.compare(await tokenIn(token), token)).toBe(0);
  });

  test.each<[Answer, string, RegExp]>([
    ['rejection', 'TIME_STAMP_REFUSED', /\(rejection\): it does not know or support the hash algorithm \(badAlg\); it says: "not {1,2}\[31mtoday"\.$/],
    ['waiting', 'TIME_STAMP_REFUSED', /\(waiting\) and no reason\.$/],
    ['no-token', 'TIME_STAMP_UNREADABLE', /sent no time-stamp/],
    ['wrong-nonce', 'TIME_STAMP_OTHER', /nonce/],
    ['no-nonce', 'TIME_STAMP_OTHER', /nonce/],
    ['other-imprint', 'TIME_STAMP_OTHER', /another hash/],
    ['other-policy', 'TIME_STAMP_OTHER', /policy 1\.2\.3\.4\.99, not 1\.2\.3\.4\.1/],
    ['wrong-purpose', 'TIME_STAMP_INVALID', /not one for time-stamps/],
    ['other-key', 'TIME_STAMP_INVALID', /does not fit its certificate/],
    ['expired', 'TIME_STAMP_INVALID', /was not valid at/],
    ['garbage', 'TIME_STAMP_UNREADABLE', /no RFC 3161 time-stamp/],
    ['empty', 'TIME_STAMP_UNREADABLE', /no RFC 3161 time-stamp/],
    ['oversized', 'TIME_STAMP_AWAY', /sent more than 262144 bytes/],
    ['half', 'TIME_STAMP_AWAY', /did not answer within 0\.3 s/],
    ['never', 'TIME_STAMP_AWAY', /did not answer within 0\.3 s/],
    ['reset', 'TIME_STAMP_AWAY', /cannot be reached \(\w+\)/],
    ['html', 'TIME_STAMP_AWAY', /"text\/html" instead of application\/timestamp-reply/],
    ['redirect', 'TIME_STAMP_AWAY', /elsewhere \(302\)/],
    ['unavailable', 'TIME_STAMP_AWAY', /HTTP status 503/],
  ])('%s is refused', async (answer, code, message) => {
    authority.answer = answer;
    const patience = answer === 'half' || answer === 'never' ? { deadlineMs: 300 } : {};
    await expect(fetchTimeStamp(authority.url, sha256, { roots: [authority.root], policy: '1.2.3.4.1', ...patience }))
      .rejects.toMatchObject({ name: 'PacketError', code, message: expect.stringMatching(message) });
  });

  test('of an authority that is not there is told as such, and an abort as the caller\'s', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => { server.close(resolve); });
    await expect(fetchTimeStamp(`http://127.0.0.1:${port}/`, sha256)).rejects.toMatchObject({ code: 'TIME_STAMP_AWAY', message: expect.stringContaining('ECONNREFUSED') });
    authority.answer = 'never';
    const gone = new AbortController();
    const asked = fetchTimeStamp(authority.url, sha256, { signal: gone.signal });
    gone.abort(new Error('the station stops'));
    await expect(asked).rejects.toThrow('the station stops');
  });

  test.each(['ftp://127.0.0.1/', 'tsa.example', 'http://name:password@127.0.0.1/'])('is not asked of %s', async (url) => {
    await expect(fetchTimeStamp(url, sha256)).rejects.toMatchObject({ code: 'TIME_STAMP_ADDRESS' });
  });

  test('truncated at every byte is refused', async () => {
    const request = { sha256, nonce: Uint8Array.of(7) };
    const token = makeToken(makeTokenAuthority(), { imprint: imprintOf(content), nonce: request.nonce });
    const whole = sequence(sequence(smallInteger(0)), token);
    expect(await readTimeStampResponse(whole, request)).toMatchObject({ asAsked: true });
    for (let length = 0; length < whole.length; length++) {
      await expect(readTimeStampResponse(whole.subarray(0, length), request), `${length} bytes`).rejects.toMatchObject({ code: 'TIME_STAMP_UNREADABLE' });
    }
  });

  test.each([
    ['a status of two bytes', sequence(sequence(element(Tag.integer, Uint8Array.of(1, 0))))],
    ['a status nobody knows', sequence(sequence(smallInteger(9)))],
    ['reasons without end', sequence(sequence(smallInteger(2), sequence(...Array.from({ length: 1024 }, () => element(0x0c, Buffer.alloc(200, 'x'))))))],
    ['failures without end', sequence(sequence(smallInteger(2), element(Tag.bitString, Buffer.alloc(100_000, 0xff))))],
  ])('with %s is refused in few words', async (_, der) => {
    const refusal = await readTimeStampResponse(der, { sha256, nonce: newNonce() }).catch((error: Error) => error);
    expect(refusal).toMatchObject({ name: 'PacketError', code: expect.stringMatching(/REFUSED|UNREADABLE/) });
    expect((refusal as Error).message.length).toBeLessThan(4000);
  });
});

test('OpenSSL refuses a policy that it does not have, and says so', async (context) => {
  const judged = await startOpensslAuthority(judge(context, 'openssl'), folder);
  await expect(fetchTimeStamp(judged.url, sha256, { policy: '1.2.3.4.77' })).rejects.toMatchObject({ code: 'TIME_STAMP_REFUSED', message: expect.stringContaining('unacceptedPolicy') });
  const { token } = await fetchTimeStamp(judged.url, sha256, { policy: '1.2.3.4.5' });
  await judged.close();
  expect(await verifyTimeStamp(token, sha256, [judged.root])).toMatchObject({ policy: '1.2.3.4.5', trusted: true, problems: [] });
});
