/** The steps of one signing as desk and guest take them, so that a test can stop before, at or after any of them. */
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import type { Desk } from '#cli/demo/desk.ts';
import type { Guest } from '#cli/demo/guest.ts';
import type { DeskRequest, GuestRequest, RequestState, StationToDesk } from '#kiosk/protocol/index.ts';
import type { TestHouse } from './house.ts';

type DeskState = Extract<StationToDesk, { type: 'state' }>;

/** A guest who has agreed and now signs. */
export interface Signing {
  request: GuestRequest;
  document: Uint8Array;
  /** Presses Done, with the recorded pen's strokes. */
  done(pen?: ReturnType<typeof recordedPen>): Promise<Response>;
}

export function card(name = sampleGuests.latin.name, pages: 1 | 3 = 1): Promise<Uint8Array> {
  return sampleCard({ pages, size: 'A4', guest: { ...sampleGuests.latin, name } });
}

/** Made once. */
let plainCard: Promise<Uint8Array> | undefined;

/** Prints a document under a title of its own; resolves when the desk shows it. */
export async function printed(house: TestHouse, desk: Desk, title: string, tablet = 'front', bytes?: Uint8Array): Promise<DeskRequest> {
  const { state, message } = await house.print(bytes ?? await (plainCard ??= card()), title, tablet);
  if (state !== 'completed') throw new Error(`${title} was not printed: ${state} ${message}`);
  return titled(desk, title);
}

/** The request of that title, once it is in that state. */
export async function titled(desk: Desk, title: string, states: readonly RequestState[] = ['assigned']): Promise<DeskRequest> {
  const find = (state: DeskState) => state.requests.find((request) => request.title === title && states.includes(request.state));
  const state = await desk.session.until(`“${title}” ${states.join(' or ')}`, (message): message is DeskState => message.type === 'state' && find(message) !== undefined);
  return find(state) as DeskRequest;
}

/** The desk's notice of that code, once it says that. */
export async function notice(desk: Desk, code: string, saying = ''): Promise<string> {
  const find = (state: DeskState) => state.notices.find((each) => each.code === code && each.message.includes(saying))?.message;
  const state = await desk.session.until(`a notice ${code} at the desk`, (message): message is DeskState => message.type === 'state' && find(message) !== undefined);
  return find(state) as string;
}

/** Released, read and agreed to: the guest has the pen in hand. */
export async function begun(desk: Desk, guest: Guest, waiting: DeskRequest): Promise<Signing> {
  await desk.release(waiting);
  const { state, request, document, sha256 } = await guest.read();
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);
  return { request, document, done: (pen = recordedPen()) => guest.done(request, pen, { documentSha256: sha256, consentSha256 }) };
}
