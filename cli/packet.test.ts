/** `countersign packet upgrade` in process: what it writes, and what it leaves alone. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { startStandInAuthority, type StandIn } from '#fixtures/time-stamp-authority.ts';
import * as packet from './packet.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
let authority: StandIn;
let told = '';
let asked: string[];

beforeAll(async () => {
  authority = await startStandInAuthority();
  writeFileSync(at('card.pdf'), await handSignedPdf({ seal: await testSigner('Test seal') }));
  writeFileSync(at('seal-root.pem'), pem('CERTIFICATE', await testRoot()));
  writeFileSync(at('tsa-root.der'), authority.root);
  asked = ['upgrade', at('card.pdf'), '--tsa', authority.url, '--trust', at('seal-root.pem'), '--trust', at('tsa-root.der')];
});
afterAll(() => authority.close());
beforeEach(() => {
  told = '';
  authority.answer = 'granted';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { told += String(text); return true; });
});
afterEach(() => vi.restoreAllMocks());

test('leaves nothing behind where it could not, works when tried again, and never writes over a file', async () => {
  const before = readFileSync(at('card.pdf'));
  authority.answer = 'unavailable';
  await expect(packet.run([...asked, '--to', 'B-T'])).rejects.toMatchObject({ code: 'TIME_STAMP_AWAY' });
  expect(existsSync(at('card.B-T.pdf'))).toBe(false);
  authority.answer = 'granted';
  expect(await packet.run([...asked, '--to', 'B-T'])).toBe(0);
  expect(told).toMatch(/card\.B-T\.pdf: B-T\.\n {2}time-stamp over signature "guest": .*Z, CN=Stand-in time-stamp authority\n$/);
  expect(readFileSync(at('card.pdf'))).toEqual(before);
  if (process.platform !== 'win32') expect(statSync(at('card.B-T.pdf')).mode & 0o777).toBe(0o600);
  await expect(packet.run([...asked, '--to', 'B-T'])).rejects.toThrow(/not overwritten/);
  told = '';
  expect(await packet.run(['upgrade', at('card.B-T.pdf'), ...asked.slice(2), '--to', 'B-T', '--json'])).toBe(0);
  expect(JSON.parse(told)).toEqual({ file: at('card.B-T.pdf'), out: null, level: 'B-T', steps: [], notes: [] });
});

test('B-LT without lists, and without permission to fetch them, is refused with what to do', async () => {
  await expect(packet.run([...asked, '--to', 'B-LT'])).rejects.toThrow(/--crl.*--online/);
  expect(existsSync(at('card.B-LT.pdf'))).toBe(false);
});

test.each([[['--to', 'B-X']], [[]], [['--to', 'B-T', '--private']]])('%j is no order', async (args) => {
  await expect(packet.run([...asked, ...args])).rejects.toThrow(/name what to do/);
});
