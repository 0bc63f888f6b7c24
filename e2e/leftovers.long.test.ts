/** Promise 4 in finer steps than `leftovers.test.ts`: of a signing that ends unsigned, wherever it stood, only the fact stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskRequest } from '#kiosk/protocol/index.ts';
import { marked, SearchedHouse } from './searched-house.ts';
import { begun, printed, titled } from './signing.ts';

/** Between a start and the expiry, for a guest to begin. */
const WELL_BEGUN_MS = 6_000;

let here: SearchedHouse;

beforeAll(async () => { here = await SearchedHouse.start(); });
afterAll(async () => here?.end());

describe('cancelled at the desk', () => {
  it.each(['printed', 'released', 'signing'] as const)('when it was %s', async (step) => here.cancelAt(step));
});

it('declined by the guest after a signature was refused', async () => here.declineAt('done-refused'));

it('expired, waiting or lying on the tablet', async () => {
  const titles = ['Marker-expired-waiting', 'Marker-expired-on-tablet'];
  const printedAt = Date.now();
  for (const title of titles) await printed(here.house, here.desk, title, 'front', marked(title));
  await here.restart({ limits: { requestExpiry: Date.now() - printedAt + WELL_BEGUN_MS } });
  const [waiting, onTablet] = await Promise.all(titles.map(async (title) => titled(here.desk, title))) as [DeskRequest, DeskRequest];
  await begun(here.desk, here.guest, onTablet);
  await here.guest.session.until('the tablet to be told', (message) => message.type === 'blank' && message.request === onTablet.id && message.why === 'expired');
  await here.checkGone(onTablet.id, titles[1] as string, marked(titles[1] as string), 'expired', 'expired');
  await here.checkGone(waiting.id, titles[0] as string, marked(titles[0] as string), 'expired', 'expired');
});

it('after the house has stopped, the rows hold id, times, state and reason', async () => {
  await here.checkRows(6);
  expect(here.house.child.exitCode).toBe(0);
});
