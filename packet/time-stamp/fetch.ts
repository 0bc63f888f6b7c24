/**
 * Asks a time-stamp authority over HTTP (RFC 3161 section 3.4).
 *
 * Nothing leaves this machine but a SHA-256 and a random nonce (and what every HTTP request shows: this machine's address). The
 * authority learns neither the document nor who signed it, but that something was signed here at that moment.
 * Never retried here: the caller knows whether it can wait. The answer is a stranger's: bounded in size and time, never redirected.
 * Plain HTTP is fine, as the standard has it: a token is signed, and the nonce keeps older ones out.
 */
import { PacketError } from '../errors.ts';
import { MAX_TIME_STAMP } from './limits.ts';
import { newNonce, timeStampRequest } from './request.ts';
import { readTimeStampResponse } from './response.ts';
import { verifyTimeStamp, type TimeStamp } from './verify.ts';

export interface FetchOptions {
  /** Gives up when it aborts, throwing its reason. */
  signal?: AbortSignal;
  /** For the whole exchange, milliseconds; 10 seconds where not given. */
  deadlineMs?: number;
  /** Dotted object identifier of the authority's policy that is wanted. */
  policy?: string;
  /** Certificates of whom the authority must be, DER; not checked where not given. */
  roots?: readonly Uint8Array[];
}

export interface FetchedTimeStamp {
  /** TimeStampToken, DER: what goes into a signature, or into an addendum to one. */
  token: Uint8Array<ArrayBuffer>;
  /** TimeStampResp, DER, the token inside: what a file named .tsr holds (RFC 3161 section 3.3). */
  response: Uint8Array;
  /** What it says; it holds, and is trusted where roots were given. */
  timeStamp: TimeStamp;
}

const QUERY = 'application/timestamp-query';
const REPLY = 'application/timestamp-reply';
const DEADLINE_MS = 10_000;

/**
 * @param url of the authority, http: or https:
 * @param sha256 of what is to be stamped, 32 bytes
 * @throws PacketError `TIME_STAMP_AWAY` (trying again may help), `TIME_STAMP_REFUSED`, `TIME_STAMP_OTHER`, `TIME_STAMP_INVALID`,
 *   `TIME_STAMP_UNREADABLE`, `TIME_STAMP_ALGORITHM`, `TIME_STAMP_ADDRESS`; the reason of `signal`
 */
export async function fetchTimeStamp(url: string, sha256: Uint8Array, { signal, deadlineMs = DEADLINE_MS, policy, roots }: FetchOptions = {}): Promise<FetchedTimeStamp> {
  const request = { sha256, nonce: newNonce(), policy };
  const deadline = AbortSignal.timeout(deadlineMs);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const response = await post(addressOf(url), timeStampRequest(request), either).catch((error: unknown) => {
    signal?.throwIfAborted();
    if (deadline.aborted) throw away(`did not answer within ${deadlineMs / 1000} s`, error);
    throw error instanceof PacketError ? error : away(`cannot be reached (${reasonOf(error)})`, error);
  });
  const { token } = await readTimeStampResponse(response, request);
  const timeStamp = await verifyTimeStamp(token, sha256, roots);
  const [problem] = timeStamp.problems;
  if (problem !== undefined) throw new PacketError('TIME_STAMP_INVALID', `The time-stamp that ${new URL(url).host} gave does not hold. ${problem.message}`);
  return { token, response, timeStamp };
}

function addressOf(url: string): URL {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol)) throw new PacketError('TIME_STAMP_ADDRESS', `"${url}" is no address of a time-stamp authority: it begins with http:// or https://.`);
  if (address.username !== '' || address.password !== '') throw new PacketError('TIME_STAMP_ADDRESS', 'The address of a time-stamp authority may not hold a name or a password: both would stand in logs.');
  return address;
}

async function post(url: URL, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': QUERY, Accept: REPLY }, body, signal, redirect: 'manual' });
  try {
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (response.status >= 300 && response.status < 400) throw away(`wants to send us elsewhere (${response.status}): give the address it means`);
    if (response.status !== 200) throw away(`answered with HTTP status ${response.status}`);
    if (type !== REPLY) throw away(`answered with ${type === undefined ? 'something unnamed' : JSON.stringify(type.slice(0, 60))} instead of ${REPLY}: is the address right, and no portal between?`);
    return await readLimited(response);
  } finally {
    await response.body?.cancel().catch(() => undefined);
  }
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_TIME_STAMP) throw away(`sent more than ${MAX_TIME_STAMP} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function away(what: string, cause?: unknown): PacketError {
  return new PacketError('TIME_STAMP_AWAY', `The time-stamp authority ${what}.`, { cause });
}

/** fetch hides what happened in `cause`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause ?? error : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  return code ?? (cause instanceof Error ? cause.message : String(cause));
}
