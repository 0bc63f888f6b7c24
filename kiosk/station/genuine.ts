/**
 * "Is this document genuine?", for a file that somebody brings to the desk: a signed PDF or a packet, ours or not.
 *
 * It is read in a child process with a deadline and a memory limit (`packet/verify/in-child.ts`), without any network. Trusted are the
 * station's own root and those that the tenant's administrator gave. Neither the file nor anything of it is kept or logged: it may be
 * another guest's. One at a time, since each may take as much memory as the largest document.
 * Before: `routes.ts`, for the desk. After: words that `kiosk/screens/genuine` shows; they are `packet/verify`'s, as those of `countersign verify`.
 */
import type { GenuineAnswer } from '#kiosk/protocol/genuine.ts';
import type { ChildLimits } from '#packet/child/index.ts';
import { PacketError } from '#packet/errors.ts';
import { headlineOf, laterWords } from '#packet/verify/headline.ts';
import { VERIFY_LIMITS, verifyInChild } from '#packet/verify/in-child.ts';
import type { VerifyOptions, VerifyResult } from '#packet/verify/result.ts';
import { auditWords, belongingWords, documentWords, onOneLine, packetVersionWords, revisionWords, signatureFacts, signatureTitle, timeStampWords, timeWords, voidReasonWords } from '#packet/verify/words.ts';
import { StationError } from './errors.ts';
import type { Station } from './station.ts';
import { trailFacts } from './trail-facts.ts';

/** Characters of one text, and texts below one title. */
const LONGEST_TEXT = 1_000;
const MOST_LINES = 200;
const busy = new WeakSet<Station>();

/**
 * @param read brings the file; called once nothing else is checked, so that no second one lies in memory either. Its bytes are overwritten
 *   with zeros when this returns or throws
 * @throws StationError `NOT_NOW` while another file is checked; what `read` throws
 */
export async function checkGenuine(station: Station, read: () => Promise<Uint8Array>, limits: ChildLimits = VERIFY_LIMITS): Promise<GenuineAnswer> {
  if (busy.has(station)) throw new StationError('NOT_NOW', 'Another file is being checked. Try again in a moment.');
  busy.add(station);
  let bytes: Uint8Array = new Uint8Array();
  try {
    bytes = await read();
    return shortened(answerOf(station, onOneLine(await verifyInChild(bytes, trustOf(station), limits))));
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    return { headline: { kind: 'unsaid', text: 'Cannot be said, because the file could not be checked', because: [error.message] }, demo: false, voids: [], sections: [], findings: [] };
  } finally {
    busy.delete(station);
    bytes.fill(0);
  }
}

/** Names are as long as a file makes them: what was found must not drown in one. */
function shortened<T>(value: T): T {
  if (typeof value === 'string') return (value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value) as T;
  if (Array.isArray(value)) return value.slice(0, MOST_LINES).map(shortened) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shortened(member)])) as T;
}

function trustOf({ keys, timeStamping }: Station): VerifyOptions {
  if (keys.awaiting !== null) return {};
  return {
    trust: [keys.trust, ...keys.trusts.documents], timeStampTrust: [...keys.trusts.timeStamps, ...timeStamping.authorityFor(keys)?.roots ?? []],
    revoked: keys.papers === null ? [] : [keys.papers.crl.der],
  };
}

function answerOf(station: Station, result: VerifyResult): GenuineAnswer {
  const { signatures, timeStamps, revisions, sealedRecords, audit, kind } = result;
  const plain = (label: string, text: string): GenuineAnswer['sections'][number]['facts'][number] => ({ label, text });
  const sections: GenuineAnswer['sections'] = [
    ...signatures.map((signature) => ({ title: signatureTitle(signature), facts: signatureFacts(signature) })),
    { title: 'Time-stamps', facts: timeStamps.map((stamp, index) => plain(String(index + 1), timeStampWords(stamp))) },
    {
      title: 'Revisions',
      facts: revisions.length === 0 ? [] : [plain('added later', laterWords(revisions)), ...revisions.map((revision) => {
        const { what, sealed } = revisionWords(revision);
        return plain(`revision ${revision.number}`, `${what}; ${sealed}`);
      })],
    },
    { title: 'Sealed handwriting', facts: sealedRecords.map((record) => plain(record.name === '' ? 'record' : record.name, `${belongingWords(record)}${recordProblem(result, record.name)}`)) },
    { title: 'Packet', facts: result.packetVersions.map((version) => plain(`version ${version.number}`, packetVersionWords(version))) },
    { title: 'Audit trail', facts: audit === null ? [] : [plain('trail', auditWords(audit))] },
    { title: 'Document', facts: [documentWords(result)].filter((text) => text !== null).map((text) => plain(kind === 'packet' ? 'in a packet' : 'file', text)) },
  ];
  const voids = voidsKnown(station, result);
  return {
    headline: headlineOf(result, voids),
    demo: result.findings.some(({ code }) => code === 'DEMO'),
    voids,
    sections: sections.filter(({ facts }) => facts.length > 0),
    findings: result.findings,
  };
}

/** In clear, the signature's dictionary already says which record it is about. */
function recordProblem({ findings }: VerifyResult, name: string): string {
  const problem = findings.find(({ severity, code, message }) => severity === 'error' && code.includes('RECORD') && message.includes(`"${name}"`));
  return problem === undefined ? '' : `. ${problem.message}`;
}

/** By this station's own trail: a packet of another station may be void without its knowing. */
function voidsKnown(station: Station, { signatures }: VerifyResult): string[] {
  const requests = [...new Set(signatures.map(({ request }) => request).filter((request) => request !== null))];
  return requests.flatMap((request) => {
    const { voided } = trailFacts(station, request);
    return voided === null ? [] : [`This hotel has declared the packet of signing request ${request} void, at ${timeWords(voided.at)}: ${voidReasonWords(voided.reason)}.`];
  });
}
