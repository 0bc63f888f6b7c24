/**
 * "Done": from a capture to a packet in the outbox. Only when this returns does the guest read "Thank you".
 *
 * Before: `http.ts` hands over the body. After: the sync-agent sends what the outbox holds.
 * Order (design, section 3): hash of what was displayed, policy, record, device signature, seal, increment,
 * PAdES, container, outbox. Nothing of the strokes is written to disk before the outbox has the packet in
 * wrapped form. They stay the bytes that they came as, which are overwritten; only the record thread reads them. Where somebody
 * else is to sign the same document, the signed PDF (ink without dynamics, the record sealed) is kept for that under the at-rest key
 * just before: it is not to be had from the packet here. A dump of this process during the second it takes would show the strokes.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as giveWay } from 'node:timers/promises';
import type { RecordContext } from '#biometrics/context.ts';
import type { SigningKeys } from '#keys/index.ts';
import { letGo, sha256OfLarge } from '#keys/slices.ts';
import { CONSENT_VERSION } from '#kiosk/protocol/consent.ts';
import { decodeDone } from '#kiosk/protocol/done.ts';
import type { Field } from '#kiosk/protocol/messages.ts';
import type { DoneHeader } from '#kiosk/protocol/routes.ts';
import type { Disclosed } from '#packet/audit.ts';
import type { AuditFile } from '#packet/audit-file.ts';
import type { SignDocumentOptions } from '#packet/sign-document.ts';
import { signer, STATION } from './audit-log.ts';
import type { CaptureBytes } from './capture-bytes.ts';
import { isDiskFull } from './database.ts';
import { StationError } from './errors.ts';
import { goOn, settleInterrupted } from './follow-up.ts';
import { noticeIn, restart, roleOf } from './guest-messages.ts';
import type { InkNumbers } from './ink-numbers.ts';
import type { RecordChain } from './meta.ts';
import { captureOfAttempt } from './pens/begin-attempt.ts';
import { penMinimum } from './pens/pen-minimum.ts';
import { pageAccepted } from './pens/pen-policy.ts';
import { underInk } from './pens/tablet-pens.ts';
import { answerName, checksBefore, currentSigning, filledLater, filledWith, planAfter, type Plan } from './plan.ts';
import { exceptionUsed, minimumFor, sourceAccepted, type Decision } from './policy.ts';
import { recordThread } from './record-thread.ts';
import { beginCompleting, dropCompleting, finishCompleting } from './recovery.ts';
import { placeOf, type SigningRequest } from './requests.ts';
import { raiseLevel } from './signature-level.ts';
import { signingThread } from './signing-thread.ts';
import type { ToFill } from './signing-worker.ts';
import { SOFTWARE } from './software.ts';
import type { Station } from './station.ts';
import { notePosition } from './tablet-place.ts';
import { dayIn, systemTime, type KnownTime } from './time.ts';
import { noteClockStep } from './upkeep.ts';
import type { Consent, Visit } from './visits.ts';

/** The parts of a request that are surely there while it is on a tablet. */
interface Signing { request: SigningRequest; visit: Visit; consent: Consent; field: Field; /** Of its page: /Rotate, and points to a unit of user space. */ rotate: number; unit: number; document: Uint8Array; capture: CaptureBytes; plan: Plan; /** Of `DoneHeader.checks`: by name. */ checks: ReadonlyMap<string, boolean>; /** Of the moment of the check, to the seal. */ keys: SigningKeys }

/** The batch as it came, in the body's memory. */
interface Done { header: DoneHeader; batch: Uint8Array }

/** A page that asks again and again must not make the record too long to write. The trail has all of them. */
const REFUSALS_IN_RECORD = 256;

/**
 * @param body as `encodeDone` makes it, best in shared memory; overwritten with zeros when this returns or throws
 * @throws ProtocolError for a malformed body; StationError `NOT_NOW`, `COMPLETING`, `DOCUMENT_DIFFERS`, `CONSENT_MISSING`,
 *   `CAPTURE_NOT_ALLOWED`, `CHECKS_DIFFER`, `INSTRUMENT_REFUSED`, `DEMO_ONLY`, `CAPTURE_INCOMPLETE`, one of `FITNESS_CODES`, `CAPTURE_TOO_LONG`, `PEN_INSUFFICIENT`, `DISK_FULL`; the request stays as it was
 */
export async function complete(station: Station, tablet: string, id: string, body: Uint8Array): Promise<void> {
  try {
    // what the guest did before "Done", another way than by this request, comes before it
    await station.heard(tablet);
    const done = decodeDone(body);
    if (signedAlready(station, tablet, id)) return;
    const visit = visitOf(station, tablet, id);
    visit.completing = true;
    const large: Uint8Array[] = [];
    try {
      const closed = closePen(station, tablet, id, done);
      await station.inTurn(async () => {
        await closed;
        await finish(station, tablet, id, visit, done, large);
      });
    } catch (error) {
      throw refused(station, id, visit, error);
    } finally {
      visit.completing = false;
      endAbandoned(station, tablet);
      startAnew(station, tablet, visit);
      await letGo(...large);
    }
  } finally {
    body.fill(0);
  }
}

/** Nothing that the pen does after "Done" counts, however long the signatures before this one take. Never rejects: `check` asks again. */
async function closePen(station: Station, tablet: string, id: string, { header: { capture } }: Done): Promise<void> {
  if ('reads' in capture) await captureOfAttempt(station, tablet, id, capture.attempt).catch(() => null);
}

/** Its page has gone and the signature was refused: nobody is left to press "Done" again with this ink. */
function endAbandoned(station: Station, tablet: string): void {
  if (station.pens.attempts.on(tablet)?.abandoned === true) station.pens.attempts.end(tablet);
}

/** Its page came anew meanwhile: the new one has neither the ink nor the consent, nor what the desk chose for whoever had both. */
function startAnew(station: Station, tablet: string, visit: Visit): void {
  if (!visit.cameAnew || station.visits.on(tablet) !== visit) return;
  try {
    restart(station, tablet);
  } catch (error) {
    station.log(`request ${visit.request}: that its screen started anew could not be written to the trail: ${(error as Error).message}`);
  }
}

/** Done once more, where the answer to the first was lost or a full disk kept it back: the packet is there, and so is the thanks. */
function signedAlready(station: Station, tablet: string, id: string): boolean {
  return station.visits.on(tablet)?.request !== id && station.outbox.has(id) && station.requests.get(id).tablet === tablet;
}

function visitOf(station: Station, tablet: string, id: string): Visit {
  const visit = station.visits.on(tablet);
  if (visit === null || visit.request !== id) throw new StationError('NOT_NOW', 'This document is no longer on the tablet. Nothing was signed.');
  if (visit.completing) throw new StationError('COMPLETING', 'The signature is being finished already.');
  return visit;
}

/** @param large what is no longer needed after it */
async function finish(station: Station, tablet: string, id: string, visit: Visit, done: Done, large: Uint8Array[]): Promise<void> {
  // a Done before this one, here or at another tablet, may have reached the outbox and failed after it
  if (settleInterrupted(station) === id || signedAlready(station, tablet, id)) return;
  const signing = await check(station, tablet, id, visit, done);
  const { capture, keys } = signing;
  large.push(signing.document);
  // here and below: other tablets and pens go on between the steps
  await giveWay();
  noteClockStep(station);
  const signedAt = new Date();
  const time = systemTime(signedAt);
  const chain = { number: station.meta.chain.number + 1, previousSha256: station.meta.chain.sha256 };
  notePosition(station, signing.request, visit, 'late');
  const actor = signer(roleOf(signing.request));
  if (signing.request.state === 'shown') station.requests.signing(id, { actor, action: 'signing.begun' });
  station.requests.note(id, {
    actor, action: 'signature.done',
    details: {
      role: roleOf(signing.request), documentSha256: done.header.documentSha256, consentSha256: done.header.consentSha256, recordNumber: chain.number,
      attempts: done.header.attempts, clears: done.header.clears, source: capture.source.kind, instrument: capture.source.instrument,
    },
  });

  // what a box is called is the document's own word, and no word of a document stands in a trail
  for (const [at, { place, checked }] of answersOf(signing).entries()) station.requests.note(id, { actor, action: 'check.answered', details: { box: at + 1, place, checked } });

  const { sealedRecord, ink } = await recordThread.seal({
    capture, context: recordContext(station, signing, done, time, chain), examiners: keys.examiners.map(({ certificate }) => certificate), crls: keys.papers === null ? [] : [keys.papers.crl.der],
    rect: signing.field.rect, rotate: signing.rotate, unit: signing.unit,
  }, keys.device);
  const { sealedRecordSha256, ...signed } = await signingThread.sign({
    document: signing.document, documentSha256: done.header.documentSha256, field: signing.field, ink, sealedRecord,
    requestId: id, signerName: signing.field.signer ?? null, language: signing.request.details?.hints.language ?? null, place: station.settings.hotel, signedAt, demo: keys.demo, seal: keys.seal,
    ...fillingsOf(station, signing, ink, signedAt),
  });
  large.push(signed.signedPdf);
  const { signedPdf, details } = await raiseLevel(station, id, signed, keys);
  large.push(signedPdf);
  station.requests.note(id, { actor: STATION, action: 'document.signed', details: { sealedRecordSha256, signedPdfSha256: await sha256OfLarge(signedPdf), ...details } });
  // after Done once more, where the outbox did not take the packet, another one is closed
  station.requests.note(id, { actor: STATION, action: 'packet.closed' });
  const packet = await packetOf(station, signing, signedPdf, signedAt);
  large.push(packet);

  await announce(station, id, { number: chain.number, sha256: sealedRecordSha256 }, signing.plan, signedPdf);
  await handOver(station, id, packet, signedAt);
  finishCompleting(station, id);
  leave(station, tablet, id, visit);
  station.notices.clear('DISK_FULL');
  await keepDeskCopy(station, id, signedPdf);
  station.events.emit('changed');
  station.events.emit('delivered');
}

/** Off the tablet, and on it whoever signs next. */
function leave(station: Station, tablet: string, id: string, visit: Visit): void {
  station.visits.end(tablet);
  goOn(station, id, visit);
}

/** That a packet is on its way; where somebody else signs next, what they will sign is kept first: see the top. A crash between leaves a file, which the start sweeps. */
async function announce(station: Station, id: string, chain: RecordChain, plan: Plan, signedPdf: Uint8Array): Promise<void> {
  if (planAfter(plan) === null) return beginCompleting(station, id, chain, null);
  const next = { id: randomUUID(), documentSha256: await sha256OfLarge(signedPdf), documentLength: signedPdf.length };
  await station.documents.put('document', next.id, signedPdf);
  try {
    beginCompleting(station, id, chain, next);
  } catch (error) {
    station.documents.delete('document', next.id);
    throw error;
  }
}

/** What else is filled in with this signature, what those after it will need, and whether it is the last of several. */
function fillingsOf({ settings }: Station, { request, plan, checks }: Signing, ink: InkNumbers, signedAt: Date): { fillings: ToFill[] } & Pick<SignDocumentOptions, 'later' | 'last'> {
  const fields = request.details?.fields ?? [];
  const signing = currentSigning(plan);
  const others = signing === null ? [] : filledWith(fields, plan, signing);
  return {
    fillings: others.map((field) => {
      if (field.kind === 'date') return { field, text: dayIn(settings.timeZone, signedAt) };
      return field.kind === 'check' ? { field, checked: checks.get(answerName(field.name)) ?? false } : { field, ink };
    }),
    later: plan.signed === 0 ? filledLater(fields, plan) : [],
    last: plan.signings.length > 1 && planAfter(plan) === null,
  };
}

async function check(station: Station, tablet: string, id: string, visit: Visit, done: Done): Promise<Signing> {
  const { header } = done;
  const request = station.requests.on(tablet);
  const field = request?.details?.fields[request.field ?? -1];
  if (request === null || request.id !== id || field === undefined || request.plan === null || (request.state !== 'shown' && request.state !== 'signing')) {
    throw new StationError('NOT_NOW', 'This document is not being signed on this tablet.');
  }
  if (header.documentSha256 !== request.documentSha256) {
    throw new StationError('DOCUMENT_DIFFERS', 'What was displayed is not the printed document. Nothing was signed. Please ask at the desk.');
  }
  const { consent } = visit;
  if (consent === null || consent.sha256 !== header.consentSha256 || consent.language !== header.language) {
    throw new StationError('CONSENT_MISSING', 'The notice was not agreed to on this screen. Please start again.');
  }
  // the screen is not believed: what was released may have been ruled out since
  const keys = station.papers.forSigning();
  // the guest agreed that certain people can open the signature, and nobody else
  if (noticeIn(station, consent.language, roleOf(request)) !== consent.text) throw new StationError('CONSENT_MISSING', 'The notice has changed since it was agreed to. Please start again.');
  const checks = checksOf(request, request.plan, header.checks ?? []);
  const capture = await captureOfDone(station, tablet, id, done);
  const exception = visit.exception?.reason ?? null;
  const minimum = minimumFor(penMinimum(station), capture.source, exception);
  settle(sourceAccepted(keys.demo, capture.source, exception));
  settle(await recordThread.judge({ capture, exception, minimum }));
  const document = await station.documents.get('document', id);
  if (document === null || await sha256OfLarge(document) !== request.documentSha256) {
    throw new StationError('DOCUMENT_DIFFERS', 'The document kept here is no longer the one that was printed. Print it again.');
  }
  return { request, visit, consent, field, rotate: request.details?.rotations[field.page - 1] ?? 0, unit: request.details?.units?.[field.page - 1] ?? 1, document, capture, plan: request.plan, checks, keys };
}

/** @throws StationError as it was decided */
function settle(decision: Decision): void {
  if (!decision.accepted) throw new StationError(decision.code, decision.reason);
}

/** Each box of this person is answered, and nothing else: the screen is not believed. @throws StationError `CHECKS_DIFFER` */
function checksOf({ details }: SigningRequest, plan: Plan, answers: NonNullable<Done['header']['checks']>): Map<string, boolean> {
  const asked = checksBefore(details?.fields ?? [], plan);
  if (answers.length !== asked.length || asked.some(({ name }, index) => answers[index]?.name !== name)) {
    throw new StationError('CHECKS_DIFFER', 'The boxes to tick on this screen are not those of the document. Please start again.');
  }
  return new Map(answers.map(({ name, checked }) => [name, checked]));
}

function answersOf({ request, plan, checks }: Signing): { place: string | null; checked: boolean }[] {
  const fields = request.details?.fields ?? [];
  return checksBefore(fields, plan).map(({ name }) => ({ place: placeOf(fields.find((field) => field.kind === 'check' && answerName(field.name) === name)), checked: checks.get(name) ?? false }));
}

/** From the page, or from the attempt that the station has read itself. @throws StationError `NOT_NOW`, `CAPTURE_INCOMPLETE`, `PEN_INSUFFICIENT` */
async function captureOfDone(station: Station, tablet: string, id: string, { header: { capture }, batch }: Done): Promise<CaptureBytes> {
  if ('reads' in capture) return captureOfAttempt(station, tablet, id, capture.attempt);
  const page = pageAccepted(station.visits.greeting(tablet)?.secureContext ?? null);
  if (!page.accepted && capture.source.kind === 'pointer') throw new StationError(page.code, page.reason);
  return { ...capture, reports: null, samples: [batch] };
}

/** The packet, with the trail up to now as JSON and to read. */
async function packetOf(station: Station, { request, consent: { text, language, sha256: consentSha256 }, keys }: Signing, signedPdf: Uint8Array, signedAt: Date): Promise<Uint8Array> {
  const { tenant, site, station: name, hotel, place } = station.settings;
  const origin = { station: { tenant, site, name, software: SOFTWARE }, place: { name: hotel, ...place }, disclosed: disclosedOf(request) };
  const audit = station.audit.events(request.id);
  const consent = { text, language, version: CONSENT_VERSION };
  const page = await readablePage(station, request.details?.hints.language ?? null, {
    request: request.id, signedAt: signedAt.toISOString(), demo: keys.demo, ...origin, events: audit, consent: { sha256: consentSha256, language, version: CONSENT_VERSION },
  });
  return signingThread.packet({ signedPdf, audit, origin, ...page, consent, requestId: request.id, signedAt, demo: keys.demo, seal: keys.seal });
}

/** A convenience: what it says stands in the JSON, so a page that cannot be drawn must not cost the guest the signature. @param language of the document: its names are written in it */
async function readablePage(station: Station, language: string | null, trail: AuditFile): Promise<{ auditPdf?: Uint8Array }> {
  try {
    return { auditPdf: await signingThread.page(trail, language) };
  } catch (error) {
    station.log(`request ${trail.request}: the audit trail could not be drawn: ${(error as Error).message}`);
    return {};
  }
}

function disclosedOf({ details }: SigningRequest): Disclosed[] {
  const client = details?.printClient;
  if (client === undefined) return [];
  return [{ is: 'print-user', value: client.user, salt: client.salt }, { is: 'print-client-address', value: client.address, salt: client.salt }];
}

function recordContext(station: Station, { request, visit, consent, field, document, capture, keys }: Signing, { header }: Done, time: KnownTime, chain: RecordContext['chain']): Omit<RecordContext, 'assessment'> {
  const { tenant, site, station: stationId } = station.settings;
  const tablet = request.tablet;
  const greeting = tablet === null ? null : station.visits.greeting(tablet);
  return {
    requestId: request.id, tenant, site,
    station: { id: stationId, software: SOFTWARE, tablet },
    configuration: keys.papers?.configuration ?? null,
    demo: keys.demo,
    document: { sha256: header.documentSha256, length: document.length },
    // pages count from 0 in a record
    field: { name: field.name, page: field.page - 1, rect: field.rect },
    shown: {
      sha256: header.documentSha256, language: header.language, underInk: underInk(capture.source),
      pages: visit.pages,
      viewport: greeting?.viewport ?? null, userAgent: greeting?.userAgent ?? null,
    },
    consent: { sha256: consent.sha256, version: CONSENT_VERSION, language: consent.language, agreedAt: consent.agreedAt },
    chain,
    attempts: header.attempts,
    clears: header.clears,
    acceptance: { refusals: visit.refusals, exception: exceptionUsed(visit.exception, capture.source) },
    time: { signedAt: time.at, source: time.source, synchronised: time.synchronised, lastSync: time.lastSync, steps: [...station.clock.all], bootId: time.bootId },
    recipients: keys.examiners.map(({ certificate }) => sha256(certificate)),
  };
}

/** The commit inside `putPacket` is the moment of completion. If it reports an error, whether the row is there decides. */
async function handOver(station: Station, id: string, packet: Uint8Array, signedAt: Date): Promise<void> {
  const { tenant, site } = station.settings;
  const digest = await sha256OfLarge(packet);
  const [year, month] = signedAt.toISOString().split('-');
  try {
    await station.putPacket({
      id, destination: 'packet', key: `${tenant}/${site}/${year}/${month}/${id}-${digest.slice(0, 16)}.esdk`, bytes: packet,
      context: { tenant, site, packet: id, purpose: 'packet', sha256: digest },
    });
  } catch (error) {
    if (station.outbox.has(id)) return;
    dropCompleting(station);
    throw error;
  }
}

/** A convenience for the desk: the packet is safe already, so a failure is logged and the guest is thanked all the same. */
async function keepDeskCopy(station: Station, id: string, signedPdf: Uint8Array): Promise<void> {
  try {
    if (station.settings.limits.deskCopy > 0) return await station.documents.put('signed', id, signedPdf);
  } catch (error) {
    station.log(`the desk's copy of ${id} could not be kept: ${(error as Error).message}`);
  }
  try {
    station.requests.forget(id);
  } catch (error) {
    station.log(`the title of ${id} is kept until there is room to forget it: ${(error as Error).message}`);
  }
}

/** What the guest is told, and what the trail and the desk keep of it. */
function refused(station: Station, id: string, visit: Visit, error: unknown): unknown {
  const full = isDiskFull(error);
  const told = full ? new StationError('DISK_FULL', 'Please wait a moment. Staff have been informed.', { cause: error }) : error;
  if (full) station.notices.set({ code: 'DISK_FULL', severity: 'error', message: 'The station’s disk is full: a guest waits with a finished signature. Make room, then ask the guest to press Done again.' });
  const given = (told as { code?: unknown }).code;
  const code = typeof given === 'string' ? given : 'INTERNAL';
  if (visit.refusals.length < REFUSALS_IN_RECORD) visit.refusals.push(code);
  try {
    station.requests.note(id, { actor: STATION, action: 'signature.refused', details: { code } });
  } catch {
    station.log(`request ${id}: the refusal could not be written to the trail`);
  }
  return told;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
