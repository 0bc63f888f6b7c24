/** The receptionist's page in a real browser, against the stand-in station. */
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT } from '#fixtures/screens.ts';
import type { DeskPen, DeskRequest, DeskTablet, DeskUnfit, Field } from '#kiosk/protocol/messages.ts';
import { CANCEL_REASONS, EXCEPTION_REASONS, IDENTITY_PROOFS, PAPER_INSTEAD, VOID_REASONS } from '#kiosk/protocol/states.ts';

const tablet = (id: string, change: Partial<DeskTablet> = {}): DeskTablet => ({
  id, name: `Desk ${id}`, connected: true, secureContext: true, printer: `ipp://127.0.0.1:8631/ipp/print/${id}`, request: null,
  pen: { accepted: true, name: 'Browser pen events', detail: '', calibration: 'not-needed', others: [] }, ...change,
});
const field = (label: string): Field => ({ kind: 'signature', role: 'guest', name: label, label, page: 1, rect: { x: 50, y: 100, width: 200, height: 40 }, found: 'phrase' });
const request = (id: string, change: Partial<DeskRequest> = {}): DeskRequest => ({
  id, state: 'assigned', title: `Card ${id}`, tablet: 'a', receivedAt: '2026-01-01T10:00:00Z', changedAt: '2026-01-01T10:00:00Z',
  printedBy: { name: 'anna', authenticated: false }, pages: 1, fields: [field('Guest signature')], plan: [{ role: 'guest', kind: 'signature', field: 0 }], signed: 0, follows: null, hints: {}, warnings: [], placing: 'no', reason: null,
  documentUrl: `/desk/requests/${id}/document`, signedUrl: null, unfit: null, delivery: 'none', identity: null, unsigned: null, voided: null, ...change,
});

test('the newcomer sees the three steps, and the whole of them in one click', async (context) => {
  const { station, page, problems } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a')] });
  await page.getByRole('heading', { name: 'Print, sign, kept.' }).waitFor();
  expect(await page.locator('.first-steps li').count()).toBe(3);
  await page.locator('.first-steps').getByRole('button', { name: 'Try it' }).click();
  await page.locator('.first-steps').getByRole('button', { name: 'Print a sample' }).click();
  await eventually(() => station.commands).toEqual([
    { path: '/desk/try', body: { tablet: 'a' } },
    { path: '/desk/sample', body: { tablet: 'a' } },
  ]);
  expect(problems).toEqual([]);
});

test('without a guest screen, "try it" waits and says what is missing', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a', { connected: false })] });
  await page.getByText('Open the guest screen on a tablet first').waitFor();
  expect(await page.locator('.first-steps').getByRole('button', { name: 'Try it' }).isDisabled()).toBe(true);
});

test('a waiting document is sent to its tablet; its first page is seen in small', async (context) => {
  const { station, page, problems } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1')] });
  await page.getByRole('button', { name: 'Send to tablet' }).click();
  await eventually(() => station.commands).toEqual([{ path: '/desk/requests/r1/release', body: {} }]);
  const thumbnail = page.getByRole('img', { name: 'First page of Card r1' });
  await eventually(() => thumbnail.evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.width === 0 ? [] : canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return new Set(pixels).size;
  })).toBeGreaterThan(20);
  expect(problems).toEqual([]);
});

test('several lines for one person: the desk is told, picks one, and only then can send', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const fields = [field('Guest signature'), field('Sign here')];
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1', { fields, plan: [] })] });
  await page.getByText('Several lines were found').waitFor();
  expect(await page.getByRole('button', { name: 'Send to tablet' }).isDisabled()).toBe(true);
  await page.getByRole('radio', { name: 'Sign here, page 1' }).click();
  await eventually(() => station.commands).toEqual([{ path: '/desk/requests/r1/plan', body: { signings: [{ role: 'guest', kind: 'signature', field: 1 }] } }]);
  station.showDesk({ requests: [request('r1', { fields, plan: [{ role: 'guest', kind: 'signature', field: 1 }] })] });
  await eventually(() => page.getByRole('button', { name: 'Send to tablet' }).isEnabled()).toBe(true);
});

test('several people: the desk ticks who signs, in order, before it sends; then it reads whose turn it is', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const fields: Field[] = [field('Guest signature'), { ...field('Initials'), kind: 'initials' }, { ...field('Companion'), role: 'companion' }, { ...field('Receptionist'), role: 'staff' }];
  const [guest, companion, staff] = [{ role: 'guest', kind: 'signature', field: 0 }, { role: 'companion', kind: 'signature', field: 2 }, { role: 'staff', kind: 'signature', field: 3 }] as const;
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1', { fields, plan: [guest, companion] })] });
  await page.getByText('Who signs, in this order').waitFor();
  expect(await page.getByRole('checkbox').evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked))).toEqual([false, true, true, false]);
  await page.getByRole('checkbox', { name: 'Staff' }).click();
  await page.getByRole('checkbox', { name: /^Companion/ }).click();
  await eventually(() => station.commands.map(({ body }) => body)).toEqual([{ signings: [guest, companion, staff] }, { signings: [guest] }]);
  station.showDesk({ requests: [request('r2', { fields, state: 'shown', plan: [guest, companion], signed: 1, follows: 'r1' })] });
  await page.getByText('1 of 2 signed').waitFor();
  expect(await page.locator('.signer-progress [aria-current]').textContent()).toBe('Companion');
  expect(await page.getByRole('checkbox').count()).toBe(0);

  // the companion has declined: asked again as long as the signed document is kept
  const signed: Partial<DeskRequest> = { state: 'completed', plan: [guest, companion], signedUrl: '/desk/requests/r1/signed.pdf' };
  station.showDesk({ requests: [request('r2', { state: 'declined', plan: [], fields: [] }), request('r1', { ...signed, unsigned: { left: [companion], kept: true } })] });
  await page.getByText('Still to sign: Companion.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await eventually(() => station.commands.at(-1)).toEqual({ path: '/desk/requests/r1/again', body: {} });
  station.showDesk({ requests: [request('r1', { ...signed, signedUrl: null, unsigned: { left: [companion], kept: false } })] });
  await page.getByText('print the document again, for everybody to sign').waitFor();
  expect(await page.getByRole('button', { name: 'Ask again' }).count()).toBe(0);

  // two are left: the desk says who is next, and nothing is preset
  station.showDesk({ requests: [request('r1', { ...signed, plan: [guest, companion, staff], unsigned: { left: [companion, staff], kept: true } })] });
  await page.getByText('Still to sign: Companion; Staff.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Ask again…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Who signs next?' });
  expect(await dialog.getByRole('button', { name: 'Ask', exact: true }).isDisabled()).toBe(true);
  await dialog.getByRole('radio', { name: 'Companion', exact: true }).waitFor();
  await dialog.getByRole('radio', { name: 'Staff (left out: Companion)' }).check();
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await eventually(() => station.commands.at(-1)).toEqual({ path: '/desk/requests/r1/again', body: { without: 1 } });
  await dialog.waitFor({ state: 'detached' });
});

test('a document is taken back with a reason: every reason is offered, none is preset', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1', { state: 'signing' })] });
  for (const reason of CANCEL_REASONS) {
    await page.getByRole('button', { name: 'Cancel…' }).click();
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Cancel document' }).isDisabled()).toBe(true);
    await page.locator(`input[value="${reason}"]`).check();
    await page.getByRole('button', { name: 'Cancel document' }).click();
  }
  await eventually(() => station.commands).toEqual(CANCEL_REASONS.map((reason) => ({ path: '/desk/requests/r1/cancel', body: { reason } })));
});

test('signatures that were not fit: the desk reads why, and after enough of them takes the next as it is, thinks again, or uses paper', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const unfit = (change: Partial<DeskUnfit>): void => station.showDesk({
    tablets: [tablet('a')], requests: [request('r1', { state: 'signing', unfit: { codes: ['CAPTURE_LINE'], offered: false, exception: null, ...change } })],
  });
  unfit({});
  await page.getByText('The guest was asked to sign again: a single line.').waitFor();
  expect(await page.getByRole('button', { name: /guest signs|helps|paper/ }).count()).toBe(0);
  const codes = ['CAPTURE_LINE', 'CAPTURE_LINE', 'CAPTURE_NO_PRESSURE'];
  // a finger has to be fit itself
  const asItIs = 'the next signature is accepted as it is';
  for (const [reason, name, said] of [
    ['mark', 'The guest signs with a cross or mark', `The guest signs with a cross or mark: ${asItIs}`], ['assisted', 'Someone helps the guest’s hand', `Someone helps the guest’s hand: ${asItIs}`],
    ['finger', 'The guest signs with a finger', 'A dot or a line is still not taken.'],
  ] as const) {
    unfit({ codes, offered: true });
    await page.getByText('sign again: a single line, no pressure.').waitFor();
    await page.getByRole('button', { name }).click();
    unfit({ codes, offered: true, exception: reason });
    await page.getByText(said).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
  }
  await page.getByRole('button', { name: 'Use paper instead…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Use paper instead…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use paper' }).click();
  await eventually(() => station.commands.map(({ path, body }) => [path, body])).toEqual([
    ...EXCEPTION_REASONS.flatMap((reason) => [['/desk/requests/r1/accept', { reason }], ['/desk/requests/r1/accept/undo', {}]]),
    ['/desk/requests/r1/cancel', { reason: PAPER_INSTEAD }],
  ]);
});

test('a document moves to another tablet', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a'), tablet('b')], requests: [request('r1', { state: 'shown' })] });
  await page.getByRole('button', { name: 'Move…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Desk b/ }).click();
  await eventually(() => station.commands).toEqual([{ path: '/desk/requests/r1/move', body: { tablet: 'b' } }]);
  // from one that is no longer there to the only one that is
  station.showDesk({ tablets: [tablet('b')], requests: [request('r1', { tablet: 'gone' })] });
  await page.getByText('no tablet').waitFor();
  await page.getByRole('button', { name: 'Move…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Desk b/ }).waitFor();
});

test('a signed document can be downloaded, and its way to the store is told', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({
    tablets: [tablet('a')],
    requests: [request('r1', { state: 'completed', documentUrl: null, signedUrl: '/desk/requests/r1/signed.pdf', delivery: 'retrying' })],
    outbox: { waiting: 0, retrying: 1, delivered: 0, lastError: 'ENOTFOUND' },
  });
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Signed PDF' }).click();
  expect((await download).url()).toBe(`${station.url}/desk/requests/r1/signed.pdf`);
  expect(await page.getByText('waiting for the store, safe here').isVisible()).toBe(true);
  expect(await page.getByText('1 cannot reach the store yet').isVisible()).toBe(true);
});

test('staff say what proof of identity they saw, and a signed document is declared void: by keyboard, nothing preset, shown afterwards', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const signed = { state: 'completed', documentUrl: null } as const;
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1', { state: 'shown' }), request('r2', signed)] });
  const say = async (about: string, button: string, choices: readonly string[], choice: string, send: string): Promise<void> => {
    await page.getByRole('button', { name: button }).focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('radio').evaluateAll((radios) => radios.map((radio) => (radio as HTMLInputElement).value))).toEqual(choices);
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    expect(await page.getByRole('dialog').getByText(`Card ${about}`).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: send, exact: true }).isDisabled()).toBe(true);
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    while (await page.locator('input:checked').inputValue() !== choice) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  };
  await say('r1', 'Identity seen…', IDENTITY_PROOFS, 'identity-card', 'I have seen it');
  await say('r2', 'Declare void…', VOID_REASONS, 'wrong-guest', 'Declare void');
  await eventually(() => station.commands).toEqual([
    { path: '/desk/requests/r1/identity', body: { seen: 'identity-card' } }, { path: '/desk/requests/r2/void', body: { reason: 'wrong-guest' } },
  ]);
  station.showDesk({ requests: [request('r1', { state: 'shown', identity: 'identity-card' }), request('r2', { ...signed, voided: { reason: 'wrong-guest', at: '2026-01-01T10:05:00Z' } })] });
  await page.getByText('Identity seen: Identity card').waitFor();
  await page.getByText('The wrong guest signed').waitFor();
  expect(await page.getByRole('button', { name: 'Declare void…' }).count()).toBe(0);
});

test('how a request ended stands there in words, and nothing more can be done with it', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const ended = { documentUrl: null, title: '', fields: [] };
  station.showDesk({
    tablets: [tablet('a')],
    requests: [request('r1', { ...ended, state: 'declined', reason: 'paper' }), request('r2', { ...ended, state: 'cancelled', reason: 'guest-left' }), request('r3', { ...ended, state: 'expired' })],
  });
  for (const text of ['Declined', 'The guest prefers paper', 'Cancelled', 'The guest left', 'Expired']) await page.getByText(text, { exact: true }).waitFor();
  expect(await page.locator('.request button').count()).toBe(0);
});

test('what the station refuses is said with its reason', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1')] });
  station.commandAnswer = { status: 409, body: { code: 'TABLET_BUSY', detail: 'A guest is signing on this tablet.' } };
  await page.getByRole('button', { name: 'Send to tablet' }).click();
  await page.getByText('That was not done: A guest is signing on this tablet.').waitFor();
});

test('notices of the station, the state of each tablet, and the printer’s address to copy', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({
    tablets: [tablet('a'), tablet('b', { connected: false, secureContext: false })],
    notices: [{ code: 'DISK_FULL', severity: 'error', message: 'The station’s disk is full.', happened: false }],
  });
  await page.getByText('The station’s disk is full.').waitFor();
  await page.getByText('connected, free').waitFor();
  await page.getByText('not opened over a secure connection').waitFor();
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  // The page itself may not read the clipboard; pasting, as a person would, may.
  await page.evaluate(() => document.body.append(document.createElement('textarea')));
  await page.locator('textarea').focus();
  await page.keyboard.press('ControlOrMeta+V');
  expect(await page.locator('textarea').inputValue()).toBe('ipp://127.0.0.1:8631/ipp/print/a');
});

test('what happened is put away once it was read; how things stand, and what the station refused here, each have their own way', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  const standing = { code: 'DISK_LOW', severity: 'warning' as const, message: 'The station’s disk is almost full.', happened: false };
  const declined = { code: 'DECLINED', severity: 'info' as const, message: 'A guest declined to sign (content).', happened: true };
  station.showDesk({ tablets: [tablet('a')], requests: [request('r1')], notices: [standing, declined] });
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByText(declined.message).waitFor();
  expect(await notices.getByText(standing.message).getByRole('button').count()).toBe(0);
  await notices.getByText(declined.message).getByRole('button', { name: 'Put this notice away' }).click();
  await eventually(() => station.commands).toEqual([{ path: '/desk/notices/put-away', body: { code: 'DECLINED' } }]);
  station.commandAnswer = { status: 409, body: { code: 'TABLET_BUSY', detail: 'A guest is signing on this tablet.' } };
  await page.getByRole('button', { name: 'Send to tablet' }).click();
  const refusal = notices.getByText('A guest is signing on this tablet.');
  await refusal.getByRole('button', { name: 'Put this notice away' }).click();
  await refusal.waitFor({ state: 'detached' });
  expect(station.commands).toHaveLength(2);
});

const WACOM: DeskPen = {
  accepted: true, name: 'Wacom One 13', detail: '4,096 levels of pressure and tilt, read from the device itself.', calibration: 'default',
  others: [{ name: 'Wacom STU-430', reason: 'no tilt' }, { name: 'Browser pen events', reason: 'only where no pen of its own is attached' }],
};
const MISSING: DeskPen = { accepted: false, name: '', detail: 'No pen with pressure and tilt is attached. Plug one in at the station.', calibration: 'not-needed', others: [{ name: 'Topaz T-S460', reason: 'no pressure' }] };

test('each tablet says what signs on it, and why nothing else', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a', { pen: WACOM }), tablet('b')] });
  const card = page.locator('.tablet').first();
  await card.getByRole('heading', { name: 'Wacom One 13' }).waitFor();
  expect(await card.getByText(WACOM.detail).isVisible()).toBe(true);
  expect(await card.getByText('no tilt').isVisible()).toBe(false);
  // by keyboard, as by mouse
  await card.getByText('Other pens (2)').focus();
  await page.keyboard.press('Enter');
  await card.getByText('no tilt').waitFor();
  expect(await card.getByText('Wacom STU-430').isVisible()).toBe(true);
  expect(await page.locator('.tablet').nth(1).getByText('Other pens').count()).toBe(0);
});

test('a tablet without a pen that may sign: a problem in words and red, and nothing can be sent to it', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a', { pen: MISSING }), tablet('b')], requests: [request('r1')] });
  await page.getByRole('heading', { name: 'No pen here may sign' }).waitFor();
  expect(await page.getByText(MISSING.detail).isVisible()).toBe(true);
  expect(await page.locator('.pen.not-accepted svg').count()).toBe(1);
  const send = page.getByRole('button', { name: 'Send to tablet' });
  expect(await send.isDisabled()).toBe(true);
  expect(await send.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent)).toContain('No pen at “Desk a” may sign');
  await page.getByRole('button', { name: 'Move…' }).click();
  expect(await page.getByRole('dialog').getByRole('button', { name: /Desk b/ }).textContent()).toContain('connected');
  await page.keyboard.press('Escape');
  station.showDesk({ tablets: [tablet('a', { pen: WACOM })] });
  await eventually(() => send.isEnabled()).toBe(true);
  expect(await page.getByText('may sign').count()).toBe(0);
});

test('in the choice of where to move a document, a tablet without a pen says so', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a'), tablet('b', { pen: MISSING })], requests: [request('r1')] });
  await page.getByRole('button', { name: 'Move…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Desk b.*no pen that may sign/ }).waitFor();
});

test('a pen on a display is calibrated from the desk, stopped, and the result forgotten again', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({ tablets: [tablet('a', { pen: WACOM })] });
  await page.getByText('Not calibrated yet').waitFor();
  expect(await page.getByRole('button', { name: 'Forget calibration' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Calibrate pen' }).click();
  station.showDesk({ tablets: [tablet('a', { pen: WACOM, calibrating: true })] });
  await page.getByText('Crosses are on the tablet').waitFor();
  expect(await page.getByText('connected, pen being calibrated').isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Calibrate pen' }).count()).toBe(0);
  // another pen that needs none is chosen meanwhile: the crosses can be ended all the same
  station.showDesk({ tablets: [tablet('a', { calibrating: true })] });
  await page.getByRole('heading', { name: 'Browser pen events' }).waitFor();
  await page.getByRole('button', { name: 'Stop calibrating' }).click();
  station.showDesk({ tablets: [tablet('a', { pen: { ...WACOM, calibration: 'calibrated' } })] });
  await page.getByText('Calibrated to this screen').waitFor();
  await page.getByRole('button', { name: 'Forget calibration' }).click();
  await eventually(() => station.commands.map(({ path }) => path)).toEqual([
    '/desk/tablets/a/calibrate', '/desk/tablets/a/calibrate/cancel', '/desk/tablets/a/calibrate/reset',
  ]);
});

test('no calibration where there is nothing to calibrate, while a guest is there, or on a tablet that is away', async (context) => {
  const { station, page } = await openScreen(context, 'desk');
  station.showDesk({
    tablets: [
      tablet('a'), tablet('b', { pen: WACOM, request: 'r1' }), tablet('c', { pen: WACOM, connected: false }),
      tablet('d', { pen: { ...MISSING, calibration: 'default' } }),
    ],
  });
  await page.getByText('with a guest').waitFor();
  expect(await page.getByText('Not calibrated yet').count()).toBe(2);
  expect(await page.getByRole('button', { name: /alibrat/ }).count()).toBe(0);
});

for (const [how, viewport] of [['1280x800', LANDSCAPE], ['800x1280', PORTRAIT]] as const) {
  test(`empty, at work and in a dialog: no axe violation, DEMO in sight, nothing scrolls sideways (${how})`, async (context) => {
    const { station, page } = await openScreen(context, 'desk', { viewport });
    const accessible = async (): Promise<void> => {
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.getByText('DEMO, not evidence').isVisible()).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    };
    station.showDesk({ tablets: [tablet('a')] });
    await page.getByRole('heading', { name: 'Print, sign, kept.' }).waitFor();
    await accessible();
    station.showDesk({
      tablets: [tablet('a'), tablet('b', { connected: false })],
      requests: [
        request('r1', { state: 'signing', identity: 'passport', unfit: { codes: ['CAPTURE_LINE', 'CAPTURE_TOO_FAST'], offered: true, exception: null } }),
        request('r5', { state: 'signing', unfit: { codes: ['CAPTURE_LINE', 'CAPTURE_TOO_SHORT'], offered: true, exception: 'mark' } }), request('r2', { fields: [field('One'), field('Two')], plan: [] }),
        request('r3', { state: 'completed', documentUrl: null, signedUrl: '/desk/requests/r3/signed.pdf', delivery: 'delivered', voided: { reason: 'signed-twice', at: '2026-01-01T10:05:00Z' } }),
        request('r4', { state: 'declined', reason: 'paper', documentUrl: null }),
      ],
      notices: [{ code: 'A', severity: 'warning', message: 'The store is away.', happened: false }, { code: 'B', severity: 'info', message: 'A guest declined.', happened: true }],
    });
    await page.getByText('The store is away.').waitFor();
    await accessible();
    station.showDesk({ tablets: [tablet('a', { pen: { ...WACOM, calibration: 'calibrated' } }), tablet('b', { pen: MISSING }), tablet('c', { pen: WACOM, calibrating: true })] });
    await page.getByText('Other pens (2)').first().click();
    await page.getByText('Other pens (1)').click();
    await accessible();
    await page.getByRole('button', { name: 'Cancel…' }).first().click();
    await accessible();
  });
}
