/** `countersign keys station …` as a hotel's technician types it, in this process. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { configurationOf, enrolmentOf } from '#fixtures/enrolment.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { said } from '#fixtures/typed.ts';
import { fingerprint } from '#keys/fingerprint.ts';
import { openStationKeys } from '#keys/index.ts';
import { DEFAULT_SETTINGS, readSettings } from '#kiosk/station/settings.ts';
import { keys as doctorKeys } from '../doctor/keys.ts';
import { run } from './station.ts';

const folder = temporaryFolder();
const NAMES = ['--tenant', 'nord', '--site', 'riga', '--station', 'lobby'];
let nord: TestTenant;
beforeAll(async () => { nord = await testTenant(); });

const typed = (...argv: string[]) => said(() => run(argv));

const json = async (...argv: string[]) => JSON.parse((await typed(...argv, '--json')).stdout) as Record<string, unknown>;

describe('keys station', () => {
  test('request names the station, makes its keys, and says the fingerprint; then enrol, configure and show', async () => {
    const home = join(folder, 'whole');
    const copy = join(folder, 'request.json');
    expect(await doctorKeys(home)).toMatchObject({ state: 'ok', detail: expect.stringContaining('none yet') });
    const asked = await typed('request', ...NAMES, '--home', home, '--out', copy);
    const request = readFileSync(copy);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining(`Fingerprint   ${fingerprint(request)}\n`) });
    expect(readSettings(home)).toEqual({ ...DEFAULT_SETTINGS, tenant: 'nord', site: 'riga', station: 'lobby' });
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(await typed('show', '--home', home)).toMatchObject({ code: 0, stdout: expect.stringContaining(fingerprint(request)) });
    expect(await doctorKeys(home)).toMatchObject({ state: 'warning', detail: expect.stringContaining(fingerprint(request)) });

    const file = join(folder, 'lobby.enrolment');
    writeFileSync(file, await enrolmentOf(nord, request));
    const root = fingerprint(nord.root);
    const shown = await typed('enrol', file, '--home', home);
    expect(shown).toMatchObject({ code: 1, stdout: expect.stringMatching(/Nothing was installed\. Compare the fingerprint with the tenant’s administrator/) });
    expect(shown.stdout).toContain(root);
    expect(await json('show', '--home', home)).toMatchObject({ mode: 'awaiting enrolment' });
    await expect(typed('enrol', file, '--root', '0000 0000 0000 0000 0000 0000 0000 0000', '--home', home)).rejects.toThrow(/Do not install it/);
    expect(await json('enrol', file, '--root', root, '--home', home)).toMatchObject({ installed: true, configuration: 1, examiners: ['Notary Ozola'] });
    expect(await doctorKeys(home)).toMatchObject({ state: 'ok', detail: expect.stringMatching(/^enrolled: configuration 1, revocation list 1, certificates until 20/) });

    const [configuration, crl] = [join(folder, 'configuration-2.cms'), join(folder, 'revocations-2.crl')];
    writeFileSync(configuration, await configurationOf(nord, { number: 2, custody: 'split' }));
    writeFileSync(crl, await nord.crl({ number: 2 }));
    expect(await typed('configure', configuration, crl, '--home', home)).toMatchObject({ code: 0, stdout: `${configuration}: configuration 2 is installed\n${crl}: revocation list 2 is installed\n` });
    expect(await json('show', '--home', home)).toMatchObject({
      mode: 'enrolled', configuration: { number: 2 }, crl: { number: 2 }, custody: 'split', renewal: null, capture: null,
      root: { subject: 'O=nord, CN=nord Countersign root' }, device: { subject: 'O=nord, OU=riga, CN=device lobby' }, examiners: [{ name: 'Notary Ozola', custody: null }],
    });
    expect(await doctorKeys(home)).toMatchObject({ state: 'missing', advice: expect.stringContaining('every examiner’s key is split') });

    // a renewal needs no names
    expect(await json('request', '--home', home)).toMatchObject({ renewal: true, fingerprint: expect.not.stringMatching(fingerprint(request)) });
    expect(await typed('show', '--home', home)).toMatchObject({ stdout: expect.stringContaining('Renewal       asked for; fingerprint') });
  });

  test('keeps what station.json says, and refuses another name', async () => {
    const home = join(folder, 'named');
    await typed('request', ...NAMES, '--home', home);
    writeFileSync(join(home, 'station.json'), JSON.stringify({ ...JSON.parse(readFileSync(join(home, 'station.json'), 'utf8')) as object, hotel: 'Hotel Amber Pier' }));
    await typed('request', ...NAMES, '--home', home);
    expect(readSettings(home)).toMatchObject({ hotel: 'Hotel Amber Pier', tenant: 'nord' });
    const other = join(folder, 'other');
    await expect(typed('request', ...NAMES.with(5, 'bar'), '--home', home)).rejects.toThrow(/is of lobby at riga of nord/);
    await typed('request', ...NAMES, '--home', other);
    writeFileSync(join(folder, 'other', 'station.json'), '{"tenant":"syd"}');
    await expect(typed('request', ...NAMES, '--home', other)).rejects.toThrow(/names the tenant "syd", and "nord" was asked for/);
    await expect(typed('request', '--tenant', 'nord', '--home', join(folder, 'half'))).rejects.toThrow(/--site S --station N/);
  });

  test('request leaves the data folder of a demonstration as it was', async () => {
    const home = join(folder, 'demo');
    await openStationKeys(home, DEFAULT_SETTINGS);
    await expect(typed('request', ...NAMES, '--home', home)).rejects.toThrow(/is the data folder of a demonstration/);
    expect(existsSync(join(home, 'station.json'))).toBe(false);
    expect(await json('show', '--home', home)).toMatchObject({ mode: 'demo' });
    expect(await doctorKeys(home)).toMatchObject({ state: 'ok', detail: 'demo mode: nothing signed here is evidence' });
  });

  test('refuses what it was not told', async () => {
    await expect(typed('enrol')).rejects.toThrow(/name the file/);
    await expect(typed('configure')).rejects.toThrow(/name what the administrator gave out/);
    await expect(typed('sign')).rejects.toThrow(/keys --help/);
    await expect(typed('show', '--home', join(folder, 'none'))).rejects.toThrow(/no station has run/);
  });
});
