/**
 * A whole house whose data folder, temporary folder and processes are searched for what a signing may have left there.
 *
 * What is searched for: a marked text of the document, pieces of the document, its title, the guest's own words, and
 * a marked pen position in every form it is sent, kept or likely to be logged in.
 */
import Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { encodeSamples } from '#biometrics/samples.ts';
import type { Desk } from '#cli/demo/desk.ts';
import type { Guest } from '#cli/demo/guest.ts';
import { filesHolding, textForms } from '#cli/demo/search.ts';
import { processesHolding, withChildren } from '#fixtures/process-memory.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import type { TestSettings } from '#kiosk/station/station-for-tests.ts';
import { startHouse, type TestHouse } from './house.ts';
import { begun, printed, type Signing } from './signing.ts';

export const OWN_WORDS = 'Marker-own-words-5512';
export const MARKED_X = 321.123456789;
/** The recorded pen, but for one position that no other test or sample has. */
export const pen: Capture = { ...recordedPen(), samples: recordedPen().samples.map((sample, index) => (index === 100 ? { ...sample, x: MARKED_X } : sample)) };

/** A PDF in whose bytes its marker can be read. */
export function marked(title: string): Uint8Array {
  const pdf = plainPdf(`Text of ${title}`);
  expect(Buffer.from(pdf).includes(`Text of ${title}`)).toBe(true);
  return pdf;
}

export function documentForms(title: string, document: Uint8Array): Uint8Array[] {
  const pieces = [0.2, 0.5, 0.8].map((part) => document.subarray(Math.floor(document.length * part), Math.floor(document.length * part) + 48));
  return [...textForms(title), ...textForms(`Text of ${title}`), ...pieces];
}

export function strokeForms(): Uint8Array[] {
  const number = Buffer.alloc(24);
  number.writeDoubleLE(MARKED_X, 0);
  number.writeDoubleBE(MARKED_X, 8);
  number.writeFloatLE(MARKED_X, 16);
  number.writeFloatBE(MARKED_X, 20);
  const sent = encodeSamples(pen.samples, 0);
  return [
    number.subarray(0, 8), number.subarray(8, 16), ...textForms(String(MARKED_X)),
    ...[0.3, 0.6].map((part) => sent.subarray(Math.floor(sent.length * part), Math.floor(sent.length * part) + 32)),
  ];
}

/** The x and y of the marked sample as numbers, whatever holds them, and as the row in which they were sent. */
export function strokeInMemory(): Buffer[] {
  const x = Buffer.alloc(8);
  x.writeDoubleLE(MARKED_X);
  return [x, ...[0.3, 0.6].map((part) => Buffer.from(encodeSamples(pen.samples, 0).subarray(Math.floor(16 + 132 * pen.samples.length * part)).subarray(0, 48)))];
}

/** How far a signing goes before it ends. */
export type Step = 'printed' | 'released' | 'signing' | 'done-refused';

export class SearchedHouse {
  house: TestHouse;
  desk: Desk;
  guest: Guest;
  /** Temporary files of the house's processes. */
  readonly temporary: string;
  readonly #ended: { id: string; title: string; state: string; reason: string | null; document: Uint8Array }[] = [];

  private constructor(house: TestHouse, desk: Desk, guest: Guest, temporary: string) {
    this.house = house;
    this.desk = desk;
    this.guest = guest;
    this.temporary = temporary;
  }

  static async start(): Promise<SearchedHouse> {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const house = await startHouse({ folder, settings: {}, env: { TMPDIR: temporary, TEMP: temporary } });
    return new SearchedHouse(house, await house.desk(), await house.guest(), temporary);
  }

  /** Stopped, and started on the same folder with other settings. */
  async restart(settings: TestSettings): Promise<void> {
    await this.house.stop();
    writeFileSync(join(this.house.home, 'station.json'), JSON.stringify({ autoRelease: false, ...settings }));
    this.house = await startHouse({ folder: this.house.folder, env: { TMPDIR: this.temporary, TEMP: this.temporary } });
    this.desk = await this.house.desk();
    this.guest = await this.house.guest();
  }

  async end(): Promise<void> {
    this.desk.close();
    this.guest.session.close();
    await this.house.end();
  }

  /** Processes of the house that hold any of it. Linux only: elsewhere nothing is searched. */
  async holders(needles: Buffer[]): Promise<number[]> {
    return process.platform === 'linux' ? processesHolding(withChildren(this.house.child.pid!), ...needles) : [];
  }

  /** Files of the house, by what they hold. */
  found(needles: readonly Uint8Array[]): string[] {
    return [...filesHolding(this.house.home, needles), ...filesHolding(this.temporary, needles)];
  }

  /** Printed, and taken as far as the step says. */
  async upTo(step: Step, title: string): Promise<{ id: string; document: Uint8Array; signing: Signing | null }> {
    const pdf = marked(title);
    const waiting = await printed(this.house, this.desk, title, 'front', pdf);
    if (step === 'released') await this.desk.release(waiting);
    if (step === 'printed' || step === 'released') return { id: waiting.id, document: pdf, signing: null };
    const signing = await begun(this.desk, this.guest, waiting);
    if (step === 'done-refused') expect((await this.guest.done(signing.request, pen, { documentSha256: '0'.repeat(64), consentSha256: '0'.repeat(64) })).status).toBe(409);
    return { id: waiting.id, document: signing.document, signing };
  }

  /** Taken that far, and then cancelled at the desk: only the fact is left. */
  async cancelAt(step: Step): Promise<void> {
    const title = `Marker-cancelled-${step}`;
    const { id, document } = await this.upTo(step, title);
    await this.desk.session.post(`/desk/requests/${id}/cancel`, { reason: 'guest-left', text: OWN_WORDS });
    if (step !== 'printed') await this.guest.session.until('the tablet to be told', (message) => message.type === 'blank' && message.request === id);
    await this.checkGone(id, title, document, 'cancelled', 'guest-left');
  }

  /** Taken that far, and then declined by the guest: only the fact is left. */
  async declineAt(step: 'signing' | 'done-refused'): Promise<void> {
    const title = `Marker-declined-${step}`;
    const { id, document } = await this.upTo(step, title);
    this.guest.session.send({ type: 'decline', request: id, reason: 'content', text: OWN_WORDS });
    await this.checkGone(id, title, document, 'declined', 'content');
  }

  async checkGone(id: string, title: string, document: Uint8Array, state: 'cancelled' | 'declined' | 'expired', reason: string): Promise<void> {
    const request = await this.desk.request([state], id);
    expect(request).toMatchObject({ state, reason, title: '', printedBy: { name: '' }, fields: [], documentUrl: null, signedUrl: null });
    expect((await this.desk.session.fetch(`/desk/requests/${id}/document`)).status).toBe(404);
    expect(this.found([...documentForms(title, document), ...strokeForms(), ...textForms(OWN_WORDS)])).toEqual([]);
    expect(readdirSync(join(this.house.home, 'documents')).filter((name) => name.includes(id))).toEqual([]);
    this.#ended.push({ id, title, state, reason, document });
  }

  /** After the house has stopped: the rows of those that ended unsigned hold id, times, state and reason, and the files nothing of them. */
  async checkRows(ended: number): Promise<void> {
    await this.house.stop();
    const database = new Database(join(this.house.home, 'station.db'), { readonly: true });
    const row = database.prepare('SELECT * FROM requests WHERE id = ?');
    expect(this.#ended).toHaveLength(ended);
    for (const { id, title, state, reason, document } of this.#ended) {
      const kept = Object.entries(row.get(id) as object).filter(([, value]) => value !== null && value !== 0);
      expect(Object.fromEntries(kept.filter(([name]) => name !== 'times_shown'))).toEqual({ id, state, reason, received_at: expect.any(String), changed_at: expect.any(String) });
      expect(this.found(documentForms(title, document))).toEqual([]);
    }
    expect(this.found([...strokeForms(), ...textForms(OWN_WORDS)])).toEqual([]);
    database.close();
  }
}
