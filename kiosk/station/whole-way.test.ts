/** From a print job to a packet in the outbox, with the project's own IPP client and a scripted guest and desk. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { assess } from '#biometrics/assessment.ts';
import { openSealedRecord } from '#biometrics/open.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { schemaBreaks, type JsonSchema } from '#fixtures/json-schema.ts';
import { CUSTODY_FILES, custodyFolder, readPrivateKey } from '#keys/index.ts';
import type { GenuineAnswer } from '#kiosk/protocol/genuine.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { readPacket } from '#packet/container.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { verify } from '#packet/verify/verify.ts';
import { printFile } from '#print-to-tab/client.ts';
import { openEnvelope } from '#sync-agent/open-envelope.ts';
import { Outbox } from '#sync-agent/outbox.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { signingThread } from './signing-thread.ts';
import { filesHolding, startTestStation, type TestStation } from './station-for-tests.ts';

let here: TestStation;
let desk: Desk;
let guest: Guest;

beforeAll(async () => {
  here = await startTestStation();
  desk = await Desk.open(here.station.desk);
  guest = await Guest.arrive(here.station.guest, 'sv');
});

afterAll(async () => {
  guest?.session.close();
  desk?.close();
  await here?.end();
});

async function printCard(name = 'Registration card'): Promise<void> {
  const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });
  await printFile(here.station.printer, card, { name, user: 'reception' });
}

/** The packet as the outbox holds it, opened with the store's key. */
async function packetOf(id: string): Promise<Uint8Array> {
  const outbox = Outbox.open(join(here.home, 'outbox.db'), { wrap: null });
  const item = outbox.claim(Date.now());
  outbox.close();
  expect(item?.id).toBe(id);
  const privateKeyPem = readFileSync(join(custodyFolder(here.home), CUSTODY_FILES.storeKey), 'utf8');
  const { bytes, context } = await openEnvelope(item!.envelope, { privateKeyPem });
  expect(context).toMatchObject({ packet: id, purpose: 'packet', sha256: createHash('sha256').update(bytes).digest('hex') });
  return bytes;
}

describe('one signature', () => {
  test('is printed, released, read, agreed to, signed, and verifies', async () => {
    await printCard();
    const waiting = await desk.request(['assigned']);
    expect(waiting).toMatchObject({ title: 'Registration card', tablet: 'front', printedBy: { name: 'reception', authenticated: false }, pages: 1 });
    expect(waiting.fields.map(({ name }) => name)).toEqual(['guest', 'companion']);
    expect(waiting.plan).toEqual([{ role: 'guest', kind: 'signature', field: 0 }]);

    await desk.release(waiting);
    const { state, request, document, sha256 } = await guest.read();
    expect(request.documentSha256).toBe(sha256);
    await desk.request(['shown'], request.id);
    const consentSha256 = guest.agree(state, request);
    await desk.request(['signing'], request.id);

    const tampered = await guest.done(request, recordedPen(), { documentSha256: '0'.repeat(64), consentSha256 });
    expect(tampered.status).toBe(409);
    expect(await tampered.json()).toMatchObject({ code: 'DOCUMENT_DIFFERS' });

    const done = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
    expect(await done.text()).toBe('{}');
    expect(done.status).toBe(200);
    await desk.request(['completed'], request.id);

    const packet = await packetOf(request.id);
    const trust = [readFileSync(join(here.home, 'keys/root.cert.pem'))].map((pem) => Buffer.from(pem.toString().replace(/-----.*-----|\s/g, ''), 'base64'));
    const result = await verify(packet, { trust });
    expect(result).toMatchObject({ indication: 'TOTAL-PASSED', valid: true, trusted: true, document: { sha256, length: document.length }, audit: { intact: true } });

    const { signedPdf, audit, disclosed, consent, files } = readPacket(packet);
    expect([...files.keys()]).toContain('audit.pdf');
    const schema = JSON.parse(readFileSync(new URL('../../packet/audit.schema.json', import.meta.url), 'utf8')) as JsonSchema;
    expect(schemaBreaks(schema, JSON.parse(new TextDecoder().decode(files.get('audit.json'))))).toEqual([]);
    expect(Buffer.from(signedPdf).subarray(0, document.length).equals(document)).toBe(true);
    expect(consent.sha256).toBe(consentSha256);
    expect(audit.map(({ action }) => action)).toEqual([
      'request.received', 'request.assigned', 'request.released', 'language.chosen', 'document.shown', 'page.viewed', 'consent.given',
      'signature.refused', 'signature.done', 'document.signed', 'packet.closed',
    ]);
    const { name, version } = packageJson;
    expect(audit.map(({ origin }) => origin?.device)).toEqual([
      'printer:front', 'station', 'desk', 'tablet:front', 'station', 'tablet:front', 'tablet:front', 'station', 'tablet:front', 'station', 'station',
    ]);
    expect(new Set(audit.map(({ origin }) => `${origin?.station} ${origin?.software}`))).toEqual(new Set([`demo/front-desk/station-1 ${name} ${version}`]));
    expect(disclosed.map(({ is, value }) => [is, value])).toEqual([['print-user', 'reception'], ['print-client-address', '127.0.0.1']]);
    expect(JSON.stringify(audit)).not.toMatch(/reception|127\.0/);

    const [sealed] = readSignedPdf(signedPdf).sealedRecords;
    const privateKey = readPrivateKey(readFileSync(join(custodyFolder(here.home), CUSTODY_FILES.examinerKey)));
    const opened = await openSealedRecord(sealed!.bytes, { privateKey });
    expect(opened.capture.samples).toEqual(recordedPen().samples);
    expect(opened.context).toMatchObject({ requestId: request.id, demo: true, document: { sha256, length: document.length }, chain: { number: 1, previousSha256: null } });
    expect(opened.context.station.tablet).toBe('front');
    expect(opened.context.shown).toMatchObject({ sha256, language: 'sv', underInk: 'frame', pages: [{ page: 0 }], viewport: { width: expect.any(Number), height: expect.any(Number), devicePixelRatio: expect.any(Number) } });
    expect(opened.context.acceptance).toEqual({ refusals: ['DOCUMENT_DIFFERS'], exception: null });
    expect(opened.context.time.steps).toEqual([]);
    expect(opened.context.assessment).toEqual(assess(opened.capture, opened.context.station.software));

    const copy = await desk.session.fetch(`/desk/requests/${request.id}/signed.pdf`);
    expect(copy.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await copy.arrayBuffer()).equals(signedPdf)).toBe(true);
  });

  test('"is this document genuine?": what the desk is told of the signed copy that is void, of one that was changed, and of a stranger\'s', async () => {
    const { id } = await desk.request(['completed']);
    const copy = new Uint8Array(await (await desk.session.fetch(`/desk/requests/${id}/signed.pdf`)).arrayBuffer());
    const ask = async (body: Uint8Array<ArrayBuffer>): Promise<GenuineAnswer> => {
      const answer = await desk.session.fetch('/desk/genuine/check', { method: 'POST', body });
      expect(answer.status).toBe(200);
      return await answer.json() as GenuineAnswer;
    };
    await desk.session.post(`/desk/requests/${id}/void`, { reason: 'wrong-guest' });
    const whole = await ask(copy);
    expect(whole).toMatchObject({ headline: { kind: 'void' }, demo: true, voids: [expect.stringContaining('the wrong guest signed')] });
    expect(whole.sections.map(({ title }) => title)).toEqual(['Signature "Countersign guest" (PAdES-B-B)', 'Revisions', 'Sealed handwriting', 'Document']);
    expect(whole.sections[0]?.facts).toContainEqual({ label: 'vouched', text: 'of a demonstration: no evidence' });
    expect((await ask(copy.with(500, copy[500]! ^ 1))).headline).toMatchObject({ kind: 'not-genuine', text: 'NOT genuine: it was changed after it was signed' });
    const strange = await ask(new Uint8Array(await handSignedPdf({ seal: await testSigner('A stranger') })));
    expect(strange).toMatchObject({ demo: false, voids: [], headline: { kind: 'unsaid', because: [expect.any(String), 'Nothing was changed since it was signed, whoever signed it.'] } });
    expect(here.logged.join('\n')).not.toMatch(/genuine|stranger/);
  });

  test('of a second guest is chained to the first, and nothing of either lies in the clear', async () => {
    await printCard('Second card');
    const waiting = await desk.request(['assigned']);
    await desk.release(waiting);
    const { state, request, document, sha256 } = await guest.read();
    expect(request.id).toBe(waiting.id);
    const consentSha256 = guest.agree(state, request);
    // the signing thread ends while it makes the packet
    vi.spyOn(signingThread, 'packet').mockImplementationOnce(async (contents) => signingThread.packet({ ...contents, seal: { ...contents.seal, sign: async () => {
      await signingThread.end();
      return new Promise(() => {});
    } } }));
    const cut = await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 });
    expect([cut.status, await cut.json()]).toMatchObject([500, { code: 'INTERNAL', detail: 'Something went wrong at the station. Its log says what.' }]);
    expect(here.logged.join('\n')).toContain('The signing thread has ended.');
    expect((await guest.done(request, recordedPen(), { documentSha256: sha256, consentSha256 })).status).toBe(200);
    await desk.session.until('the signed copy', (message) => message.type === 'state' && message.requests.some(({ id, signedUrl }) => id === request.id && signedUrl !== null));
    const completed = await desk.request(['completed'], request.id);

    const copy = new Uint8Array(await (await desk.session.fetch(completed.signedUrl!)).arrayBuffer());
    const privateKey = readPrivateKey(readFileSync(join(custodyFolder(here.home), CUSTODY_FILES.examinerKey)));
    const { context } = await openSealedRecord(readSignedPdf(copy).sealedRecords[0]!.bytes, { privateKey });
    expect(context.chain.number).toBe(2);
    expect(context.chain.previousSha256).toMatch(/^[0-9a-f]{64}$/);
    for (const clear of [document.subarray(200, 260), Buffer.from('Second card'), Buffer.from('reception')]) {
      expect(filesHolding(here.home, clear)).toEqual([]);
    }
  });
});
