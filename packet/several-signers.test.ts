import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { signAll, signingsOf } from '#fixtures/several-signers.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { verify } from './verify/verify.ts';

const folder = temporaryFolder();
const seal = await testSigner('Test seal');

test.for([['a table', false, ['guest', 'companion']], ['a cross-reference stream', true, ['guest', 'companion', 'staff']]] as const)('several signers on a document with %s', async ([, compressed, roles], context) => {
  const signings = signingsOf(roles);
  const revisions = await signAll(await cardPdf({ pages: 3, compressed }), signings, seal);
  const last = revisions.at(-1)!;
  const path = join(folder, `several-${roles.length}.pdf`);
  writeFileSync(path, last);
  const verdict = execFileSync(judge(context, 'pdfsig'), [path], { encoding: 'utf8' });
  expect(verdict.match(/Signature is Valid/g)).toHaveLength(signings.length);
  const { status, stderr } = spawnSync(judge(context, 'qpdf'), ['--check', path], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const result = await verify(last, {});
  expect(result).toMatchObject({ valid: true, signatures: signings.map(() => ({ intact: true })), revisions: signings.map(() => ({ allowed: true })) });

});
