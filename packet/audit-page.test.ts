/** `audit.pdf`: what pdftotext reads from it, and that a packet with it holds for verify, sha256sum and unzip. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { completedSigning, CONSENT, SIGNED_AT } from '#fixtures/completed-signing.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { appendEvent, pseudonym, type AuditEvent } from './audit.ts';
import type { AuditFile } from './audit-file.ts';
import { auditPage } from './audit-page.ts';
import { buildPacket, readPacket } from './container.ts';
import { verify } from './verify/verify.ts';
import { writeZip } from './zip.ts';

const { signedPdf, requestId, seal } = await completedSigning();
const folder = temporaryFolder();
const SALT = '00ff'.repeat(8);
const USER = 'Ēriks Бук 王小明 محمد 🏨 \u202eevil';

/** A trail as a station writes it, by a print user whose name no font has all of. */
function trailOf(more: Partial<AuditFile> = {}): AuditFile {
  const events: AuditEvent[] = [];
  const add = (kind: AuditEvent['actor']['kind'], name: string | null, action: string, details: AuditEvent['details'] = {}, device = 'station') => {
    const at = new Date(SIGNED_AT.getTime() + events.length * 1000).toISOString();
    events.push(appendEvent(events.at(-1) ?? null, { at, timeSource: 'system', actor: { kind, name, authenticated: false }, action, origin: { station: 'a/b/c', software: 'countersign 0', device }, request: requestId, details }));
  };
  add('print-client', pseudonym(SALT, USER), 'request.received', { pages: 2, client: pseudonym(SALT, '10.0.0.9') }, 'printer:front');
  add('station', null, 'document.shown', { sha256: 'ab'.repeat(32) });
  add('guest', null, 'page.viewed', { page: 1, ms: 12_300 }, 'tablet:front');
  add('station', null, 'place.told', { latitude: 56.9496, longitude: 24.1052, accuracyMetres: 35, source: 'tablet' }, 'tablet:front');
  add('desk', 'Front desk', 'identity.confirmed', { seen: 'passport' }, 'desk');
  add('guest', null, 'consent.given', { language: 'lv', version: '1', sha256: 'cd'.repeat(32) }, 'tablet:front');
  add('station', null, 'exception.carried', { reason: 'mark', refusals: 'CAPTURE_LINE, CAPTURE_LINE' });
  add('station', null, 'of.another.version', { why: 'new' });
  add('station', null, 'packet.closed');
  return {
    request: requestId, signedAt: SIGNED_AT.toISOString(), demo: false, consent: { sha256: 'cd'.repeat(32), language: 'lv', version: '1' },
    station: { tenant: 'nord', site: 'riga', name: 'desk-1', software: 'countersign 0' }, place: { name: 'Grand Hotel Norrvik', address: 'Brīvības iela 1, Rīga', coordinates: null },
    disclosed: [{ is: 'print-user', value: USER, salt: SALT }, { is: 'print-client-address', value: '10.0.0.9', salt: SALT }], events, ...more,
  };
}

function read(pdftotext: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, 'audit.pdf'), bytes);
  return execFileSync(pdftotext, ['-layout', join(folder, 'audit.pdf'), '-'], { encoding: 'utf8' });
}

test('says first what somebody wants to know, and what is not known as that', async (context) => {
  const text = read(judge(context, 'pdftotext'), await auditPage(trailOf()));
  expect(text.split('What happened')[0]).toMatch(/Signed .*2026-11-21 09:00:00 UTC.*claimed, not proven/);
  for (const said of ['Grand Hotel Norrvik, Brīvības iela 1, Rīga', 'station nord/riga/desk-1, tablet front, countersign 0', 'page 1: 12.3 s', 'version 1, language lv', 'passport', 'the desk took the last one as it is (mark)', 'this one is taken as it is as well (mark)', 'from 10.0.0.9', '56.9496, 24.1052 (give or take 35 m), as the tablet itself said', 'Ēriks Бук 王小明', 'of.another.version, why: new', 'This packet was closed.']) expect(text).toContain(said);
  expect(text).not.toMatch(/\u202e|DEMO/);
});

test('names in Chinese characters are drawn in the shapes of the document\'s language, else of the notice\'s, and read as they were written', async (context) => {
  const consent = (language: string) => ({ sha256: 'cd'.repeat(32), language, version: '1' });
  const place = { name: '骨直旅館', address: '東京都', coordinates: null };
  const fonts = (bytes: Uint8Array) => [...new Set(Buffer.from(bytes).toString('latin1').match(/NotoSans(SC|JP)-Regular/g))];
  const japanese = await auditPage(trailOf({ place, disclosed: [] }), 'ja');
  expect(fonts(japanese)).toEqual(['NotoSansJP-Regular']);
  for (const [language, agreed, font] of [['zh', 'ja', 'SC'], ['en', 'ja', 'JP'], [null, 'lv', 'SC'], ['ko', 'en', 'JP']] as const) {
    expect(fonts(await auditPage(trailOf({ place, disclosed: [], consent: consent(agreed) }), language)), `${language}, ${agreed}`).toEqual([`NotoSans${font}-Regular`]);
  }
  expect(read(judge(context, 'pdftotext'), japanese)).toContain('骨直旅館, 東京都');
});

test('a demonstration is marked on every page, and a long trail is not drawn to its end', async (context) => {
  const { events, ...file } = trailOf();
  const last = events.at(-1)!;
  const many = Array.from({ length: 200 }, () => last);
  const text = read(judge(context, 'pdftotext'), await auditPage({ ...file, demo: true, events: [...events, ...many] }));
  const pages = text.split('\f').slice(0, -1);
  expect(pages.length).toBeGreaterThan(1);
  for (const page of pages) expect(page).toContain('DEMO, not evidence');
  expect(text).toContain('58 more events are in audit.json.');
});

test('the same trail gives the same bytes, and details that were erased are not missed', async () => {
  expect(await auditPage(trailOf())).toEqual(await auditPage(trailOf()));
  await expect(auditPage(trailOf({ disclosed: [], station: null, place: null, events: [] }))).resolves.toBeInstanceOf(Uint8Array);
});

test('in a packet it is signed: one changed byte of it, or a lie about who printed, is found', async (context) => {
  const { events, station, place, disclosed } = trailOf();
  const build = async (origin: Pick<AuditFile, 'station' | 'place' | 'disclosed'>) => buildPacket({
    signedPdf, audit: events, origin, auditPdf: await auditPage(trailOf()), consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: false, seal,
  });
  const packet = await build({ station, place, disclosed });
  expect(await verify(packet, {})).toMatchObject({ valid: true });
  const { files, ...said } = readPacket(packet);
  expect(said).toMatchObject({ disclosed });

  const page = Uint8Array.from(files.get('audit.pdf')!);
  page[page.length >> 1]! ^= 1;
  const changed = await verify(writeZip(new Map([...files, ['audit.pdf', page]])), {});
  expect(changed).toMatchObject({ valid: false, findings: expect.arrayContaining([expect.objectContaining({ code: 'FILE_CHANGED', message: expect.stringContaining('audit.pdf') })]) });
  const lie = await verify(await build({ station, place, disclosed: [{ is: 'print-user', value: 'somebody else', salt: SALT }] }), {});
  expect(lie).toMatchObject({ valid: false, findings: expect.arrayContaining([expect.objectContaining({ code: 'DISCLOSED_DIFFERS' })]) });

  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  expect(execFileSync(judge(context, 'sha256sum'), ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).toContain('audit.pdf: OK');
});
