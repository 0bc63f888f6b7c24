/**
 * Point 1: `countersign demo` keeps every promise, and the very commands it prints work when an outsider types them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { commands, type DemoFiles } from '#cli/demo/report.ts';
import { judge } from '#fixtures/needs.ts';
import { countersign } from './house.ts';

interface Answer { promises: { id: number; name: string; held: boolean; how: string }[]; files: DemoFiles }

const scratch = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
const out = join(scratch, 'a demo');
let demo: Awaited<ReturnType<typeof countersign>>;
let answer: Answer;

beforeAll(async () => {
  demo = await countersign(['demo', '--json', '--out', out]);
  answer = JSON.parse(demo.out) as Answer;
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('holds the eight promises, and says how each was checked', () => {
  expect(answer.promises.map(({ id, held }) => ({ id, held }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((id) => ({ id, held: true })));
  for (const { name, how } of answer.promises) expect([name, how]).toEqual([expect.stringMatching(/\w{3}/), expect.stringMatching(/\w{3}/)]);
  expect(demo.code).toBe(0);
  expect(demo.err).toContain('Thank you');
});

it('leaves the files it names, and only those, in the folder it was given', () => {
  for (const name of ['signedPdf', 'sealedRecord', 'record', 'packet', 'envelope', 'replayPng', 'examinerKey', 'examinerCert', 'trust'] as const) {
    expect(answer.files[name].startsWith(out)).toBe(true);
    expect({ name, bytes: statSync(answer.files[name]).size > 0 }).toEqual({ name, bytes: true });
  }
  expect(readFileSync(answer.files.replayPng).subarray(1, 4).toString()).toBe('PNG');
  expect(existsSync(join(out, 'station'))).toBe(false);
});

describe('the commands it prints', () => {
  const workingFolder = mkdtempSync(join(scratch, 'outsider-'));
  /** As printed, one per line; a shell runs them as a reader would paste them. */
  const printed = (start: string): string => {
    const lines = commands(answer.files).split('\n').filter((line) => line.startsWith(`  ${start}`));
    expect(lines.length).toBeGreaterThan(0);
    return lines.join(' &&\n');
  };
  const shell = (context: TestContext, judges: string[], start: string) => {
    for (const name of judges) judge(context, name);
    return spawnSync('sh', ['-c', printed(start)], { cwd: workingFolder, encoding: 'utf8' });
  };

  it('pdfsig: the signature covers the whole document and is valid', (context) => {
    const { status, stdout } = shell(context, ['pdfsig'], 'pdfsig');
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/Total document signed\n.*Signature is Valid/) });
  });

  it('openssl: the sealed record opens, its device signature verifies, and it is the record given', (context) => {
    expect(shell(context, ['openssl'], 'openssl cms -decrypt')).toMatchObject({ status: 0 });
    expect(shell(context, ['openssl'], 'openssl cms -verify -binary -inform DER -in signed-record.der')).toMatchObject({ status: 0, stderr: expect.stringContaining('successful') });
    expect(shell(context, ['openssl'], 'cmp')).toMatchObject({ status: 0 });
  });

  it('unzip, sha256sum and openssl: the packet opens, its checksums hold, its signature verifies', (context) => {
    expect(shell(context, ['unzip'], 'unzip')).toMatchObject({ status: 0 });
    const sums = shell(context, ['unzip', 'sha256sum'], '(cd packet');
    expect({ status: sums.status, bad: sums.stdout.split('\n').filter((line) => line !== '' && !line.endsWith(': OK')) }).toEqual({ status: 0, bad: [] });
    expect(shell(context, ['unzip', 'openssl'], 'openssl cms -verify -binary -cades')).toMatchObject({ status: 0, stderr: expect.stringContaining('successful') });
    expect(readFileSync(join(workingFolder, 'packet', 'META-INF', 'ASiCManifest001.xml'), 'utf8')).toContain('ASiCManifest');
  });
});
