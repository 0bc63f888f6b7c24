/** Where the tablet says it is: asked, rounded and noted only where the hotel wants it; and a tablet that is no longer there. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import type { GuestToStation } from '#kiosk/protocol/messages.ts';
import { handleGuestMessage, noticeIn, type GuestWindow } from './guest-messages.ts';
import { screenHandlers } from './http.ts';
import { listen, stopListening } from './listen.ts';
import { closeStation, openStation } from './open-station.ts';
import { StaticScreens } from './static-screens.ts';
import { deskActor, end, release, type Station } from './station.ts';
import { notePosition } from './tablet-place.ts';
import { guestView } from './views.ts';

const RIGA = { latitude: 56.949612345, longitude: 24.105234567, accuracy: 34.2 };
let opened: Station;
beforeAll(async () => { opened = await openStation(temporaryFolder(), () => {}); });
afterAll(() => closeStation(opened));

/** A guest is at the tablet of a station with that setting. */
function visited(tabletPlace: Station['settings']['tabletPlace']): { station: Station; id: string; say: (message: object) => void } {
  const station: Station = { ...opened, settings: { ...opened.settings, tabletPlace } };
  const before = station.requests.on('front');
  if (before !== null) end(station, before, 'cancelled', deskActor(station), 'other', null);
  const { id } = station.requests.receive({
    id: randomUUID(), tablet: 'front', documentSha256: 'ab'.repeat(32), documentLength: 1, autopilot: true, form: null,
    details: { title: 'Card', printedBy: 'reception', pages: 1, rotations: [0], fields: [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 1, y: 1, width: 9, height: 9 }, found: 'phrase' }], hints: {}, warnings: [] },
  }, deskActor(station), {});
  release(station, id, deskActor(station));
  return { station, id, say: (message) => handleGuestMessage(station, 'front', { request: id, ...message } as GuestToStation, { local: true, screen: {} } as GuestWindow) };
}

const placesIn = (station: Station, id: string) => station.audit.events(id).filter(({ action }) => action.startsWith('place.'));

test('wanted: once in a visit, as coarse as the hotel wants it, as the tablet\'s own word', () => {
  const { station, id, say } = visited({ decimals: 3 });
  expect(guestView(station, 'front').locate).toEqual({ decimals: 3 });
  expect(noticeIn(station, 'en', 'guest')).toContain('where this tablet is');
  say({ type: 'position', position: RIGA, why: null });
  say({ type: 'position', position: { ...RIGA, latitude: 0 }, why: null });
  notePosition(station, station.requests.get(id), station.visits.on('front')!, 'late');
  expect(placesIn(station, id)).toMatchObject([{
    action: 'place.told', actor: { kind: 'station', authenticated: false }, origin: { device: 'tablet:front' }, details: { latitude: 56.95, longitude: 24.105, accuracyMetres: 35, source: 'tablet' },
  }]);
});

test('wanted and not said: noted, and that is all', () => {
  const { station, id, say } = visited({ decimals: 4 });
  say({ type: 'position', position: null, why: 'refused' });
  expect(placesIn(station, id)).toMatchObject([{ action: 'place.unknown', details: { why: 'refused' } }]);
  expect(station.requests.get(id)).toMatchObject({ state: 'assigned', released: true });
});

test('not wanted: never asked, and whatever a page says is not noted', () => {
  const { station, id, say } = visited(null);
  expect(guestView(station, 'front').locate).toBeNull();
  expect(noticeIn(station, 'en', 'guest')).not.toContain('where this tablet is');
  say({ type: 'position', position: RIGA, why: null });
  expect(placesIn(station, id)).toEqual([]);
});

/** The station's screens, with settings as they are at the moment. */
async function screens(settings: () => Partial<Station['settings']>): Promise<{ at: (path: string, init?: RequestInit) => Promise<Response>; close: () => Promise<void> }> {
  const folder = temporaryFolder();
  for (const screen of ['guest', 'desk']) {
    mkdirSync(join(folder, screen));
    writeFileSync(join(folder, screen, 'index.html'), '');
  }
  const station: Station = { ...opened, get settings() { return { ...opened.settings, ...settings() }; } };
  const { server, port } = await listen('127.0.0.1', 0, null);
  server.on('request', screenHandlers(station, { names: ['127.0.0.1'], port, tls: false, screens: new StaticScreens(folder), guest: () => {}, desk: () => {} }).request);
  return { at: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init), close: () => stopListening(server) };
}

test('the browser may be asked on the guest\'s page alone, and only then', async () => {
  let tabletPlace: Station['settings']['tabletPlace'] = { decimals: 4 };
  const { at, close } = await screens(() => ({ tabletPlace }));
  const policies = (): Promise<(string | undefined)[]> => Promise.all((['guest', 'desk'] as const).map(async (kind) => {
    const token = opened.sessions.mint(kind === 'guest' ? { kind, tablet: 'front' } : { kind, tablet: null });
    const { headers } = await at(`/${kind}?token=${token}`);
    return headers.get('permissions-policy')?.match(/geolocation=\([^)]*\)/)?.[0];
  }));
  try {
    expect(await policies()).toEqual(['geolocation=(self)', 'geolocation=()']);
    tabletPlace = null;
    expect(await policies()).toEqual(['geolocation=()', 'geolocation=()']);
  } finally {
    await close();
  }
});

test('the screen of a tablet that the settings no longer name is told so, and does not wait for documents that never come', async () => {
  let { tablets } = opened.settings;
  const { at, close } = await screens(() => ({ tablets }));
  try {
    const first = await at(`/guest?token=${opened.sessions.mint({ kind: 'guest', tablet: 'front' })}`);
    const headers = { Cookie: first.headers.get('set-cookie')?.split(';')[0] ?? '' };
    expect((await at('/guest', { headers })).status).toBe(200);
    tablets = [{ id: 'lobby', name: 'Lobby' }];
    const answer = await at('/guest', { headers });
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'NO_SESSION', detail: expect.stringContaining('the address that the station printed') }]);
  } finally {
    await close();
  }
});
