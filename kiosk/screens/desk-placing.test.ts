/** Documents at the desk: found by what is read from them, several signers together, and where to sign drawn on the page. */
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { eventually, openScreen, PORTRAIT, type Screens } from '#fixtures/screens.ts';
import type { DeskRequest, DeskTablet } from '#kiosk/protocol/messages.ts';
import type { FieldsBody } from '#kiosk/protocol/validate.ts';

const tablet: DeskTablet = {
  id: 'a', name: 'Desk a', connected: true, secureContext: true, printer: 'ipp://127.0.0.1:8631/ipp/print/a', request: null,
  pen: { accepted: true, name: 'Browser pen events', detail: '', calibration: 'not-needed', others: [] },
};
const request = (id: string, change: Partial<DeskRequest> = {}): DeskRequest => ({
  id, state: 'assigned', title: `Card ${id}`, tablet: 'a', receivedAt: '2026-01-01T10:00:00Z', changedAt: '2026-01-01T10:00:00Z',
  printedBy: { name: 'anna', authenticated: false }, pages: 1, reason: null, documentUrl: `/desk/requests/${id}/document`, signedUrl: null, unfit: null, delivery: 'none', identity: null, unsigned: null, voided: null,
  fields: [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 40, y: 40, width: 200, height: 50 }, found: 'fallback' }],
  plan: [{ role: 'guest', kind: 'signature', field: 0 }], signed: 0, follows: null, hints: {}, warnings: [], placing: 'no', ...change,
});

test('waiting and signed documents are found by title, reservation, name and room; what was read from the document says so', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({
    tablets: [tablet],
    requests: [request('r1', { hints: { reservation: 'NV-2604713', guestName: 'Elīna Bērziņa', room: '412', language: 'lv' } }), request('r2', { title: 'Damage report' }), request('r3', { state: 'completed', documentUrl: null, hints: { room: '7' } })],
  });
  await page.getByText('read from the document').first().waitFor();
  const shown = (): Promise<(string | null)[]> => page.locator('.request').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-request')));
  for (const [words, ids] of [['bērziņa 412', ['r1']], ['2604', ['r1']], ['DAMAGE', ['r2']], ['card', ['r1', 'r3']], ['nobody', []]] as const) {
    await page.getByRole('searchbox', { name: 'Find a document' }).fill(words);
    expect(await shown()).toEqual(ids);
  }
  await page.getByText('No open document has these words.').waitFor();
});

test('the signings of one document stand together, with how far it is', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const plan: DeskRequest['plan'] = [{ role: 'guest', kind: 'signature', field: 0 }, { role: 'staff', kind: 'signature', field: 0 }];
  station.showDesk({
    tablets: [tablet],
    requests: [request('r3'), request('r2', { plan, signed: 1, follows: 'r1', state: 'shown' }), request('r1', { plan, state: 'completed', documentUrl: null, signedUrl: '/desk/requests/r1/signed.pdf' })],
  });
  const chain = page.locator('.chain');
  await chain.getByText('1 of 2 signed').first().waitFor();
  expect(await chain.locator('.request').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-request')))).toEqual(['r2', 'r1']);
  // the first is signed, and its copy is there while the other is being signed
  expect(await chain.getByRole('link', { name: 'Signed PDF' }).count()).toBe(1);
  // of the one that is signed, who signed it; whose turn it is stands with the other alone
  expect(await chain.locator('[data-request=r1] .signer-own').innerText()).toBe('Guest');
  expect(await chain.locator('.signer-progress').count()).toBe(1);
  expect(await page.getByText('Today, ended').count()).toBe(0);
});

async function openPlacing(screens: Screens): Promise<{ x: number; y: number; width: number; height: number }> {
  const { station, page } = screens;
  station.showDesk({ tablets: [tablet], requests: [request('r1', { placing: 'open' })] });
  await page.getByText('No line to sign on was found').waitFor();
  await page.getByRole('button', { name: 'Show where to sign…' }).click();
  const drawing = page.locator('.drawing');
  await drawing.waitFor();
  return await drawing.boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
}

const sent = ({ station }: Screens): FieldsBody => station.commands.at(-1)?.body as FieldsBody;

test('a box is drawn with the mouse, moved and sized, and says what it is for; the form is remembered under a name', async (context) => {
  const screens = await openScreen(context, 'desk');
  const { station, page, problems } = screens;
  const at = await openPlacing(screens);
  const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
    await page.mouse.move(at.x + from[0], at.y + from[1]);
    await page.mouse.down();
    await page.mouse.move(at.x + (from[0] + to[0]) / 2, at.y + (from[1] + to[1]) / 2);
    await page.mouse.move(at.x + to[0], at.y + to[1]);
    await page.mouse.up();
  };
  expect(await page.getByRole('button', { name: 'Use these places' }).isDisabled()).toBe(true);
  await drag([50, 400], [200, 440]);
  // a slip of the hand is no box
  await drag([280, 300], [283, 302]);
  await drag([150, 300], [250, 330]);
  await page.getByRole('combobox', { name: 'What box 2 is for' }).selectOption({ label: 'Companion: initials' });
  // moved by its middle, sized by its corner, and never over the edge of the page
  await drag([200, 315], [200, 215]);
  await drag([250, 230], [260, 240]);
  await drag([125, 420], [125, 4_000]);
  await page.getByRole('textbox', { name: 'Name of the form' }).fill('  House form ');
  const use = page.getByRole('button', { name: 'Use these places' });
  await page.getByRole('button', { name: 'Add a box' }).click();
  await page.getByRole('combobox', { name: 'What box 3 is for' }).selectOption({ label: 'Guest: box to tick' });
  // nobody agrees to nothing
  expect(await use.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Words for box 3' }).fill('I have read the rules');
  expect(await axeViolations(page)).toEqual([]);
  station.commandAnswer = { status: 409, body: { code: 'FORMS_FULL', detail: 'This station remembers 60 forms.' } };
  await use.click();
  // what was drawn is still there
  await page.getByRole('dialog').getByRole('alert').getByText('This station remembers 60 forms.').waitFor();
  expect(await page.locator('.drawn-box').count()).toBe(3);
  station.commandAnswer = { status: 200, body: {} };
  await use.click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(station.commands.map(({ path }) => path)).toEqual(['/desk/requests/r1/fields', '/desk/requests/r1/fields']);
  const { fields: [guest, companion, check], remember } = sent(screens);
  expect([remember, check]).toEqual([{ name: 'House form' }, { what: 'check', role: 'guest', page: 1, rect: expect.any(Object), label: 'I have read the rules' }]);
  const scale = 841.89 / at.height;
  const rounded = (rect: Record<string, number> | undefined): Record<string, number> => Object.fromEntries(Object.entries(rect ?? {}).map(([name, value]) => [name, Math.round(value)]));
  expect(guest).toMatchObject({ what: 'signature', role: 'guest', page: 1 });
  expect(rounded({ ...guest?.rect })).toEqual(rounded({ x: 50 * scale, y: 0, width: 150 * scale, height: 40 * scale }));
  expect(companion).toMatchObject({ what: 'initials', role: 'companion', page: 1 });
  expect(rounded({ ...companion?.rect })).toEqual(rounded({ x: 150 * scale, y: 841.89 - 240 * scale, width: 110 * scale, height: 40 * scale }));
  expect(problems).toEqual([]);
});

test('with the keyboard alone, and not remembered: a box is added, moved, sized and removed', async (context) => {
  const screens = await openScreen(context, 'desk', { viewport: PORTRAIT });
  const { page } = screens;
  await openPlacing(screens);
  const press = async (...keys: string[]): Promise<void> => { for (const key of keys) await page.keyboard.press(key); };
  const rects = async (): Promise<(string | null)[]> => page.locator('.drawn-box').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('style')));
  await page.getByRole('button', { name: 'Add a box' }).focus();
  await press('Enter');
  await page.getByRole('button', { name: 'Box 1, Guest: signature' }).focus();
  const before = await rects();
  await press('ArrowRight', 'ArrowDown', 'Shift+ArrowRight');
  expect(await rects()).not.toEqual(before);
  await page.getByRole('button', { name: 'Add a box' }).focus();
  await press('Enter');
  await page.getByRole('button', { name: 'Box 2, Guest: signature' }).focus();
  await press('Delete');
  expect(await page.locator('.drawn-box').count()).toBe(1);
  await page.getByRole('checkbox', { name: 'Remember for this form' }).focus();
  await press('Space');
  await page.getByRole('button', { name: 'Use these places' }).focus();
  await press('Enter');
  await eventually(() => sent(screens)).toMatchObject({ remember: null, fields: [{ what: 'signature', role: 'guest', page: 1 }] });
});

test('a finger draws, too; what was drawn is undone; a form is forgotten', async (context) => {
  const screens = await openScreen(context, 'desk', { touch: true });
  const { station, page } = screens;
  const at = await openPlacing(screens);
  const devtools = await page.context().newCDPSession(page);
  for (const [type, x, y] of [['touchStart', 60, 100], ['touchMove', 150, 120], ['touchMove', 260, 140], ['touchEnd', 0, 0]] as const) {
    await devtools.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: at.x + x, y: at.y + y }] });
  }
  await page.locator('.drawn-box').waitFor();
  await page.getByRole('button', { name: 'Not now' }).click();
  station.showDesk({ requests: [request('r1', { placing: 'drawn' })], forms: [{ fingerprint: 'ab'.repeat(32), name: 'House form', learnedAt: '2026-01-01T10:00:00Z', forgotten: false }] });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Known forms (1)').click();
  await page.getByRole('button', { name: 'Forget “House form”' }).click();
  station.showDesk({ forms: [{ fingerprint: 'ab'.repeat(32), name: 'House form', learnedAt: '2026-01-01T10:00:00Z', forgotten: true }] });
  await page.getByText('Known forms (0)').waitFor();
  await page.getByRole('button', { name: 'Remember “House form” again' }).click();
  await eventually(() => station.commands).toEqual([{ path: '/desk/requests/r1/fields/undo', body: {} }, { path: `/desk/forms/${'ab'.repeat(32)}/forget`, body: {} }, { path: `/desk/forms/${'ab'.repeat(32)}/remember`, body: {} }]);
});
