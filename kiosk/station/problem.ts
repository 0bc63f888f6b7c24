/** Errors as RFC 9457 problem details. What a person may do about it is in `detail`; `code` is for programs. */
import type { ServerResponse } from 'node:http';
import { ProtocolError } from '#kiosk/protocol/errors.ts';
import { isDiskFull } from './database.ts';
import { StationError, type StationErrorCode } from './errors.ts';

const STATUS: Partial<Record<StationErrorCode, number>> = {
  NO_SESSION: 401,
  FORBIDDEN: 403, WRONG_ORIGIN: 403, DEMO_ONLY: 403,
  NOT_FOUND: 404, NO_SUCH_REQUEST: 404, NO_SUCH_TABLET: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_NOW: 409, TABLET_BUSY: 409, FIELD_NOT_PICKED: 409, COMPLETING: 409, CHECKS_DIFFER: 409, FORMS_FULL: 409, CAPTURE_NOT_ALLOWED: 409, DOCUMENT_DIFFERS: 409, CONSENT_MISSING: 409,
  TOO_LARGE: 413,
  WRONG_HOST: 421,
  BAD_BODY: 400,
  NO_SUCH_FIELD: 422, BOX_UNUSABLE: 422, INSTRUMENT_REFUSED: 422, CAPTURE_INCOMPLETE: 422, PEN_INSUFFICIENT: 422,
  CAPTURE_TOO_SHORT: 422, CAPTURE_LINE: 422, CAPTURE_TOO_FAST: 422, CAPTURE_NO_PRESSURE: 422, CAPTURE_TOO_LONG: 422,
  SCREENS_MISSING: 503,
  DISK_FULL: 507,
};

export interface Problem { status: number; code: string; detail: string }

/** What an error means to whoever asked. A fault of ours says nothing of its inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProtocolError) return { status: error.code === 'TOO_LONG' ? 413 : 400, code: error.code, detail: `${error.message}.` };
  if (error instanceof StationError) return { status: STATUS[error.code] ?? 500, code: error.code, detail: error.message };
  if (isDiskFull(error)) return { status: 507, code: 'DISK_FULL', detail: 'The station’s disk is full. Make room, then try again.' };
  return { status: 500, code: 'INTERNAL', detail: 'Something went wrong at the station. Its log says what.' };
}

export function sendProblem(response: ServerResponse, { status, code, detail }: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // the rest of a refused body is not read
  if (status === 413) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'application/problem+json; charset=utf-8' });
  response.end(JSON.stringify({ type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, code }));
}

const TITLES: Record<number, string> = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict',
  413: 'Content Too Large', 421: 'Misdirected Request', 422: 'Unprocessable Content', 500: 'Internal Server Error',
  503: 'Service Unavailable', 507: 'Insufficient Storage',
};
