/** The administrator's commands as they are typed, in this process. What they do is tested in `keys/tenant`. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { said, typed } from '#fixtures/typed.ts';
import { requestEnrolment } from '#keys/index.ts';
import { run } from '../keys.ts';
import { ask, choosePassphrase, type Terminal } from './passphrase.ts';

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);

const keys = (...argv: string[]) => said(() => run(argv));
const tenant = async (...argv: string[]) => keys('tenant', ...argv, '--folder', at('nord'));
const json = async (...argv: string[]): Promise<Record<string, never>> => JSON.parse((await tenant(...argv, '--json')).stdout) as Record<string, never>;

writeFileSync(at('passphrase'), 'five words drawn by lot\nnot this line\n', { mode: 0o600 });
await keys('examiner', 'new', 'Notary', '--folder', folder);
mkdirSync(at('home'));
writeFileSync(at('store.public.pem'), generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }));

describe('countersign keys tenant', () => {
  test('takes a company from its root to an enrolled tablet, and back', async () => {
    const { stdout: made } = await tenant('new', 'nord', '--administrator', 'Anna', '--no-passphrase');
    const root = /^Fingerprint {3}((?:[0-9A-F]{4} ?){8})$/m.exec(made)?.[1];
    expect(made).toContain('--root-key FILE');

    const { bytes } = await requestEnrolment(at('home'), { tenant: 'nord', site: 'riga', station: 'lobby' });
    writeFileSync(at('lobby.request.json'), bytes);
    await expect(tenant('enrol', at('lobby.request.json'))).rejects.toThrow(/First: countersign keys tenant configure/);
    const configured = await json('configure', '--examiner', at('notary.cert.pem'), '--store-key', at('store.public.pem'), '--pen-minimum', 'raw,pressure=1024,tilt');
    expect(configured).toMatchObject({ number: 1, custody: 'any', examiners: [{ name: 'Notary', custody: null }], penMinimum: { raw: true, pressure: 1024, tilt: true, inAir: false, deviceClock: false } });
    await expect(tenant('configure', '--custody', 'split')).rejects.toThrow(/Notary/);

    const asked = await tenant('enrol', at('lobby.request.json'));
    expect(asked).toMatchObject({ code: 1, stdout: expect.stringContaining('Nothing was given out') });
    const fingerprint = /^Fingerprint {3}(.+)$/m.exec(asked.stdout)![1]!;
    await expect(tenant('enrol', at('lobby.request.json'), '--fingerprint', fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))).rejects.toThrow(/Nothing was given out/);
    // An unset variable of a script is no 0, which would supersede at once.
    for (const option of ['--months', '--supersede-in']) {
      for (const wrong of ['', '1e1', ' 2', 'two']) await expect(tenant('enrol', at('lobby.request.json'), '--fingerprint', fingerprint, `${option}=${wrong}`)).rejects.toThrow(`${option} `);
    }
    const { code, stdout } = await tenant('enrol', at('lobby.request.json'), '--fingerprint', fingerprint.toLowerCase(), '--months', '1');
    expect(code).toBe(0);
    expect(stdout).toContain(root);
    expect(stdout).toContain('countersign keys station enrol lobby.enrolment');

    const listed = await keys('tenant', 'list', '--folder', at('nord'));
    expect(listed.stdout).toMatch(/^lobby\s+riga\s+device\s+[0-9a-f]{32}\s+\d{4}-\d\d-\d\d$/m);
    expect(listed.stdout).toMatch(/^! The certificates of lobby at riga end on/m);

    await expect(tenant('revoke', 'lobby', '--reason', 'keyCompromise')).rejects.toThrow(/last moment at which the tablet was surely in honest hands/);
    // The calendar has no 31st of February: read as a day of March, it would be too late a moment.
    for (const none of ['yesterday', '2026-02-31T18:00Z', '2026-11-20T24:00:00Z', '2026-11-20T18:00']) {
      await expect(tenant('revoke', 'lobby', '--reason', 'keyCompromise', '--invalid-since', none)).rejects.toThrow(/is no time/);
    }
    await expect(tenant('revoke', 'lobby', '--reason', 'keyCompromise', '--invalid-since', '2026-11-20T18:00Z', '--newer', 'both')).rejects.toThrow(/--newer both/);
    await expect(tenant('revoke', 'lobby', '--invalid-since', 'now', '--reason', 'lost')).rejects.toThrow(/keyCompromise/);
    expect(await json('revoke', 'lobby', '--invalid-since', '2026-11-20T18:00+02:00', '--reason', 'keyCompromise')).toMatchObject({ revoked: [{ use: 'device', invalidSince: '2026-11-20T16:00:00.000Z' }, { use: 'seal' }] });
    expect((await keys('tenant', 'list', '--folder', at('nord'))).stdout).toMatch(/device.*keyCompromise, nothing after 2026-11-20T16:00Z\n/);

    expect(await json('renew-lists')).toMatchObject({ number: 4, nextUpdate: expect.stringMatching(/Z$/) });
    const bert = (await tenant('administrator', 'Bert')).stdout;
    expect(bert).toContain('O=nord, CN=administrator Bert');
    for (const paper of ['configuration-2.cms', 'device-list-5.cms', 'revocations-5.crl']) expect(bert).toContain(`editions/0006/${paper}`);
    expect(bert).not.toContain('passphrase');
  });

  test('keeps the keys under one passphrase, the next administrator\'s too', async () => {
    const locked = ['--folder', at('locked'), '--passphrase-file', at('passphrase')];
    await keys('tenant', 'new', 'locked', '--administrator', 'Anna', ...locked);
    expect(await keys('tenant', 'administrator', 'Bert', ...locked)).toMatchObject({ code: 0 });
    for (const key of ['root.key.pem', 'editions/0001/administrator.key.pem', 'editions/0002/administrator.key.pem']) expect(readFileSync(at('locked', key), 'latin1')).toMatch(/^-----BEGIN ENCRYPTED/);
  });

  test('shows a command to be typed next so that a shell takes it as it is, whatever a stranger called the file', async () => {
    const { bytes } = await requestEnrolment(at('home'), { tenant: 'nord', site: 'riga', station: 'lobby' });
    const file = at("it's; echo $HOME.json");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(Buffer.from(bytes).toString()) as object }, null, 1));
    const other = at('a folder');
    await keys('tenant', 'new', 'nord', '--administrator', 'Anna', '--no-passphrase', '--folder', other);
    await keys('tenant', 'configure', '--examiner', at('notary.cert.pem'), '--store-key', at('store.public.pem'), '--folder', other);
    const { stdout } = await keys('tenant', 'enrol', file, '--folder', other, '--root-key', at('a folder/root.key.pem'));
    const words = execFileSync('sh', ['-c', `set -- ${/^ {2}countersign (.+)$/m.exec(stdout)![1]}; printf '%s\\n' "$@"`], { encoding: 'utf8' }).trim().split('\n');
    expect(words).toEqual(['keys', 'tenant', 'enrol', file, '--fingerprint', '…', '--folder', other, '--root-key', at('a folder/root.key.pem')]);
  });

  test('prints nothing of a stranger\'s file that a terminal would obey', async () => {
    writeFileSync(at('hostile.json'), JSON.stringify({ '\u001b[2J\u009bFingerprint 1234\u0007\r\nx': 1 }));
    const { code, stderr } = await typed('keys', 'tenant', 'enrol', at('hostile.json'), '--folder', at('nord'));
    expect(code).toBe(2);
    expect(stderr).toContain('1234');
    expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
  });

  test('makes a new administrator where the key of the one before is lost, and says how where the root\'s is', async () => {
    const lost = ['--folder', at('lost')];
    await keys('tenant', 'new', 'lost', '--administrator', 'Anna', '--no-passphrase', ...lost);
    rmSync(at('lost/editions/0001/administrator.key.pem'));
    await expect(keys('tenant', 'renew-lists', ...lost)).rejects.toThrow(/keys tenant administrator NAME/);
    expect(await keys('tenant', 'administrator', 'Bert', ...lost)).toMatchObject({ code: 0 });
    expect(await keys('tenant', 'renew-lists', ...lost)).toMatchObject({ code: 0 });
    rmSync(at('lost/root.key.pem'));
    await expect(keys('tenant', 'administrator', 'Cecil', ...lost)).rejects.toThrow(/--root-key FILE/);
  });

  test('says what is missing or wrong', async () => {
    await expect(keys('tenant')).rejects.toThrow(/new, configure, enrol/);
    await expect(keys('tenant', 'new', 'sued')).rejects.toThrow(/--administrator/);
    await expect(keys('tenant', 'list', '--folder', at('nowhere'))).rejects.toThrow(/--folder/);
    await expect(tenant('configure', '--custody', 'some')).rejects.toThrow(/split/);
    for (const option of ['--examiner', '--trust-timestamps', '--trust-documents']) {
      await expect(tenant('configure', option, at('notary.cert.pem'), option, at('passphrase'))).rejects.toThrow(`${at('passphrase')}: This is not a certificate`);
    }
    for (const wrong of ['', 'raw,fast', 'pressure', 'pressure=0', 'station,raw']) await expect(tenant('configure', '--pen-minimum', wrong)).rejects.toThrow(/--pen-minimum/);
    expect(await json('configure', '--pen-minimum', 'station', '--trust-timestamps', 'none')).toMatchObject({ penMinimum: null, timeStampAuthority: null });
    await expect(tenant('configure', '--tsa', 'http://tsa.nord.example')).rejects.toThrow(/--trust-timestamps/);
    await expect(tenant('configure', '--tsa', 'ldap://tsa', '--trust-timestamps', at('notary.cert.pem'))).rejects.toThrow(/begins with http/);
    expect(await json('configure', '--tsa', 'http://192.168.1.7:318/tsa', '--trust-timestamps', at('notary.cert.pem'))).toMatchObject({ timeStampAuthority: 'http://192.168.1.7:318/tsa' });
    expect(await json('configure', '--pen-minimum', 'station')).toMatchObject({ timeStampAuthority: 'http://192.168.1.7:318/tsa' });
    expect(await json('configure', '--tsa', 'none')).toMatchObject({ timeStampAuthority: null });
  });
});

describe('a passphrase', () => {
  /** A terminal on which somebody types that, each part as one read; what it shows. */
  function terminal(...typed: string[]): Terminal & { shown: string; raw: boolean } {
    const input = Object.assign(new EventEmitter(), {
      isTTY: true, setEncoding: () => input, pause: () => input, setRawMode: (on: boolean) => { made.raw = on; return input; },
      resume: () => { const next = typed.shift(); if (next !== undefined) queueMicrotask(() => input.emit('data', next)); return input; },
    });
    const made = { input, output: { write: (text: string) => { made.shown += text; } }, shown: '', raw: false };
    return made as unknown as Terminal & { shown: string; raw: boolean };
  }

  test('is typed without being shown, and the terminal is as before', async () => {
    const typing = terminal('sekrātx\u007f\r');
    expect(await ask('Passphrase: ', typing)).toBe('sekrāt');
    expect(typing).toMatchObject({ shown: 'Passphrase: \n', raw: false });
    const broken = terminal('sek\u0003');
    await expect(ask('Passphrase: ', broken)).rejects.toThrow(/interrupted/);
    expect(broken).toMatchObject({ shown: 'Passphrase: \n', raw: false });
    expect(await ask('Passphrase: ', terminal('wrong\u0015right\n'))).toBe('right');
    // An arrow: unseen, it would stand in the passphrase.
    await expect(ask('Passphrase: ', terminal('sek\u001b[Dr\r'))).rejects.toThrow(/Nothing was made/);
  });

  test('is not waited for once the terminal is gone', async () => {
    const gone = terminal();
    const asked = ask('Passphrase: ', gone);
    (gone.input as unknown as EventEmitter).emit('end');
    await expect(asked).rejects.toThrow(/terminal/);
    expect(gone.raw).toBe(false);
  });

  test('of new keys is typed twice, or left away only where that is said', async () => {
    const choose = (none: boolean, ...typed: string[]) => choosePassphrase({ file: undefined, none }, terminal(...typed));
    expect(await choose(false, 'one and the same\r', 'one and the same\r')).toBe('one and the same');
    await expect(choose(false, 'one and the same\r', 'one and another\r')).rejects.toThrow(/differ/);
    expect(await choose(true)).toBeNull();
    await expect(choosePassphrase({ file: undefined, none: false }, { ...terminal(), input: { ...terminal().input, isTTY: false } as Terminal['input'] })).rejects.toThrow(/--passphrase-file/);
  });

  test('comes from the first line of a file that nobody else can read', async () => {
    expect(await choosePassphrase({ file: at('passphrase'), none: false })).toBe('five words drawn by lot');
    if (process.platform === 'win32') return;
    writeFileSync(at('open'), 'five words drawn by lot');
    chmodSync(at('open'), 0o644);
    await expect(choosePassphrase({ file: at('open'), none: false })).rejects.toThrow(/chmod 600/);
  });
});
