/** `countersign verify FILE --against FOLDER`, as it is typed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { completedSigning, sha256 } from '#fixtures/completed-signing.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { typed } from '#fixtures/typed.ts';

const folder = temporaryFolder();
const station = { id: 'front-desk', software: 'countersign 0.1.0', tablet: null };
let first: Awaited<ReturnType<typeof completedSigning>>;

function save(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function verify(...args: string[]): Promise<{ code: number; findings: { code: string; severity: string; message: string }[] }> {
  const { code, stdout } = await typed('verify', ...args, '--json');
  return { code, ...JSON.parse(stdout) as { findings: [] } };
}

beforeAll(async () => {
  first = await completedSigning({ context: { station, chain: { number: 1, previousSha256: null } } });
  save('first.asice', first.packet);
  save('examiner.key', pem('PRIVATE KEY', first.examiner.privateKey));
});

function signing(name: string, number: number, previousSha256: string | null): Promise<Awaited<ReturnType<typeof completedSigning>>> {
  return completedSigning({ requestId: name, document: plainPdf(name), context: { station, chain: { number, previousSha256 } } });
}

test('a single file: the answer says that reuse was not checked, and what only a time-stamp shows', async () => {
  const { code, findings } = await verify(join(folder, 'first.asice'));
  expect(code).toBe(0);
  expect(findings).toContainEqual(expect.objectContaining({ code: 'REUSE_NOT_CHECKED', severity: 'note', message: expect.stringContaining('time-stamp') as string }));
});

test('against a folder with a copy of itself, its PDF, its record and other files: valid, and reuse was checked', async () => {
  save('good/copy.asice', first.packet);
  save('good/below/signed.pdf', first.signedPdf);
  save('good/below/record.der', first.sealedRecord);
  save('good/notes.txt', 'nothing');
  const { code, findings } = await verify(join(folder, 'first.asice'), '--against', join(folder, 'good'));
  expect(code).toBe(0);
  expect(findings.map(({ code: name }) => name)).not.toContain('REUSE_NOT_CHECKED');
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ code: 'COMPARED' }));
});

test('a fork and a gap of the station are found with the key, and the fork makes it not valid', async () => {
  const twin = await signing('twin', 1, null);
  const fourth = await signing('fourth', 4, sha256(twin.sealedRecord));
  save('forked/twin.asice', twin.packet);
  save('forked/fourth.asice', fourth.packet);
  save('forked/broken.asice', twin.packet.subarray(0, 1000));
  const { code, findings } = await verify(join(folder, 'first.asice'), '--key', join(folder, 'examiner.key'), '--against', join(folder, 'forked'));
  expect(code).toBe(1);
  // the test device writes the same samples into every record
  expect(new Set(findings.filter(({ severity }) => severity !== 'note').map(({ code: name }) => name)))
    .toEqual(new Set(['TRUST_NOT_CHECKED', 'SAMPLES_REUSED', 'CHAIN_FORK', 'CHAIN_GAP', 'AGAINST_UNREADABLE']));
  expect(findings.find(({ code: name }) => name === 'CHAIN_GAP')?.message).toContain('2 to 3');
});

test('a folder that is not there: 2', async () => {
  expect(await typed('verify', join(folder, 'first.asice'), '--against', join(folder, 'nowhere'))).toMatchObject({ code: 2 });
});
