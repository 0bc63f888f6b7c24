/** A tenant's station: from its first start over its enrolment to a signature that outsiders check, and what stops it. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSealedRecord } from '#biometrics/open.ts';
import { askStation } from '#cli/control.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { configurationOf, enrolmentOf, storeKeys } from '#fixtures/enrolment.ts';
import { judge } from '#fixtures/needs.ts';
import { outboxPacket } from '#fixtures/outbox-packet.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { startStandInAuthority } from '#fixtures/time-stamp-authority.ts';
import { testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { fingerprint } from '#keys/fingerprint.ts';
import { createExaminer, custodyFolder, installEnrolment, installPaper, installSeal, kindOfKeys, openStationKeys, readPrivateKey, requestEnrolment, requestSeal } from '#keys/index.ts';
import { configure, enrol, newTenant, readExaminerFiles } from '#keys/tenant/index.ts';
import type { StationToDesk } from '#kiosk/protocol/messages.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import type { AuditEvent } from '#packet/audit.ts';
import { readPacket } from '#packet/container.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { verify } from '#packet/verify/verify.ts';
import { printFile } from '#print-to-tab/client.ts';
import { AuditLog } from './audit-log.ts';
import { openDatabase } from './database.ts';
import { startTestStation, type TestStation } from './station-for-tests.ts';

const name = { tenant: 'nord', site: 'riga', station: 'lobby' };
const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });
/** As if a pen had made it: what is recorded is taken in demo mode only. */
const pen = { ...recordedPen(), source: { ...recordedPen().source, kind: 'pointer' as const } };
type DeskState = Extract<StationToDesk, { type: 'state' }>;

async function startedWith(prepare: (home: string) => Promise<void>): Promise<TestStation> {
  const here = await startTestStation(name, { prepare });
  onTestFinished(() => here.end());
  return here;
}

async function enrolledAt(tenant: TestTenant, home: string, changes: Parameters<typeof enrolmentOf>[2] = {}): Promise<void> {
  const { bytes } = await requestEnrolment(home, name);
  await installEnrolment(home, await enrolmentOf(tenant, bytes, changes), fingerprint(tenant.root));
}

async function atTheDesk(here: TestStation): Promise<{ desk: Desk; guest: Guest }> {
  const { desk: deskAddress, guest: guestAddress } = here.station.tokens();
  const [desk, guest] = [await Desk.open(deskAddress), await Guest.arrive(guestAddress)];
  onTestFinished(() => {
    guest.session.close();
    desk.close();
  });
  return { desk, guest };
}

function deskState(desk: Desk, what: string, fits: (state: DeskState) => boolean): Promise<DeskState> {
  return desk.session.until(what, (message): message is DeskState => message.type === 'state' && fits(message));
}

const noticeOf = (state: DeskState, code: string): string | undefined => state.notices.find((notice) => notice.code === code)?.message;

/** Brings a guest as far as the pen. */
async function atThePen(here: TestStation, desk: Desk, guest: Guest) {
  await printFile(here.station.printer, card, { name: 'Card', user: 'x' });
  await desk.release(await desk.request(['assigned']));
  const { state, request, sha256 } = await guest.read();
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);
  return { request, seen: { documentSha256: sha256, consentSha256 } };
}

/** The station's own trail; the station must not run. */
function trailOf(home: string): AuditEvent[] {
  const database = openDatabase(join(home, 'station.db'));
  try {
    return new AuditLog(database, '', { station: '', software: '' }).stationEvents();
  } finally {
    database.close();
  }
}

test('the whole way: asked, shown, enrolled while it runs, signed, and judged by outsiders', async (context) => {
  const folder = temporaryFolder();
  const authority = await startStandInAuthority();
  onTestFinished(() => authority.close());
  const made = await newTenant(join(folder, 'nord'), { tenant: 'nord', administrator: 'Anna', passphrase: null });
  const notary = await createExaminer(folder, { name: 'Notary Ozola', type: 'p256' });
  const tenant = await configure(made, {
    examiners: [readExaminerFiles(notary.certPath)], storePublicKey: storeKeys.publicKey.export({ type: 'spki', format: 'der' }),
    penMinimum: { raw: false, pressure: 512, tilt: false, inAir: false, deviceClock: false },
    timeStampAuthority: authority.url, trustTimeStamps: [authority.root],
  });
  const here = await startedWith(async (home) => { await requestEnrolment(home, name); });
  const asked = await requestEnrolment(here.home, name);
  const { desk, guest } = await atTheDesk(here);

  // it shows what the administrator compares, and takes nothing
  const awaiting = await deskState(desk, 'the fingerprint at the desk', (state) => state.awaiting !== null);
  expect(awaiting).toMatchObject({ demo: false, awaiting: { fingerprint: asked.fingerprint } });
  await guest.session.until('the fingerprint on the tablet', (message) => message.type === 'state' && message.awaiting?.fingerprint === asked.fingerprint);
  await expect(printFile(here.station.printer, card, { name: 'Card', user: 'x' })).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(desk.session.post('/desk/sample', { tablet: 'front' })).rejects.toThrow(/waits for its enrolment/);
  await expect(desk.session.post('/desk/try', { tablet: 'front' })).rejects.toThrow(/DEMO_ONLY/);

  // the organisation's seal, asked for and installed by its commands' own steps, with OpenSSL as the authority
  const openssl = judge(context, 'openssl');
  const at = (file: string) => join(folder, file);
  const run = (...args: string[]) => spawnSync(openssl, args, { encoding: 'utf8' });
  const { path: sealRequest } = await requestSeal(here.home, { country: 'LV', organization: 'Nord SIA', organizationIdentifier: null, commonName: 'Nord seal' }, { make: 'p256' }, async () => '');
  writeFileSync(at('leaf.ext'), 'keyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=1.3.6.1.5.5.7.3.36');
  run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/O=Trust AS/CN=Trust documents', '-days', '300');
  const issued = run('x509', '-req', '-in', sealRequest, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '200', '-extfile', at('leaf.ext')).stdout;
  const organisation = installSeal(here.home, [issued, readFileSync(at('ca.pem'), 'latin1')]);
  const authorityRoot = organisation.chain.at(-1)!;

  // the running station notices
  const { enrolment } = await enrol(tenant, asked.bytes, { fingerprint: asked.fingerprint.toLowerCase() });
  await installEnrolment(here.home, enrolment, fingerprint(tenant.root));
  await deskState(desk, 'the enrolled station', (state) => state.awaiting === null);

  const { request, seen } = await atThePen(here, desk, guest);
  expect(await (await guest.done(request, pen, seen)).text()).toBe('{}');
  const packet = await outboxPacket(here.home, request.id, storeKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const verified = await verify(packet, { trust: [tenant.root, authorityRoot], timeStampTrust: [authority.root], now: new Date(Date.now() + 60_000) });
  expect(verified).toMatchObject({ indication: 'TOTAL-PASSED', valid: true, trusted: true, timeStamps: [{ over: 'signature', trusted: true }] });
  // the stand-in names no list of its own, and the tenant's says nothing of it
  expect(verified.signatures).toMatchObject(['PAdES-B-T', 'CAdES-B-B'].map((level) => ({ level, signer: organisation.subject, trusted: true, vouched: { kind: 'authority', issuer: 'O=Trust AS, CN=Trust documents' } })));
  expect(verified.signatures[0]!.provenTime).toEqual(expect.any(String));
  expect(readPacket(packet).audit.find(({ action }) => action === 'document.signed')?.details).toMatchObject({
    level: 'B-T', notHigher: 'REVOCATION_MISSING', authority: expect.stringContaining('Stand-in'),
    sealedBy: `${organisation.subject}, issued by O=Trust AS, CN=Trust documents; each reader decides whether to trust that authority`,
  });

  const sealed = readSignedPdf(readPacket(packet).signedPdf).sealedRecords[0]!.bytes;
  const { context: kept } = await openSealedRecord(sealed, { privateKey: readPrivateKey(readFileSync(notary.keyPath)) });
  const { number, sha256 } = await installPaper(here.home, tenant.configuration.cms);
  expect(kept).toMatchObject({ demo: false, tenant: 'nord', site: 'riga', configuration: { number, sha256 }, chain: { number: 1 } });

  // OpenSSL alone: decrypts with the examiner's key, and verifies to the root with the list that travels inside
  writeFileSync(at('sealed.der'), sealed);
  writeFileSync(at('root.pem'), pem('CERTIFICATE', tenant.root));
  const decrypted = run('cms', '-decrypt', '-binary', '-inform', 'DER', '-in', at('sealed.der'), '-inkey', notary.keyPath, '-recip', notary.certPath, '-out', at('signed.der'));
  expect(decrypted.status, decrypted.stderr).toBe(0);
  const judged = run('cms', '-verify', '-binary', '-inform', 'DER', '-in', at('signed.der'), '-CAfile', at('root.pem'), '-crl_check', '-out', at('record'));
  expect(judged.status, judged.stderr).toBe(0);

  expect(existsSync(custodyFolder(here.home))).toBe(false);
  await here.station.stop();
  expect(trailOf(here.home).map(({ action }) => action)).toEqual(expect.arrayContaining(['enrolment.installed', 'configuration.installed', 'crl.installed']));
  await here.restart();
});

test('a configuration that is put back is noticed while it runs and at the next start: nothing is signed then, and the desk reads why', async () => {
  const tenant = await testTenant();
  const second = await configurationOf(tenant, { number: 2 });
  const here = await startedWith(async (home) => {
    await enrolledAt(tenant, home);
    await installPaper(home, second);
  });
  const { desk, guest } = await atTheDesk(here);
  const { request } = await atThePen(here, desk, guest);
  rmSync(join(here.home, 'keys/configuration.cms'));
  // the document leaves the tablet, and does not go back there
  const waiting = await desk.request(['assigned'], request.id);
  const state = await deskState(desk, 'the reason', (each) => noticeOf(each, 'CAPTURE_NOT_ALLOWED') !== undefined);
  expect(noticeOf(state, 'CAPTURE_NOT_ALLOWED')).toMatch(/^Nothing can be signed\. The configuration of this station is not the latest that it had: .* Install the latest again/);
  await expect(desk.release(waiting)).rejects.toThrow(/CAPTURE_NOT_ALLOWED/);

  await here.restart();
  const again = await atTheDesk(here);
  await deskState(again.desk, 'the reason once more', (each) => noticeOf(each, 'CAPTURE_NOT_ALLOWED') !== undefined);
  await expect(again.desk.release(waiting)).rejects.toThrow(/CAPTURE_NOT_ALLOWED/);
  // the latest, installed again, is what puts it right
  await installPaper(here.home, second);
  await deskState(again.desk, 'no reason any more', (each) => noticeOf(each, 'CAPTURE_NOT_ALLOWED') === undefined);
  await again.desk.release(waiting);
  await again.desk.request(['assigned', 'shown'], request.id);

  await here.station.stop();
  expect(trailOf(here.home).flatMap(({ action, details }) => (action.startsWith('configuration.') ? [[action, details['number'], details['highest']]] : []))).toEqual([
    ['configuration.installed', 2, undefined], ['configuration.rollback', 1, 2], ['configuration.rollback', 1, 2],
  ]);
  await here.restart();
});

test('what the administrator gives out counts at once: a split that is demanded, no examiner, a revoked station; a forgery does not', async () => {
  const tenant = await testTenant();
  const here = await startedWith((home) => enrolledAt(tenant, home));
  const { desk } = await atTheDesk(here);
  const told = async (code: string, wanted: RegExp) => {
    const state = await deskState(desk, String(wanted), (each) => wanted.test(noticeOf(each, code) ?? ''));
    return state.notices.filter(({ severity }) => severity === 'error').length;
  };
  const papers = async () => {
    const status = await askStation(here.home, { command: 'status' });
    return status?.ok === true ? status['papers'] : null;
  };
  expect(await papers()).toMatchObject({ mode: 'enrolled', configuration: { number: 1 }, crl: { number: 1 }, capture: { allowed: true }, problem: null });

  writeFileSync(join(here.home, 'keys/configuration.cms'), await configurationOf(tenant, { number: 9 }, tenant.device));
  expect(await told('PAPERS_REFUSED', /no administrator of the tenant/)).toBe(1);
  expect(await papers()).toMatchObject({ configuration: { number: 1 }, capture: { allowed: true } });
  rmSync(join(here.home, 'keys/configuration.cms'));

  await installPaper(here.home, await configurationOf(tenant, { number: 2, custody: 'split' }));
  await told('CAPTURE_NOT_ALLOWED', /every examiner’s key is split.*“Notary Ozola”/);
  await installPaper(here.home, await configurationOf(tenant, { number: 3, examiners: [] }));
  await told('CAPTURE_NOT_ALLOWED', /names no examiner/);
  await installPaper(here.home, await configurationOf(tenant, { number: 4 }));
  await deskState(desk, 'no reason', (each) => noticeOf(each, 'CAPTURE_NOT_ALLOWED') === undefined);
  const fourth = readFileSync(join(here.home, 'keys/configuration.cms'));
  writeFileSync(join(here.home, 'keys/configuration.cms'), await configurationOf(tenant, { number: 4, issuedAt: '2026-01-01T00:00:00Z' }));
  await told('CAPTURE_NOT_ALLOWED', /The configuration of this station is not the latest/);
  writeFileSync(join(here.home, 'keys/configuration.cms'), fourth);
  await deskState(desk, 'no reason', (each) => noticeOf(each, 'CAPTURE_NOT_ALLOWED') === undefined);
  const keys = await askStation(here.home, { command: 'station-keys' });
  const device = Buffer.from(String(keys?.ok === true ? keys['device'] : ''), 'base64');
  await installPaper(here.home, await tenant.crl({ number: 2, certificate: device, nextUpdate: new Date(Date.now() - 1_000) }));
  await told('CAPTURE_NOT_ALLOWED', /device certificate of this station is revoked/);
  await told('REVOCATION_LIST_OLD', /should have been replaced/);
  expect(await papers()).toMatchObject({ configuration: { number: 4 }, crl: { number: 2 }, capture: { allowed: false, why: 'revoked' } });
  rmSync(join(here.home, 'keys/revocation.crl'));
  await told('CAPTURE_NOT_ALLOWED', /The revocation list of this station is not the latest/);
});

test('demo and tenant never share a data folder', async () => {
  const tenant = await testTenant();
  const here = await startedWith((home) => enrolledAt(tenant, home));
  await here.station.stop();
  rmSync(join(here.home, 'keys'), { recursive: true });
  await expect(here.restart()).rejects.toMatchObject({ code: 'KEYS_INCOMPLETE' });
  expect([kindOfKeys(join(here.home, 'keys')), existsSync(custodyFolder(here.home))]).toEqual(['none', false]);
});

test('keys of a demonstration, or of a stranger who gives himself the same names, are not taken: not while it runs, nor at a start', async () => {
  const [tenant, stranger] = [await testTenant(), await testTenant()];
  const here = await startedWith((home) => enrolledAt(tenant, home));
  const { desk } = await atTheDesk(here);
  const folder = temporaryFolder();
  const [demo, strange] = [join(folder, 'demo'), join(folder, 'strange')];
  await openStationKeys(demo, name);
  await enrolledAt(stranger, strange, { configuration: await configurationOf(stranger, { number: 8 }), crl: await stranger.crl({ number: 8 }) });
  const before = await askStation(here.home, { command: 'station-keys' });
  const put = (from: string) => {
    rmSync(join(here.home, 'keys'), { recursive: true });
    cpSync(join(from, 'keys'), join(here.home, 'keys'), { recursive: true });
  };
  for (const [from, why] of [[demo, /are of the other kind/], [strange, /under another root/]] as const) {
    put(from);
    await deskState(desk, String(why), (each) => why.test(noticeOf(each, 'PAPERS_REFUSED') ?? ''));
    expect(await askStation(here.home, { command: 'station-keys' })).toEqual(before);
  }
  await here.station.stop();
  for (const from of [demo, strange]) {
    put(from);
    await expect(here.restart()).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
  }
});

test('papers that cannot be read at all are told to the desk, and tried again', async () => {
  const tenant = await testTenant();
  const here = await startedWith((home) => enrolledAt(tenant, home));
  const { desk } = await atTheDesk(here);
  // as a file that another user of this machine has put there: reading it is an error of the system
  mkdirSync(join(here.home, 'keys/configuration.cms'));
  await deskState(desk, 'the problem', (each) => noticeOf(each, 'PAPERS_REFUSED') !== undefined);
  rmSync(join(here.home, 'keys/configuration.cms'), { recursive: true });
  await deskState(desk, 'no problem', (each) => noticeOf(each, 'PAPERS_REFUSED') === undefined);
});

test('a start destroys the keys that a renewal replaced, where the power ended before', async () => {
  const tenant = await testTenant();
  const here = await startedWith(async (home) => {
    await enrolledAt(tenant, home);
    cpSync(join(home, 'keys/generation-1'), join(home, 'keys/generation-2'), { recursive: true });
  });
  expect([1, 2].map((number) => existsSync(join(here.home, `keys/generation-${number}`)))).toEqual([false, true]);
});
