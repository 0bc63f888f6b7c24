import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Signer } from '#biometrics/signer.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair, privateKeyPem, type KeyPair } from '../key-pair.ts';
import { readPrivateKey } from '../certificate.ts';
import { createSoftwareSigner } from '../software-signer.ts';
import { toPem } from '../pem.ts';
import { issueCertificate, type Issuer } from '../x509.ts';
import type { Name } from '../x509-parts.ts';
import type { DeviceList } from './documents.ts';
import { administratorName, rootName, stationSubject, tenantOfRoot } from './names.ts';
import { openPaper, readPaper, signPaper } from './paper.ts';

const folder = temporaryFolder();
const authority: Issuer = { name: rootName('nord'), keys: await makeKeyPair('p256') };
const root = await issue(authority.name, authority.keys, authority, 'authority');

async function issue(subject: Name, keys: KeyPair, issuer: Issuer, kind: 'authority' | 'signing', days = 30): Promise<Uint8Array> {
  return issueCertificate({ subject, publicKey: keys.publicKey, use: { kind }, days }, issuer);
}

async function signer(subject: Name, issuer: Issuer = authority, days = 30): Promise<Signer> {
  const keys = await makeKeyPair('p256');
  return createSoftwareSigner(readPrivateKey(Buffer.from(privateKeyPem(keys.privateKey))), await issue(subject, keys, issuer, 'signing', days), [root]);
}

const KIND = 'countersign device list';
const paper: DeviceList = {
  kind: KIND, version: 1, tenant: 'nord', number: 7, issuedAt: '2026-11-27T10:00:00Z',
  devices: [{
    site: 'riga', station: 'lobby', use: 'device', serial: '4a01', sha256: 'ab'.repeat(32), notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z',
    revoked: { at: '2026-11-27T10:00:00Z', invalidSince: '2026-11-20T10:00:00Z', reason: 'keyCompromise' },
  }],
};
const administrator = await signer(administratorName('nord', 'Anna, of Riga'));
const cms = await signPaper(paper, administrator);
const refusal = (code: string) => expect.objectContaining({ code });

describe('a paper', () => {
  test('signed by the administrator opens as it was written, and OpenSSL alone shows it', async (context) => {
    expect(await openPaper(KIND, cms, root)).toMatchObject({ paper, administrator: administrator.certificate, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    writeFileSync(join(folder, 'paper.cms'), cms);
    writeFileSync(join(folder, 'root.pem'), toPem('CERTIFICATE', root));
    const shown = spawnSync(judge(context, 'openssl'), ['cms', '-verify', '-inform', 'DER', '-in', join(folder, 'paper.cms'), '-CAfile', join(folder, 'root.pem')], { encoding: 'utf8' });
    expect(shown.status, shown.stderr).toBe(0);
    expect(JSON.parse(shown.stdout)).toEqual(paper);
  });

  test('with any byte changed does not open as another paper', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(cms.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = cms.map((byte, index) => (index === at ? byte ^ change : byte));
      const opened = await openPaper(KIND, changed, root).catch((error: unknown) => error);
      // Parts of a CMS are not signed (a carried certificate beside the signer's): then it is the same paper.
      if (opened instanceof Error) expect(['PAPER_MALFORMED', 'PAPER_NOT_GENUINE']).toContain((opened as Error & { code: string }).code);
      else expect(opened).toMatchObject({ paper });
    }), { numRuns: 200 });
  });

  test('cut off anywhere is refused', async () => {
    for (let length = 0; length < cms.length; length += 13) await expect(openPaper(KIND, cms.subarray(0, length), root)).rejects.toThrow(refusal('PAPER_MALFORMED'));
  });

  test('of one kind is not taken for another', async () => {
    await expect(openPaper('countersign tenant configuration', cms, root)).rejects.toThrow(refusal('PAPER_MALFORMED'));
  });

  test('that would not be read is not signed', async () => {
    await expect(signPaper({ ...paper, number: 0 }, administrator)).rejects.toThrow(refusal('PAPER_MALFORMED'));
  });
});

describe('a paper is refused where it was signed', () => {
  const signedBy = async (who: Signer) => openPaper(KIND, await signPaper(paper, who), root);

  test('by a station of the tenant: a stolen tablet writes no configuration', async () => {
    for (const use of ['device', 'seal'] as const) {
      await expect(signedBy(await signer(stationSubject({ tenant: 'nord', site: 'riga', station: 'lobby' }, use)))).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
    }
    const disguised = { organization: 'nord', unit: 'riga', commonName: 'administrator Anna' };
    await expect(signedBy(await signer(disguised))).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
  });

  test('by an authority of the same name', async () => {
    const copy: Issuer = { name: authority.name, keys: await makeKeyPair('p256') };
    await expect(signedBy(await signer(administratorName('nord', 'Anna'), copy))).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
    // Also where it names the root's key as its issuer's.
    const pretended: Issuer = { name: authority.name, keys: { publicKey: authority.keys.publicKey, privateKey: copy.keys.privateKey } };
    await expect(signedBy(await signer(administratorName('nord', 'Anna'), pretended))).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
  });

  test('by the root, by an administrator of another tenant, and for another tenant', async () => {
    const own = createSoftwareSigner(readPrivateKey(Buffer.from(privateKeyPem(authority.keys.privateKey))), root, []);
    await expect(signedBy(own)).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
    await expect(signedBy(await signer(administratorName('sued', 'Anna')))).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
    await expect(openPaper(KIND, await signPaper({ ...paper, tenant: 'sued' }, administrator), root)).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
  });

  test('under a certificate that has ended, unless it was checked before', async () => {
    const late = await signPaper(paper, administrator);
    const after = new Date(Date.now() + 40 * 86_400_000);
    await expect(openPaper(KIND, late, root, after)).rejects.toThrow(/ended on/);
    expect(await openPaper(KIND, late, root, null)).toMatchObject({ paper });
  });
});

describe('a paper in clear', () => {
  test('must have exactly its members, in UTF-8', () => {
    const read = (value: unknown) => readPaper(KIND, Buffer.from(JSON.stringify(value)));
    expect(read(paper)).toEqual(paper);
    for (const wrong of [{ ...paper, more: 1 }, { ...paper, version: 2 }, { ...paper, number: 1.5 }, { ...paper, issuedAt: 'today' }, [], null, 'text']) {
      expect(() => read(wrong)).toThrow(refusal('PAPER_MALFORMED'));
    }
    expect(() => readPaper(KIND, Uint8Array.of(0xff, 0xfe))).toThrow(refusal('PAPER_MALFORMED'));
    expect(() => readPaper(KIND, Buffer.from('['.repeat(200_000)))).toThrow(refusal('PAPER_MALFORMED'));
  });
});

describe('a tenant\'s root', () => {
  test('tells whose it is', () => expect(tenantOfRoot(root)).toBe('nord'));

  test('is told from every other certificate', () => {
    expect(() => tenantOfRoot(administrator.certificate)).toThrow(refusal('CERTIFICATE_MALFORMED'));
  });

  test('is told from one that signs nothing, is named after two, or after what is no label', async () => {
    const self = (name: Name, kind: 'authority' | 'signing' = 'authority') => issue(name, authority.keys, { name, keys: authority.keys }, kind);
    for (const wrong of [await self(rootName('nord'), 'signing'), await self({ ...rootName('nord'), organization: 'sued' }), await self(rootName('Nord AB'))]) {
      expect(() => tenantOfRoot(wrong)).toThrow(refusal('CERTIFICATE_MALFORMED'));
    }
  });

  test('is told from bytes that are no certificate: an enrolment of a stranger brings any', async () => {
    expect(() => tenantOfRoot(Uint8Array.of(0, 0, 0))).toThrow(refusal('CERTIFICATE_MALFORMED'));
    await expect(openPaper(KIND, cms, root.subarray(0, 99))).rejects.toThrow(refusal('CERTIFICATE_MALFORMED'));
  });
});
