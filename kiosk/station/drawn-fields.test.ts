/** Where to sign, drawn at the desk: used for this document, known for the next print of its form, undone and forgotten. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { Desk } from '#cli/demo/desk.ts';
import type { DeskRequest, Rect, StationToDesk } from '#kiosk/protocol/index.ts';
import type { DrawnBox } from '#kiosk/protocol/validate.ts';
import { printFile } from '#print-to-tab/client.ts';
import { filesHolding, startTestStation, type TestStation } from './station-for-tests.ts';

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

async function houseForm(name: string, number: string, lines = SPA): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
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

test('boxes are taken for this document, and what is no place to sign in is refused', async () => {
  const { id, fields, placing, plan } = await print(await houseForm('Anna Unmistakable', '17'));
  expect({ found: fields.map(({ found }) => found), placing, plan }).toEqual({ found: ['fallback'], placing: 'open', plan: [{ role: 'guest', kind: 'signature', field: 0 }] });
  for (const wrong of [box('signature', { x: 500 }), box('signature', { y: -5 }), box('signature', { width: 10 }), box('signature', { height: 2 }), { ...box('signature'), page: 2 }, box('date')]) {
    await expect(draw(id, [wrong])).rejects.toThrow('BOX_UNUSABLE');
  }
  await draw(id, [box('signature'), box('signature', { x: 320 }, 'companion'), box('date', { y: 60, height: 20 }, 'companion')]);
  const drawn = await requestOf((request) => request.id === id && request.placing === 'drawn');
  expect(drawn.fields.map(({ kind, role, found, label }) => [kind, role, found, label])).toEqual([
    ['signature', 'guest', 'template', 'Guest signature'], ['signature', 'companion', 'template', 'Companion signature'], ['date', 'companion', 'template', 'Companion date'],
  ]);
  // the desk said who signs: both do
  expect(drawn.plan.map(({ role }) => role)).toEqual(['guest', 'companion']);
  await desk.session.post(`/desk/requests/${id}/fields/undo`, {});
  expect((await requestOf((request) => request.id === id && request.placing === 'open')).fields).toEqual(fields);
});

test('a form is known at its next print, with what it is found by; it is kept over a restart, and forgotten when the desk says so', async () => {
  const first = await print(await houseForm('Anna Unmistakable', '17'));
  // where the visitor's name and the cabin's number stand
  await draw(first.id, [box('signature'), box('guestName', { x: 130, y: 594, width: 200, height: 20 }), box('room', { x: 130, y: 554, width: 100, height: 20 })], { name: 'Spa form' });
  const learned = await requestOf((request) => request.id === first.id && request.placing === 'drawn');
  expect(learned.hints).toMatchObject({ guestName: 'Anna Unmistakable', room: '17' });

  desk.close();
  await here.restart();
  desk = await Desk.open(here.station.tokens().desk);
  const { forms } = await desk.session.until('the desk’s state', (message): message is DeskState => message.type === 'state');
  expect(forms).toEqual([{ fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), name: 'Spa form', learnedAt: expect.any(String) }]);

  const second = await print(await houseForm('Bertil Other', '203'));
  expect(second).toMatchObject({ placing: 'known', plan: [{ role: 'guest' }], hints: { guestName: 'Bertil Other', room: '203' } });
  expect(second.fields).toMatchObject([{ kind: 'signature', role: 'guest', found: 'template', rect: { x: expect.closeTo(60, 0), y: expect.closeTo(100, 0), width: 180, height: 40 } }]);

  // there is room for one here
  const other = await print(await houseForm('Carl Third', '4', GARAGE));
  await expect(draw(other.id, [box('signature')], { name: 'Garage' })).rejects.toThrow('FORMS_FULL');
  await desk.session.post(`/desk/forms/${forms[0]!.fingerprint}/forget`, {});
  await draw(other.id, [box('signature')], { name: 'Garage' });
  // what was learned by mistake goes with the boxes
  await desk.session.post(`/desk/requests/${other.id}/fields/undo`, {});
  await desk.session.until('no form', (message): message is DeskState => message.type === 'state' && message.forms.length === 0);
});

test('nothing that was read from a document lies in the clear, or in any trail', async () => {
  await here.station.stop();
  for (const name of ['Unmistakable', 'Bertil']) expect(filesHolding(here.home, Buffer.from(name))).toEqual([]);
  await here.restart();
});
