/** Where the tablet says it is: asked, rounded and noted only where the hotel wants it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import type { GuestToStation } from '#kiosk/protocol/messages.ts';
import { handleGuestMessage, type GuestWindow } from './guest-messages.ts';
import { closeStation, openStation } from './open-station.ts';
import { startTestStation } from './station-for-tests.ts';
import { deskActor, release, type Station } from './station.ts';
import { notePosition } from './tablet-place.ts';
import { guestView } from './views.ts';

const folder = temporaryFolder();
const RIGA = { latitude: 56.949612345, longitude: 24.105234567, accuracy: 34.2 };

async function withStation(settings: object, work: (station: Station, id: string, say: (message: object) => void) => void): Promise<void> {
  const home = join(folder, randomUUID());
  mkdirSync(home);
  writeFileSync(join(home, 'station.json'), JSON.stringify({ autoRelease: false, ...settings }));
  const station = await openStation(home, () => {});
  try {
    const { id } = station.requests.receive({
      id: randomUUID(), tablet: 'front', documentSha256: 'ab'.repeat(32), documentLength: 1, autopilot: true, form: null,
      details: { title: 'Card', printedBy: 'reception', pages: 1, rotations: [0], fields: [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 1, y: 1, width: 9, height: 9 }, found: 'phrase' }], hints: {}, warnings: [] },
    }, deskActor(station), {});
    release(station, id, deskActor(station));
    work(station, id, (message) => handleGuestMessage(station, 'front', { request: id, ...message } as GuestToStation, { local: true, screen: {} } as GuestWindow));
  } finally {
    await closeStation(station);
  }
}

const placesIn = (station: Station, id: string) => station.audit.events(id).filter(({ action }) => action.startsWith('place.'));

test('wanted: once in a visit, as coarse as the hotel wants it, as the tablet\'s own word', async () => {
  await withStation({ tabletPlace: { decimals: 3 } }, (station, id, say) => {
    expect(guestView(station, 'front').locate).toEqual({ decimals: 3 });
    say({ type: 'position', position: RIGA, why: null });
    say({ type: 'position', position: { ...RIGA, latitude: 0 }, why: null });
    notePosition(station, station.requests.get(id), station.visits.on('front')!, 'late');
    expect(placesIn(station, id)).toMatchObject([{
      action: 'place.told', actor: { kind: 'station', authenticated: false }, origin: { device: 'tablet:front' }, details: { latitude: 56.95, longitude: 24.105, accuracyMetres: 35, source: 'tablet' },
    }]);
  });
});

test('wanted and not said: noted, and that is all', async () => {
  await withStation({ tabletPlace: { decimals: 4 } }, (station, id, say) => {
    say({ type: 'position', position: null, why: 'refused' });
    expect(placesIn(station, id)).toMatchObject([{ action: 'place.unknown', details: { why: 'refused' } }]);
    expect(station.requests.get(id)).toMatchObject({ state: 'assigned', released: true });
  });
});

test('not wanted: never asked, and whatever a page says is not noted', async () => {
  await withStation({}, (station, id, say) => {
    expect(guestView(station, 'front').locate).toBeNull();
    say({ type: 'position', position: RIGA, why: null });
    expect(placesIn(station, id)).toEqual([]);
  });
});

test('the browser may be asked on the guest\'s page alone, and only then', async () => {
  const policyOf = async (settings: Parameters<typeof startTestStation>[0]): Promise<(string | undefined)[]> => {
    const here = await startTestStation(settings);
    try {
      return await Promise.all([here.station.guest, here.station.desk].map(async (address) => (await fetch(address)).headers.get('permissions-policy')?.match(/geolocation=\([^)]*\)/)?.[0]));
    } finally {
      await here.end();
    }
  };
  expect(await policyOf({ tabletPlace: { decimals: 4 } })).toEqual(['geolocation=(self)', 'geolocation=()']);
  expect(await policyOf({})).toEqual(['geolocation=()', 'geolocation=()']);
});
