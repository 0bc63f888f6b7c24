/** Before its enrolment a station shows staff what the administrator compares, on the tablet and at the desk, and nothing else to do. */
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { eventually, openScreen, PORTRAIT } from '#fixtures/screens.ts';
import type { DeskTablet } from '#kiosk/protocol/messages.ts';

const tablet: DeskTablet = {
  id: 'a', name: 'Front desk 1', connected: true, secureContext: true, printer: 'ipp://127.0.0.1:8631/ipp/print/a', request: null,
  pen: { accepted: true, name: 'Wacom STU-540', detail: 'It gives 1,024 levels of pressure.', calibration: 'not-needed', others: [] },
};
const FINGERPRINT = '3FA9 00C1 77D2 E45B 0B1C 9A6E 52F0 D318';

test('the tablet shows the fingerprint and no language to choose; enrolled, it welcomes', async (context) => {
  const { station, page, problems } = await openScreen(context, 'guest', { viewport: PORTRAIT });
  station.showGuest({ demo: false, awaiting: { fingerprint: FINGERPRINT } });
  const groups = page.getByRole('list', { name: FINGERPRINT }).getByRole('listitem');
  await eventually(() => groups.allTextContents()).toEqual(FINGERPRINT.split(' '));
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  station.showGuest({ awaiting: null });
  await eventually(() => page.getByText('Welcome').isVisible()).toBe(true);
  expect(problems).toEqual([]);
});

test('the desk shows the same in the place of documents', async (context) => {
  const { station, page, problems } = await openScreen(context, 'desk');
  station.showDesk({ demo: false, awaiting: { fingerprint: FINGERPRINT }, tablets: [tablet] });
  await eventually(() => page.getByRole('list', { name: FINGERPRINT }).isVisible()).toBe(true);
  expect(await page.getByRole('main').textContent()).toContain('Nothing can be printed here or signed until then.');
  const offered = () => page.getByRole('button', { name: /Try it|Print a sample/ }).allTextContents();
  expect(await offered()).toEqual([]);
  expect(await axeViolations(page)).toEqual([]);
  // a recorded signature is for demonstrations
  station.showDesk({ awaiting: null });
  await eventually(offered).toEqual(['Print a sample', 'Print a sample']);
  expect(problems).toEqual([]);
});
