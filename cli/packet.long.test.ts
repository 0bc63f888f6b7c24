/** `countersign packet upgrade --online` against authorities run by OpenSSL, up to a renewal; `verify` finds nothing wrong in what was added. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { startOpensslPki } from '#fixtures/openssl-authority.ts';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { verify } from '#packet/verify/verify.ts';
import * as packet from './packet.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
let told = '';
beforeEach(() => { vi.spyOn(process.stdout, 'write').mockImplementation((text) => { told += String(text); return true; }); });
afterEach(() => vi.restoreAllMocks());

test('of B-LTA and its renewal, verify finds nothing wrong in what was added', async (context) => {
  const pki = await startOpensslPki(judge(context, 'openssl'), folder);
  writeFileSync(at('sealed.pdf'), await handSignedPdf({ seal: pki.seal }));
  const args = ['--to', 'B-LTA', '--tsa', pki.tsa, '--trust', join(pki.folder, 'root.pem'), '--online', '--private'];
  await packet.run(['upgrade', at('sealed.pdf'), ...args, '--out', at('one.pdf')]);
  await packet.run(['upgrade', at('one.pdf'), ...args, '--out', at('two.pdf')]);
  await pki.close();
  expect(told).toMatch(/validation data: \d+ certificates, 1 revocation lists, 1 OCSP answers/);
  const { findings } = await verify(new Uint8Array(readFileSync(at('two.pdf'))), { trust: [pki.root] });
  // Document time-stamps themselves may be passed over; what they stand in may not be found wrong.
  expect(findings.filter(({ severity, code }) => severity === 'error' && code !== 'SUBFILTER_NOT_CHECKED')).toEqual([]);
});
