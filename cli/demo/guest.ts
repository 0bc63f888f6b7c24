/** A guest who reads, agrees and signs with the recorded pen, step by step as the guest screen would. */
import { createHash } from 'node:crypto';
import type { Capture } from '#biometrics/capture.ts';
import { isDown } from '#biometrics/sample.ts';
import { consentText, type Language } from '#kiosk/protocol/consent.ts';
import { encodeDone } from '#kiosk/protocol/done.ts';
import type { DeclineReason, GuestRequest, GuestToStation, Rect, StationToGuest } from '#kiosk/protocol/index.ts';
import { Session } from './session.ts';

type State = Extract<StationToGuest, { type: 'state' }>;

const VIEWPORT = { width: 1280, height: 800, devicePixelRatio: 1 };

export class Guest {
  readonly session: Session<StationToGuest, GuestToStation>;
  readonly language: Language;

  private constructor(session: Session<StationToGuest, GuestToStation>, language: Language) {
    this.session = session;
    this.language = language;
  }

  static async arrive(address: string, language: Language = 'en'): Promise<Guest> {
    const session = await Session.open<StationToGuest, GuestToStation>(address, '/ws/guest');
    session.send({ type: 'hello', viewport: VIEWPORT, secureContext: true, rawUpdate: true, userAgent: 'countersign demo' });
    return new Guest(session, language);
  }

  /** Waits for a released document, fetches it and gives its hash back, as the screen does with pdf.js's bytes. */
  async read(): Promise<{ state: State; request: GuestRequest; document: Uint8Array; sha256: string }> {
    const state = await this.session.until('a document on the guest screen', (message): message is State => message.type === 'state' && message.request !== null);
    const request = state.request as GuestRequest;
    const document = new Uint8Array(await (await this.session.fetch(request.documentUrl)).arrayBuffer());
    const sha256 = createHash('sha256').update(document).digest('hex');
    this.session.send({ type: 'language', request: request.id, language: this.language });
    this.session.send({ type: 'shown', request: request.id, sha256 });
    for (let page = 1; page <= request.pages; page++) this.session.send({ type: 'page', request: request.id, page, ms: 1000 });
    return { state, request, document, sha256 };
  }

  /** "I agree". @returns the SHA-256 of the notice as the guest read it. */
  agree(state: State, request: GuestRequest): string {
    const notice = consentText(this.language, { hotel: state.hotel, custodian: state.custodian, tabletPlace: state.locate }, request.turn.role);
    const consentSha256 = createHash('sha256').update(notice).digest('hex');
    this.session.send({ type: 'consent', request: request.id, language: this.language, consentSha256 });
    return consentSha256;
  }

  decline(request: GuestRequest, reason: DeclineReason): void {
    this.session.send({ type: 'decline', request: request.id, reason, text: '' });
  }

  /** "Done". @param ticked names of boxes. @returns the station's answer: 200 once the packet is durable, a problem otherwise. */
  done(request: GuestRequest, pen: Capture, seen: { documentSha256: string; consentSha256: string }, ticked: readonly string[] = []): Promise<Response> {
    const { samples, reports: _never, ...capture } = pen;
    const surface = { ...VIEWPORT, orientation: 0, toPage: fitIntoField(pen, request.field.rect), calibration: null };
    const checks = request.checks.map(({ name }) => ({ name, checked: ticked.includes(name) }));
    const header = { ...seen, language: this.language, attempts: 1, clears: 0, checks, capture: { ...capture, surface } };
    return this.session.fetch(`/guest/requests/${request.id}/done`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: encodeDone({ header, batch: { first: 0, samples } }),
    });
  }
}

/** The affine map that puts the recorded ink, upright and centred, into nine tenths of the field. */
export function fitIntoField(pen: Capture, rect: Rect): [number, number, number, number, number, number] {
  const ink = pen.samples.filter(isDown);
  const [left, right] = [Math.min(...ink.map(({ x }) => x)), Math.max(...ink.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...ink.map(({ y }) => y)), Math.max(...ink.map(({ y }) => y))];
  const scale = 0.9 * Math.min(rect.width / (right - left), rect.height / (bottom - top));
  // Pens count downwards, pages upwards.
  return [
    scale, 0, 0, -scale,
    rect.x + rect.width / 2 - scale * (left + right) / 2,
    rect.y + rect.height / 2 + scale * (top + bottom) / 2,
  ];
}
