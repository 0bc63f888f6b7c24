import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { prepareHome } from './home.ts';
import { MIGRATIONS } from './migrations/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-home-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function fresh(): string {
  return join(folder, String(made++));
}

describe('the data folder', () => {
  test('is made private, with its version', () => {
    const home = fresh();
    expect(prepareHome(home)).toEqual({ migratedFrom: null });
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(home, 'version'), 'utf8')).toBe(`${MIGRATIONS.length}\n`);
    expect(prepareHome(home)).toEqual({ migratedFrom: null });
  });

  test('of a newer program is refused, and not touched', () => {
    const home = fresh();
    prepareHome(home, 7);
    expect(() => prepareHome(home, 6)).toThrow(expect.objectContaining({ code: 'HOME_NEWER', message: expect.stringContaining('version 7') }));
    expect(readFileSync(join(home, 'version'), 'utf8')).toBe('7\n');
  });

  test('of an older program is copied first, and its database migrated', () => {
    const home = fresh();
    prepareHome(home, 1);
    const before = openDatabase(join(home, 'station.db'), ['CREATE TABLE thing (name TEXT)']);
    before.exec(`INSERT INTO thing VALUES ('kept')`);
    before.close();

    expect(prepareHome(home, 2)).toEqual({ migratedFrom: 1 });
    const after = openDatabase(join(home, 'station.db'), ['CREATE TABLE thing (name TEXT)', 'ALTER TABLE thing ADD COLUMN colour TEXT']);
    expect(after.prepare('SELECT * FROM thing').all()).toEqual([{ name: 'kept', colour: null }]);
    after.close();

    const copy = openDatabase(join(home, 'backup-1', 'station.db'), ['CREATE TABLE thing (name TEXT)']);
    expect(copy.prepare('SELECT * FROM thing').all()).toEqual([{ name: 'kept' }]);
    copy.close();
    expect(readFileSync(join(home, 'backup-1', 'version'), 'utf8')).toBe('1\n');
  });

  test('whose version file is gone or nonsense is not guessed at', () => {
    const home = fresh();
    prepareHome(home);
    writeFileSync(join(home, 'version'), 'new');
    expect(() => prepareHome(home)).toThrow(expect.objectContaining({ code: 'HOME_UNUSABLE' }));
    rmSync(join(home, 'version'));
    writeFileSync(join(home, 'station.db'), '');
    expect(() => prepareHome(home)).toThrow(expect.objectContaining({ code: 'HOME_UNUSABLE' }));
    expect(existsSync(join(home, 'version'))).toBe(false);
  });
});

describe('station.db', () => {
  test('is opened by one station alone', () => {
    const home = fresh();
    prepareHome(home);
    const first = openDatabase(join(home, 'station.db'));
    expect(() => openDatabase(join(home, 'station.db'))).toThrow(expect.objectContaining({ code: 'ALREADY_RUNNING' }));
    first.close();
    openDatabase(join(home, 'station.db')).close();
  });

  test('of a newer program is refused', () => {
    const home = fresh();
    prepareHome(home);
    openDatabase(join(home, 'station.db'), [...MIGRATIONS, 'CREATE TABLE later (x)']).close();
    expect(() => openDatabase(join(home, 'station.db'))).toThrow(expect.objectContaining({ code: 'HOME_NEWER' }));
  });
});
