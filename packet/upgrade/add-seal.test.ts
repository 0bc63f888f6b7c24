/** An organisation's seal as a later signature; pdfsig and qpdf judge. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import type { Signer } from '#biometrics/signer.ts';
import { verifySignedData } from '#biometrics/cms.ts';
import { makeKeyPair, privateKeyPem } from '#keys/key-pair.ts';
import { readPrivateKey } from '#keys/certificate.ts';
import { signerWith, softwareKey } from '#keys/signers/signing-key.ts';
import { issueCertificate } from '#keys/x509.ts';
import { readSignedPdf, signedBytes } from '../read-signed-pdf.ts';
import { signDocument } from '../sign-document.ts';
import { addSeal } from './index.ts';

const folder = temporaryFolder();
const options = { signedAt: new Date(), place: null, demo: false };

test('a later seal, here of RSA, covers the file and leaves the first signature as it was; a seal that fails leaves nothing', async (context) => {
  const pdf = await signedCard();
  const before = Uint8Array.from(pdf);
  const { bytes, field } = await addSeal(pdf, await rsaSeal(), options);
  expect(field).toBe('Countersign seal');
  expect(Buffer.compare(bytes.subarray(0, pdf.length), before)).toBe(0);

  const { signatures } = readSignedPdf(bytes);
  expect(signatures).toHaveLength(2);
  for (const { cms, byteRange } of signatures) expect(await verifySignedData(cms, signedBytes(bytes, byteRange!))).toMatchObject({ valid: true, signingTime: null });
  const file = join(folder, 'sealed.pdf');
  writeFileSync(file, bytes);
  const said = spawnSync(judge(context, 'pdfsig'), ['-nocert', file], { encoding: 'utf8' }).stdout;
  expect(said.match(/Signature Validation: Signature is Valid\./g)).toHaveLength(2);
  expect(said.match(/Total document signed/g)).toHaveLength(1);
  expect(spawnSync(judge(context, 'qpdf'), ['--check', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });

  const away: Signer = { ...await testSigner(), sign: () => Promise.reject(new Error('the token is gone')) };
  await expect(addSeal(pdf, away, options)).rejects.toThrow('the token is gone');
  expect(Buffer.compare(pdf, before)).toBe(0);
});

test('what nobody signed is not sealed', async () => {
  await expect(addSeal(await cardPdf(), await testSigner(), options)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
});

async function signedCard(): Promise<Uint8Array> {
  const document = await cardPdf();
  return (await signDocument({
    document, documentSha256: createHash('sha256').update(document).digest('hex'), sealedRecord: new Uint8Array(300).fill(0x5a), requestId: 'request-1',
    field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest', page: 1, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' },
    ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }], signerName: 'A', place: 'B', signedAt: new Date(), demo: false, seal: await testSigner('Test seal'),
  })).signedPdf;
}

async function rsaSeal(): Promise<Signer> {
  const { privateKey, publicKey } = await makeKeyPair('rsa');
  const name = { commonName: 'Hotel seal' };
  const certificate = await issueCertificate({ subject: name, publicKey, use: { kind: 'signing' }, days: 9 }, { name, keys: { privateKey, publicKey } });
  return signerWith(softwareKey(readPrivateKey(Buffer.from(privateKeyPem(privateKey))), 'The seal'), certificate, []);
}
