import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { judge, sharedData } from '#fixtures/needs.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { PacketError } from './errors.ts';
import { findFields } from './fields/index.ts';
import { intake } from './intake/index.ts';
import { signDocument } from './sign-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-public-'));
afterAll(() => rmSync(folder, { recursive: true }));

const limits = { maxBytes: 200 * 2 ** 20, maxPages: 1000, deadlineMs: 10_000, memoryMb: 1024 };

/** The way of one document: in, field, signed. */
async function sign(received: Uint8Array): Promise<{ document: Uint8Array; signedPdf: Uint8Array }> {
  const { document, sha256 } = await intake(received, limits);
  const { fields: [field] } = await findFields(document, limits);
  if (field === undefined) throw new Error('no field');
  const { signedPdf } = await signDocument({
    document, documentSha256: sha256, field, ink: [{ width: 0.45, points: [[0, 0], [10, 10]] }], sealedRecord: new Uint8Array(1000), requestId: 'request-0001',
    signerName: null, place: 'Rīga', signedAt: new Date(), demo: false, seal: await testSigner('Test seal'),
  });
  return { document, signedPdf };
}

test.for(['pdf', 'print/malformed', 'print/cups', 'print/pwg', 'print/suites'])(
  'every PDF of ../shared/data/%s is refused with a reason, or signed and valid',
  { timeout: 300_000 },
  async (name, context) => {
    const path = sharedData(context, ...name.split('/'));
    const [pdfsig, qpdf] = [judge(context, 'pdfsig'), judge(context, 'qpdf')];
    const quality = (as: string, bytes: Uint8Array): number | null => {
      writeFileSync(join(folder, as), bytes);
      return spawnSync(qpdf, ['--check', join(folder, as)]).status;
    };
    for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((entry) => entry.endsWith('.pdf'))) {
      const result = await sign(readFileSync(join(path, file))).catch((error: unknown) => error);
      if (result instanceof Error) {
        expect(result, file).toBeInstanceOf(PacketError);
        continue;
      }
      const { document, signedPdf } = result as { document: Uint8Array; signedPdf: Uint8Array };
      const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
      expect(digest(signedPdf.subarray(0, document.length)), file).toBe(digest(document));
      // 0: sound, 3: warnings, 2: errors. Signing may not make it worse.
      const [before, after] = [quality('document.pdf', document), quality('signed.pdf', signedPdf)];
      expect(after === before || after === 0, `${file}: qpdf ${before} before, ${after} after`).toBe(true);
      const verdict = spawnSync(pdfsig, [join(folder, 'signed.pdf')], { encoding: 'utf8' }).stdout;
      expect(verdict.slice(verdict.lastIndexOf('Signature #')), file).toMatch(/Total document signed[^]*Signature is Valid/);
    }
  },
);
