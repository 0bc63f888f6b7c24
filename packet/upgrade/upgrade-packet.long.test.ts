/** As `upgrade-packet.test.ts`, over every file of three versions. */
import { afterAll, expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { testRoot } from '#fixtures/test-certificates.ts';
import { testTenant } from '#fixtures/test-tenant.ts';
import { startStandInAuthority } from '#fixtures/time-stamp-authority.ts';
import { verify } from '../verify/verify.ts';
import { readZip, writeZip } from '../zip.ts';
import { sealPacket, upgradePacket } from './index.ts';

const authority = await startStandInAuthority();
afterAll(() => authority.close());

test('a byte of any file, at its beginning, in its middle and at its end', { timeout: 300_000 }, async () => {
  const tenant = await testTenant();
  const roots = [await testRoot(), tenant.root];
  const software = 'countersign test';
  const { packet: second } = await upgradePacket((await completedSigning()).packet, { to: 'B-T', trust: [...roots, authority.root], tsa: authority.url, software });
  const { packet: third } = await sealPacket(second, tenant.seal, { signedAt: new Date(), place: null, demo: false, software });
  const asked = { trust: roots, timeStampTrust: [authority.root], now: new Date(Date.now() + 60_000) };
  expect((await verify(third, asked)).valid).toBe(true);
  for (const [name, bytes] of readZip(third)) {
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const altered = writeZip(readZip(third).set(name, bytes.with(at, bytes[at]! ^ 1)));
      expect((await verify(altered, asked)).valid, `${name}, byte ${at}`).toBe(false);
    }
  }
});
