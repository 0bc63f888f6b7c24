/** Where to sign, drawn at the desk: used for this document, known for the next print of its form, undone and forgotten. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PDFDocument, PDFName, PDFNumber, StandardFonts } from '#packet/pdf-lib.ts';
import { Desk } from '#cli/demo/desk.ts';
import type { DeskRequest, Rect, StationToDesk } from '#kiosk/protocol/index.ts';
import type { DrawnBox } from '#kiosk/protocol/validate.ts';
import type * as Fields from '#packet/fields/index.ts';
import type * as Intake from '#packet/intake/index.ts';
import type { IntakeResult } from '#packet/intake/index.ts';
import { placeOf, signAll } from '#fixtures/several-signers.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { printFile } from '#print-to-tab/client.ts';
import { filesHolding, startTestStation, type TestStation } from './station-for-tests.ts';

// clean documents of our own: what the child processes are for is tried where it is the point
vi.mock('#packet/intake/index.ts', () => ({
  intake: (async (document, _limits, { templates = [] } = {}): Promise<IntakeResult> => {
    const [{ foundIn }, { openInViewer }] = await Promise.all([import('#packet/fields/found-in.ts'), import('#packet/viewer.ts')]);
    const shown = await openInViewer(document);
    const { userUnit: unit } = await shown.getPage(1);
    const found = await foundIn(document, shown, templates);
    const sha256 = createHash('sha256').update(document).digest('hex');
    return { document, sha256, length: document.length, receivedSha256: sha256, pages: [{ width: 595, height: 842, unit, rotate: 0 }], title: null, actions: [], tool: 'none', found };
  }) satisfies typeof Intake.intake,
}));
vi.mock('#packet/fields/index.ts', async (load) => {
  const [fields, { foundIn }, { openInViewer }] = await Promise.all([load<typeof Fields>(), import('#packet/fields/found-in.ts'), import('#packet/viewer.ts')]);
  const findFields = (async (document, _limits, { templates = [] } = {}) => foundIn(document, await openInViewer(document), templates)) satisfies typeof Fields.findFields;
  return { ...fields, findFields };
});

type DeskState = Extract<StationToDesk, { type: 'state' }>;

let here: TestStation;
let desk: Desk;

beforeAll(async () => {
  here = await startTestStation({ limits: { forms: 1 } });
  desk = await Desk.open(here.station.tokens().desk);
});
afterAll(async () => {
  desk?.close();
  await here?.end();
});

/** Forms of a house that say nowhere that they are signed. */
const SPA = ['Spa and sauna', 'We wish you a pleasant time in our baths and pools.', 'Children stay with their parents at all times.', 'Towels are at the entrance, slippers in the cabin.', 'Visitor', 'Cabin'];
const GARAGE = ['Parking', 'The garage under the house is open day and night, for cars of ordinary height.', 'Keys are left with the porter. Nothing of value stays inside.'];

async function houseForm(name: string, number: string, lines = SPA, userUnit = 1): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  if (userUnit !== 1) page.node.set(PDFName.of('UserUnit'), PDFNumber.of(userUnit));
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  lines.forEach((text, at) => page.drawText(text, { x: 60, y: 760 - at * 40, size: 12, font }));
  [name, number].forEach((text, at) => page.drawText(text, { x: 140, y: 600 - at * 40, size: 12, font }));
  return pdf.save({ useObjectStreams: false });
}

let printed = 0;

async function print(bytes: Uint8Array): Promise<DeskRequest> {
  const name = `Form ${++printed}`;
  await printFile(here.station.printer, bytes, { name, user: 'reception' });
  return requestOf(({ title }) => title === name);
}

async function requestOf(isIt: (request: DeskRequest) => boolean): Promise<DeskRequest> {
  const { requests } = await desk.session.until('the request at the desk', (message): message is DeskState => message.type === 'state' && message.requests.some(isIt));
  return requests.find(isIt) as DeskRequest;
}

const box = (what: DrawnBox['what'], rect: Partial<Rect> = {}, role: DrawnBox['role'] = 'guest'): DrawnBox => ({ what, role, page: 1, rect: { x: 60, y: 100, width: 180, height: 40, ...rect } });
const draw = (id: string, fields: DrawnBox[], remember: { name: string } | null = null): Promise<void> => desk.session.post(`/desk/requests/${id}/fields`, { fields, remember });

const forms = async (isSo: (forms: DeskState['forms']) => boolean): Promise<DeskState['forms']> => (await desk.session.until('forms', (message): message is DeskState => message.type === 'state' && isSo(message.forms))).forms;
const undo = (id: string): Promise<void> => desk.session.post(`/desk/requests/${id}/fields/undo`, {});
/** Where the visitor's name and the cabin's number stand. */
const HINTS = [box('guestName', { x: 130, y: 594, width: 200, height: 20 }), box('room', { x: 130, y: 554, width: 100, height: 20 })];
let anna: DeskRequest;

test('boxes are taken for this document, and what is no place to sign in is refused', async () => {
  anna = await print(await houseForm('Anna Unmistakable', '17'));
  const { id, fields, placing, plan } = anna;
  expect({ found: fields.map(({ found }) => found), placing, plan }).toEqual({ found: ['fallback'], placing: 'open', plan: [{ role: 'guest', kind: 'signature', field: 0 }] });
  const wordless = box('check', { width: 10, height: 10 });
  for (const wrong of [box('signature', { x: 500 }), box('signature', { y: -5 }), box('signature', { width: 10 }), box('signature', { height: 2 }), { ...box('signature'), page: 2 }, box('date'), wordless, { ...wordless, label: ' ' }, { ...wordless, label: 'Yes', rect: { ...wordless.rect, width: 3 } }]) {
    await expect(draw(id, [box('signature'), wrong].slice(wrong.what === 'check' ? 0 : 1))).rejects.toThrow('BOX_UNUSABLE');
  }
  await draw(id, [box('signature'), box('signature', { x: 320 }, 'companion'), box('date', { y: 60, height: 20 }, 'companion'), { ...wordless, label: ' I have read the rules ' }, ...HINTS]);
  const drawn = await requestOf((request) => request.id === id && request.placing === 'drawn');
  expect(drawn.fields.map(({ kind, role, found, label }) => [kind, role, found, label])).toEqual([
    ['signature', 'guest', 'template', 'Guest signature'], ['signature', 'companion', 'template', 'Companion signature'], ['date', 'companion', 'template', 'Companion date'],
    ['check', 'guest', 'template', 'I have read the rules'],
  ]);
  // the desk said who signs: both do
  expect(drawn.plan.map(({ role }) => role)).toEqual(['guest', 'companion']);
  expect(drawn.hints).toMatchObject({ guestName: 'Anna Unmistakable', room: '17' });
  await undo(id);
  // what a wrong box had read goes with it
  expect(await requestOf((request) => request.id === id && request.placing === 'open')).toMatchObject({ fields, hints: anna.hints });
});

test('a form is known at its next print, with what it is found by, over a restart, and nothing that was read lies in the clear or in any trail', async () => {
  await draw(anna.id, [box('signature'), { ...box('check', { width: 10, height: 10 }), label: 'I have read the rules' }, ...HINTS], { name: 'Spa form' });
  desk.close();
  await here.station.stop();
  expect(filesHolding(here.home, Buffer.from('Unmistakable'))).toEqual([]);
  await here.restart();
  desk = await Desk.open(here.station.tokens().desk);
  expect(await forms(() => true)).toEqual([{ fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), name: 'Spa form', learnedAt: expect.any(String), forgotten: false }]);
  const second = await print(await houseForm('Bertil Other', '203'));
  expect(second).toMatchObject({ placing: 'known', plan: [{ role: 'guest' }], hints: { guestName: 'Bertil Other', room: '203' } });
  expect(second.fields).toMatchObject([
    { kind: 'signature', role: 'guest', found: 'template', rect: { x: expect.closeTo(60, 0), y: expect.closeTo(100, 0), width: 180, height: 40 } },
    { kind: 'check', role: 'guest', label: 'I have read the rules' },
  ]);

  // drawn otherwise, twice, and taken back: what was known before is known again
  await draw(second.id, [box('signature', { x: 200 })], { name: 'Spa form, new' });
  await draw(second.id, [box('signature', { x: 300 })], { name: 'Spa form, newer' });
  await forms(([only, another]) => only?.name === 'Spa form, newer' && another === undefined);
  await undo(second.id);
  await forms(([only]) => only?.name === 'Spa form');
  expect(await requestOf(({ id, placing }) => id === second.id && placing === 'known')).toMatchObject({ fields: second.fields, hints: second.hints });

  // what another desk has learned since is not taken back with it
  await draw(second.id, [box('signature', { x: 200 })], { name: 'Mine' });
  await draw(anna.id, [box('signature', { x: 300 })], { name: 'Theirs' });
  await undo(second.id);
  await forms(([only]) => only?.name === 'Theirs');
});

test('how small a box may be is said in points, whatever the units of the page', async () => {
  const small = box('signature', { width: 12, height: 5 });
  const [ordinary, twice] = [await print(await houseForm('Emil Fifth', '6')), await print(await houseForm('Flora Sixth', '7', SPA, 2))];
  await expect(draw(ordinary.id, [small])).rejects.toThrow('BOX_UNUSABLE');
  await draw(twice.id, [small]);
  expect((await requestOf(({ id, placing }) => id === twice.id && placing === 'drawn')).fields).toMatchObject([{ rect: small.rect }]);
});

test('on what others have signed, a date or a tick is refused where it is drawn, and signatures are taken', async () => {
  const [signed = new Uint8Array()] = await signAll(await houseForm('Dora Fourth', '5', GARAGE), [{ field: placeOf('staff', 'signature', 1), fillings: [] }], await testSigner('Another company'));
  const { id } = await print(signed);
  const tick = { ...box('check', { y: 60, width: 10, height: 10 }), label: 'I have read the rules' };
  for (const more of [box('date', { y: 60, height: 20 }), tick]) await expect(draw(id, [box('signature'), more])).rejects.toThrow('BOX_UNUSABLE');
  await draw(id, [box('signature'), box('signature', { y: 160 }, 'companion')]);
  expect((await requestOf((request) => request.id === id && request.placing === 'drawn')).fields).toHaveLength(2);
});

test('there is room for so many forms; one is forgotten, and had back if that was a slip', async () => {
  const [spa] = await forms(([only]) => only?.name === 'Theirs');
  const other = await print(await houseForm('Carl Third', '4', GARAGE));
  await expect(draw(other.id, [box('signature')], { name: 'Garage' })).rejects.toThrow('FORMS_FULL');
  // refused as a whole
  expect((await requestOf(({ id }) => id === other.id)).placing).toBe('open');
  await desk.session.post(`/desk/forms/${spa!.fingerprint}/forget`, {});
  await forms(([only]) => only?.forgotten === true);
  await desk.session.post(`/desk/forms/${spa!.fingerprint}/remember`, {});
  await forms(([only]) => only?.forgotten === false && only.name === 'Theirs');
  await desk.session.post(`/desk/forms/${spa!.fingerprint}/forget`, {});
  await draw(other.id, [box('signature')], { name: 'Garage' });
  await expect(desk.session.post(`/desk/forms/${spa!.fingerprint}/remember`, {})).rejects.toThrow('FORMS_FULL');
  // what was learned by mistake goes with the boxes
  await undo(other.id);
  await forms((all) => all.every(({ forgotten }) => forgotten));
});
