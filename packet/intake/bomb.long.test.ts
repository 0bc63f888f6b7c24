import { expect, test } from 'vitest';
import { bombPdf } from '#fixtures/pdf.ts';
import { intake } from './index.ts';

test('a page that unpacks to more than the memory allowed is refused', async () => {
  const limits = { maxBytes: 200 * 2 ** 20, maxPages: 1000, deadlineMs: 20_000, memoryMb: 180 };
  await expect(intake(await bombPdf(150), limits)).rejects.toMatchObject({ code: 'PDF_MEMORY' });
});
