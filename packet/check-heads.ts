/**
 * Do the heads of a station's days, as its store has them, form one unbroken row, and is every packet there that they name?
 *
 * Before: envelopes of the store, opened. After: `countersign audit`. A head that is missing at the end is not noticed, nor what happened
 * since the last one. Whether the station may be believed: its certificate against the roots given, without revocation lists.
 */
import { verifySignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import type { AuditHead } from './audit-head.ts';
import { sha256 } from './sha256.ts';
import { checkChain } from './verify/chain.ts';

export interface HeadsCheck {
  /** How many could be read, and which numbers and days they span. */
  heads: number;
  first: { number: number; day: string } | null;
  last: { number: number; day: string } | null;
  /** All were signed under a root given; null where none was. */
  trusted: boolean | null;
  /** Packets that the heads name, and requests of those that were not among the packets given. */
  packets: number;
  missing: string[];
  /** One sentence each. None: the row is unbroken. */
  problems: string[];
}

interface SignedHead { name: string; head: AuditHead; sha256: string; trusted: boolean }

/**
 * @param files CMS, DER, in any order
 * @param packets SHA-256 (hex) of packets that are there
 */
export async function checkHeads(files: readonly { name: string; bytes: Uint8Array }[], packets: ReadonlySet<string>, trust?: readonly Uint8Array[], now = new Date()): Promise<HeadsCheck> {
  const problems: string[] = [];
  const read: SignedHead[] = [];
  for (const { name, bytes } of files) {
    const found = await readHead(name, bytes, trust, now);
    if (typeof found === 'string') problems.push(`${name}: ${found}`);
    else read.push(found);
  }
  const row = read.toSorted((a, b) => a.head.number - b.head.number);
  row.forEach((next, index) => {
    const before = row[index - 1];
    if (before !== undefined) problems.push(...breaksBetween(before, next));
    if (trust !== undefined && !next.trusted) problems.push(`${next.name}: its certificate does not lead to a root that is trusted.`);
  });
  const named = row.flatMap(({ head }) => head.ended).filter(({ packetSha256 }) => packetSha256 !== null);
  const place = (at: SignedHead | undefined): HeadsCheck['first'] => (at === undefined ? null : { number: at.head.number, day: at.head.day });
  return {
    heads: row.length, first: place(row[0]), last: place(row.at(-1)),
    trusted: trust === undefined ? null : row.length > 0 && row.every(({ trusted }) => trusted),
    packets: named.length, missing: named.filter(({ packetSha256 }) => !packets.has(packetSha256 as string)).map(({ request }) => request), problems,
  };
}

/** @returns what is wrong with it, where it cannot count */
async function readHead(name: string, bytes: Uint8Array, trust: readonly Uint8Array[] | undefined, now: Date): Promise<SignedHead | string> {
  try {
    const { valid, content, certificate, certificates } = await verifySignedData(bytes);
    if (!valid || content === null) return 'the signature does not hold.';
    const head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as unknown;
    if (!isHead(head)) return 'it is not a head of a version that this program reads.';
    return { name, head, sha256: await sha256(content), trusted: trust !== undefined && checkChain(certificate, certificates, trust, now) === null };
  } catch (error) {
    if (error instanceof RecordError || error instanceof SyntaxError || error instanceof TypeError) return 'it cannot be read.';
    throw error;
  }
}

/** In the parts that are read here: whoever signed it may be a stranger, and what it says is printed. */
function isHead(value: unknown): value is AuditHead {
  const head = value as AuditHead | null;
  const number = (of: unknown): boolean => Number.isSafeInteger(of) && (of as number) > 0;
  const hash = (of: unknown): boolean => typeof of === 'string' && /^[0-9a-f]{64}$/.test(of);
  return head?.format === 'countersign-audit-head' && head.version === 1 && number(head.number) && (head.previous === null || hash(head.previous))
    && /^\d{4}-\d\d-\d\d$/.test(head.day) && number(head.first?.number) && hash(head.first.previous) && number(head.last?.number) && hash(head.last.hash)
    && typeof head.station === 'object' && head.station !== null && Array.isArray(head.ended)
    && head.ended.every((ended) => /^[A-Za-z0-9-]{1,64}$/.test(ended?.request) && (ended.packetSha256 === null || hash(ended.packetSha256)));
}

function breaksBetween(before: SignedHead, next: SignedHead): string[] {
  const [a, b] = [before.head, next.head];
  const found: string[] = [];
  if (b.number === a.number) found.push(`${next.name}: there are two heads with number ${b.number}.`);
  else if (b.number !== a.number + 1) found.push(`Heads ${a.number + 1} to ${b.number - 1} are missing, between ${a.day} and ${b.day}.`);
  else if (b.previous !== before.sha256) found.push(`${next.name}: head ${b.number} does not follow head ${a.number} as it is here.`);
  else if (b.first.number !== a.last.number + 1 || b.first.previous !== a.last.hash) found.push(`${next.name}: events are missing between ${a.day} and ${b.day}.`);
  if (Object.entries(a.station).some(([key, value]) => key !== 'software' && b.station[key as 'name'] !== value)) found.push(`${next.name}: it is of another station.`);
  return found;
}
