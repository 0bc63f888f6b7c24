/**
 * Fetches a revocation list, an OCSP answer or a certificate from the address that a certificate names. A stranger wrote that address:
 * it could point into the house. So only http and https, only to public addresses (checked where the name is resolved for the very
 * connection, so that a second answer of the name server changes nothing), no redirect, bounded in time and size.
 * Plain HTTP is what RFC 5280 section 8 expects: what comes is signed, and the caller checks that.
 * Does not hide from that server that somebody here asks about this certificate. Before and after: `validation-data.ts`.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as requestPlain, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { PacketError } from '../errors.ts';

export interface Online {
  /** For each exchange, milliseconds; 10 seconds where not given. */
  deadlineMs?: number;
  /** Goes to addresses in private networks too: for an authority in the house, and for tests. */
  allowPrivate?: boolean;
  /** Gives up when it aborts, throwing its reason. */
  signal?: AbortSignal;
  /** Goes there in the place of this process, which may be one without a network: then it decides where to go. */
  instead?: (address: string, exchange: Exchange) => Promise<Uint8Array>;
}

interface Exchange {
  /** Sent by POST; without it, GET. */
  post?: { body: Uint8Array; type: string };
  accept: string;
  /** Bytes of the answer. */
  most: number;
}

const DEADLINE_MS = 10_000;

/** @throws PacketError `REVOCATION_ADDRESS`, `REVOCATION_AWAY`; the reason of `signal` */
export async function download(address: string, exchange: Exchange, { deadlineMs = DEADLINE_MS, allowPrivate = false, signal, instead }: Online): Promise<Uint8Array> {
  if (instead !== undefined) return instead(address, exchange);
  const url = addressOf(address, allowPrivate);
  const deadline = AbortSignal.timeout(deadlineMs);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    return await exchangeWith(url, exchange, { signal: either, lookup: allowPrivate ? undefined : lookupPublic });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PacketError) throw error;
    if (deadline.aborted) throw away(url, `did not answer within ${deadlineMs / 1000} s`, error);
    throw away(url, `cannot be reached (${reasonOf(error)})`, error);
  }
}

function addressOf(address: string, allowPrivate: boolean): URL {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) throw refused(address, 'only http:// and https:// are gone to');
  if (url.username !== '' || url.password !== '') throw refused(address, 'it holds a name or a password');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) throw refused(address, 'it lies in a private network');
  return url;
}

async function exchangeWith(url: URL, { post, accept, most }: Exchange, options: RequestOptions): Promise<Uint8Array> {
  const headers = { Accept: accept, ...(post === undefined ? {} : { 'Content-Type': post.type, 'Content-Length': post.body.length }) };
  const request = (url.protocol === 'https:' ? requestTls : requestPlain)(url, { ...options, agent: false, method: post === undefined ? 'GET' : 'POST', headers });
  const response = await answerTo(request, post?.body);
  try {
    if (response.statusCode !== 200) throw away(url, `answered with HTTP status ${response.statusCode}`);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response) {
      length += (chunk as Buffer).length;
      if (length > most) throw away(url, `sent more than ${most} bytes`);
      chunks.push(chunk as Buffer);
    }
    return new Uint8Array(Buffer.concat(chunks));
  } finally {
    request.destroy();
  }
}

function answerTo(request: ClientRequest, body: Uint8Array | undefined): Promise<IncomingMessage> {
  return new Promise((resolved, rejected) => {
    request.once('response', resolved);
    request.on('error', rejected);
    request.end(body);
  });
}

/** The resolver of the connection itself: an address that is not public ends it. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const first = addresses?.[0];
    const inside = addresses?.find(({ address }) => !isPublic(address));
    if (error !== null || first === undefined) callback(error ?? new Error(`${hostname} has no address`), '', 0);
    else if (inside !== undefined) callback(refused(hostname, 'it lies in a private network'), '', 0);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** IANA's special-purpose registries (RFC 6890): what is not to be reached from outside. */
const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
] as const) special.addSubnet(network, prefix, 'ipv4');
// Those that carry an IPv4 address inside (6to4, Teredo) could carry a private one.
for (const [network, prefix] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) special.addSubnet(network, prefix, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** @param address IPv4 or IPv6; true for what is reached over the internet. Of IPv6 that is 2000::/3 alone (RFC 4291 section 2.4). */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

function refused(address: string, why: string): PacketError {
  return new PacketError('REVOCATION_ADDRESS', `A certificate names the address ${JSON.stringify(address.slice(0, 200))}, which is not gone to: ${why}. Fetch it yourself, and give it as a file.`);
}

function away(url: URL, what: string, cause?: unknown): PacketError {
  return new PacketError('REVOCATION_AWAY', `${url.origin}, which a certificate names for its revocation, ${what}. Try again later, or give what it should send as a file.`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
}
