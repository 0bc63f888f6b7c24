import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needsHost } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { openFileSecretStore } from './file-secret-store.ts';

describe('secrets in files', () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  const store = openFileSecretStore(folder);

  it('come back as written, the newest one only', () => {
    expect(store.read('key')).toBeNull();
    store.write('key', Buffer.from('first'));
    store.write('key', Buffer.from('second'));
    expect(store.read('key')).toEqual(new Uint8Array(Buffer.from('second')));
    expect(readdirSync(folder)).toEqual(['key']);
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('are not used once others could have read them', (context) => {
    if (process.platform === 'win32') needsHost(context, 'Windows has no file modes');
    store.write('open', Buffer.from('secret'));
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(join(folder, 'open'), mode);
      expect(() => store.read('open')).toThrow(expect.objectContaining({ code: 'SECRET_EXPOSED', message: expect.stringContaining('chmod 600') }));
    }
  });

  it('are whole or refused where the disk takes only a part', (context) => {
    if (process.platform === 'win32') needsHost(context, 'Windows has no limit of a file\'s size');
    const path = join(folder, 'long');
    const script = `import { writeNewFile } from ${JSON.stringify(new URL('file-secret-store.ts', import.meta.url).href)}; writeNewFile(process.argv[1], new Uint8Array(3_000));`;
    // One write takes as much as fits: of a file that may have 1,024 bytes (`ulimit -f 2`), 1,024.
    const answer = spawnSync('sh', ['-c', 'trap "" XFSZ; ulimit -f 2; exec "$0" --input-type=module -e "$1" "$2"', process.execPath, script, path], { encoding: 'utf8' });
    expect(answer).toMatchObject({ status: 1, stderr: expect.stringMatching(/SECRET_STORE[^]*EFBIG/) });
    expect(existsSync(path)).toBe(false);
  });

  it('give the path and the reason where the disk refuses', () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'file'), '');
    const refused = expect.objectContaining({ code: 'SECRET_STORE', message: expect.stringContaining(folder) });
    expect(() => store.write('taken', Buffer.from('x'))).toThrow(refused);
    expect(() => openFileSecretStore(join(folder, 'file', 'below'))).toThrow(refused);
  });
});
