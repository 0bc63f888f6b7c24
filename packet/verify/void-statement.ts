/**
 * Statements that a packet is void (`packet/void.schema.json`): the hotel's word that a signed document was a mistake. They lie outside the
 * packet, so whoever was given none knows of none.
 *
 * One counts if a device of the company that sealed the file signed it, and it names the file by its hash or its signing request. It takes
 * nothing away from the signatures: they are as good, or as bad, as before; that is why it is told beside the indication.
 * What a false statement would gain: a contract that its other party wants to be rid of. So another company's device may not say it, nor a
 * seal's key.
 * Before: `verify.ts` has checked the file. After: the result; `words.ts` says it.
 */
import { verifySignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import { describeCertificate } from '#keys/certificate.ts';
import { KeyError } from '#keys/errors.ts';
import { tenantOfRoot } from '#keys/tenant/names.ts';
import { sha256 } from '../sha256.ts';
import type { Asked } from './asked.ts';
import { judgeCertificate } from './certificate-standing.ts';
import { tellDemo } from './demo.ts';
import { Report, type SignatureResult, type VoidResult } from './result.ts';
import { NOTHING_STORED } from './validation-data.ts';
import { rootAbove } from './vouched.ts';

/** A statement has about two thousand bytes. */
export const LARGEST_STATEMENT = 64 * 1024;

const REASONS = ['wrong-document', 'wrong-guest', 'signed-twice', 'other'] as const satisfies VoidResult['reason'][];

/** The file, the SHA-256 (hex) of packets that lie whole in it, and its signatures. */
export interface VoidSubject { bytes: Uint8Array; earlier: readonly string[]; signatures: readonly SignatureResult[] }

/** Those that name this file, believed or not. A statement that cannot be read, or names another, is only counted. */
export async function checkVoids(statements: readonly Uint8Array[], { bytes, earlier, signatures }: VoidSubject, asked: Asked, report: Report): Promise<VoidResult[]> {
  if (statements.length === 0) return [];
  const hashes = new Set([await sha256(bytes), ...earlier]);
  const requests = new Set(signatures.map(({ request }) => request));
  const read = await Promise.all(statements.map(readStatement));
  const unreadable = read.filter((each) => each === null).length;
  if (unreadable > 0) report.warn('VOID_NOT_READ', `${unreadable} of the files given as void statements are none, or were changed.`);
  const found: VoidResult[] = [];
  for (const statement of read) {
    if (statement === null || (!hashes.has(statement.packetSha256) && !requests.has(statement.request))) continue;
    found.push(await judge(statement, hashes.has(statement.packetSha256) ? 'packet' : 'request', asked, report));
  }
  const others = read.length - unreadable - found.length;
  if (others > 0) report.note('VOID_OF_OTHER', `${others} void statements at hand are about other packets.`);
  return found;
}

interface Statement {
  request: string;
  packetSha256: string;
  reason: VoidResult['reason'];
  at: string;
  by: string | null;
  demo: boolean;
  station: { tenant: string; site: string; name: string };
  certificate: Uint8Array;
  certificates: readonly Uint8Array[];
  crls: readonly Uint8Array[];
}

/** Null for anything but a statement whose own signature holds. */
async function readStatement(cms: Uint8Array): Promise<Statement | null> {
  if (cms.length > LARGEST_STATEMENT) return null;
  try {
    const { valid, content, certificate, certificates, crls } = await verifySignedData(cms);
    const said = content === null || !valid ? null : parse(content);
    return said === null ? null : { ...said, certificate, certificates, crls };
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
}

function parse(content: Uint8Array): Omit<Statement, 'certificate' | 'certificates' | 'crls'> | null {
  const json = parseObject(Buffer.from(content).toString('utf8'));
  const { format, version, request, packetSha256, at, demo } = json;
  const station = members(json['station']);
  const by = members(json['by'])['name'] ?? null;
  const reason = REASONS.find((each) => each === json['reason']);
  const { tenant, site, name } = station;
  if (format !== 'countersign-void' || version !== 1 || reason === undefined || typeof demo !== 'boolean' || (by !== null && typeof by !== 'string')) return null;
  if (![request, packetSha256, at, tenant, site, name].every((text) => typeof text === 'string') || !/^[0-9a-f]{64}$/.test(packetSha256 as string)) return null;
  const time = new Date(at as string);
  if (Number.isNaN(time.getTime())) return null;
  return {
    request: request as string, packetSha256: packetSha256 as string, reason, at: time.toISOString(), by, demo,
    station: { tenant: tenant as string, site: site as string, name: name as string },
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return members(JSON.parse(text));
  } catch {
    return {};
  }
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

async function judge(statement: Statement, names: VoidResult['names'], asked: Asked, report: Report): Promise<VoidResult> {
  const { request, packetSha256, reason, at, by, demo, station: { tenant, site, name }, certificate, certificates, crls } = statement;
  // apart: whether a statement is believed says nothing of the signatures
  const own = new Report();
  const others = [...certificates, ...asked.certificates];
  const trusted = await judgeCertificate({
    what: 'The void statement', use: 'device', certificate, others, crls, stored: NOTHING_STORED, claimedTime: at, provenTime: null, station: { tenant, site, station: name },
  }, asked, own);
  if (demo) tellDemo(asked, own);
  const root = rootAbove(certificate, others, asked.trust ?? []);
  if (root === null || !(asked.sealers.has(await sha256(root)) || isRootOf(asked.tenant, root))) own.doubt('CHAIN_CONSTRAINTS_FAILURE', 'VOID_OF_OTHER_COMPANY', 'The void statement was signed neither under the root under which this file was sealed, nor under that of the company that the packet names.');
  const [problem] = own.findings.filter(({ severity }) => severity === 'error');
  const believed = problem === undefined;
  const signer = nameOf(certificate);
  if (believed) report.warn('DECLARED_VOID', `Station "${name}" at "${site}", ${tenant}, has declared ${names === 'packet' ? 'this packet' : `the packet of signing request ${request}`} void. What was signed stays as it was.`);
  else report.warn('VOID_NOT_BELIEVED', `A statement says that ${names === 'packet' ? 'this packet' : `the packet of signing request ${request}`} is void, and is not believed: ${problem.message}`);
  return { names, request, packetSha256, reason, at, by, station: { tenant, site, name }, signer, trusted, believed };
}

/** A packet may be sealed under a certification authority's root, and says whose station made it. */
function isRootOf(tenant: string | null, root: Uint8Array): boolean {
  try {
    return tenant !== null && tenantOfRoot(root) === tenant;
  } catch (error) {
    if (error instanceof KeyError) return false;
    throw error;
  }
}

function nameOf(certificate: Uint8Array): string {
  try {
    return describeCertificate(certificate).subject;
  } catch (error) {
    if (error instanceof KeyError) return 'unknown';
    throw error;
  }
}
