/**
 * What each route of `kiosk/protocol/routes.ts` does. Who may call it was decided before, in `access.ts`.
 *
 * Before: `http.ts`. After: `desk-commands.ts`, `complete.ts`, `documents.ts`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ADDED_BYTES } from '#kiosk/protocol/genuine.ts';
import { letGo } from '#keys/slices.ts';
import { readBody } from '#kiosk/protocol/validate.ts';
import { askAgain } from './ask-again.ts';
import { readBytes, readJson, readShared } from './body.ts';
import { complete } from './complete.ts';
import { acceptNext, cancelRequest, chooseSigners, confirmIdentity, moveRequest, printSample, releaseRequest, tryIt, undoAcceptNext } from './desk-commands.ts';
import type { Kind } from './documents.ts';
import { drawFields, forgetForm, rememberForm, undoDrawnFields } from './drawn-fields.ts';
import { StationError } from './errors.ts';
import { checkGenuine } from './genuine.ts';
import { beginCalibration, cancelCalibration, resetCalibration } from './pens/calibrate.ts';
import { rinseHttp } from './rinse-http.ts';
import type { Station } from './station.ts';
import { voidPacket } from './void-packet.ts';

interface Call {
  station: Station;
  /** The guest session's tablet; empty for a desk. */
  tablet: string;
  /** What the path's pattern caught. */
  id: string;
  request: IncomingMessage;
  response: ServerResponse;
}

interface Route { method: 'GET' | 'POST'; path: RegExp; answer(call: Call): Promise<void> }

const TABLET = '([a-z0-9-]{1,32})';
const ID = '([A-Za-z0-9-]{1,64})';

const ROUTES: readonly Route[] = [
  { method: 'GET', path: pattern(`/guest/document/${ID}`), answer: guestDocument },
  { method: 'GET', path: pattern('/guest/recorded-pen'), answer: recordedPenJson },
  { method: 'POST', path: pattern(`/guest/requests/${ID}/done`), answer: done },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/release`), answer: command((station, id, json) => { readBody.nothing(json); releaseRequest(station, id); }) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/move`), answer: command((station, id, json) => moveRequest(station, id, readBody.move(json).tablet)) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/plan`), answer: command((station, id, json) => chooseSigners(station, id, readBody.plan(json).signings)) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/fields`), answer: command((station, id, json) => drawFields(station, id, readBody.fields(json))) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/fields/undo`), answer: command((station, id, json) => { readBody.nothing(json); undoDrawnFields(station, id); }) },
  { method: 'POST', path: pattern('/desk/forms/([0-9a-f]{64})/forget'), answer: command((station, fingerprint, json) => { readBody.nothing(json); forgetForm(station, fingerprint); }) },
  { method: 'POST', path: pattern('/desk/forms/([0-9a-f]{64})/remember'), answer: command((station, fingerprint, json) => { readBody.nothing(json); rememberForm(station, fingerprint); }) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/cancel`), answer: command((station, id, json) => cancelRequest(station, id, readBody.cancel(json).reason)) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/accept`), answer: command((station, id, json) => acceptNext(station, id, readBody.accept(json).reason)) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/accept/undo`), answer: command((station, id, json) => { readBody.nothing(json); undoAcceptNext(station, id); }) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/identity`), answer: command((station, id, json) => confirmIdentity(station, id, readBody.identity(json).seen)) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/void`), answer: command((station, id, json) => voidPacket(station, id, readBody.void(json).reason)) },
  { method: 'POST', path: pattern(`/desk/requests/${ID}/again`), answer: command((station, id, json) => askAgain(station, id, readBody.again(json).without)) },
  { method: 'GET', path: pattern(`/desk/requests/${ID}/document`), answer: ({ station, id, response }) => sendPdf(station, 'document', id, response) },
  { method: 'GET', path: pattern(`/desk/requests/${ID}/signed\\.pdf`), answer: signedCopy },
  { method: 'POST', path: pattern(`/desk/tablets/${TABLET}/calibrate`), answer: calibration((station, tablet) => beginCalibration(station, tablet)) },
  { method: 'POST', path: pattern(`/desk/tablets/${TABLET}/calibrate/cancel`), answer: calibration(cancelCalibration) },
  { method: 'POST', path: pattern(`/desk/tablets/${TABLET}/calibrate/reset`), answer: calibration(resetCalibration) },
  { method: 'POST', path: pattern('/desk/notices/put-away'), answer: command((station, _, json) => station.notices.putAway(readBody.putAway(json).code)) },
  { method: 'POST', path: pattern('/desk/genuine/check'), answer: genuine },
  { method: 'POST', path: pattern('/desk/sample'), answer: sample },
  { method: 'POST', path: pattern('/desk/try'), answer: tryRecorded },
];

/** @throws StationError `NOT_FOUND`, `METHOD_NOT_ALLOWED`, and what the command throws */
export async function answerRoute(station: Station, path: string, tablet: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const here = ROUTES.filter((route) => route.path.test(path));
  if (here.length === 0) throw new StationError('NOT_FOUND', 'There is nothing at this address.');
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) {
    response.setHeader('Allow', here.map(({ method }) => method).join(', '));
    throw new StationError('METHOD_NOT_ALLOWED', `This address takes ${here.map(({ method }) => method).join(' or ')}.`);
  }
  await route.answer({ station, tablet, id: route.path.exec(path)?.[1] ?? '', request, response });
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

function command(run: (station: Station, id: string, json: string) => Promise<void> | void): Route['answer'] {
  return async ({ station, id, request, response }) => {
    await run(station, id, await readJson(request, station.settings.limits.bodyBytes));
    sendJson(response, {});
  };
}

/** A body of nothing but `{}`. */
function calibration(run: (station: Station, tablet: string) => Promise<void> | void): Route['answer'] {
  return async ({ station, id, request, response }) => {
    readBody.nothing(await readJson(request, station.settings.limits.bodyBytes));
    await run(station, id);
    sendJson(response, {});
  };
}

/** The body is the file. */
async function genuine({ station, request, response }: Call): Promise<void> {
  sendJson(response, await checkGenuine(station, () => readBytes(request, station.settings.limits.documentBytes + ADDED_BYTES)));
}

async function sample({ station, request, response }: Call): Promise<void> {
  const { tablet, pages } = readBody.sample(await readJson(request, station.settings.limits.bodyBytes));
  sendJson(response, { request: (await printSample(station, tablet, pages)).id });
}

async function tryRecorded({ station, request, response }: Call): Promise<void> {
  const { tablet } = readBody.try(await readJson(request, station.settings.limits.bodyBytes));
  sendJson(response, { request: (await tryIt(station, tablet)).id });
}

/** Only the document that is on this very tablet now. */
async function guestDocument({ station, tablet, id, response }: Call): Promise<void> {
  if (station.visits.on(tablet) === null || station.requests.on(tablet)?.id !== id) throw new StationError('NOT_FOUND', 'This document is not on this tablet.');
  await sendPdf(station, 'document', id, response);
}

async function signedCopy({ station, id, response }: Call): Promise<void> {
  response.setHeader('Content-Disposition', `attachment; filename="signed-${id}.pdf"`);
  await sendPdf(station, 'signed', id, response);
}

async function recordedPenJson({ station, response }: Call): Promise<void> {
  if (!station.keys.demo) throw new StationError('DEMO_ONLY', 'A recorded signature can be tried in demo mode only.');
  const [{ recordedPen }, { captureToJson }] = await Promise.all([import('#kiosk/sample/recorded-pen.ts'), import('#biometrics/capture-json.ts')]);
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(captureToJson(recordedPen()));
}

async function done({ station, tablet, id, request, response }: Call): Promise<void> {
  try {
    await complete(station, tablet, id, await readShared(request, station.settings.limits.doneBytes));
  } finally {
    // not awaited: nobody waits for it, and where it fails nothing is lost
    rinseHttp().catch(() => undefined);
  }
  sendJson(response, {});
}

async function sendPdf(station: Station, kind: Kind, id: string, response: ServerResponse): Promise<void> {
  const bytes = await station.documents.get(kind, id);
  if (bytes === null) throw new StationError('NOT_FOUND', kind === 'signed' ? 'The desk’s copy is no longer kept here.' : 'This document is no longer kept here.');
  response.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Length': bytes.length });
  // once the system has all of it
  response.end(bytes, () => void letGo(bytes));
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
