import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { typed } from '#fixtures/typed.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';

const folder = temporaryFolder();
const { signedPdf, packet, examiner } = await completedSigning();
const save = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const files = {
  pdf: save('signed.pdf', signedPdf),
  packet: save('packet.asice', packet),
  plain: save('plain.pdf', plainPdf()),
  changed: save('changed.pdf', signedPdf.with(100, signedPdf[100]! ^ 1)),
  root: save('root.pem', pem('CERTIFICATE', await testRoot())),
  other: save('other.pem', pem('CERTIFICATE', (await testSigner('Another root')).certificate)),
  bundle: save('bundle.pem', `# of both\n${pem('CERTIFICATE', (await testSigner('Another root')).certificate)}\n${pem('CERTIFICATE', await testRoot())}`),
  key: save('examiner.key', pem('PRIVATE KEY', examiner.privateKey)),
};

const countersign = (...args: string[]) => typed('verify', ...args);

test('an unchanged PDF: 0, and the words say what was not checked', async () => {
  const { code, stdout } = await countersign(files.pdf);
  expect(code).toBe(0);
  expect(stdout).toContain('UNCHANGED since it was sealed');
  expect(stdout).toContain('sealed by: CN=Test seal (not checked)');
  expect(stdout).toContain('no time is proven');
  expect(stdout).toContain('claimed, not checked');
});

test('a packet with root and key: 0, everything checked', async () => {
  const { code, stdout } = await countersign(files.packet, '--trust', files.bundle, '--trust', files.other, '--key', files.key);
  expect(code).toBe(0);
  expect(stdout).toContain('VALID (TOTAL-PASSED)');
  expect(stdout).toContain('CN=Test seal (trusted)');
  expect(stdout).toContain('vouched:   issued by CN=Countersign test CA; each reader decides');
  expect(stdout).toContain('opened: it names this document');
  expect(stdout).toContain('Audit trail: 3 events, unbroken');
});

test('--json: one line with exactly the members of the result', async () => {
  const { code, stdout } = await countersign(files.packet, '--json', '--key', files.key);
  const result = JSON.parse(stdout) as Record<string, unknown>;
  expect([code, stdout.trim().split('\n').length]).toEqual([0, 1]);
  expect(Object.keys(result)).toEqual([
    'kind', 'indication', 'subIndication', 'valid', 'trusted', 'document', 'signatures', 'timeStamps', 'revisions', 'sealedRecords', 'packetVersions', 'audit', 'voids', 'papers', 'findings',
  ]);
  expect(result).toMatchObject({ indication: 'TOTAL-PASSED', subIndication: null, valid: true, trusted: null, sealedRecords: [{ bound: 'checked' }] });
});

test.each([
  ['a changed PDF', files.changed, [], 'NOT VALID (TOTAL-FAILED, HASH_FAILURE)'],
  ['an unknown root', files.pdf, ['--trust', files.other], 'NOT SHOWN TO BE VALID (INDETERMINATE, NO_CERTIFICATE_CHAIN_FOUND)'],
  ['a PDF that nobody signed', files.plain, [], 'NOT VALID (TOTAL-FAILED, FORMAT_FAILURE)'],
  ['a file that is something else', files.root, [], 'neither a PDF nor a packet'],
])('%s: 1', async (_, file, options, words) => {
  const { code, stdout } = await countersign(file, ...options);
  expect(code).toBe(1);
  expect(stdout).toContain(words);
});

test.each([
  ['no file', [], 'Name one file'],
  ['a file that is not there', [join(folder, 'nowhere.pdf')], 'cannot be read'],
  ['a root that is no certificate', [files.pdf, '--trust', files.key], 'not a certificate'],
  ['a key that is none', [files.pdf, '--key', files.root], 'not a private key'],
  ['a private network without going anywhere', [files.pdf, '--private'], '--online'],
  ['an unknown option', [files.pdf, '--trusted'], '--trusted'],
])('%s: 2, and what to do about it', async (_, args, words) => {
  const { code, stdout, stderr } = await countersign(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(words);
});
