/**
 * TimeStampResp (RFC 3161 section 2.4.2): the token of an authority's answer, if it is an answer to what was asked.
 * Does not verify the token's signature: `verify.ts` does.
 */
import { Members, Tag, children, equalBytes, malformed, readDer, type Element } from '#biometrics/cms/der.ts';
import { verifySignedData } from '#biometrics/cms.ts';
import { PacketError } from '../errors.ts';
import { readAddendum } from './addendum.ts';
import { MAX_TIME_STAMP } from './limits.ts';
import { OID } from './object-identifiers.ts';
import { integerOctets, type TimeStampRequest } from './request.ts';
import { readTokenInfo } from './token-info.ts';
import { asTimeStamp } from './unreadable.ts';

export interface TimeStampResponse {
  /** TimeStampToken, DER. */
  token: Uint8Array<ArrayBuffer>;
  /** False: granted with modifications; hash, nonce and policy are those asked for all the same. */
  asAsked: boolean;
}

/** PKIFailureInfo: bits that section 2.4.2 lists, by their number. */
const FAILURES: Record<number, string> = {
  0: 'it does not know or support the hash algorithm (badAlg)',
  2: 'it does not permit or support such requests (badRequest)',
  5: 'it finds the request in a wrong format (badDataFormat)',
  14: 'its source of time is not available (timeNotAvailable)',
  15: 'it does not support the policy asked for (unacceptedPolicy)',
  16: 'it does not support the extension asked for (unacceptedExtension)',
  17: 'further information asked for is not available (addInfoNotAvailable)',
  25: 'its system failed (systemFailure)',
};

const STATUSES = ['granted', 'granted with modifications', 'rejection', 'waiting', 'revocation warning', 'revocation notification'];

/**
 * @param der what the authority answered
 * @param request what was asked
 * @throws PacketError `TIME_STAMP_REFUSED` with its reason; `TIME_STAMP_OTHER` for an answer to another question;
 *   `TIME_STAMP_UNREADABLE`, `TIME_STAMP_ALGORITHM`
 */
export async function readTimeStampResponse(der: Uint8Array, request: TimeStampRequest): Promise<TimeStampResponse> {
  const { status, token, why } = await asTimeStamp(() => readResponse(der));
  if (status > 1) throw new PacketError('TIME_STAMP_REFUSED', `The time-stamp authority gave no time-stamp (${STATUSES[status] ?? `status ${status}`})${why === '' ? ' and no reason' : `: ${why}`}.`);
  if (token === null) throw new PacketError('TIME_STAMP_UNREADABLE', 'The time-stamp authority said yes and sent no time-stamp.');
  const { imprint, nonce, policy } = await asTimeStamp(async () => {
    const { content } = await verifySignedData(token, undefined, OID.tstInfo);
    if (content === null) throw malformed('the token', 'does not hold what it signs');
    return readTokenInfo(content);
  });
  if (imprint.hash !== 'SHA-256' || !equalBytes(imprint.digest, request.sha256)) throw other('is over another hash');
  if (nonce === null || !equalBytes(nonce, integerOctets(request.nonce))) throw other('does not carry the nonce of this request: it may be an older answer, sent again');
  if (request.policy !== undefined && policy !== request.policy) throw other(`was made under policy ${policy}, not ${request.policy}`);
  return { token, asAsked: status === 0 };
}

/**
 * The token in a file, which holds a token (.tst), an authority's whole answer (.tsr, section 3.3), or an addendum of a station.
 * @throws PacketError `TIME_STAMP_UNREADABLE`; `TIME_STAMP_REFUSED` for an answer without token
 */
export async function tokenIn(file: Uint8Array): Promise<Uint8Array> {
  const addendum = await readAddendum(file);
  if (addendum !== null) return addendum.token;
  return asTimeStamp(() => {
    if (file.length > MAX_TIME_STAMP) throw malformed('the file', `has ${file.length} bytes, at most ${MAX_TIME_STAMP} are read`);
    const [first] = children(readDer(file, 'the file'), 'the file');
    if (first?.tag === Tag.oid) return file;
    const { status, token, why } = readResponse(file);
    if (token === null) throw new PacketError('TIME_STAMP_REFUSED', `This is an authority's answer without a time-stamp (${STATUSES[status] ?? `status ${status}`}): ${why}.`);
    return token;
  });
}

interface Response { status: number; token: Uint8Array<ArrayBuffer> | null; why: string }

function readResponse(der: Uint8Array): Response {
  if (der.length > MAX_TIME_STAMP) throw malformed('the answer', `has ${der.length} bytes, at most ${MAX_TIME_STAMP} are read`);
  const response = new Members(readDer(der, 'the answer'), 'the answer');
  const info = new Members(response.next(Tag.sequence), 'the status');
  const { content } = info.next(Tag.integer);
  if (content.length !== 1) throw malformed('the status', 'is no number that is known');
  const words = info.optional(Tag.sequence);
  const failInfo = info.optional(Tag.bitString);
  info.end();
  const token = response.optional(Tag.sequence);
  response.end();
  const why = [...(failInfo === null ? [] : failures(failInfo)), ...(words === null ? [] : [quoted(words)])].join('; ');
  return { status: content[0]!, token: token?.whole ?? null, why };
}

function failures({ content }: Element): string[] {
  const isSet = (bit: number): boolean => ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  return Array.from({ length: 32 }, (_, bit) => bit).filter(isSet).map((bit) => FAILURES[bit] ?? `for a reason that RFC 3161 does not know (bit ${bit})`);
}

/** PKIFreeText is a stranger's text: shortened, and without what a terminal would obey. */
function quoted(words: Element): string {
  const text = children(words, 'the status').map(({ content }) => new TextDecoder().decode(content)).join(' ');
  return `it says: "${text.replace(/\p{C}+/gu, ' ').slice(0, 200)}"`;
}

function other(what: string): PacketError {
  return new PacketError('TIME_STAMP_OTHER', `The answer of the time-stamp authority ${what}.`);
}
