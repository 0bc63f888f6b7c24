/**
 * An addendum to a packet that left without a time-stamp: what a station fetched for it when its network was back. A CMS SignedData by the
 * station's device key over JSON (addendum.schema.json) that names the packet, and holds the token (RFC 3161) over SHA-256 of the value of
 * the signature in its PDF. The token alone proves the time; the rest says to what it belongs.
 *
 *   openssl cms -verify -inform DER -purpose any -CAfile ROOT -in ADDENDUM | jq -r .timeStamp | base64 -d > token.der
 *
 * Before: `kiosk/station/owed-time-stamps.ts`. After: `countersign verify --timestamp`, `countersign packet upgrade --token`.
 */
import { verifySignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import { PacketError } from '../errors.ts';
import { MAX_TIME_STAMP } from './limits.ts';

export interface Addendum {
  format: 'countersign-addendum';
  version: 1;
  station: { tenant: string; site: string; name: string; software: string };
  demo: boolean;
  /** The signing request. */
  request: string;
  /** Of the packet's bytes (ASiC-E), and of the value of the PDF's signature, hex. */
  packetSha256: string;
  signatureSha256: string;
  /** As the token says, RFC 3339. */
  time: string;
  /** TimeStampToken, DER, Base64. */
  timeStamp: string;
}

const START = '{\n  "format": "countersign-addendum"';

/** @returns the bytes to sign */
export function writeAddendum(addendum: Omit<Addendum, 'format' | 'version'>): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: 'countersign-addendum', version: 1, ...addendum }, null, 2)}\n`);
}

/**
 * @param cms DER. Whose signature is on it is not asked: the token inside proves what it proves whoever brings it
 * @returns what it says and its token; null where the file is something else
 * @throws PacketError `TIME_STAMP_UNREADABLE` for an addendum that was changed or cannot be read
 */
export async function readAddendum(cms: Uint8Array): Promise<Addendum & { token: Uint8Array } | null> {
  // twice: the token is inside in Base64
  if (cms.length > 2 * MAX_TIME_STAMP || !Buffer.from(cms).includes(START)) return null;
  try {
    const { valid, content } = await verifySignedData(cms);
    if (!valid || content === null) throw unreadable('its signature does not hold');
    const said = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as unknown;
    if (!isAddendum(said)) throw unreadable('it is not of a version that this program reads');
    return { ...said, token: new Uint8Array(Buffer.from(said.timeStamp, 'base64')) };
  } catch (cause) {
    if (cause instanceof RecordError || cause instanceof SyntaxError || cause instanceof TypeError) throw unreadable('it was changed or cut off', cause);
    throw cause;
  }
}

function isAddendum(value: unknown): value is Addendum {
  const said = value as Addendum | null;
  const hash = (of: unknown): boolean => typeof of === 'string' && /^[0-9a-f]{64}$/.test(of);
  return said?.format === 'countersign-addendum' && said.version === 1 && /^[A-Za-z0-9-]{1,64}$/.test(said.request)
    && hash(said.packetSha256) && hash(said.signatureSha256) && typeof said.timeStamp === 'string' && said.timeStamp.length <= 2 * MAX_TIME_STAMP;
}

function unreadable(why: string, cause?: unknown): PacketError {
  return new PacketError('TIME_STAMP_UNREADABLE', `This addendum cannot be read: ${why}.`, { cause });
}
