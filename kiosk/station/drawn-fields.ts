/**
 * Where to sign, drawn at the desk on the document's own pages, and remembered for its form where the desk wants that.
 *
 * Only for documents whose places were guessed from words, or not found: what a form says itself (its fields, its tags) is not overruled.
 * Before: `routes.ts`, for the desk. After: the next print of the form is searched with what was learned (`accept-document.ts`).
 */
import type { Field, FieldKind, Hints, Rect } from '#kiosk/protocol/messages.ts';
import type { DrawnBox, FieldsBody } from '#kiosk/protocol/validate.ts';
import type { Form } from '#packet/fields/form.ts';
import type { HintPlaces, Template } from '#packet/fields/index.ts';
import type { Details } from './details.ts';
import { StationError } from './errors.ts';
import { deskActor, type Station } from './station.ts';

/** What identifies the form of a request, as `requests.ts` keeps it: JSON of this. */
export interface FormIdentity { fingerprint: string; form: Form }

/** Points. Smaller is a slip of the hand, and no signature could be read in it; nor a tick in less. */
const LEAST = { width: 20, height: 8 };
const LEAST_TICK = { width: 6, height: 6 };
/** Points that a box may stand over the page's edge. */
const SLACK = 0.01;

/** @throws StationError `NOT_NOW`, `BOX_UNUSABLE`, `FORMS_FULL`; PacketError where the document cannot be read again */
export async function drawFields(station: Station, id: string, { fields: boxes, remember }: FieldsBody): Promise<void> {
  const { details, identity } = placeable(station, id);
  for (const box of boxes) check(box, details, identity.form);
  const fields = boxes.flatMap(fieldOf);
  if (!fields.some(({ kind }) => kind === 'signature')) throw new StationError('BOX_UNUSABLE', 'Draw at least one box for a signature.');
  const { learnTemplate } = await import('#packet/fields/index.ts');
  const template = learnTemplate(identity, remember?.name ?? '', fields, Object.fromEntries(boxes.flatMap(hintOf)));
  const hints = await hintsBy(station, id, template, details.hints);
  // both or neither; drawn once more, it is undone as a whole
  station.database.transaction(() => {
    const { drawn } = details;
    if (remember !== null && drawn?.learned != null) station.forms.unlearn(drawn.learned);
    const learned = remember === null ? drawn?.learned ?? null : station.forms.learn(template);
    station.requests.setFields(id, deskActor(station), { ...details, fields, hints, drawn: { found: drawn?.found ?? details.fields, hints: drawn?.hints ?? details.hints, learned } });
  }).immediate();
}

/** Back to what was found; of a form that was learned with it, what was known before is known again. @throws StationError `NOT_NOW` */
export function undoDrawnFields(station: Station, id: string): void {
  const { details: { drawn, ...details } } = placeable(station, id);
  if (drawn === undefined) return;
  station.database.transaction(() => {
    station.requests.setFields(id, deskActor(station), { ...details, fields: drawn.found, hints: drawn.hints });
    if (drawn.learned !== null) station.forms.unlearn(drawn.learned);
  }).immediate();
}

export function forgetForm(station: Station, fingerprint: string): void {
  if (station.forms.forget(fingerprint)) station.events.emit('changed');
}

/** It was not meant. @throws StationError `FORMS_FULL` */
export function rememberForm(station: Station, fingerprint: string): void {
  if (station.forms.remember(fingerprint)) station.events.emit('changed');
}

function placeable(station: Station, id: string): { details: Details; identity: FormIdentity } {
  const { details } = station.requests.get(id);
  const form = station.requests.form(id);
  if (details === null || form === null) throw new StationError('NOT_NOW', 'The document says itself where it is signed, or it has ended.');
  return { details, identity: JSON.parse(form) as FormIdentity };
}

function check({ what, label, page, rect }: DrawnBox, { pages, rotations, units }: Details, { pages: known }: Form): void {
  if (page > pages) throw new StationError('BOX_UNUSABLE', `The document has no page ${page}.`);
  const shown = known[page - 1];
  if (shown === undefined) throw new StationError('BOX_UNUSABLE', `Boxes can be drawn on the first ${known.length} pages.`);
  const [a, b, c, d, e, f] = shown.matrix;
  const corners = [[rect.x, rect.y], [rect.x + rect.width, rect.y + rect.height]].map(([x = 0, y = 0]) => ({ x: a * x + c * y + e, y: b * x + d * y + f }));
  const inside = corners.every(({ x, y }) => x >= -SLACK && x <= shown.width + SLACK && y >= -SLACK && y <= shown.height + SLACK);
  if (what === 'check' && (label ?? '').trim() === '') throw new StationError('BOX_UNUSABLE', 'Say what the guest agrees to with each box to tick.');
  const unit = units?.[page - 1] ?? 1;
  const points = { width: rect.width * unit, height: rect.height * unit };
  if (!inside || !isLargeEnough(points, rotations[page - 1] ?? 0, what === 'check' ? LEAST_TICK : LEAST)) throw new StationError('BOX_UNUSABLE', `A box on page ${page} is too small, or not on the page. Draw it again.`);
}

/** As the page is shown: on one that stands on its side, width and height are exchanged. */
function isLargeEnough({ width, height }: { width: number; height: number }, rotate: number, least: { width: number; height: number }): boolean {
  const [across, up] = rotate % 180 === 0 ? [width, height] : [height, width];
  return across >= least.width && up >= least.height;
}

const LABELS: Record<Exclude<FieldKind, 'check'>, string> = { signature: 'signature', initials: 'initials', date: 'date' };
const NAMES: Record<Field['role'], string> = { guest: 'Guest', companion: 'Companion', staff: 'Staff' };

function fieldOf({ what, role, page, rect, label = '' }: DrawnBox): Field[] {
  // the same words are one answer, wherever they stand
  if (what === 'check') return [{ kind: what, role, name: label.trim(), label: label.trim(), page, rect, found: 'template' }];
  if (what !== 'signature' && what !== 'initials' && what !== 'date') return [];
  return [{ kind: what, role, name: role, label: `${NAMES[role]} ${LABELS[what]}`, page, rect, found: 'template' }];
}

function hintOf({ what, page, rect }: DrawnBox): [keyof HintPlaces, { page: number; rect: Rect }][] {
  return what === 'reservation' || what === 'guestName' || what === 'room' ? [[what, { page, rect }]] : [];
}

/**
 * The document is read again, where the desk has shown where something stands that it is known by; and where others have signed it, who
 * may have left no room for a date or a tick: said now, and not when the guest has signed.
 */
async function hintsBy(station: Station, id: string, template: Template, before: Hints): Promise<Hints> {
  const document = await station.documents.get('document', id);
  if (document === null) throw new StationError('NOT_NOW', 'The document is no longer kept here.');
  const isSigned = Buffer.from(document.buffer, document.byteOffset, document.byteLength).includes('/ByteRange');
  const hasHints = Object.keys(template.hints).length > 0;
  if (!hasHints && !isSigned) return before;
  const { findFields } = await import('#packet/fields/index.ts');
  const { limits } = station.settings;
  const found = await findFields(document, { deadlineMs: limits.intakeMs, memoryMb: limits.intakeMemoryMb }, { templates: [template] });
  const left = found.fields.filter((field) => field.found === 'template').length;
  if (isSigned && found.template !== null && left < template.fields.length) {
    throw new StationError('BOX_UNUSABLE', 'Somebody has signed this PDF already: there is room for signatures and one place of initials each, but dates, ticks and more initials would break that signature. Draw signatures alone, or ask for a copy without it.');
  }
  return hasHints ? found.hints : before;
}
